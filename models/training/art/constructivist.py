"""Constructivist: geometric abstraction in the manner of the 1920s. Discs, bars, rings, wedges and bundles of lines about a
diagonal, flat or transparent as printed ink, on paper."""

import math

import numpy as np

from ..look import Look
from .canvas import Colours, blur, grid, smoothstep
from .extra_a import cloud, finish, fold


class Sheet:
    """A sheet of paper that shapes are printed on. A shape is a signed distance in picture halves, negative inside."""

    def __init__(self, look: Look, rng: np.random.Generator, size_px: int):
        self.look, self.rng, self.size_px = look, rng, size_px
        self.colours = Colours(look)
        x, y = grid(size_px)
        self.tooth = 0.3 * cloud(rng, x, y, 40, 1.2)
        x, y = fold(rng, x, y, look.symmetry, 4)
        torn = 0.028 * max(0.0, look.roughness - 0.2)
        self.x = x + torn * 0.4 * cloud(rng, x, y, 9, 2.0)
        self.y = y + torn * 0.4 * cloud(rng, x, y, 9, 2.0)
        self.worn = 0.8 * max(0.0, look.roughness - 0.2)
        self.wear = smoothstep(0.05, 0.5, self.tooth)
        self.paper_tone = 0.07 + 0.83 * look.light
        drift = cloud(rng, x, y, 1.2, 3.0)
        self.linear = self.colours(self.paper_tone + 0.02 * drift + 0.015 * self.tooth)
        self.linear = self.linear.astype(np.float32)

    def print(self, distance: np.ndarray, colour: np.ndarray, opacity: float = 1.0, multiply: bool = False) -> None:
        """Prints a shape; `multiply` as transparent ink on light paper, or as light on dark paper."""
        inside = distance < 1 / self.size_px
        rows, columns = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
        if not len(rows):
            return
        part = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)  # what the shape touches, for speed
        cover = np.clip(0.5 - distance[part].astype(np.float32) * (self.size_px / 2), 0, 1) * opacity
        if self.worn > 0:
            cover *= np.clip(1 - self.worn * self.wear[part], 0, 1)
        below, colour = self.linear[part], np.asarray(colour, np.float32)
        target = colour
        if multiply:
            target = below * (0.10 + 0.95 * colour) if self.look.light > 0.4 else below + 0.7 * colour
        below += (target - below) * cover[..., None]

    def ink(self) -> np.ndarray:
        """A flat colour: a tone of the palette away from the paper's, or an accent."""
        pick = self.rng.uniform()
        if pick < 0.30 + 0.10 * self.look.spread:
            return self.colours.accent * self.rng.uniform(0.7, 1.0)
        if pick < 0.42 + 0.12 * self.look.spread:
            return self.colours.second * self.rng.uniform(0.6, 1.0)
        away = (0.32 + 0.5 * self.look.contrast) * self.rng.uniform(0.6, 1.25)
        side = -1 if self.paper_tone > 0.5 else 1
        return self.colours(np.full((), np.clip(self.paper_tone + side * away, 0.02, 0.97)))

    def strong(self) -> np.ndarray:
        """The colour that lies furthest from the paper."""
        far = 0.5 + 0.46 * self.look.contrast
        return self.colours(np.full((), 0.5 - far + 0.04 if self.paper_tone > 0.5 else 0.5 + far * 0.95))

    def turned(self, cx: float, cy: float, angle: float) -> tuple[np.ndarray, np.ndarray]:
        c, s = math.cos(angle), math.sin(angle)
        u, v = self.x - cx, self.y - cy
        return c * u + s * v, -s * u + c * v


def box(u: np.ndarray, v: np.ndarray, half_u: float, half_v: float) -> np.ndarray:
    return np.maximum(np.abs(u) - half_u, np.abs(v) - half_v)


def disc(sheet: Sheet, cx: float, cy: float, radius: float) -> None:
    """A disc: flat, shaded like a ball, halved, or of rings within rings."""
    rng = sheet.rng
    u, v = sheet.turned(cx, cy, rng.uniform(0, 2 * math.pi))
    r = np.hypot(u, v)
    kind = rng.integers(4)
    if sheet.look.glow > 0.25:
        halo = np.exp(-np.clip(r - radius, 0, None) / (0.10 + 0.25 * radius)) * (r > radius)
        sheet.linear += (0.55 * (sheet.look.glow - 0.25) * halo)[..., None] * sheet.colours.accent
    sheet.print(r - radius, sheet.ink() if kind else sheet.colours.accent)
    if kind == 1:
        sheet.print(np.maximum(r - radius, u), sheet.strong())
    elif kind == 2:
        shade = np.exp(-((u + 0.4 * radius) ** 2 + v**2) / (0.7 * radius) ** 2)
        lit = sheet.colours(np.clip(0.15 + 0.8 * shade, 0, 1))
        cover = np.clip(0.5 - (r - radius) * (sheet.size_px / 2), 0, 1)
        sheet.linear = sheet.linear + (lit - sheet.linear) * (0.9 * cover)[..., None]
    elif kind == 3:
        for k in range(1, 2 + int(rng.integers(1, 4))):
            sheet.print(np.hypot(u - 0.06 * radius * k, v) - radius * (1 - 0.24 * k), sheet.ink())
    if rng.uniform() < 0.6:
        gap = radius * rng.uniform(1.08, 1.3)
        sheet.print(np.abs(r - gap) - rng.uniform(0.003, 0.018), sheet.strong())


def rings(sheet: Sheet, cx: float, cy: float, radius: float, axis: float) -> None:
    """Arcs about one centre, each with an opening of its own."""
    rng = sheet.rng
    u, v = sheet.turned(cx, cy, axis)
    r, angle = np.hypot(u, v), np.abs(np.arctan2(v, u))
    for k in range(2 + int(rng.integers(0, 3) + 2 * sheet.look.complexity)):
        at, width = radius * (1 + 0.22 * k), radius * float(rng.choice([0.02, 0.035, 0.08]))
        end = rng.uniform(0.4, 2.6)
        sheet.print(np.maximum(np.abs(r - at) - width, (angle - end) * r), sheet.ink(), 0.95)


def bar(sheet: Sheet, cx: float, cy: float, angle: float, length: float, width: float, clear: bool) -> None:
    """A bar, flat or (`clear`) of transparent ink."""
    u, v = sheet.turned(cx, cy, angle)
    sheet.print(box(u, v, length, width), sheet.ink(), 0.85 if clear else 1.0, clear)


def wedge(sheet: Sheet, cx: float, cy: float, angle: float, length: float, open_rad: float) -> None:
    """A wedge whose point lies at a place."""
    u, v = sheet.turned(cx, cy, angle)
    side = np.abs(v) * math.cos(open_rad) - u * math.sin(open_rad)
    sheet.print(np.maximum(side, u - length), sheet.ink(), 0.92, sheet.rng.uniform() < 0.35)


def lines(sheet: Sheet, cx: float, cy: float, angle: float, size: float) -> None:
    """A bundle of rules, parallel or as a fan, sometimes crossed."""
    rng = sheet.rng
    colour = sheet.strong() if rng.uniform() < 0.7 else sheet.ink()
    count = 3 + int(rng.integers(0, 4) + 6 * sheet.look.complexity)
    gap, thin = size / count, rng.uniform(0.003, 0.009)
    for turn in (0.0, math.pi / 2)[: 1 + (rng.uniform() < 0.35)]:
        u, v = sheet.turned(cx, cy, angle + turn)
        v = v - 0.25 * u * (rng.uniform() < 0.3)
        nearest = np.abs((v / gap + 0.5) % 1 - 0.5) * gap - thin
        sheet.print(np.maximum(nearest, box(u, v, size * 1.3, size * 0.5 + thin)), colour)


def checks(sheet: Sheet, cx: float, cy: float, angle: float, size: float) -> None:
    """A board of squares."""
    u, v = sheet.turned(cx, cy, angle)
    cell = size / (2 + int(3 * sheet.look.complexity))
    board = np.maximum(np.abs((u / cell) % 2 - 1), np.abs((v / cell) % 2 - 1)) * cell - cell * 0.5
    odd = np.maximum(np.abs((u / cell + 1) % 2 - 1), np.abs((v / cell + 1) % 2 - 1)) * cell - cell * 0.5
    sheet.print(np.maximum(np.minimum(board, odd), box(u, v, size * 1.1, size * 0.45)), sheet.ink())


def paint(look: Look, rng: np.random.Generator, size_px: int) -> np.ndarray:
    sheet = Sheet(look, rng, size_px)
    free = 1 - 0.8 * look.symmetry
    axis = float(rng.choice([-1, 1])) * rng.uniform(0.5, 0.95) + float(rng.choice([0, math.pi]))
    ux, uy = math.cos(axis), math.sin(axis)
    hx, hy = (float(v) for v in rng.normal(0, 0.28, 2) * free)  # the focal point
    scale = 1.15 - 0.45 * look.complexity

    def along(far: float, aside: float) -> tuple[float, float]:
        return hx + far * ux - aside * uy, hy + far * uy + aside * ux

    # Large planes first, as a ground; then the main figure; then what is small. All turns are of one of three directions.
    directions = (axis, axis + math.pi / 2, axis + rng.uniform(0.5, 1.1))
    for _ in range(1 + int(rng.integers(0, 3))):
        cx, cy = along(rng.normal(0, 0.4), rng.normal(0, 0.5))
        length, width = rng.uniform(0.5, 1.8), rng.uniform(0.15, 0.5) * scale
        bar(sheet, cx, cy, directions[rng.integers(3)], length, width, rng.uniform() < 0.75)
    if rng.uniform() < 0.55:
        wedge(sheet, *along(rng.uniform(-0.1, 0.3), 0), axis + math.pi, 1.6, rng.uniform(0.12, 0.4))
    bar(sheet, *along(rng.uniform(-0.2, 0.2), rng.uniform(-0.3, 0.3)), axis, 1.6, rng.uniform(0.02, 0.07), False)
    disc(sheet, hx, hy, rng.uniform(0.24, 0.46) * scale)
    if rng.uniform() < 0.7:
        rings(sheet, hx, hy, rng.uniform(0.3, 0.5) * scale, axis + rng.normal(0, 0.6))
    for _ in range(2 + round(rng.uniform(0.7, 1.0) * 17 * look.complexity)):
        cx, cy = along(rng.normal(0, 0.55), rng.normal(0, 0.45))
        size = scale * rng.uniform(0.5, 1.1)
        angle = directions[int(rng.choice(3, p=(0.55, 0.3, 0.15)))]
        kind = rng.choice(7, p=(0.30, 0.16, 0.16, 0.16, 0.07, 0.05, 0.10))
        if kind == 0:
            length, width = size * rng.uniform(0.15, 0.8), size * float(rng.choice([0.012, 0.03, 0.07]))
            bar(sheet, cx, cy, angle, length, width, rng.uniform() < 0.3)
        elif kind == 1:
            lines(sheet, cx, cy, angle, size * rng.uniform(0.25, 0.6))
        elif kind == 2:
            disc(sheet, cx, cy, size * float(rng.choice([0.035, 0.06, 0.13])))
        elif kind == 3:
            wedge(sheet, cx, cy, angle + math.pi * int(rng.integers(2)), size * rng.uniform(0.2, 0.7), rng.uniform(0.1, 0.45))
        elif kind == 4:
            rings(sheet, cx, cy, size * 0.2, angle)
        elif kind == 5:
            checks(sheet, cx, cy, angle, size * 0.35)
        else:
            bar(sheet, cx, cy, angle, size * rng.uniform(0.2, 0.5), size * rng.uniform(0.12, 0.3), True)
    tooth = sheet.tooth - blur(sheet.tooth, 1.0)
    linear = np.maximum(sheet.linear, 0) * (1 + (0.05 + 0.22 * look.roughness) * tooth)[..., None]
    lamp = np.exp(-((sheet.x - hx) ** 2 + (sheet.y - hy) ** 2) / 1.2)
    linear = linear * (1 + look.glow * (0.45 * lamp - 0.18))[..., None]
    return finish(linear.astype(np.float32), look, rng, 0.15, 0.6)
