"""Glass: stained windows, cut crystal and mosaic. Cells of coloured glass with light behind them, a bevel or lead between."""

import math

import numpy as np

from ..look import Look
from . import canvas, extra_b


def cells(px: np.ndarray, py: np.ndarray, sites: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, ...]:
    """The nearest of sites [N, 2] at every point: its index, and the distance to the cell's edge in picture units.

    `weights` shift the borders (a power diagram): larger cells keep straight edges."""
    best, second = np.full(px.shape, 1e9, np.float32), np.full(px.shape, 1e9, np.float32)
    index, other = np.zeros(px.shape, np.int16), np.zeros(px.shape, np.int16)
    for k, ((sx, sy), w) in enumerate(zip(sites.tolist(), weights.tolist())):
        d = (px - sx) ** 2
        d += (py - sy) ** 2 - w
        nearer, beside = d < best, d < second
        other = np.where(nearer, index, np.where(beside, np.int16(k), other))
        second = np.minimum(second, np.maximum(d, best))
        np.minimum(best, d, out=best)
        index[nearer] = k
    apart = np.hypot(*(sites[:, None] - sites[None]).transpose(2, 0, 1)).astype(np.float32) + 1e-3
    return index, (second - best) / (2 * apart[index, other])


def panes(look: Look, rng, x, y) -> tuple[np.ndarray, ...]:
    """Coordinates, sites and weights of the window: free, mirrored, or a rose with petals around a centre."""
    count = int(round(7 + 85 * look.complexity**1.6))
    kind = rng.uniform()
    if look.symmetry > 0.55 and kind < 0.8:
        folds = int(rng.choice([5, 6, 8, 8, 10, 12, 16]))
        r, angle = np.hypot(x, y), np.arctan2(x, y)
        t = np.abs(extra_b.fold(angle, folds))
        px, py = r * np.sin(t), r * np.cos(t)
        rings = 2 + int(round(4 * look.complexity + rng.uniform()))
        edges = np.linspace(0, 1.45, rings + 1)[1:] * rng.uniform(0.85, 1.0)
        sites = [(0, 0)] if rng.uniform() < 0.7 else []
        for k, radius in enumerate(edges):
            steps = 1 if rng.uniform() < 0.55 or radius < 0.3 else 2
            for j in range(steps):
                place = rng.choice([0.0, 1.0]) if steps == 1 else (0.15 + 0.7 * j)
                place *= math.pi / folds
                sites.append((radius * math.sin(place), radius * math.cos(place)))
                if rng.uniform() < 0.5 + 0.4 * look.complexity:
                    near = radius + 0.35 * 1.4 / rings * rng.uniform(-1, 1)
                    flip = math.pi / folds - place
                    sites.append((near * math.sin(flip), near * math.cos(flip)))
        return px, py, np.array(sites), np.zeros(len(sites))
    mirrored = look.symmetry > 0.35
    spread = rng.uniform(-1.15, 1.15, (4 * count, 2))
    if mirrored:
        spread[:, 0] = np.abs(spread[:, 0])
        count = count // 2 + 3
    # Of four candidates take the one farthest from what stands (Mitchell's best candidate): even panes, no slivers.
    focus = rng.uniform(-0.5, 0.5, 2) * (0.0 if mirrored else 1.0)
    sites = [spread[0]]
    for k in range(1, count):
        trial = spread[4 * k : 4 * k + 4]
        gap = np.min(((trial[:, None] - np.array(sites)[None]) ** 2).sum(2), 1)
        gap = gap / (0.25 + ((trial - focus) ** 2).sum(1)) ** rng.choice([0.6, 1.0])
        sites.append(trial[np.argmax(gap)])
    sites = np.array(sites)
    px = np.abs(x) if mirrored else x
    weights = rng.uniform(0, 0.9 / count, count) * (0.3 + 0.7 * look.roughness)
    return px, y, sites, weights


def paint(look: Look, rng: np.random.Generator, size_px: int) -> np.ndarray:
    colours = canvas.Colours(look)
    x, y = canvas.grid(size_px)
    px, py, sites, weights = panes(look, rng, x, y)
    # Panes bend: curves of art nouveau where the look is smooth, splinters where it is rough.
    bend = (0.02 + 0.22 * rng.uniform()) * (1 - look.roughness) * 0.35
    kx, ky = rng.uniform(2, 4.5, 2).tolist()
    wx, wy = px + bend * np.sin(ky * py + rng.uniform(0, 6)), py + bend * np.sin(kx * px + rng.uniform(0, 6))
    if look.roughness > 0.35:
        crack = extra_b.spectral_noise(rng.spawn(1)[0], size_px, 12, 3.0)
        wx, wy = wx + 0.035 * (look.roughness - 0.35) * crack, wy - 0.035 * (look.roughness - 0.35) * np.roll(crack, 31, 0)
    narrow = 1 + rng.uniform(0, 1.6) * look.roughness * (rng.uniform() < 0.6)
    index, edge = cells(wx * narrow, wy, sites * (narrow, 1), weights)
    edge = edge / narrow
    sites = sites.astype(np.float32)
    n = len(sites)

    # The light behind: a sun, and a sky that the glass shows displaced where it is bevelled.
    sun = np.array([0.0, rng.uniform(-0.15, 0.15)]) if look.symmetry > 0.35 else rng.uniform(-0.55, 0.55, 2)
    sun = sun.tolist()
    clouds = extra_b.spectral_noise(rng, size_px, 1.6, 2.6)
    gy, gx = np.gradient(edge)
    bevel_width = rng.uniform(0.025, 0.07) * (1.2 - 0.5 * look.complexity)
    style = ("lead", "lead", "crystal", "facet")[rng.integers(4)]
    bevel = 1 - canvas.smoothstep(0, bevel_width if style == "lead" else bevel_width * 1.8, edge)
    slope_x, slope_y = gx * bevel * size_px * 0.5, gy * bevel * size_px * 0.5
    tilt = rng.uniform(-1, 1, (n, 2)).astype(np.float32)
    local_x, local_y = wx * narrow - sites[index, 0] * narrow, wy - sites[index, 1]
    ramp = (tilt[index, 0] * local_x + tilt[index, 1] * local_y) * (1.2 + 1.5 * look.complexity)
    sx, sy = x + 0.16 * slope_x + 0.08 * tilt[index, 0], y + 0.16 * slope_y + 0.08 * tilt[index, 1]
    behind = extra_b.sample(clouds, sx, sy)
    away = np.hypot(sx - sun[0], sy - sun[1])
    power_of_sun = np.exp(-away * (1.9 - 0.7 * look.light))

    base = rng.uniform(-1, 1, n).astype(np.float32)
    if rng.uniform() < 0.6:  # panes near one another agree, with few strangers
        base = 0.55 * base + 0.75 * np.sin(3 * sites[:, 1] + 2 * np.hypot(*sites.T) * 2 + rng.uniform(0, 6))
    tone = 0.44 + 0.20 * look.light + (0.15 + 0.20 * look.contrast) * base[index] + 0.14 * ramp + 0.07 * behind
    tone = tone + (0.26 + 0.12 * look.contrast) * (power_of_sun - 0.40)
    odd = rng.uniform(0, 1, n)
    # Some panes have a border of their own, some are cut into quarries, both held by thinner lead.
    roomy = 1.0 / math.sqrt(n)
    rim, lattice = 0.22 * roomy + 0.01, 0.45 * roomy + 0.02
    thin = np.full(edge.shape, 1.0, np.float32)
    bordered = (rng.uniform(0, 1, n) < rng.uniform(-0.3, 0.8) * (1 - 0.8 * look.complexity))[index]
    thin = np.where(bordered, np.abs(edge - rim), thin)
    strip = (bordered & (edge < rim)).astype(np.float32)[..., None]
    quarried = (rng.uniform(0, 1, n) < rng.uniform(-0.2, 0.6) * (look.roughness < 0.5))[index] & ~(bordered & (edge < rim))
    p, q = (local_x + local_y * 0.6) / lattice, (local_x - local_y * 0.6) / lattice
    cut = np.minimum(np.abs(p - np.round(p)), np.abs(q - np.round(q))) * lattice * 0.85
    thin = np.where(quarried, np.minimum(thin, cut), thin)
    tone = tone + quarried.astype(np.float32) * 0.07 * np.sin(3 * np.round(p + 0.5) + 5 * np.round(q + 0.5)).astype(np.float32)
    share = 0.06 + 0.30 * look.spread
    glass = colours(np.clip(tone - 0.16 * strip[..., 0], 0.02, 0.98))
    for accent, low in ((colours.accent, 0.0), (colours.second, share)):
        chosen = ((odd >= low) & (odd < low + share))[index].astype(np.float32)[..., None] * (1 - 0.8 * strip)
        jewel = (accent / accent.max()) ** (1.0 + 0.9 * look.chroma)  # thick glass filters twice
        tinted = jewel * np.clip(0.15 + 1.25 * (tone - 0.2), 0.03, 1.2)[..., None]
        glass = glass * (1 - 0.85 * chosen) + tinted * 0.85 * chosen
    lamp = (0.30 + 0.35 * look.light + (0.75 + 0.7 * look.glow) * power_of_sun)[..., None]
    picture = glass * lamp
    # Light on the bevels: from the upper left on their far side, and caustics along the near one.
    facing = -(0.6 * slope_x + 0.75 * slope_y)
    shine = np.clip(facing, -1, 1)
    if style == "facet":  # every cell a cut stone: planes that rise to its middle
        shine = shine + 0.7 * np.clip(-(gx * 0.6 + gy * 0.75) * size_px * 0.5, -1, 1)
    picture = picture * (1 + (0.28 + 0.35 * look.contrast) * shine)[..., None]
    picture = picture + (np.clip(shine - 0.35, 0, 1) ** 2 * (0.10 + 0.5 * look.glow))[..., None] * colours(np.float32(0.97))
    if look.roughness > 0.15:  # seeds and streaks inside old glass
        seed = extra_b.spectral_noise(rng.spawn(1)[0], size_px, 30, 1.0)
        picture = picture * np.exp(0.15 * (look.roughness - 0.15) * seed)[..., None]

    lead_tone = 0.02 + 0.10 * look.light
    if style == "lead":
        width = rng.uniform(0.008, 0.022) * (1.25 - 0.6 * look.complexity)
        line = np.maximum(extra_b.cover(width - edge, size_px), extra_b.cover(0.45 * width - thin, size_px))[..., None]
        round_ = np.clip(1 - edge / width, 0, 1)
        sheen = np.clip(0.35 - (gx * 0.6 + gy * 0.75) * size_px * 0.4 * (1 - round_), 0, 1) ** 3
        lead = colours(np.float32(lead_tone)) + (sheen * (0.10 + 0.2 * look.light))[..., None] * colours(np.float32(0.6))
        # Light creeps round the lead where the sun is behind it.
        lead = lead + picture * (0.35 * look.glow * power_of_sun)[..., None]
        return extra_b.finish(picture * (1 - line) + lead * line, look, rng, 0.7)
    line = np.maximum(extra_b.cover(0.005 - edge, size_px), 0.7 * extra_b.cover(0.003 - thin, size_px))[..., None]
    lit = (0.25 + 0.6 * look.glow) * (0.3 + power_of_sun[..., None])
    picture = picture * (1 - 0.5 * line) + line * colours(np.float32(0.9)) * lit
    return extra_b.finish(picture, look, rng, 0.7)
