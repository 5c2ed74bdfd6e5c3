"""The finer half of a large picture: twice as many pixels from what the decoder has painted.

The decoder knows art of 512 pixels across. For larger pictures its work is enlarged, and a small network adds what enlarging cannot
know: where an edge is, and that a line stays a line (residual super-resolution with sub-pixel convolution, Shi et al. 2016, Kim et al. 2016).
"""

import torch
from torch import nn
from torch.nn import functional

from .autoencoder import Residual

WIDTH = 16


class Finer(nn.Module):
    """image [B, 3, H, W], -1 to 1 -> image [B, 3, 2 H, 2 W], about -1 to 1; exactly so when it does not train."""

    def __init__(self):
        super().__init__()
        self.into, self.near = nn.Conv2d(3, WIDTH, 3, 1, 1), Residual(WIDTH)
        self.out = nn.Conv2d(WIDTH, 12, 3, 1, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        larger = functional.interpolate(image, scale_factor=2.0, mode="bilinear", align_corners=False)
        larger = larger + functional.pixel_shuffle(self.out(self.near(torch.relu(self.into(image)))), 2)
        return larger if self.training else larger.clamp(-1.0, 1.0)
