"""Coral: reaction and diffusion. Labyrinths, spots, brain coral, fans and rosettes, lit as a relief over a deeper layer.

A Turing pattern needs short-range activation and long-range inhibition; here both are one ring filter in frequency space
followed by saturation, repeated, which settles in a dozen steps (compare McCabe, "Cyclic Symmetric Multi-Scale Turing
Patterns", 2010)."""

import math

import numpy as np

from ..look import Look
from . import canvas, extra_b


def turing(
    rng: np.random.Generator, size: int, waves: float, bias: float, stretch: float, lean: float, ragged: float, steps: int = 11
) -> np.ndarray:
    """A periodic pattern [size, size], -1 to 1, about `waves` ridges across. `bias` turns stripes into spots (up) or
    holes (down); `stretch` over 0 lays stripes along the angle `lean`; `ragged` lets in finer ridges."""
    kx = np.fft.rfftfreq(size, 1 / size).astype(np.float32)[None]
    ky = np.fft.fftfreq(size, 1 / size).astype(np.float32)[:, None]
    along, across = kx * math.cos(lean) + ky * math.sin(lean), ky * math.cos(lean) - kx * math.sin(lean)
    f = np.sqrt((along * (1 + stretch)) ** 2 + (across / (1 + 0.35 * stretch)) ** 2)
    ring = np.exp(-(((f - waves) / (0.34 * waves)) ** 2)) - 0.42 * np.exp(-((f / (0.55 * waves)) ** 2))
    ring = ring + ragged * 0.8 * np.exp(-(((f - 2.3 * waves) / (0.5 * waves)) ** 2))
    field = rng.standard_normal((size, size), dtype=np.float32)
    for _ in range(steps):
        field = np.fft.irfft2(np.fft.rfft2(field) * ring, (size, size)).astype(np.float32)
        field = np.tanh(field * (1.5 / (field.std() + 1e-6)) + bias)
    smooth = np.fft.irfft2(np.fft.rfft2(field) * np.exp(-((f / (3.2 * waves)) ** 2)), (size, size))
    return smooth.astype(np.float32)


def place(look: Look, rng, x, y) -> tuple:
    """Where the pattern is read, how many of its periods go round the centre (1 is plain), the distance
    from the focal point, and whether it is a fan."""
    cx, cy = (rng.uniform(-0.45, 0.45, 2) * (1 - look.symmetry**2)).tolist()
    u, v = x - cx, y - cy
    r = np.sqrt(u * u + v * v + 1e-4)
    kind = rng.uniform()
    if look.symmetry > 0.5 and kind < 0.75 or kind < 0.18:
        # A conformal map: the plane as log r and angle, so cells grow outwards and repeat exactly around the centre.
        folds = int(rng.integers(1, 3 + 6 * look.symmetry))
        m, n = [(1, 0), (1, 0), (1, 1), (1, -1)][rng.integers(4)]
        a, b = extra_b.spiral(u, v, m * folds, n * folds)
        return a, b, folds * math.hypot(m, n), r, False
    if kind > 0.70:  # a fan that grows from below, branching as it widens
        cx, folds = 1.4 * cx, int(rng.integers(2, 4))
        a, b = extra_b.spiral(x - cx, 1.25 - y, folds, 0, 1.0)
        return a, b, float(folds), np.hypot(x - 0.5 * cx, y), True
    bulge = rng.uniform(0.0, 1.1)
    lens = 1 / (1 + bulge * np.exp(-2.2 * r * r))
    bend = extra_b.spectral_noise(rng, x.shape[0], 1.5, 3.0), extra_b.spectral_noise(rng, x.shape[0], 1.5, 3.0)
    reach = 0.025 + 0.05 * rng.uniform()
    a, b = u * lens + reach * bend[0], v * lens + reach * bend[1]
    if look.symmetry > 0.5:
        a = np.sqrt(a * a + 3e-4)
    return a, b, 1.0, r, False


def paint(look: Look, rng: np.random.Generator, size_px: int) -> np.ndarray:
    colours = canvas.Colours(look)
    x, y = canvas.grid(size_px)
    a, b, folds, r, fan = place(look, rng, x, y)
    waves = min((3.2 + 14.0 * look.complexity**1.2) / folds**0.6 + 1.4, 18)
    bias = (0.0, 0.0, 0.55, -0.55, 0.3, -0.3)[rng.integers(6)]
    stretch = (0.0, 0.0, 0.5, 1.2)[rng.integers(4)] * (1 - 0.5 * look.roughness)
    lean = rng.uniform(0, math.pi)
    if fan:
        bias, stretch, lean = 0.0, 0.9, math.pi / 2
    pattern = turing(rng, 128, waves, bias, stretch, lean, 0.7 * look.roughness**2)
    deeper_waves = min(waves * 1.5 + 1, 16)
    deeper = turing(rng, 96, deeper_waves, -0.2, 0.0, 0.0, 0.2, 7)
    grit = extra_b.spectral_noise(rng, size_px, 26, 1.2)
    mass = extra_b.spectral_noise(rng, size_px, 1.6, 3.0)
    step = look.roughness**2 * 0.004
    torn = step * grit
    ridge = extra_b.sample(pattern, a + torn, b - torn, order=3)
    floor = extra_b.sample(deeper, a * 0.9 + 0.31, b * 0.9 - 0.17)
    finer = max(1, round(24 / (deeper_waves * folds**0.6)))  # whole, so that the seam stays closed
    polyps = extra_b.sample(deeper, a * finer, b * finer)

    # The reef rises at the focal point and sinks into the dark away from it.
    swell = np.clip(0.75 - rng.uniform(0.35, 0.9) * r + 0.22 * mass, 0, 1)
    growth = ridge + 0.65 * (swell - 0.42)
    plump = 1.3 * rng.uniform() ** 1.5
    inside = canvas.smoothstep(-0.26, 0.04, growth)
    dome = np.sqrt(np.clip(growth + 0.30, 0, 2))
    groove = 0.12 * np.cos(rng.uniform(9, 15) * dome) * (rng.uniform() < 0.65)
    texture = 0.03 * look.roughness * grit + (0.03 + 0.10 * look.complexity) * polyps * plump
    height = dome + groove * inside + texture * inside + 0.5 * swell
    scale = 0.9 / (waves * folds**0.3)
    diffuse, gloss = canvas.relief(height.astype(np.float32), scale * (0.55 + 0.5 * look.contrast))
    below, _ = canvas.relief(floor + 0.2 * ridge, scale * 0.35)
    shade = canvas.blur(inside, size_px / 60)  # what stands above keeps light from below
    shift = max(int(size_px / 70), 1)
    cast = np.roll(shade, (shift, shift), (0, 1))

    ground = 0.06 + 0.56 * look.light
    back = extra_b.backdrop(colours, look, rng, size_px, ground)
    deep = back * (0.45 + 0.75 * below.clip(0, 1) + 0.15 * floor)[..., None]
    deep = deep * (1 - (0.35 + 0.45 * look.contrast) * cast)[..., None]
    tone = 0.19 + 0.30 * look.light + 0.26 * np.clip(dome, 0, 1.3) + 0.16 * (swell - 0.3)
    tone = tone + 0.05 * polyps * plump + 0.12 * mass * look.spread
    body = colours(np.clip(tone, 0, 1)) * (0.40 + 0.85 * np.clip(diffuse, -0.25, 1))[..., None]
    # Two-tone: tips in one accent, rims in the other, as polyps are.
    tip = canvas.smoothstep(0.9, 1.35, dome + 0.12 * mass)[..., None]
    rim = np.exp(-(((growth + 0.10) / 0.16) ** 2))[..., None]
    lit = (0.35 + 0.75 * np.clip(diffuse, 0, 1))[..., None]
    strength = 0.12 + 0.6 * look.spread
    body = body * (1 - strength * tip) + colours.accent * lit * strength * tip
    body = body + (gloss * (0.15 + 0.85 * look.glow) * (1 - 0.6 * look.roughness))[..., None] * colours(np.float32(0.98))
    mask = inside[..., None]
    picture = deep * (1 - mask) + body * mask
    picture = picture + colours.second * rim * (0.08 + 0.35 * look.spread + 0.5 * look.glow) * swell[..., None]
    fog = canvas.smoothstep(0.5, 0.0, swell)[..., None] * 0.75
    picture = picture * (1 - fog) + back * fog
    warm = np.exp(-2.5 * r * r)[..., None] * look.glow
    picture = picture * (0.8 + 0.9 * warm)
    return extra_b.finish(picture, look, rng, 0.7)
