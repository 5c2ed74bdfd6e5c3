"""Flame: fractal flames (Draves and Reckase 2003), an iterated function system with curved variations, density in logarithm,
colour by the path of the orbit."""

import math

import numpy as np

from ..look import Look
from .canvas import Colours, grid, smoothstep
from .extra_a import cloud, finish, soften, splat

TRIALS = 4
PARTICLES = 16000
ROUNDS = 26


def curve(kind: int, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One variation of the plane."""
    if kind == 0:  # sinusoidal
        return np.sin(x * 1.4), np.sin(y * 1.4)
    r2 = x * x + y * y + 1e-4
    if kind == 1:  # spherical
        return x / (r2 + 0.08), y / (r2 + 0.08)
    if kind == 2:  # swirl
        c, s = np.cos(r2), np.sin(r2)
        return x * s - y * c, x * c + y * s
    r = np.sqrt(r2)
    if kind == 3:  # horseshoe
        return (x - y) * (x + y) / r, 2 * x * y / r
    if kind == 4:  # bubble
        return 2 * x / (0.25 * r2 + 1), 2 * y / (0.25 * r2 + 1)
    if kind == 5:  # eyefish
        return 2 * x / (r + 1), 2 * y / (r + 1)
    angle = np.arctan2(x, y)
    if kind == 6:  # disc
        return angle / math.pi * np.sin(math.pi * r), angle / math.pi * np.cos(math.pi * r)
    if kind == 7:  # handkerchief
        return r * np.sin(angle + r), r * np.cos(angle - r)
    if kind == 8:  # julia, of both branches by the sign of x
        half = angle / 2 + math.pi * (x > 0)
        return np.sqrt(r) * np.cos(half), np.sqrt(r) * np.sin(half)
    return (np.cos(angle) + np.sin(r)) / (r + 0.4), (np.sin(angle) - np.cos(r)) / (r + 0.4)  # spiral


def system(rng: np.random.Generator, look: Look) -> list[tuple]:
    """The functions: affine map, variation, its share against the linear one, colour 0 to 1, weight."""
    count = 2 + int(rng.uniform(0, 1.2) + 2.6 * look.complexity)
    kinds = rng.choice(10, 2, replace=False, p=np.array([1, 1.6, 1.2, 1, 1.2, 1, 1, 0.8, 1.6, 1]) / 11.4)
    functions = []
    for k in range(count):
        angle, size = rng.uniform(0, 2 * math.pi), rng.uniform(0.45, 0.95)
        shear = 1 + rng.normal(0, 0.25)
        c, s = math.cos(angle) * size, math.sin(angle) * size
        affine = (c * shear, -s, rng.uniform(-0.7, 0.7), s, c / shear, rng.uniform(-0.7, 0.7))
        share = rng.uniform(0.35, 1.0) if k else rng.uniform(0, 0.35)
        functions.append((affine, int(kinds[k % 2]), share, k / max(1, count - 1), rng.uniform(0.5, 1.5)))
    return functions


def orbit(rng: np.random.Generator, functions: list[tuple], count: int, rounds: int, keep: int):
    """The chaos game with `count` points in step: x, y and colour of the points of every round from `keep` on."""
    x, y = rng.uniform(-1, 1, (2, count)).astype(np.float32)
    hue = rng.uniform(0, 1, count).astype(np.float32)
    weights = np.array([f[4] for f in functions])
    cuts = np.round(np.concatenate([[0], np.cumsum(weights / weights.sum())]) * count).astype(int)
    xs, ys, hues = [], [], []
    for n in range(rounds):
        turn = int(rng.integers(1, count))  # points meet functions by chance: the ring is rolled and reversed
        x, y, hue = (np.concatenate([a[turn:], a[:turn]])[:: (-1) ** n].copy() for a in (x, y, hue))
        x, y, hue = (a.reshape(-1, 125).T.reshape(-1) if count % 125 == 0 else a for a in (x, y, hue))
        for k, ((a, b, c, d, e, f), kind, share, tint, _) in enumerate(functions):
            part = slice(cuts[k], cuts[k + 1])
            u, v = a * x[part] + b * y[part] + c, d * x[part] + e * y[part] + f
            p, q = curve(kind, u, v)
            x[part], y[part] = u + share * (p - u), v + share * (q - v)
            hue[part] = 0.5 * (hue[part] + tint)
        if n >= keep:
            xs.append(x.copy()), ys.append(y.copy()), hues.append(hue.copy())
    return np.concatenate(xs), np.concatenate(ys), np.concatenate(hues)


def frame(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float]:
    """Centre and half width of what the points cover, but for stray ones."""
    x0, x1 = np.percentile(x, [3, 97])
    y0, y1 = np.percentile(y, [3, 97])
    return (x0 + x1) / 2, (y0 + y1) / 2, max(x1 - x0, y1 - y0, 1e-3) / 2 * 1.12


def best(rng: np.random.Generator, look: Look):
    """Of a few random systems the one whose attractor is neither a dot nor a haze."""
    found, score = None, -1.0
    for _ in range(TRIALS):
        functions = system(rng, look)
        x, y, _ = orbit(rng, functions, 1500, 14, 12)
        if not np.isfinite(x).all() or not np.isfinite(y).all():
            continue
        cx, cy, half = frame(x, y)
        counts = splat((x - cx) / half, (y - cy) / half, 24, [np.ones_like(x)])[0]
        filled = (counts > 0).mean()
        even = float(counts.std() / (counts.mean() + 1e-3) < 3)
        value = float(np.exp(-(((filled - 0.30 - 0.38 * look.complexity) / 0.15) ** 2))) + 0.2 * even
        if value > score:
            found, score = functions, value
    return found


def paint(look: Look, rng: np.random.Generator, size_px: int) -> np.ndarray:
    colours = Colours(look)
    functions = best(rng, look)
    x, y, hue = orbit(rng, functions, PARTICLES, ROUNDS, 8)
    cx, cy, half = frame(x, y)
    zoom = half * rng.uniform(0.85, 1.05) * (1.08 - 0.2 * look.complexity)
    x, y = (x - cx) / zoom, (y - cy) / zoom
    ordered = look.symmetry >= 0.5
    folds = int(rng.integers(2, 3 + round(5 * look.symmetry))) if ordered else 1
    if ordered:
        shift = rng.uniform(0.1, 0.6)
        x, y = 0.62 * x + shift, 0.62 * y
        part = rng.integers(0, folds, len(x)) * (2 * math.pi / folds)
        if look.symmetry > 0.65:
            y = y * rng.choice([-1, 1], len(y))
        c, s = np.cos(part).astype(np.float32), np.sin(part).astype(np.float32)
        x, y = c * x - s * y, s * x + c * y
    spin = rng.uniform(0, 2 * math.pi)
    x, y = math.cos(spin) * x - math.sin(spin) * y, math.sin(spin) * x + math.cos(spin) * y
    if look.roughness > 0.3:
        torn = 0.012 * (look.roughness - 0.3)
        x, y = x + torn * rng.standard_cauchy(len(x)), y + torn * rng.standard_cauchy(len(y))
    count, tint = splat(x, y, size_px, [np.ones_like(x), hue])
    # The fewer points, the wider each is spread: density estimation as in the paper, on three scales.
    scale = size_px / 256
    sigmas_px = (1.15 - 0.65 * look.complexity, 2.4 - 1.1 * look.complexity, 5.5)
    levels = [(soften(count, s * scale), soften(tint, s * scale)) for s in sigmas_px]
    level = levels[1][0] * 8
    a, b = smoothstep(2.0, 16.0, level), smoothstep(0.2, 3.0, level)
    count, tint = (b * (a * f + (1 - a) * m) + (1 - b) * w for f, m, w in zip(*levels))
    tint = tint / (count + 1e-6)
    peak = np.percentile(count, 99.7) + 1e-6
    density = np.log1p(60 * count / peak) / math.log(61)

    gx, gy = grid(size_px)
    mist = 0.35 * cloud(rng, gx, gy, 1.7, 3.0)
    on_light = float(smoothstep(0.58, 0.85, np.float32(look.light)))
    ground = 0.03 + 0.76 * look.light**1.3 + 0.05 * mist * (1 + look.glow) - 0.05 * np.hypot(gx, gy)
    linear = colours(ground) * (1.2 - (0.5 - 0.4 * on_light) * look.contrast)
    power = density ** (1.25 + 0.5 * look.contrast)
    bright = colours(0.25 + 0.75 * np.clip(power, 0, 1.1) * (0.75 + 0.5 * tint))
    deep = colours(np.clip(0.66 - 0.50 * power, 0.03, 1) * (0.40 + 0.95 * tint))
    body = bright * (1 - on_light) + deep * on_light
    stain = smoothstep(0.55, 0.95, tint) * (0.25 + 0.75 * look.spread)
    body = body + (colours.accent * (0.25 + 1.1 * power * (1 - 0.65 * on_light))[..., None] - body) * stain[..., None]
    cool = smoothstep(0.62, 0.2, tint) * look.spread * 0.6
    body = body + (colours.second * (0.25 + 1.0 * power * (1 - 0.65 * on_light))[..., None] - body) * cool[..., None]
    body = body * (1 + (0.5 - 0.9 * on_light) * (look.contrast - 0.4))
    cover = smoothstep(0.03, 0.75 - 0.2 * on_light, density)
    linear = linear + (body - linear) * cover[..., None]
    aura = soften(density**2, size_px / 14) * (0.08 + 1.7 * look.glow**1.5)
    core = smoothstep(0.72, 1.0, density) * look.glow
    linear = linear + aura[..., None] * colours.second * 0.5 + core[..., None] * (0.5 * colours(np.full((), 0.96)))
    return finish(linear.astype(np.float32), look, rng, 0.35, 0.8)
