"""Ink in water: drops of dye that fall and curl in still water, with much empty ground. Sheets of particles, let go one
after another from a nozzle, follow a divergence-free flow (curl noise, Bridson et al. 2007) and absorb light where they lie."""

import numpy as np

from ..look import Look
from .canvas import Colours, grid, smoothstep
from .extra_a import cloud, finish, lookup, soften, splat, waves

FLOW_PX = 96
PARTICLES = 60000
STEPS = 14


def stream(rng: np.random.Generator, look: Look, sources: np.ndarray, aims: np.ndarray) -> np.ndarray:
    """Velocity, vx + i vy [FLOW_PX, FLOW_PX]: curl noise, and ahead of every source a pair of vortices that carries its dye."""
    x, y = grid(FLOW_PX)
    cycles = 0.6 + 4.2 * look.complexity
    psi = waves(rng, FLOW_PX, 3.6 - 0.8 * look.roughness, cycles) * (0.16 / (1 + 0.25 * cycles))
    for (sx, sy), (ax, ay) in zip(sources, aims):
        reach = rng.uniform(0.06, 0.2)
        u, v = x - (sx + 0.45 * ax), y - (sy + 0.45 * ay)
        across = -ay * u + ax * v
        along = ax * u + ay * v
        psi = psi + 0.95 * across * np.exp(-(across**2) / reach - along**2 / 0.6)
    step = 2 / FLOW_PX
    return ((np.gradient(psi, axis=0) - 1j * np.gradient(psi, axis=1)) / step).astype(np.complex64)


def plume(rng, look: Look, source, aim, flows, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Particles of one source after the fall: x, y and age (0 just let go, 1 oldest). The flow turns from the first of
    `flows` into the second on the way, so that no dye is caught in a closed orbit and sheets fold into veils."""
    age = rng.uniform(0.05, 1, count).astype(np.float32) ** 0.8
    threads = 4 + int(12 * look.complexity)
    across = rng.uniform(-1, 1, count).astype(np.float32)
    line = np.round(across * threads) / threads
    across = np.where(rng.uniform(0, 1, count) < 0.1 + 0.5 * look.complexity, line, across)  # some of it runs in threads
    width = rng.uniform(0.2, 0.55)
    pulse = 0.75 + 0.25 * np.sin(age * rng.uniform(5, 14) + rng.uniform(0, 6)) + 0.15 * across**2
    x = (source[0] - aim[1] * across * width * pulse).astype(np.float32)
    y = (source[1] + aim[0] * across * width * pulse).astype(np.float32)
    dt = (age * np.float32(rng.uniform(1.0, 1.6) / STEPS)).astype(np.float32)
    for n in range(STEPS):
        if n % 4 == 0:
            flow = flows[0] + (flows[1] - flows[0]) * np.float32(n / STEPS)
        v = lookup(flow, x, y)
        x, y = x + v.real * dt, y + v.imag * dt
    drift = (0.003 + 0.018 * look.roughness**2) * age
    return x + drift * rng.standard_normal(count, np.float32), y + drift * rng.standard_normal(count, np.float32), age


def paint(look: Look, rng: np.random.Generator, size_px: int) -> np.ndarray:
    colours = Colours(look)
    count = 1 + int(rng.uniform(0, 1.2) + 3.6 * look.complexity)
    centre = rng.uniform(0, 2 * np.pi)
    angles = centre + np.arange(count) * 2 * np.pi / count + rng.normal(0, 0.5, count) * (1 - look.symmetry)
    radius = rng.uniform(0.45, 0.85) + rng.uniform(-0.2, 0.2, count) * (1 - look.symmetry)
    sources = np.stack([np.cos(angles) * radius, np.sin(angles) * radius], 1)
    aims = -sources + rng.normal(0, 0.25, (count, 2)) * (1 - look.symmetry)
    aims /= np.linalg.norm(aims, axis=1, keepdims=True)
    flows = [stream(rng, look, sources, aims) for _ in range(2)]

    mirrored = look.symmetry >= 0.5
    folds = int(rng.integers(2, 6)) if look.symmetry >= 0.7 else 1
    total = np.zeros((3, size_px, size_px), np.float32)
    shares = rng.dirichlet(np.full(count, 3.0))
    plumes = [plume(rng, look, sources[k], aims[k], flows, max(4000, int(PARTICLES * shares[k]))) for k in range(count)]
    every = np.concatenate([np.stack([x, y]) for x, y, _ in plumes], axis=1)
    low, high = np.percentile(every, [2, 98], axis=1)
    zoom = rng.uniform(1.35, 1.9) / max(np.max(high - low), 0.3) if folds == 1 else 1.0
    middle = (low + high) / 2 * (0.85 if folds == 1 and not mirrored else 0.0)
    for k, (x, y, age) in enumerate(plumes):
        x, y = (x - middle[0]) * zoom, (y - middle[1]) * zoom
        kind = np.full_like(age, 1.0 if k % 3 == 1 else 0.0)
        weights = [1.25 - age, (1.25 - age) * age, (1.25 - age) * kind]
        for n in range(folds):
            a = 2 * np.pi * n / folds
            u, v = np.cos(a) * x - np.sin(a) * y, np.sin(a) * x + np.cos(a) * y
            total += np.stack(splat(u, v, size_px, weights))
            if mirrored:
                total += np.stack(splat(-u, v, size_px, weights))
    parts = ((0.34, 380), (0.30, 110), (0.24, 30), (0.12, 11))  # share and width of the dye's spread
    width_px = (1.35 - 0.7 * look.complexity) * size_px
    density, old, other = (sum(share * soften(t, width_px / part) for share, part in parts) for t in total)
    usual = (density**2).sum() / density.sum() / 2.3  # what a particle of dye sees about itself, to 2.3
    density, old, other = density / usual, old / usual, other / usual
    age, kind = old / (density + 1e-3), other / (density + 1e-3)

    x, y = grid(size_px)
    mist = 0.35 * cloud(rng, x, y, 1.6, 3.0)
    lamp = np.exp(-((x - rng.uniform(-0.6, 0.6)) ** 2 + (y + 0.6) ** 2) / 1.6)
    ground_tone = 0.06 + 0.80 * look.light + 0.10 * (lamp - 0.5) * (1 + look.glow) + 0.035 * mist
    ground = colours(ground_tone)
    on_light = float(smoothstep(0.3, 0.6, np.float32(look.light)))
    deep = (0.62 - 0.55 * (1 - np.exp(-0.45 * density))) - 0.1 * age
    bright = 0.30 + 0.65 * (1 - np.exp(-0.5 * density)) - 0.15 * age
    dye = colours(np.clip(on_light * deep + (1 - on_light) * bright, 0.01, 0.97))
    second = colours.accent * (0.9 * (1 - on_light) + on_light * np.exp(-0.28 * density))[..., None]
    dye = dye + (second - dye) * np.clip(kind * (0.55 + 0.45 * look.spread), 0, 1)[..., None]
    cover = 1 - np.exp(-(0.45 + 1.4 * look.contrast) * density)
    linear = ground + (dye - ground) * cover[..., None]
    halo = soften(cover, size_px / 14) * (1 - 0.7 * cover) * 1.2 * look.glow
    linear = linear + halo[..., None] * (0.16 * colours(np.full((), 0.8)) + 0.14 * colours.accent)
    return finish(linear.astype(np.float32), look, rng, 0.2)
