"""The refiner: mends latents where two pictures meet, so that the border looks painted and not glued or blended.

A small network with a wide view, taught by an adversary that compares its latents with those of art (after ACAI, Berthelot et
al., "Understanding and improving interpolation in autoencoders via an adversarial regularizer", 2018). Where the memory is
sure there is nothing to mend, and what it adds there costs.
"""

import torch
from torch import nn
from torch.nn import functional

from .autoencoder import CHANNELS, REACH, Residual

WIDTH, DEEP = 48, 96


class Refiner(nn.Module):
    """latent [B, 6, h, w], sure [B, 1, h, w] -> latent [B, 6, h, w], -3 to 3. h and w even."""

    def __init__(self):
        super().__init__()
        self.into = nn.Conv2d(CHANNELS + 1, WIDTH, 3, 1, 1)
        self.down = nn.Conv2d(WIDTH, DEEP, 4, 2, 1)
        self.deep = nn.Sequential(Residual(DEEP), Residual(DEEP), Residual(DEEP))
        self.up = nn.Conv2d(DEEP, WIDTH, 1)
        self.near = Residual(WIDTH)
        self.out = nn.Conv2d(WIDTH, CHANNELS, 3, 1, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def change(self, latent: torch.Tensor, sure: torch.Tensor) -> torch.Tensor:
        x = torch.relu(self.into(torch.cat([latent, 2 * sure - 1], dim=1)))
        deep = self.deep(torch.relu(self.down(x)))
        x = torch.relu(x + functional.interpolate(self.up(deep), scale_factor=2.0, mode="bilinear", align_corners=False))
        return self.out(self.near(x))

    def forward(self, latent: torch.Tensor, sure: torch.Tensor) -> torch.Tensor:
        # The more is blended, the more may be mended; a little may be everywhere.
        reach = 1.05 - sure
        return (latent + self.change(latent, sure) * reach).clamp(-REACH, REACH)


class Adversary(nn.Module):
    """latent [B, 6, h, w] -> how much each patch of it looks like art's [B, 1, h / 4, w / 4]."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(CHANNELS, 64, 3, 1, 1), nn.LeakyReLU(0.2), nn.Conv2d(64, 64, 3, 1, 1), nn.LeakyReLU(0.2),
            nn.Conv2d(64, 96, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(96, 96, 3, 1, 1), nn.LeakyReLU(0.2),
            nn.Conv2d(96, 128, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(128, 1, 3, 1, 1),
        )  # fmt: skip

    def forward(self, latent: torch.Tensor) -> torch.Tensor:
        return self.layers(latent)
