"""Band powers to features that a louder master does not change.

A follower tracks the loudness: up within 0.3 s, down within 3 s. It and everything before it scale with the power, so what is
divided by it does not know the gain. It starts at nothing, and so adapts at once to what comes first, however quiet.
"""

import math

import torch
from torch import nn

from .contract import FRAME_S

ATTACK_S, RELEASE_S = 0.3, 3.0
# Mean square of what counts as silence, -105 dB: below it features fade out instead of showing a converter's noise.
SILENCE = 3e-11
# Bands more than 60 dB below the loudness are one black.
DARK = 1e-6


class Levelling(nn.Module):
    """power [B, T, bands], level [B, 1] -> features [B, T, bands], about -1 to 2; and the level after the last frame."""

    def __init__(self):
        super().__init__()
        self.up = 1.0 - math.exp(-FRAME_S / ATTACK_S)
        self.down = 1.0 - math.exp(-FRAME_S / RELEASE_S)

    def forward(self, power: torch.Tensor, level: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        loudness = power.sum(2)
        levels = []
        for t in range(power.shape[1]):
            change = loudness[:, t : t + 1] - level
            level = level + self.up * torch.relu(change) - self.down * torch.relu(-change)
            levels.append(level)
        followed = torch.cat(levels, dim=1)[:, :, None]
        return (torch.log(power / (followed + SILENCE) + DARK) + 9.0) * 0.25, level
