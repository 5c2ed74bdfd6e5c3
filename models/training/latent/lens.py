"""The lens: a slow flow and a camera, set by z, that move the decoded picture.

Whatever moves here moves as a whole, detail with its form: nothing boils and nothing fades. The flow is the curl of a stream
function that vanishes along the frame (as in Bridson et al., "Curl-noise for procedural fluid flow", 2007), so it keeps areas
and never looks beyond the edge; the camera stays within the picture.
"""

import math

import torch
from torch import nn
from torch.nn import functional

from models.starter_pack.contract import LATENT_DIM

WAVES = 3  # of the flow, in each direction
# How far the flow carries: deviation of the longest wave's displacement, in picture heights, at 16 to 9. Shorter ones carry less, and so
# do narrower pictures, where waves are shorter: nothing is stretched more than it would be in a wide one.
REACH = 0.07
# The camera: how much closer than the whole frame, at most, and how far it turns, radians.
NEAREST, NEARER, TURN_RAD = 1.03, 0.14, 0.06
SEED = 41
# How often a number comes and goes while z turns: at one, a picture hardly changes in the seconds that a person waits.
PACE = 2.2


def lively(x: torch.Tensor) -> torch.Tensor:
    """Standard normal numbers to numbers of the same mean square that change PACE times as fast, and stay within 1.42."""
    return torch.sin(x * PACE) * math.sqrt(2)


def orthonormal(columns: int, seed: int) -> torch.Tensor:
    """[64, columns] with orthonormal columns: of a normal z, each gives a standard normal number, and no two move together."""
    generator = torch.Generator().manual_seed(seed)
    return torch.linalg.qr(torch.randn(LATENT_DIM, columns, generator=generator).double())[0].float()


class Lens(nn.Module):
    """image [B, 3, H, W], z [B, 64], calm [B, 1] (0: all of the flow, 1: none) -> image [B, 3, H, W]."""

    def __init__(self, height: int, width: int):
        super().__init__()
        u = (torch.arange(width) + 0.5) / width
        v = (torch.arange(height) + 0.5) / height
        n = torch.arange(1, WAVES + 1)[:, None]
        for name, t in (("u", u), ("v", v)):
            self.register_buffer(f"sine_{name}", torch.sin(math.pi * n * t), persistent=False)  # [WAVES, W or H]
            self.register_buffer(f"cosine_{name}", n * torch.cos(math.pi * n * t), persistent=False)
            self.register_buffer(f"line_{name}", 2 * t - 1, persistent=False)
        # z to the stream function's coefficients: the longer a wave, the further it carries.
        fall = 2.0 / (n * n + n[:, 0] * n[:, 0])
        self.register_buffer("fall", fall, persistent=False)
        self.register_buffer("of_z", orthonormal(WAVES * WAVES + 4, SEED), persistent=False)
        self.aspect = width / height
        self.reach = REACH * min(1.0, self.aspect * 9 / 16)

    def grid(self, z: torch.Tensor, calm: torch.Tensor) -> torch.Tensor:
        """Where each pixel is taken from [B, H, W, 2], in the units of `grid_sample`."""
        moved = lively(z @ self.of_z)
        waves = moved[:, : WAVES * WAVES].reshape(-1, WAVES, WAVES) * self.fall * (self.reach * (1 - calm))[:, :, None]
        waves = waves.transpose(1, 2)
        # Displacements in heights; x is -1 to 1 over `aspect` heights, y over one.
        dx = self.cosine_v.t() @ waves @ self.sine_u  # [B, H, W]
        dy = self.sine_v.t() @ waves @ self.cosine_u / -self.aspect
        x = self.line_u[None, None, :] + dx * (2 / self.aspect)
        y = self.line_v[None, :, None] + dy * 2
        zoom, turn, across, down = torch.tanh(moved[:, WAVES * WAVES :, None, None] * 0.7).unbind(1)
        scale = 1 / (NEAREST + NEARER * (0.5 + 0.5 * zoom))
        angle = turn * TURN_RAD * (1 - scale) / (1 - 1 / (NEAREST + NEARER))
        room = 1 - scale
        # For small angles: a turn, with as much room left as it takes.
        far = room - angle.abs() * scale / self.aspect
        close = room - angle.abs() * scale * self.aspect
        x_seen = x * scale - y * (scale * angle / self.aspect) + across * far
        y_seen = y * scale + x * (scale * angle * self.aspect) + down * functional.relu(close)
        # No further than the middle of the last pixels.
        x_seen = x_seen.clamp(float(self.line_u[0]), float(self.line_u[-1]))
        y_seen = y_seen.clamp(float(self.line_v[0]), float(self.line_v[-1]))
        return torch.stack([x_seen, y_seen], dim=3)

    def forward(self, image: torch.Tensor, z: torch.Tensor, calm: torch.Tensor) -> torch.Tensor:
        # The grid never leaves the picture; of all paddings zeros are what ONNX Runtime does four times faster.
        return functional.grid_sample(image, self.grid(z, calm), mode="bilinear", padding_mode="zeros", align_corners=False)
