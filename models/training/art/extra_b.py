"""Helpers that mandala, glass, coral, nebula and aurora share: cheap periodic noise, sampling, stars, the last finish."""

import math

import numpy as np
from scipy.ndimage import map_coordinates

from ..look import Look
from . import canvas

MODES = 80  # waves across a picture in spectral noise; finer detail is grain


def spectral_noise(rng: np.random.Generator, size_px: int, frequency: float, slope: float = 2.0) -> np.ndarray:
    """Periodic Gaussian noise [S, S], mean 0 and deviation 1: flat to `frequency` waves across the picture, and falling
    beyond with amplitude 1 / f^slope. One inverse FFT, so it costs about as much as one octave of lattice noise, and the
    same seed gives the same field at any size."""
    k = np.concatenate([np.arange(0, MODES + 1), np.arange(-MODES, 0)]).astype(np.float32)
    f = np.hypot(k[:, None], k[None, : MODES + 1])
    amplitude = (1 + (f / frequency) ** 2) ** (-slope / 2)
    amplitude[0, 0] = 0
    wave = rng.standard_normal((2 * MODES + 1, MODES + 1, 2), dtype=np.float32)
    wave = amplitude * (wave[..., 0] + 1j * wave[..., 1])
    m = min(MODES, (size_px - 1) // 2)
    spectrum = np.zeros((size_px, size_px // 2 + 1), np.complex64)
    spectrum[: m + 1, : m + 1] = wave[: m + 1, : m + 1]
    spectrum[-m:, : m + 1] = wave[-m:, : m + 1]
    field = np.fft.irfft2(spectrum, (size_px, size_px)).astype(np.float32)
    return field / (field.std() + 1e-9)


def sample(field: np.ndarray, x: np.ndarray, y: np.ndarray, order: int = 1) -> np.ndarray:
    """A periodic field [S, S] read at coordinates that run -1 to 1 over one period."""
    n = field.shape[0]
    at = np.stack([(y + 1) * (n / 2) - 0.5, (x + 1) * (n / 2) - 0.5])
    return map_coordinates(field, at, order=order, mode="grid-wrap", output=np.float32)


def spiral(u: np.ndarray, v: np.ndarray, m: int, n: int, unit: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """The conformal map of the plane to (angle, -log r), turned and scaled so that one way round the centre is m periods
    to the right and n down: a periodic field read there closes seamlessly, repeats gcd(m, n) times, grows outwards, and
    winds where n is not 0. Conformal, so that small shapes keep their form."""
    angle = np.arctan2(v, u)
    log = 0.5 * np.log((u * u + v * v) / (unit * unit) + 1e-6)
    return (m * angle + n * log) / math.pi, (n * angle - m * log) / math.pi


def backdrop(colours: canvas.Colours, look: Look, rng: np.random.Generator, size_px: int, tone: float) -> np.ndarray:
    """A ground [S, S, 3] in linear light: the palette around `tone`, drifting from side to side, with pools of the accents'
    colours, as bright as the ground they lie in, where the look has many hues."""
    n = 48
    x, y = canvas.grid(n)
    drift, pool = spectral_noise(rng, n, 1.2, 3.0), spectral_noise(rng, n, 1.0, 3.0)
    turn = rng.uniform(0, 2 * math.pi)
    slope = math.cos(turn) * x + math.sin(turn) * y
    ground = colours(np.clip(tone + 0.11 * slope + 0.045 * drift, 0.01, 1))
    luminance = ground.mean(2, keepdims=True)
    for accent, sign in ((colours.accent, 1), (colours.second, -1)):
        share = look.spread * 0.75 * canvas.smoothstep(0.2, 2.0, sign * (pool + 0.7 * slope))[..., None]
        ground = ground * (1 - share) + accent / accent.mean() * luminance * share
    return upsample(ground.astype(np.float32), size_px)


def fold(angle: np.ndarray, count: int, offset: float = 0.0) -> np.ndarray:
    """The signed angle to the nearest of `count` axes around a circle."""
    step = 2 * math.pi / count
    away = angle - offset
    return away - step * np.rint(away / step)


def cover(distance: np.ndarray, size_px: int, width: float = 0.0) -> np.ndarray:
    """How much of a pixel lies where `distance` (picture units, half a picture wide is 1) exceeds 0: an edge without
    stairs. `width` softens it further."""
    soft = 1.6 / size_px + width
    return canvas.smoothstep(-soft, soft, distance)


def stars(rng: np.random.Generator, size_px: int, count: int, largest: float, spikes: float) -> np.ndarray:
    """Stars [S, S] in linear light: many faint, few bright (a power law), the bright ones with a halo and `spikes`."""
    sky = np.zeros((size_px, size_px), np.float32)
    at = rng.uniform(-1, 1, (count, 2)).tolist()
    power = np.minimum((1 - rng.uniform(0, 1, count)) ** -0.9, 60) * 0.035
    order = np.argsort(power)
    for (sx, sy), p in ((at[k], float(power[k])) for k in order):
        radius = (0.0045 + 0.010 * min(p, 1.5) ** 0.5) * (0.7 + largest * min(p, 1))
        reach = radius * (3 if p < 0.3 else 14)
        half = max(int(reach * size_px / 2), 2)
        cx, cy = (sx + 1) / 2 * size_px, (sy + 1) / 2 * size_px
        x0, x1 = max(int(cx) - half, 0), min(int(cx) + half + 1, size_px)
        y0, y1 = max(int(cy) - half, 0), min(int(cy) + half + 1, size_px)
        if x0 >= x1 or y0 >= y1:
            continue
        dx = ((np.arange(x0, x1, dtype=np.float32) + 0.5 - cx) * (2 / size_px))[None]
        dy = ((np.arange(y0, y1, dtype=np.float32) + 0.5 - cy) * (2 / size_px))[:, None]
        d2 = (dx * dx + dy * dy) / (radius * radius)
        shape = np.exp(-d2 * 1.5) * (0.6 + p)
        if p >= 0.3:
            edge = np.clip(1 - d2 / 190, 0, 1) ** 2
            across = np.exp(-np.abs(dx) / (radius * 3) - (dy / radius) ** 2 * 6)
            upright = np.exp(-np.abs(dy) / (radius * 3) - (dx / radius) ** 2 * 6)
            shape += edge * p * (0.16 * largest / (1 + d2) + spikes * 0.5 * (across + upright))
        sky[y0:y1, x0:x1] += shape
    return sky


def finish(linear: np.ndarray, look: Look, rng: np.random.Generator, vignette: float = 0.5) -> np.ndarray:
    """Darker corners, a tone curve by contrast, bloom by glow, film grain by roughness, then sRGB [S, S, 3]."""
    size = linear.shape[0]
    x, y = canvas.grid(size)
    linear = linear * (1 - vignette * 0.5 * np.clip((x * x + y * y) / 2, 0, 1) ** 1.5)[..., None]
    linear = np.maximum(linear, 0)
    luminance = (linear[..., :1] + linear[..., 1:2] + linear[..., 2:]) / 3 + 1e-3
    linear = linear * np.minimum((luminance / 0.28) ** (0.95 * look.contrast - 0.45), 1.4)
    if look.glow > 0.05:
        even = linear[: size // 2 * 2, : size // 2 * 2]
        small = 0.25 * (even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2])
        bright = np.clip(small - 0.42, 0, 4)
        halo = 0.6 * canvas.blur(bright, size / 150) + 0.6 * canvas.blur(bright, size / 30)
        linear = linear + 1.5 * look.glow**1.3 * upsample(halo, size)
    linear = linear / max(1.0, float(linear.mean()) / 0.58)  # a bright picture keeps its colours
    grain = rng.standard_normal((size, size), dtype=np.float32) * (0.012 + 0.16 * look.roughness**2)
    return canvas.develop(linear * np.exp(grain)[..., None])


def upsample(picture: np.ndarray, size_px: int) -> np.ndarray:
    """[N, N] or [N, N, C] to [size_px, size_px, ...] by straight lines between pixel centres."""
    n = picture.shape[0]
    at = np.clip((np.arange(size_px) + 0.5) * n / size_px - 0.5, 0, n - 1).astype(np.float32)
    i = np.minimum(at.astype(int), n - 2)
    w = (at - i).astype(np.float32)
    tail = (1,) * (picture.ndim - 2)
    rows = picture[i] * (1 - w).reshape(-1, 1, *tail) + picture[i + 1] * w.reshape(-1, 1, *tail)
    return rows[:, i] * (1 - w).reshape(1, -1, *tail) + rows[:, i + 1] * w.reshape(1, -1, *tail)
