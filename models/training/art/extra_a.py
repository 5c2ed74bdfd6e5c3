"""Helpers of the families that flow: folding of the plane, stream functions, points splatted into a density, the last touch."""

import math
from functools import lru_cache

import numpy as np
from scipy import fft
from scipy.ndimage import gaussian_filter1d

from ..look import Look
from .canvas import develop, grid, smoothstep

CLOUD_PX, CLOUD_CYCLES = 256, 6


def fold(rng: np.random.Generator, x: np.ndarray, y: np.ndarray, symmetry: float, most: int = 6):
    """Folds the plane like paper, into 1 to `most` mirrored pairs of sectors, if `symmetry` is a half or more. Never by
    degrees: between free and folded the plane would collapse, and distances would be bent."""
    count = int(rng.integers(1, most + 1))
    axis = math.pi / 2 if count == 1 else rng.uniform(0, 2 * math.pi)
    if symmetry < 0.5:
        return x, y
    r = np.hypot(x, y)
    turns = (np.arctan2(y, x) - axis) / (2 * math.pi) * count
    triangle = np.abs((turns + 0.5) % 1.0 - 0.5)  # 0 on the axis, a half between two axes; continuous all round
    angle = triangle * (2 * math.pi / count) + axis
    return (r * np.cos(angle)).astype(np.float32), (r * np.sin(angle)).astype(np.float32)


def waves(rng: np.random.Generator, size_px: int, slope: float, cycles: float) -> np.ndarray:
    """Periodic noise [size_px, size_px], deviation 1: white noise filtered to the power law f^-slope above `cycles` a width."""
    fy, fx = np.meshgrid(np.fft.fftfreq(size_px), np.fft.rfftfreq(size_px), indexing="ij")
    f = np.hypot(fx, fy) * size_px
    gain = np.where(f > 0, 1 / (f + cycles) ** slope, 0)
    noise = rng.standard_normal((size_px, size_px), np.float32)
    field = fft.irfft2(fft.rfft2(noise) * gain.astype(np.float32), (size_px, size_px))
    return (field / field.std()).astype(np.float32)


def lookup(field: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A field that spans -1..1, read between its pixels; repeats beyond. x and y of any one shape."""
    size = field.shape[0]
    x, y = np.asarray(x, np.float32), np.asarray(y, np.float32)
    u, v = (x + 1) * (size / 2) - 0.5, (y + 1) * (size / 2) - 0.5
    fu, fv = np.floor(u), np.floor(v)
    s, t = u - fu, v - fv
    i, j = fu.astype(np.int32) % size, fv.astype(np.int32) % size
    i1, j1 = (i + 1) % size, (j + 1) % size
    flat, j, j1 = field.reshape(-1), j * size, j1 * size
    top = flat[j + i] * (1 - s) + flat[j + i1] * s
    return top * (1 - t) + (flat[j1 + i] * (1 - s) + flat[j1 + i1] * s) * t


def cloud(rng: np.random.Generator, x: np.ndarray, y: np.ndarray, frequency: float, slope: float = 2.2) -> np.ndarray:
    """Fractal noise, deviation 1, of about `frequency` blobs across -1..1 and ever finer ones; steeper `slope`, smoother.
    One spectral field read once: much cheaper than octaves of lattice noise."""
    scale, shift = frequency / CLOUD_CYCLES, rng.uniform(-1, 1, 2)
    field = waves(rng, CLOUD_PX, slope, CLOUD_CYCLES)
    return lookup(field, np.float32(scale) * x + np.float32(shift[0]), np.float32(scale) * y + np.float32(shift[1]))


@lru_cache(maxsize=64)
def _gaussian(size_px: int, sigma_px: float) -> np.ndarray:
    return gaussian_filter1d(np.eye(size_px, dtype=np.float32), sigma_px, axis=0, mode="reflect")


def soften(picture: np.ndarray, sigma_px: float) -> np.ndarray:
    """A Gaussian blur as two matrix products: for wide ones, several times faster than sliding a kernel."""
    matrix = _gaussian(picture.shape[0], round(float(sigma_px), 2))
    if picture.ndim == 2:
        return matrix @ picture.astype(np.float32) @ matrix.T
    planes = np.ascontiguousarray(picture.transpose(2, 0, 1), np.float32)
    return (matrix @ planes @ matrix.T).transpose(1, 2, 0)


def shine(linear: np.ndarray, strength: float) -> np.ndarray:
    """`canvas.bloom`, by `soften`."""
    size, bright = linear.shape[0], np.clip(linear - 0.55, 0, 4)
    halo = 0.6 * soften(bright, size / 90) + 0.4 * soften(bright, size / 22)
    return linear + strength * halo


def splat(x: np.ndarray, y: np.ndarray, size_px: int, weights: list[np.ndarray]) -> list[np.ndarray]:
    """Points in -1..1 summed into pixels, once for each array of weights: float32 [size_px, size_px] each."""
    i, j = ((x + 1) * (size_px / 2)).astype(np.int32), ((y + 1) * (size_px / 2)).astype(np.int32)
    inside = (x >= -1) & (y >= -1) & (i < size_px) & (j < size_px)
    at = (j * size_px + i)[inside]
    count = size_px * size_px
    return [np.bincount(at, w[inside], count).reshape(size_px, size_px).astype(np.float32) for w in weights]


def finish(linear: np.ndarray, look: Look, rng: np.random.Generator, vignette: float = 0.25, grain: float = 1.0) -> np.ndarray:
    """The last touch: haloes as the look glows, edges a little darker, grain as it is rough; then developed to sRGB."""
    size_px = linear.shape[0]
    x, y = grid(size_px)
    shade = 1 - vignette * smoothstep(0.5, 1.5, np.hypot(x, y))
    texture = 1 + grain * (0.012 + 0.07 * look.roughness) * rng.standard_normal((size_px, size_px), np.float32)
    return develop(shine(linear, 1.6 * look.glow) * (shade * texture)[..., None], 1.9)
