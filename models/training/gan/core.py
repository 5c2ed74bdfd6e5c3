"""The core of the generator: a look and a latent in, a picture out.

Two painters share the work. The structured painter (`painter.py`) lays out the picture from fields it computes at any size;
a mapping network moves its knobs. A convolutional residual then goes over the picture the way a glaze goes over an
underpainting: it sees the painter's fields and adds what an adversary (`discriminator.py`) misses in comparison with the art.
The residual works at 128 pixels whatever the picture's size, so that training is cheap and its texture stays soft when enlarged
(bilinear: no checkerboard); as it follows the fields, its texture moves with the picture.

The modulation of convolutions by a mapped latent is that of StyleGAN (Karras et al. 2019), as scale and shift (Perez et al.,
"FiLM", 2018), which every execution provider runs.
"""

import torch
from torch import nn
from torch.nn import functional

from models.starter_pack.contract import IMAGE_PX, LATENT_DIM

from ..look import KNOBS, LOOK_DIM
from .forms import SEEN
from .painter import GEOMETRY, Painter

STYLE = 160
CHANNELS = 32
RESIDUAL_PX = 128
RESIDUAL_REACH = 0.35  # of a range of 2: how far the residual may move a pixel
MIXING_REACH = 0.5  # how far a field may be turned up or down in the painter's mixture
# The residual adds what is smaller than this, texture and edges; broad colour and light are the painter's. Without this rule an
# adversary that knows little yet teaches it to lay fog over everything.
TEXTURE_PX = 16
GEOMETRY_SEED = 12


def centred(look: torch.Tensor) -> torch.Tensor:
    """A look with every entry about zero mean and unit variance, for networks."""
    hue, knobs, families = look[:, :2] * 1.4, (look[:, 2 : len(KNOBS)] - 0.5) * 3.2, (look[:, len(KNOBS) :] - 0.1) * 3.0
    return torch.cat([hue, knobs, families], dim=1)


class Mapping(nn.Module):
    """Look [B, 20] and z [B, 64] to a style [B, 160]."""

    def __init__(self):
        super().__init__()
        sizes = (LOOK_DIM + LATENT_DIM, STYLE, STYLE, STYLE)
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:])])

    def forward(self, look: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        x = torch.cat([centred(look), z], dim=1)
        for layer in self.layers:
            x = functional.leaky_relu(layer(x), 0.2)
        return x


class Styled(nn.Module):
    """A convolution whose outputs are scaled and shifted by the style."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3, stride: int = 1, dilation: int = 1):
        super().__init__()
        padding = (kernel - 1) // 2 * dilation if stride == 1 else (kernel - stride) // 2
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation)
        self.style = nn.Linear(STYLE, 2 * outputs)
        nn.init.normal_(self.style.weight, std=0.02)
        nn.init.zeros_(self.style.bias)

    def forward(self, x: torch.Tensor, style: torch.Tensor) -> torch.Tensor:
        scale, shift = self.style(style)[:, :, None, None].chunk(2, dim=1)
        return functional.leaky_relu(self.conv(x) * (1.0 + scale) + shift, 0.2)


def _wider(conv: nn.Conv2d, inputs: int, outputs: int) -> nn.Conv2d:
    """The same convolution with more channels, whose weights are zero."""
    wide = nn.Conv2d(inputs, outputs, conv.kernel_size, conv.stride, conv.padding, conv.dilation)
    for parameter in wide.parameters():
        parameter.zero_()
    wide.weight[: conv.out_channels, : conv.in_channels] = conv.weight
    wide.bias[: conv.out_channels] = conv.bias
    return wide


class Residual(nn.Module):
    """Picture and fields [B, 3 + len(FIELDS), 128, 128] to what is added to the picture [B, 3, 128, 128]."""

    def __init__(self):
        super().__init__()
        self.down = Styled(3 + SEEN, CHANNELS, kernel=4, stride=2)
        self.middle = nn.ModuleList([Styled(CHANNELS, CHANNELS), Styled(CHANNELS, CHANNELS, dilation=3)])
        self.up = nn.Conv2d(CHANNELS, CHANNELS // 2, 1)
        self.fine = Styled(CHANNELS // 2 + 3, 12)
        self.out = nn.Conv2d(12, 3, 3, 1, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)
        self.seen_again, self.repeated = 3, 0  # channels of the canvas that `fine` sees, and that `down` sees twice

    @torch.no_grad()
    def widen(self) -> None:
        """Pads channels with zero weights to multiples of eight, for which ONNX Runtime has its fast convolutions. The picture
        stays the same; the extra inputs are channels that are there anyway."""
        self.seen_again = 8
        width = self.down.conv.in_channels
        self.repeated = -width % 8
        self.down.conv = _wider(self.down.conv, width + self.repeated, self.down.conv.out_channels)
        inner, outer = self.fine.conv.in_channels, self.fine.conv.out_channels
        self.fine.conv = _wider(self.fine.conv, inner + 5, outer + 4)
        self.out = _wider(self.out, outer + 4, 3)
        style = nn.Linear(STYLE, 2 * (outer + 4))
        for new, old in ((style.weight, self.fine.style.weight), (style.bias, self.fine.style.bias)):
            new.zero_()
            new[:outer], new[outer + 4 : 2 * outer + 4] = old[:outer], old[outer:]
        self.fine.style = style

    def forward(self, canvas: torch.Tensor, style: torch.Tensor) -> torch.Tensor:
        x = self.down(torch.cat([canvas, canvas[:, : self.repeated]], dim=1) if self.repeated else canvas, style)
        for layer in self.middle:
            x = x + layer(x, style)
        x = functional.interpolate(self.up(x), scale_factor=2.0, mode="bilinear", align_corners=False)
        x = self.fine(torch.cat([x, canvas[:, : self.seen_again]], dim=1), style)
        glaze = torch.tanh(self.out(x)) * RESIDUAL_REACH
        broad = functional.avg_pool2d(glaze, TEXTURE_PX)
        return glaze - functional.interpolate(broad, scale_factor=float(TEXTURE_PX), mode="bilinear", align_corners=False)


class Core(nn.Module):
    """look [B, 20], z [B, 64] -> image [B, 3, size_px, size_px], sRGB-coded, -1 to 1."""

    def __init__(self, size_px: int = IMAGE_PX, residual: bool = True):
        super().__init__()
        assert size_px % RESIDUAL_PX == 0, "the picture is a whole multiple of the residual's size"
        self.strength = 1.0  # of the residual; a shipped generator may take less than it was trained with
        self.factor = size_px // RESIDUAL_PX
        self.painter = Painter(size_px)
        self.mapping = Mapping()
        self.look_shift, self.geometry_shift = nn.Linear(STYLE, LOOK_DIM), nn.Linear(STYLE, GEOMETRY)
        self.mixing_shift = nn.Linear(STYLE, len(self.painter.pairs))
        self.residual = Residual() if residual else None
        for layer in (self.look_shift, self.geometry_shift, self.mixing_shift):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        generator = torch.Generator().manual_seed(GEOMETRY_SEED)
        # Orthonormal columns: no two of the painter's freedoms move together when z moves.
        columns = torch.linalg.qr(torch.randn(LATENT_DIM, min(GEOMETRY, LATENT_DIM), generator=generator).double())[0].float()
        self.register_buffer("geometry_of_z", columns)
        self.register_buffer("geometry_of_look", torch.randn(LOOK_DIM, GEOMETRY, generator=generator) * (0.35 / LOOK_DIM**0.5))

    def compose(self, look: torch.Tensor, z: torch.Tensor):
        """Style [B, 160], and what the painter gets: look, geometry, mixing."""
        style = self.mapping(look, z)
        shift = 0.5 * torch.tanh(self.look_shift(style))
        knobs = look[:, : len(KNOBS)] + 0.5 * shift[:, : len(KNOBS)]
        families = torch.softmax(torch.log(look[:, len(KNOBS) :] + 0.01) + 2.0 * shift[:, len(KNOBS) :], dim=1)
        geometry = z @ self.geometry_of_z + centred(look) @ self.geometry_of_look + torch.tanh(self.geometry_shift(style))
        mixing = MIXING_REACH * torch.tanh(self.mixing_shift(style))
        return style, (torch.cat([knobs, families], dim=1), geometry, mixing)

    def forward(self, look: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        style, plan = self.compose(look, z)
        image, fields = self.painter(*plan)
        if self.residual is not None:
            canvas = torch.cat([image, fields], dim=1)
            if self.factor > 1:
                canvas = functional.avg_pool2d(canvas, self.factor)
            canvas = torch.cat([canvas[:, :3], torch.tanh(canvas[:, 3:] * 0.6)], dim=1)
            glaze = self.residual(canvas, style)
            if self.factor > 1:
                glaze = functional.interpolate(glaze, scale_factor=float(self.factor), mode="bilinear", align_corners=False)
            image = image + glaze * self.strength
        return image.clamp(-1.0, 1.0) if not self.training else image


