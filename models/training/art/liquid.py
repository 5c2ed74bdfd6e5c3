"""Liquid: poured paint and silk. One field bent again and again, lit as a relief, with marbled bands and thin veins."""

import numpy as np

from ..look import Look
from .canvas import Colours, blur, grid, relief, sine_warp, smoothstep
from .extra_a import cloud, finish, fold


def bands(rng: np.random.Generator, field: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cuts a field into `count` bands a unit, as paints that do not mix: each band's tone -0.5 to 0.5, how much it is of an
    accent (0 or 1), and the distance to the nearest edge in pixels. Edges are blended over one pixel."""
    tones, accents = rng.uniform(-0.5, 0.5, 97), (rng.uniform(0, 1, 97) > 0.84).astype(np.float64)
    at = field * count
    dy, dx = np.gradient(at)
    slope = np.hypot(dx, dy) + 1e-4
    whole = np.floor(at)
    part = at - whole
    index = whole.astype(np.int32)
    edge = np.minimum(part, 1 - part) / slope
    neighbour = np.where(part < 0.5, index - 1, index + 1)
    mix = np.clip(0.5 - edge, 0, 0.5)
    tone = tones[index % 97] * (1 - mix) + tones[neighbour % 97] * mix
    accent = accents[index % 97] * (1 - mix) + accents[neighbour % 97] * mix
    return tone.astype(np.float32), accent.astype(np.float32), edge.astype(np.float32)


def paint(look: Look, rng: np.random.Generator, size_px: int) -> np.ndarray:
    colours = Colours(look)
    silk, marble, veins = rng.dirichlet((1.2, 0.9, 0.7))
    x, y = grid(size_px)
    free = 1 - look.symmetry
    fx, fy = rng.uniform(-0.5, 0.5, 2) * free
    focus = np.exp(-((x - fx) ** 2 + (y - fy) ** 2) / 0.7)
    x, y = fold(rng, x, y, look.symmetry, 5)
    torn = 0.065 * look.roughness**1.5
    x, y = x + torn * cloud(rng, x, y, 4, 2.3), y + torn * cloud(rng, x, y, 4, 2.3)
    zoom = (0.8 + 0.7 * look.complexity) * rng.uniform(0.8, 1.2)
    steps = 3 + round(2.6 * look.complexity)
    wx, wy = sine_warp(rng, x * zoom + rng.uniform(-3, 3), y * zoom + rng.uniform(-3, 3), 1.5, steps, 1.15, 1.62)

    swell = np.sin(rng.uniform(1.8, 2.6) * wx + 1.3 * np.sin(1.4 * wy))
    crease = np.sin(2.3 * wy + 1.6 * swell + rng.uniform(0, 6))
    fine = np.sin((9 + 9 * look.complexity) * wx + 2 * crease)
    height = 0.55 * swell + 0.30 * crease + (0.02 + 0.05 * silk * (0.3 + focus)) * fine
    tone = 0.5 + 0.27 * swell + 0.19 * crease

    paint_tone, accent, edge = bands(rng, 0.5 * wx + 0.22 * np.sin(1.7 * wy), round(2 + 6 * look.complexity + 3 * marble))
    poured = float(smoothstep(0.15, 0.6, np.float32(marble)))
    tone = tone + (0.25 + 0.75 * poured) * 0.7 * paint_tone * (0.4 + 0.6 * focus)
    height = height + 0.10 * poured * np.tanh(edge * (256 / size_px) / 9)

    diffuse, gloss = relief(blur(height, size_px / 420), 0.028 + 0.02 * silk)
    ground = 0.12 + 0.50 * look.light
    tone = np.clip(ground + (tone - 0.42) * (0.62 + 0.35 * look.contrast), 0.02, 0.97)
    linear = colours(tone)
    coat = accent * (0.15 + 0.75 * poured) * (0.35 + 0.65 * focus)
    linear = linear + (colours.accent * (0.25 + 0.9 * tone)[..., None] - linear) * coat[..., None]
    linear = linear * (0.62 + 0.75 * np.clip(diffuse, -0.5, 1))[..., None]

    # Veins: contours of the bent field, one to two pixels wide wherever the field is steep or flat.
    level = (3 + 8 * look.complexity) * (0.5 * wx + 0.3 * wy)
    dy, dx = np.gradient(level)
    distance = np.abs((level + 0.5) % 1 - 0.5) / (np.hypot(dx, dy) + 0.004) * (256 / size_px)
    thread = np.exp(-((distance / 0.9) ** 2)) * np.clip(0.5 + 0.6 * cloud(rng, wx, wy, 2.5, 3.5), 0, 1)
    thread = thread * (0.12 + 1.1 * veins) * (0.25 + 0.75 * focus)
    ink = colours(np.full((), 0.95 if look.light < 0.5 else 0.04))
    linear = linear + (ink - linear) * np.clip(thread, 0, 0.85)[..., None]

    shine = gloss * (0.10 + 0.55 * look.glow) * (0.5 + 0.8 * focus)
    hot = np.exp(-((swell - 0.9) ** 2) / 0.012) * look.glow**2 * focus * 0.7
    linear = linear + shine[..., None] * colours(np.full((), 0.97)) + hot[..., None] * (0.5 * colours.second + 0.5)
    return finish(linear.astype(np.float32), look, rng)
