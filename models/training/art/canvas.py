"""What the families share: coordinates, noise, warps, colour, light. Pictures are float32 [S, S] or [S, S, 3]."""

import math

import numpy as np
import torch
from scipy.ndimage import gaussian_filter

from .. import palette
from ..look import Look


def grid(size_px: int) -> tuple[np.ndarray, np.ndarray]:
    """x to the right and y downwards, each -1 to 1 at pixel centres."""
    t = ((np.arange(size_px, dtype=np.float32) + 0.5) / size_px * 2 - 1).astype(np.float32)
    return np.meshgrid(t, t)


def normalise(field: np.ndarray, low: float = 1.0, high: float = 99.0) -> np.ndarray:
    """Stretches a field so that its percentiles `low` and `high` come to 0 and 1, and clips the rest."""
    a, b = np.percentile(field, [low, high])
    return np.clip((field - a) / (b - a + 1e-6), 0, 1).astype(np.float32)


def smoothstep(low: float, high: float, x: np.ndarray) -> np.ndarray:
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def blur(picture: np.ndarray, sigma_px: float) -> np.ndarray:
    """Gaussian blur over the first two axes."""
    sigma = (sigma_px, sigma_px) + (0,) * (picture.ndim - 2)
    return gaussian_filter(picture, sigma, mode="reflect")


def value_noise(rng: np.random.Generator, x: np.ndarray, y: np.ndarray, frequency: float) -> np.ndarray:
    """Smooth noise -1 to 1 at any coordinates; about `frequency` blobs across -1..1."""
    lattice = rng.uniform(-1, 1, (64, 64)).astype(np.float32)
    u, v = x * (frequency / 2) + 32, y * (frequency / 2) + 32
    i, j = np.floor(u).astype(int), np.floor(v).astype(int)
    s, t = u - i, v - j
    s, t = s * s * s * (s * (s * 6 - 15) + 10), t * t * t * (t * (t * 6 - 15) + 10)
    a, b = lattice[j % 64, i % 64], lattice[j % 64, (i + 1) % 64]
    c, d = lattice[(j + 1) % 64, i % 64], lattice[(j + 1) % 64, (i + 1) % 64]
    return ((a + (b - a) * s) * (1 - t) + (c + (d - c) * s) * t).astype(np.float32)


def fractal_noise(rng, x, y, frequency: float, octaves: int = 5, gain: float = 0.5) -> np.ndarray:
    """Octaves of value noise, about -1 to 1, each turned a little so that no lattice shows."""
    total, amplitude, norm = np.zeros_like(x), 1.0, 0.0
    for _ in range(octaves):
        total += amplitude * value_noise(rng, x, y, frequency)
        norm += amplitude
        x, y = 0.8 * x - 0.6 * y + 3.7, 0.6 * x + 0.8 * y - 1.9
        frequency, amplitude = frequency * 2.0, amplitude * gain
    return total / norm


def sine_warp(rng, x, y, frequency: float, steps: int, reach: float, growth: float = 1.7):
    """Bends coordinates by sines in alternation with turns: liquid motion that keeps areas."""
    for _ in range(steps):
        a = rng.uniform(0, 2 * math.pi)
        x, y = math.cos(a) * x - math.sin(a) * y, math.sin(a) * x + math.cos(a) * y
        x = x + reach / frequency * np.sin(frequency * y + rng.uniform(0, 2 * math.pi))
        y = y + reach / frequency * np.sin(frequency * x * 1.13 + rng.uniform(0, 2 * math.pi))
        frequency *= growth
    return x.astype(np.float32), y.astype(np.float32)


class Colours:
    """A look's palette and accents, in linear light."""

    def __init__(self, look: Look):
        knobs = {name: torch.tensor([getattr(look, name)]) for name in ("spread", "chroma", "light", "contrast")}
        hue = torch.tensor([[look.hue_cos, look.hue_sin]])
        curve = palette.coefficients(palette.stops(hue, **knobs))[0].numpy()
        tone = np.linspace(0, 1, 512, dtype=np.float32)[:, None] ** np.arange(6)
        lab = torch.from_numpy((tone @ curve).astype(np.float32)).T[None, :, :, None]
        linear = palette.oklab_to_linear(lab)[0, :, :, 0].T
        self.table = torch.relu(linear).numpy()  # [512, 3]
        self.accent, self.second = palette.accents(hue, knobs["chroma"])[0].numpy()

    def __call__(self, tone: np.ndarray) -> np.ndarray:
        """Tones 0 to 1 to linear light [..., 3]."""
        at = np.clip(tone, 0, 1) * 510.999
        i = at.astype(np.int32)
        w = (at - i)[..., None].astype(np.float32)
        return self.table[i] * (1 - w) + self.table[i + 1] * w


def relief(height: np.ndarray, depth: float) -> tuple[np.ndarray, np.ndarray]:
    """Light from the upper left on a height field: diffuse -1 to 1 and gloss 0 to 1. `depth` in picture widths."""
    scale = depth * height.shape[0]
    dy, dx = np.gradient(height * scale)
    facing = 1 / np.sqrt(1 + dx * dx + dy * dy)
    diffuse = (-0.55 * dx - 0.62 * dy + 0.56) * facing
    return diffuse.astype(np.float32), (np.clip(diffuse, 0, 1) ** 24).astype(np.float32)


def bloom(linear: np.ndarray, strength: float) -> np.ndarray:
    """Bright places shine on their neighbours, near and far."""
    size = linear.shape[0]
    bright = np.clip(linear - 0.55, 0, 4)
    return linear + strength * (0.6 * blur(bright, size / 90) + 0.4 * blur(bright, size / 22))


def develop(linear: np.ndarray, exposure: float = 1.7) -> np.ndarray:
    """Linear light to sRGB values 0 to 1 the way film does: lights glow towards white and never clip hard."""
    x = 1 - np.exp(-np.clip(linear, 0, None) * exposure)
    return np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.power(np.maximum(x, 1e-6), 1 / 2.4) - 0.055).astype(np.float32)
