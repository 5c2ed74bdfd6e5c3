"""Strokes: impasto in the manner of van Gogh. Strokes follow the flow of a scene, broad ones first and fine ones over them
(painterly rendering in layers, Hertzmann 1998); every bristle leaves a ridge, and the ridges are lit."""

from dataclasses import dataclass

import numpy as np

from ..look import Look
from .canvas import Colours, blur, grid, relief, smoothstep
from .extra_a import finish, fold, lookup, soften, waves

SCENE_PX = 96


@dataclass(frozen=True)
class Scene:
    """What is painted, coarse: direction of the brush, tone 0 to 1, and how much of the accents. All [SCENE_PX, SCENE_PX]."""

    ux: np.ndarray
    uy: np.ndarray
    tone: np.ndarray
    accent: np.ndarray
    second: np.ndarray


def sky(rng: np.random.Generator, look: Look) -> Scene:
    """Whirls and lamps over a land or a sea whose share of the picture is chance; folded when the look is symmetric."""
    plain_x, plain_y = grid(SCENE_PX)
    x, y = fold(rng, plain_x, plain_y, look.symmetry, 6)
    horizon = float(rng.choice([0.0, 0.3, 0.55, 2.0])) if look.symmetry < 0.5 else 2.0
    bend = lookup(waves(rng, SCENE_PX, 4.0, 0.8 + 1.5 * look.complexity), x, y)
    heading = rng.normal(0, 0.5) + (0.8 + 0.4 * look.complexity) * bend
    ux, uy = np.cos(heading), np.sin(heading)
    stripe = np.sin(rng.uniform(5, 9) * (y + 0.35 * bend) + 2 * bend)
    whirls = 1 + int(rng.integers(0, 3) + 3 * look.complexity)
    rings, lamps, claimed = np.zeros_like(x), np.zeros_like(x), np.zeros_like(x)
    for k in range(whirls):
        cx, cy = rng.uniform(-0.75, 0.75), rng.uniform(-0.75, min(horizon - 0.25, 0.75))
        size = rng.uniform(0.45, 0.75) if k == 0 else rng.uniform(0.18, 0.4)
        dx, dy = x - cx, y - cy
        r = np.hypot(dx, dy) + 1e-3
        near = np.exp(-((r / size) ** 4)) * (1 - claimed)
        spin, draw = rng.choice([-1.0, 1.0]), rng.uniform(-0.5, 0.2)
        ux = ux * (1 - near) + near * (-spin * dy + draw * dx) / r
        uy = uy * (1 - near) + near * (spin * dx + draw * dy) / r
        turns = np.arctan2(dy, dx) * rng.integers(0, 3) * spin
        rings += near * np.cos(r / size * rng.uniform(7, 11) + turns)
        stripe = stripe * (1 - near)
        if k % 2 == 0 or look.glow > 0.6:
            lamps += np.exp(-((r / (size * (0.20 + 0.20 * look.glow))) ** 2))
        claimed = np.clip(claimed + near, 0, 1)
    blot = lookup(waves(rng, SCENE_PX, 3.4, 1.5), x, y)
    tone = 0.17 * stripe + 0.10 * blot + 0.24 * rings
    accent = 0.9 * lamps * (0.35 + 0.65 * look.glow) + smoothstep(0.35, 0.9, -rings) * 0.30 * look.spread
    second = smoothstep(0.4, 0.95, rings) * (0.25 + 0.5 * look.spread) + smoothstep(1.2, 2.0, blot) * 0.6
    if horizon < 1:
        hills = horizon + 0.13 * lookup(waves(rng, SCENE_PX, 3.0, 1.5), x, np.zeros_like(x))
        land = smoothstep(-0.03, 0.03, y - hills)
        kind = int(rng.integers(3))  # wheat, waves, furrows
        swing = waves(rng, SCENE_PX, 3.2, 2.0)
        lx = (0.4 + 0.5 * swing, np.ones_like(x), x - 0.3)[kind]
        ly = (-np.ones_like(x), 0.6 * np.cos(8 * x + 2 * swing + 5 * y), y - horizon + 0.25)[kind]
        norm = np.hypot(lx, ly) + 1e-6
        ux, uy = ux * (1 - land) + lx / norm * land, uy * (1 - land) + ly / norm * land
        rows = np.sin((4 * swing, 16 * (y - hills) + 3 * np.sin(8 * x + 2 * swing), 22 * np.arctan2(lx, ly + 0.1))[kind])
        ground = (0.10, -0.16, -0.06)[kind] + 0.06 * swing + (0.08, 0.17, 0.15)[kind] * rows
        edge = np.exp(-(((y - hills) / 0.05) ** 2))
        tone = tone * (1 - land) + ground * land - 0.25 * edge
        second = second * (1 - land) + land * (0.70, 0.10, 0.35)[kind] * (0.5 + 0.5 * rows)
        accent = accent * (1 - land) + land * 0.35 * smoothstep(1.0, 1.8, -swing)
    if look.symmetry >= 0.5:  # along the contours of what is folded, so that the brush is mirrored too
        uy, ux = np.gradient(1.5 * bend + 0.6 * blot + 1.2 * rings)
        ux, uy = -uy, ux
    length = np.hypot(ux, uy) + 1e-9
    base = 0.12 + 0.62 * look.light
    tone = base + tone * (0.75 + 0.75 * look.contrast) + 0.55 * np.clip(lamps, 0, 1) * (0.92 - base)
    arrays = (ux / length, uy / length, tone, np.clip(accent, 0, 1), np.clip(second, 0, 1))
    return Scene(*(a.astype(np.float32) for a in arrays))


def lay(rng: np.random.Generator, scene: Scene, size_px: int, length: float, width: float, cover: float, jagged: float):
    """One layer of strokes of a length and width in picture halves, enough to cover the canvas `cover` times.

    Returns per pixel the stroke on top (-1 where none) and the place across it -1 to 1; and per stroke its start."""
    count = max(8, int(cover * 4 / (length * width)))
    x = rng.uniform(-1.1, 1.1, count).astype(np.float32)
    y = rng.uniform(-1.1, 1.1, count).astype(np.float32)
    start = (x, y)
    longs = max(6, int(length * size_px / 2 / 0.8))
    knots = 7
    step = (length / (knots - 1)) * rng.uniform(0.6, 1.25, count).astype(np.float32)
    px, py, nx, ny = (np.empty((count, knots), np.float32) for _ in range(4))
    skew = jagged * 0.45 * rng.standard_normal(count).astype(np.float32)
    for k in range(knots):
        ux, uy = lookup(scene.ux, x, y), lookup(scene.uy, x, y)
        norm = np.hypot(ux, uy) + 1e-6
        ux, uy = (ux - skew * uy) / norm, (uy + skew * ux) / norm
        px[:, k], py[:, k], nx[:, k], ny[:, k] = x, y, -uy, ux
        x, y = x + ux * step, y + uy * step
    t = np.linspace(0, knots - 1.001, longs)
    i, w = t.astype(int), (t % 1).astype(np.float32)
    px, py, nx, ny = (a[:, i] * (1 - w) + a[:, i + 1] * w for a in (px, py, nx, ny))
    bristles = max(3, int(width * size_px / 2 / 0.75))
    across = np.linspace(-1, 1, bristles, dtype=np.float32)
    taper = (width / 2 * np.sqrt(np.clip(1 - (2 * t / (knots - 1) - 1) ** 4, 0.04, 1))).astype(np.float32)
    nx, ny = nx * taper, ny * taper
    scale = size_px / 2
    i = ((px[..., None] + nx[..., None] * across + 1) * scale).astype(np.int32)
    j = ((py[..., None] + ny[..., None] * across + 1) * scale).astype(np.int32)
    inside = (i >= 0) & (j >= 0) & (i < size_px) & (j < size_px)
    ragged = rng.uniform(0, 1, (count, 1, bristles)) > np.abs(np.linspace(-1, 1, longs))[None, :, None] ** 3 * (0.5 + jagged)
    inside &= ragged
    which = np.broadcast_to(np.arange(count * bristles, dtype=np.int32).reshape(count, 1, bristles), i.shape)
    top = np.full(size_px * size_px, -1, np.int32)
    top[(j * size_px + i)[inside]] = which[inside]  # later strokes lie over earlier ones
    return top.reshape(size_px, size_px), bristles, start


def paint(look: Look, rng: np.random.Generator, size_px: int) -> np.ndarray:
    colours = Colours(look)
    scene = sky(rng, look)
    x, y = grid(size_px)
    fine = 1.75 - 1.2 * look.complexity
    linear = colours(lookup(scene.tone, x, y) - 0.08)
    height = np.zeros((size_px, size_px), np.float32)
    layers = ((0.50, 0.130, 1.8), (0.42, 0.058, 1.5), (0.34, 0.026, 0.15 + 0.75 * look.complexity))
    for k, (length, width, cover) in enumerate(layers):
        top, bristles, (sx, sy) = lay(rng, scene, size_px, length * fine, width * fine, cover, look.roughness)
        tone = lookup(scene.tone, sx, sy) + rng.normal(0, 0.025 + 0.02 * k + 0.03 * look.contrast, sx.shape)
        chance = rng.uniform(0, 1, sx.shape)
        paint_ = colours(tone.astype(np.float32))
        shade = np.clip(0.45 + tone, 0.2, 1.25)[:, None]
        first = chance < lookup(scene.accent, sx, sy) * 0.8
        other = chance > 1 - lookup(scene.second, sx, sy) * 0.8 - 0.03 * look.spread
        paint_ = np.where(first[:, None], colours.accent * shade, np.where(other[:, None], colours.second * shade, paint_))
        hair = rng.uniform(0, 1, (len(sx), bristles)).astype(np.float32)
        rim = np.abs(np.linspace(-1, 1, bristles)).astype(np.float32) ** 4
        thick = (0.55 + 0.35 * hair + 0.25 * rim - 0.5 * (rim > 0.98)).reshape(-1)
        drawn = top >= 0
        stroke = np.where(drawn, top // bristles, 0)
        colour = paint_[stroke] * (0.86 + 0.26 * hair.reshape(-1)[np.maximum(top, 0)])[..., None]
        soft = blur(drawn.astype(np.float32), 0.5)[..., None] * drawn[..., None]
        linear = linear + (colour - linear) * soft
        height = np.where(drawn, 0.4 * height + thick[np.maximum(top, 0)] * (1.0, 0.8, 0.65)[k], height)
    height = blur(height, 0.55 * size_px / 256)
    diffuse, gloss = relief(height, 0.0045 + 0.004 * look.roughness)
    linear = blur(linear.astype(np.float32), 0.35 * size_px / 256)
    linear = linear * (0.60 + 0.70 * np.clip(diffuse, -0.4, 1))[..., None]
    linear = linear + (gloss * (0.03 + 0.10 * look.glow))[..., None]
    lamp = lookup(scene.accent, x, y) * look.glow**1.5
    linear = linear + (0.55 * soften(lamp, size_px / 18))[..., None] * colours.accent
    return finish(linear, look, rng, 0.2, 0.4)
