"""Procedural art: ten families of pictures, each painted from a look. This is what the generator learns from.

Every family is one file with one function, `paint(look, rng, size_px)`, which gives sRGB values 0 to 1 as float32
[size_px, size_px, 3]. All its freedom beyond the look comes from `rng`, so a picture is a function of look and seed.
"""

import importlib

import numpy as np

from ..look import Look


def paint(look: Look, seed: int, size_px: int, oversample: int = 1) -> np.ndarray:
    """The picture of a look: uint8 [size_px, size_px, 3]. Drawn `oversample` times larger and averaged down."""
    family = importlib.import_module(f"{__name__}.{look.family}")
    picture = family.paint(look, np.random.default_rng(seed), size_px * oversample)
    if oversample > 1:
        picture = picture.reshape(size_px, oversample, size_px, oversample, 3).mean((1, 3))
    return (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
