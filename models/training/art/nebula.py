"""Nebula: glowing gas, dust that swallows its light, stars in front and behind. Free clouds, shells, or spiral arms."""

import math

import numpy as np

from ..look import Look
from . import canvas, extra_b


def place(look: Look, rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, ...]:
    """Coordinates in which the noise is read, and the distance from the core: free, a mirrored shell, or wound arms."""
    cx, cy = (rng.uniform(-0.35, 0.35, 2) * (1.1 - look.symmetry)).tolist()
    u, v = x - cx, y - cy
    turn = rng.uniform(0, 2 * math.pi)
    u, v = math.cos(turn) * u - math.sin(turn) * v, math.sin(turn) * u + math.cos(turn) * v
    kind = rng.uniform()
    if look.symmetry < 0.45:
        r = np.sqrt(u * u + (v * rng.uniform(1.0, 1.9)) ** 2)
        return u, v, r, np.zeros_like(r)
    if kind < 0.4:  # a galaxy, seen at a slant
        v = v * rng.uniform(1.0, 1.7)
        r = np.hypot(u, v) + 0.02
        arms = int(rng.integers(2, 3 + 3 * look.symmetry))
        winding = int(rng.choice([-1, 1])) * int(rng.integers(1, 3))
        a, b = extra_b.spiral(u, v, 1, winding, 0.9)
        along = np.arctan2(v, u) + winding * rng.uniform(0.8, 1.5) * np.log(r)
        return a, b, r, 1.9 * np.cos(arms * along) * (1 - np.exp(-5 * r)) + 0.25
    # A planetary nebula: mirrored across one axis or both, a shell around the core.
    soft = 0.03
    u = np.sqrt(u * u + soft * soft)
    if kind < 0.8:
        v = np.sqrt(v * v + soft * soft)
    r = np.hypot(u * rng.uniform(0.9, 1.4), v * 0.9)
    shell = rng.uniform(0.35, 0.6)
    return u, v, r, 2.2 * np.exp(-(((r - shell) / 0.16) ** 2)) - 0.7


def paint(look: Look, rng: np.random.Generator, size_px: int) -> np.ndarray:
    colours = canvas.Colours(look)
    x, y = canvas.grid(size_px)
    u, v, r, form = place(look, rng, x, y)
    frequency = 1.2 + 4.5 * look.complexity**1.3
    slope = 3.0 - 1.35 * look.roughness
    low = extra_b.spectral_noise(rng, size_px, frequency, 2.6)
    fine = extra_b.spectral_noise(rng, size_px, frequency * 1.5, slope)
    veil = extra_b.spectral_noise(rng, size_px, frequency * 1.3, slope)
    reach = (0.18 + 0.15 * rng.uniform()) / (0.5 + 0.35 * frequency)
    wu, wv = extra_b.sample(low, u, v), extra_b.sample(low, v + 0.37, u - 0.61)
    torn = 0.02 * look.roughness**2 * veil
    a, b = u + reach * wu + torn, v + reach * wv - torn
    gas = extra_b.sample(fine, a, b)
    dust = extra_b.sample(veil, 1.2 * a + 0.5 * reach * gas, 1.2 * b + 0.5)
    ridge = np.exp(-((gas + 0.35 * dust) ** 2) * (2.5 + 3 * look.roughness))  # filaments where gas crosses zero
    ridge = ridge * canvas.smoothstep(-1.2, 0.8, wv + 0.5 * wu)  # here and there, not all over
    falloff = rng.uniform(1.1, 2.4)
    density = 1.3 * wu + 0.5 * gas + 1.4 * form + 1.1 - falloff * r * 1.3
    body = 1 / (1 + np.exp(-1.7 * density))
    core = np.exp(-r * (9 - 5 * look.glow))
    # Gas that faces the core is lit by it; its far side is in shadow.
    gy, gx = np.gradient(canvas.blur(gas, size_px / 200) + 0.6 * wu)
    facing = np.tanh(-(gx * u + gy * v) / (r + 0.05) * (size_px / (9 * frequency)))
    thick = canvas.smoothstep(-1.8, 2.2, gas)
    bright = body * (0.20 + 0.5 * thick + 0.30 * ridge + 0.22 * facing) + core * (0.2 + 0.6 * look.glow)

    ground = 0.05 + 0.58 * look.light
    sky = extra_b.backdrop(colours, look, rng, size_px, ground)
    temper = np.clip(0.26 + 0.34 * look.light + 0.55 * bright + 0.06 * wv, 0, 1)
    lit = (0.35 + 1.0 * bright)[..., None]
    cloud = colours(temper) * lit
    # The rim of the gas glows in the accents: hydrogen and oxygen shine in lines of their own.
    tint = canvas.smoothstep(-0.9, 1.6, wv)[..., None]
    lines = colours.accent * tint + colours.second * (1 - tint)
    edge = np.exp(-((density - 0.6 * gas + 0.3) ** 2) * 0.9)
    rim = (edge * (0.3 + 0.5 * ridge + 0.35 * np.clip(facing, 0, 1)))[..., None]
    cloud = cloud + lines * rim * (0.08 + 0.60 * look.spread)
    alpha = np.clip(body * 1.25, 0, 1)[..., None]
    picture = sky * (1 - alpha) + cloud * alpha

    lanes = canvas.smoothstep(0.15, 1.5 - 0.5 * look.contrast, dust + 0.35 * wu) * body
    depth = (0.5 + 0.45 * look.contrast) * lanes[..., None]
    picture = picture * (1 - depth) + colours(np.float32(0.04 + 0.25 * look.light)) * depth * 0.5
    # Dust that faces the core catches its light.
    gy, gx = np.gradient(lanes)
    toward = np.clip((gx * (u + 1e-3) + gy * v) / (r + 0.1) * size_px / 14, 0, 1) * np.exp(-1.6 * r)
    picture = picture + lines * (toward * (0.25 + 0.5 * look.glow))[..., None]

    heart = colours(np.float32(0.97)) * (0.5 + look.glow)
    picture = picture + (core**2)[..., None] * heart * (1 - 0.5 * depth)
    far = extra_b.stars(rng, size_px, int(40 + 330 * look.complexity), 0.5 + look.glow, 0.8 * (look.glow > 0.45))
    hidden = (1 - 0.75 * lanes)[..., None]
    star = colours(np.float32(0.93)) * 0.6 + 0.5
    picture = picture + far[..., None] * hidden * star * (0.6 + 0.5 * look.glow)
    return extra_b.finish(picture, look, rng, 0.8)
