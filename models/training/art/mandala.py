"""Mandala: rosettes of petals, beads, scallops and filigree around one centre, laid ring over ring, embossed and glowing."""

import math
from dataclasses import dataclass

import numpy as np

from ..look import Look
from . import canvas, extra_b


@dataclass
class Plate:
    """What the rings build up together."""

    tone: np.ndarray  # palette place
    height: np.ndarray  # for the relief
    ink: np.ndarray  # dark outlines, 0 to 1
    gleam: np.ndarray  # light of lines and beads, 0 to 1
    accent: np.ndarray  # share of the first accent
    second: np.ndarray  # and of the other
    bare: np.ndarray  # where nothing lies on the ground

    def lay(self, inside, tone, height, accent=0.0, second=0.0):
        """Lays a shape on top: what is below is hidden, its lines too."""
        keep = 1 - inside
        for field, value in (
            (self.tone, tone),
            (self.height, height),
            (self.accent, accent),
            (self.second, second),
            (self.bare, 0.0),
            (self.ink, 0.0),
            (self.gleam, 0.0),
        ):
            field *= keep
            if np.ndim(value) or value:
                field += value * inside


def petals(plate: Plate, look: Look, rng, r, angle, count, inner, outer, size_px, level):
    """A ring of petals from radius `inner` to `outer`, every second one behind its neighbours."""
    blunt = rng.uniform(0.55, 1.5)
    belly = rng.uniform(0.75, 1.5)
    fat = rng.uniform(0.62, 1.10)
    veins = int(rng.integers(0, 4))
    creased = rng.uniform() < 0.5
    base, step = rng.uniform(0.25, 0.75), rng.uniform(0.10, 0.30) * (1 if rng.uniform() < 0.5 else -1)
    colour = rng.uniform(0, 1, 2).tolist()
    share = 0.25 + 0.55 * look.spread
    accent = share if colour[0] < 0.15 + 0.4 * look.spread else 0
    second = share if colour[1] < 0.12 + 0.35 * look.spread else 0
    u = (r - inner) / (outer - inner)
    within = np.clip(u, 0.0, 1.0)
    half = math.pi / count * fat * (0.5 * (inner + outer))
    teeth = 1 + look.roughness * 0.9 * (np.abs((within * (5 + 6 * look.complexity)) % 1 - 0.5) - 0.25)
    profile = half * np.maximum(np.sin(math.pi * within**belly), 0) ** blunt * teeth
    for behind in (True, False):
        v = np.abs(extra_b.fold(angle, count, math.pi / count if behind else 0.0)) * r
        d = (profile - v) * 0.85  # over 0 inside; close to a distance
        d = np.minimum(d, (outer - r) * 1.2)
        inside = extra_b.cover(d, size_px) * (u > 0)
        round_ = 1 - np.exp(-np.clip(d, 0, None) / (0.30 * half))
        crease = np.clip(v / (half + 1e-3), 0, 1) if creased else 0
        height = level + half * (1.1 * round_ + 0.45 * crease) - (0.25 * half if behind else 0)
        tone = base + step * (within - 0.4) + 0.16 * (round_ - 0.5) - (0.13 if behind else 0)
        plate.lay(inside, tone, height, accent * (0.4 + 0.6 * within), second * (1 - 0.7 * within))
        line = 0.004 + 0.004 * look.contrast
        rim = extra_b.cover(line - np.abs(d - line), size_px)
        plate.ink = np.maximum(plate.ink, rim * 0.8)
        if veins and not behind:
            gap = half / (veins + 1.2)
            inner_line = np.abs((d / gap + 0.5) % 1 - 0.5) * gap
            wire = extra_b.cover(0.0035 - inner_line, size_px) * inside * (d > 0.6 * gap)
            plate.gleam = np.maximum(plate.gleam, wire * (0.4 + 0.5 * look.glow))


def beads(plate: Plate, look: Look, rng, r, angle, count, radius, size, size_px, level):
    """A string of pearls, each a dome with its own light, on a band or free."""
    t = extra_b.fold(angle, count, math.pi / count * (rng.uniform() < 0.5)) * radius
    d = size - np.hypot(t, r - radius)
    inside = extra_b.cover(d, size_px)
    dome = np.sqrt(np.clip(1 - (1 - d / size) ** 2, 0, 1))
    which = rng.uniform()
    share = 0.3 + 0.6 * look.spread
    tone = rng.uniform(0.55, 0.9) + 0.1 * dome
    plate.lay(inside, tone, level + size * 1.3 * dome, share * (which < 0.35), share * (which > 0.7))
    plate.gleam = np.maximum(plate.gleam, inside * np.clip(dome - 0.5, 0, 1) * (0.2 + 1.2 * look.glow))
    plate.ink = np.maximum(plate.ink, extra_b.cover(0.006 - np.abs(d), size_px) * 0.6)


def band(plate: Plate, look: Look, rng, r, inner, outer, size_px, level):
    """A plain ring, grooved."""
    d = np.minimum(r - inner, outer - r)
    inside = extra_b.cover(d, size_px)
    width = outer - inner
    groove = np.cos(2 * math.pi * int(rng.integers(1, 4)) * (r - inner) / width)
    plate.lay(inside, rng.uniform(0.2, 0.85) + 0.05 * groove, level + 0.06 * width * groove + 0.15 * width, 0, 0)
    plate.ink = np.maximum(plate.ink, extra_b.cover(0.004 - np.abs(d), size_px) * 0.7)


def filigree(plate: Plate, look: Look, rng, r, angle, count, inner, outer, size_px):
    """Fine bright wire between two radii: waves that interlace, or arcs like lace."""
    middle, reach = 0.5 * (inner + outer), 0.5 * (outer - inner)
    strands = int(rng.integers(1, 3 + 2 * look.complexity))
    lace = rng.uniform() < 0.5
    wire = np.zeros_like(r)
    for k in range(strands):
        size = 1 - 0.3 * k
        phase = 0.0 if k % 2 == 0 else math.pi
        a = count * angle + phase
        swing = np.abs(np.sin(a / 2)) * 2 - 1 if lace else np.cos(a)
        slope = np.abs(np.sin(a)) * count * reach * size / np.maximum(r, 0.1)
        d = np.abs(r - middle - reach * size * swing) / np.sqrt(1 + slope * slope)
        wire = np.maximum(wire, extra_b.cover(0.0045 - d, size_px))
        wire = np.maximum(wire, (0.25 + 0.3 * look.glow) * np.exp(-d / (0.010 + 0.022 * look.glow)))
    plate.gleam = np.maximum(plate.gleam, wire * (0.55 + 0.45 * look.glow))
    plate.height = plate.height + 0.010 * wire


def scallops(plate: Plate, look: Look, rng, r, angle, count, outer, size_px, level):
    """A disc whose edge is a row of arcs, pointed where they meet, or a star."""
    t = np.minimum(np.abs(extra_b.fold(angle, count)) * count / math.pi, 1)  # 0 on the axis, 1 between axes
    deep = rng.uniform(0.08, 0.24) * (1 if rng.uniform() < 0.5 else -1)
    edge = outer * (1 - abs(deep) * (t**2 if deep > 0 else (1 - t) ** (1 + look.roughness)))
    d = (edge - r) * 0.9
    inside = extra_b.cover(d, size_px)
    lip = np.exp(-np.clip(d, 0, None) / 0.035)
    tone = rng.uniform(0.08, 0.55) + rng.uniform(-0.15, 0.25) * (r / outer) ** 2
    plate.lay(inside, tone, level + 0.05 * (1 - lip), 0.0, 0.0)
    plate.ink = np.maximum(plate.ink, extra_b.cover(0.006 - np.abs(d - 0.004), size_px) * 0.8)
    wire = extra_b.cover(0.004 - np.abs(d - 0.03), size_px)
    plate.gleam = np.maximum(plate.gleam, wire * (0.4 + 0.5 * look.glow))


def paint(look: Look, rng: np.random.Generator, size_px: int) -> np.ndarray:
    colours = canvas.Colours(look)
    x, y = canvas.grid(size_px)
    free = 1 - look.symmetry
    cx, cy = (rng.uniform(-0.30, 0.30, 2) * free**2).tolist()
    u, v = x - cx, y - cy
    # Little order: a flower that grew, its rings bent and leaning. Much order: exact.
    bend = 0.05 * free**1.5
    sway = extra_b.spectral_noise(rng, size_px, 1.1, 3.0), extra_b.spectral_noise(rng, size_px, 1.1, 3.0)
    crack = extra_b.spectral_noise(rng, size_px, 11, 2.6)
    torn = 0.008 * look.roughness**2 * crack
    u, v = u + bend * sway[0] + torn, v + bend * sway[1] - torn
    r, angle = np.hypot(u, v), np.arctan2(u, v) + rng.uniform(0, 0.8) * free
    angle = angle + 0.35 * free * rng.uniform(-1, 1) * np.log(r + 0.2) * 2
    folds = int(rng.integers(3, 7)) + int(round(rng.uniform(0.2, 1) * 9 * look.symmetry))
    ground = 0.06 + 0.58 * look.light
    rays = 0.5 + 0.5 * np.cos(2 * folds * angle)
    plate = Plate(np.full_like(r, ground), *(np.zeros_like(r) for _ in range(5)), np.ones_like(r))

    rings = 3 + int(round(3.8 * look.complexity + 0.6 * rng.uniform()))
    reach = rng.uniform(0.80, 1.25)
    edges = reach * (np.linspace(1, 0, rings + 1) ** rng.uniform(0.9, 1.2))
    for k in range(rings):
        outer, inner = float(edges[k]), float(edges[k + 1])
        level = 0.03 * k
        double = 2 if outer > 0.5 and look.complexity > 0.35 and rng.uniform() < 0.6 else 1
        count = folds * double
        kind = rng.uniform()
        if rng.uniform() < 0.35:
            scallops(plate, look, rng, r, angle, count, outer * 0.97, size_px, level)
        if kind < 0.55 or k == 0:
            petals(plate, look, rng, r, angle, count, max(inner * rng.uniform(0.45, 0.95), 0.02), outer, size_px, level)
        elif kind < 0.75:
            filigree(plate, look, rng, r, angle, count, inner, outer, size_px)
        elif kind < 0.9:
            band(plate, look, rng, r, inner + 0.3 * (outer - inner), outer, size_px, level)
        if rng.uniform() < 0.30 + 0.35 * look.complexity:
            size = min(0.05, 0.30 * (outer - inner), 0.42 * math.pi * outer / count) * rng.uniform(0.5, 1)
            more = 1 if size > 0.03 else 2
            beads(plate, look, rng, r, angle, count * more, outer * rng.uniform(0.9, 1.0), size, size_px, level)
        elif rng.uniform() < 0.5:
            filigree(plate, look, rng, r, angle, count, inner, outer, size_px)
    if rng.uniform() < 0.75:
        beads(plate, look, rng, r, angle, 1, 0.0, max(0.05, 0.6 * float(edges[-2])), size_px, 0.2)

    tone = np.clip(plate.tone * (0.72 + 0.35 * look.contrast) + 0.22 * (look.light - 0.45) + 0.04 * sway[0] * free, 0, 1)
    tone = tone + 0.07 * look.roughness**1.5 * crack * (1 - plate.bare)  # a patina
    diffuse, gloss = canvas.relief(canvas.blur(plate.height, size_px / 400), 0.42)
    below = np.clip(plate.bare, 0, 1)[..., None]
    cast = np.exp(-((np.clip(r / reach - 0.9, 0, 9) / 0.14) ** 2))  # the shadow of the disc on the ground
    around = 0.8 + 0.35 * np.exp(-1.5 * r) + 0.18 * rays * np.exp(-1.2 * r) - 0.35 * cast
    back = extra_b.backdrop(colours, look, rng, size_px, ground) * around[..., None]
    picture = colours(tone) * (1 - below) + back * below
    for colour, share in ((colours.accent, plate.accent), (colours.second, plate.second)):
        share = np.clip(share, 0, 1)[..., None]
        picture = picture * (1 - share) + colour * np.clip(0.25 + 1.1 * tone, 0, 1.2)[..., None] * share
    picture = picture * (0.62 + 0.62 * np.clip(diffuse, -0.4, 1))[..., None]
    deep = np.clip(canvas.blur(plate.height, size_px / 40) - plate.height, 0, 0.2) * 3.2  # hollows keep shadow
    picture = picture * (1 - (0.4 + 0.5 * look.contrast) * deep)[..., None]
    picture = picture * (1 - (0.45 + 0.45 * look.contrast) * plate.ink)[..., None]
    wire = colours(np.float32(0.95)) * 0.8 + colours.accent * 0.5
    picture = picture + (plate.gleam * (0.30 + 0.75 * look.glow))[..., None] * wire
    picture = picture + (gloss * (0.10 + 0.5 * look.glow) * (1 - 0.5 * look.roughness))[..., None] * colours(np.float32(0.98))
    heart = np.exp(-r * (7 - 3.5 * look.glow))[..., None] * look.glow
    picture = picture + heart * colours(np.float32(0.9)) * 0.55
    return extra_b.finish(picture, look, rng, 0.8)
