"""Aurora: folded curtains of light over a horizon, their lower edge sharp, their rays fading upwards; stars, hills, and a
lake that mirrors it all, or, seen straight up, a corona."""

import math

import numpy as np
from scipy.sparse import csr_matrix

from ..look import Look
from . import canvas, extra_b


def wave(rng: np.random.Generator, s: np.ndarray, frequency: float, octaves: int, gain: float) -> np.ndarray:
    """Smooth noise along a line, about -1 to 1, with period 1 in s: sines of whole numbers of waves."""
    total, norm = np.zeros_like(s), 0.0
    for octave in range(octaves):
        for _ in range(2):
            f = max(1, round(frequency * 2**octave * rng.uniform(0.7, 1.3)))
            total += gain**octave * np.sin(2 * math.pi * (f * s + rng.uniform()))
            norm += gain ** (2 * octave) / 2
    return total / (1.6 * math.sqrt(norm))


def curtain(look: Look, rng: np.random.Generator, size_px: int, base: float, copies: int) -> np.ndarray:
    """One curtain, seen from the side: light [3, S, S] in its hem, its body and its tip. Rows are height, up is row 0.

    The sheet is a curve on the ground seen edge on; where it turns, more of it lies behind one pixel and it brightens."""
    count = size_px * 6
    s = np.linspace(0, 1, count, endpoint=False, dtype=np.float32)
    turns = 1.2 + 2.6 * look.complexity
    span = rng.uniform(0.75, 1.35)
    local = s
    if copies > 1:  # repeated and mirrored, so that the corona keeps its folds
        local = 1 - np.abs(2 * ((s * copies) % 1) - 1)
    x = s + (rng.uniform(0.5, 1.0) / turns) * wave(rng, local, turns, 2, 0.4) / copies
    near = 0.5 + 0.5 * wave(rng, local, 1.2 + turns * 0.5, 2, 0.4)  # a sheet overhead stands higher and is larger
    y = base - (0.34 if copies == 1 else 0.42) * near
    rays = wave(rng, local, 9 + 14 * look.complexity, 3, 0.45 + 0.4 * look.roughness)
    patch = np.clip(0.5 + 0.75 * wave(rng, local, 1.8, 2, 0.5), 0.01, None)
    if copies > 1:  # else all hems would meet in one ring
        patch = patch * canvas.smoothstep(0.05, 0.45, near)
    light = patch * np.exp(rays * (0.10 + 1.2 * look.roughness)) * (0.9 * size_px / count)
    tall = 0.05 + 0.22 * np.clip(near, 0, 1.3) + 0.05 * rng.uniform()
    tall = tall * np.exp(0.35 * wave(rng, local, 7 + 16 * look.complexity, 2, 0.7))

    column = ((x - 0.5) * span + 0.5) * size_px
    left = np.floor(column).astype(int)
    part = (column - left).astype(np.float32)
    if copies > 1:
        left, right = left % size_px, (left + 1) % size_px
        keep = np.ones(count, bool)
    else:
        right = left + 1
        keep = (left >= 0) & (right < size_px)
    rows = np.concatenate([left[keep], right[keep]])
    index = np.arange(keep.sum())
    weight = np.concatenate([(1 - part[keep]), part[keep]]) * np.tile(light[keep], 2)
    splat = csr_matrix((weight, (rows, np.tile(index, 2))), shape=(size_px, len(index)))
    up = ((np.arange(size_px, dtype=np.float32) + 0.5) / size_px)[None, :]
    t = (y[keep, None] - up) / tall[keep, None]  # 0 at the hem, 1 a height above
    soft = 0.10 + 0.05 * (1 - look.roughness)
    edge = np.clip((t + soft) / (soft + 0.06), 0, 1)
    edge *= edge
    t = np.maximum(t, 0)
    fade = np.exp(-2 * t)
    body = edge * fade
    tip = body * t
    hem = body * (fade * fade) * fade
    body, tip = 0.55 * body + 1.2 * tip, tip * t
    return np.stack([(splat @ part_).T for part_ in (hem, body, tip)]).astype(np.float32)


def corona(layers: np.ndarray, rng: np.random.Generator, size_px: int) -> np.ndarray:
    """Bends curtains around the zenith: columns become angles, height becomes nearness to the centre."""
    x, y = canvas.grid(size_px)
    y = y + rng.uniform(-0.15, 0.15)
    angle = np.arctan2(x, y) / math.pi
    r = np.hypot(x, y)
    v = 2 * (r / 1.45) ** 0.75 - 1
    return np.stack([extra_b.sample(layer, angle, np.clip(v, -0.99, 0.99)) for layer in layers])


def paint(look: Look, rng: np.random.Generator, size_px: int) -> np.ndarray:
    colours = canvas.Colours(look)
    x, y = canvas.grid(size_px)
    zenith = look.symmetry > 0.72 and rng.uniform() < 0.6
    lake = not zenith and look.symmetry > 0.4
    horizon = 0.25 if lake else rng.uniform(0.62, 0.86)
    if lake:
        horizon = rng.uniform(0.12, 0.42)
    sheets = 1 + int(round(2.4 * look.complexity + rng.uniform(0, 0.8)))
    light = np.zeros((3, size_px, size_px), np.float32)
    folds = int(rng.integers(2, 7)) if zenith else 1
    for k in range(sheets):
        near = (k + 1) / sheets
        floor = 0.80 if zenith else (horizon + 1) / 2 - 0.10
        base = floor - rng.uniform(-0.04, 0.16) * (1.2 - near)
        light += curtain(look, rng, size_px, base, folds) * (0.45 + 0.55 * near)
    if zenith:
        light = corona(light, rng, size_px) * (0.12 + 0.88 * canvas.smoothstep(0.0, 0.75, np.hypot(x, y))) * 1.3
        above = np.ones_like(x)
    else:  # rays lean towards a point high above: perspective
        pole = rng.uniform(-0.5, 0.5)
        lean = rng.uniform(0.05, 0.5)
        bent = pole + (x - pole) * (1 + lean * (horizon - y) * 0.5) / (1 + lean * 0.4)
        light = np.stack([extra_b.sample(layer, np.clip(bent, -0.995, 0.995), y) for layer in light])
        above = canvas.smoothstep(0, 1.7, horizon - y)

    ground = 0.07 + 0.5 * look.light
    glow_band = np.exp(-np.abs(horizon - y) * 3.2) if not zenith else np.exp(-1.6 * np.hypot(x, y))
    sky = extra_b.backdrop(colours, look, rng, size_px, ground)
    dusk = colours(np.float32(0.45 + 0.3 * look.light)) * (0.25 + 0.3 * look.light)
    sky = sky * (1 - 0.35 * above)[..., None] + dusk * glow_band[..., None]
    gain = 0.75 + 0.6 * look.glow + 0.3 * look.contrast
    hem_colour = colours.accent * (0.35 + 0.65 * look.spread) + colours(np.float32(0.9)) * (0.65 - 0.45 * look.spread)
    share = 0.25 + 0.75 * look.spread
    tip_colour = colours.second * share + colours(np.float32(0.45 + 0.2 * look.light)) * (1 - share)
    drift = extra_b.spectral_noise(rng, 48, 1.0, 3.0)
    drift = extra_b.upsample(drift, size_px)
    strange = ((0.12 + 0.8 * look.spread) * canvas.smoothstep(-0.1, 1.1, drift))[..., None]
    veil = colours(np.clip(0.64 + 0.08 * drift + 0.1 * look.light, 0, 1)) * (1 - strange) + colours.accent * strange
    picture = sky * np.exp(-0.35 * light[1])[..., None]
    picture = picture + gain * (
        light[0][..., None] * hem_colour * 1.1 + light[1][..., None] * veil * 0.75 + light[2][..., None] * tip_colour * 0.75
    )
    haze = canvas.blur(light[1][::4, ::4], size_px / 60)
    picture = picture + extra_b.upsample(haze, size_px)[..., None] * colours(np.float32(0.6)) * (0.03 + 1.5 * look.glow)
    star = extra_b.stars(rng, size_px, int(30 + 200 * look.complexity), 0.4 + 0.8 * look.glow, 0.0)
    picture = picture + star[..., None] * (colours(np.float32(0.95)) + 0.15) * (0.9 - 0.5 * look.light)
    if zenith:
        return extra_b.finish(picture, look, rng, 0.7)
    return extra_b.finish(land(picture, look, rng, colours, x, y, horizon, lake), look, rng, 0.5)


def land(picture, look: Look, rng, colours, x, y, horizon: float, lake: bool) -> np.ndarray:
    """Hills in two ranges before the sky, and below them either dark ground or water that mirrors what is above."""
    size_px = picture.shape[0]
    s = (x[0] + 1) / 2 * 0.5 + rng.uniform()
    ridges = []
    for depth in (1.0, 0.45):
        rise = wave(rng, s, 2 + 4 * look.complexity, 2, 0.5)
        jag = np.abs(wave(rng, s, 9 + 14 * look.complexity, 4, 0.62))
        top = 0.09 + 0.09 * rise - look.roughness * 0.14 * (jag - 0.5)
        ridges.append((depth, horizon - np.maximum(top, 0.006) * (0.5 + 0.8 * depth) * 1.2))
    scene = picture
    for depth, top in ridges:
        inside = extra_b.cover(y - top[None, :], size_px)[..., None]
        tone = 0.02 + (0.05 + 0.30 * look.light) * depth
        fog = np.exp(-np.maximum(horizon - y, 0) * 9)[..., None] * (0.25 + 0.5 * depth)
        hill = colours(np.float32(tone)) * (1 - 0.4 * fog) + colours(np.float32(0.30 + 0.3 * look.light)) * 0.4 * fog
        scene = scene * (1 - inside) + hill * inside
    if not lake:
        below = extra_b.cover(y - horizon, size_px)[..., None]
        floor = colours(np.clip(0.03 + 0.2 * look.light + 0.10 * np.exp(-(y - horizon) * 6), 0, 1))
        return scene * (1 - below) + floor * below
    depth = np.maximum(y - horizon, 0)
    ripple = np.sin(depth * (90 / (0.35 + depth)) + 3 * wave(rng, s, 3, 2, 0.5)[None, :])
    reach = (0.004 + 0.03 * look.roughness) * (0.3 + depth)
    rows = (horizon - depth * 1.05 + ripple * reach + 1) / 2 * size_px - 0.5
    columns = (x + ripple * reach * 0.4 + 1) / 2 * size_px - 0.5
    i = np.clip(np.rint(rows), 0, size_px - 1).astype(int)
    j = np.clip(np.rint(columns), 0, size_px - 1).astype(int)
    mirrored = canvas.blur(scene[::1], size_px / 260)[i, j] * (0.72 - 0.15 * depth)[..., None]
    below = extra_b.cover(y - horizon, size_px)[..., None]
    shore = np.exp(-(((y - horizon) * size_px / 2.5) ** 2))[..., None] * 0.12
    return scene * (1 - below) + mirrored * below + shore * colours(np.float32(0.7))
