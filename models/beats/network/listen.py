"""Whole recordings to band powers, as the streaming graph would see them frame by frame."""

import numpy as np
import torch

from .bands import BandPower
from .contract import BANDS, HOP, WINDOW

# Frames at a time: what fits the cache.
PART = 512


def band_power(samples: np.ndarray, bands: BandPower | None = None) -> torch.Tensor:
    """samples [n], mono, 22,050 Hz -> power [n // 441, 72]; before the first sample there was silence."""
    bands = bands or BandPower()
    padded = np.concatenate([np.zeros(WINDOW - HOP, np.float32), samples.astype(np.float32)])
    frames = torch.from_numpy(padded).unfold(0, WINDOW, HOP)[: len(samples) // HOP]
    if len(frames) == 0:
        return torch.zeros(0, BANDS)
    with torch.no_grad():
        return torch.cat([bands(part) for part in frames.split(PART)])
