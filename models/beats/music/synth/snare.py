"""Snares, claps, side sticks."""

import numpy as np

from ..world import World
from .noise import band, decay, seconds

# Ranges: pitch (Hz), its decay, decay of the wires, their lower and upper edge, share of the body.
SNARES = (
    ("open", "acoustic", (160, 230), (0.03, 0.09), (0.06, 0.18), (700, 1800), (6000, 11000), (0.3, 0.9)),
    ("open", "machine", (170, 260), (0.03, 0.07), (0.05, 0.16), (1200, 3000), (8000, 14000), (0.4, 1.0)),
    ("open", "fat", (120, 180), (0.06, 0.14), (0.1, 0.28), (400, 1000), (5000, 9000), (0.4, 1.0)),
    ("keep", "crack", (220, 340), (0.02, 0.05), (0.04, 0.12), (1500, 3500), (8000, 13000), (0.3, 0.8)),
    ("keep", "ring", (180, 300), (0.08, 0.2), (0.05, 0.14), (900, 2200), (6000, 10000), (0.5, 1.0)),
    ("keep", "dust", (140, 210), (0.04, 0.09), (0.07, 0.2), (500, 1500), (4000, 7000), (0.3, 0.8)),
)
# Modes of a clamped membrane, relative to the lowest (Fletcher & Rossing, The Physics of Musical Instruments, 1998).
MODES = ((1.0, 1.0), (1.59, 0.6), (2.14, 0.3), (2.3, 0.25))


class Snare:
    def __init__(self, world: World):
        self.name, *ranges = world.pick(SNARES)
        self.hz, self.tau, self.wires, self.low, self.high, self.body = (world.log_span(*r) for r in ranges)

    def render(self, velocity: float, rate_hz: int, rng: np.random.Generator) -> np.ndarray:
        t = seconds(5 * max(self.wires, self.tau), rate_hz)
        drop = 1 + 0.25 * np.exp(-t / 0.012) if self.name in ("machine", "crack") else np.float32(1.0)
        modes = MODES if self.name in ("acoustic", "fat", "ring") else ((1.0, 1.0), (1.83, 0.6))
        tone = sum(a * np.sin(2 * np.pi * self.hz * m * t * drop) * np.exp(-t * m / self.tau) for m, a in modes)
        wires = band(t.size, rate_hz, self.low, self.high, rng, 1.5) * decay(t, self.wires)
        # A soft stroke wakes fewer wires' treble.
        return self.body * tone * np.minimum(1, t / 0.0004 + 0.1) + (0.35 + 0.25 * velocity) * wires


class Clap:
    def __init__(self, world: World):
        self.centre, self.tau = world.log_span(900, 2400), world.span(0.04, 0.16)
        self.hands, self.gap_s = int(world.span(2, 5)), world.span(0.007, 0.013)

    def render(self, velocity: float, rate_hz: int, rng: np.random.Generator) -> np.ndarray:
        t = seconds(5 * self.tau + 0.05, rate_hz)
        shape = sum(
            np.where(t >= k * self.gap_s, np.exp(-(t - k * self.gap_s).clip(0) / 0.006), 0) for k in range(self.hands)
        )
        last = (self.hands - 1) * self.gap_s
        shape = np.maximum(shape, np.where(t >= last, np.exp(-(t - last).clip(0) / self.tau), 0))
        return band(t.size, rate_hz, 0.7 * self.centre, 2.2 * self.centre, rng, 1.5) * shape


class Rim:
    def __init__(self, world: World):
        self.hz, self.tau = world.log_span(350, 620), world.log_span(0.008, 0.03)
        self.ratio = world.span(2.6, 4.2)

    def render(self, velocity: float, rate_hz: int, rng: np.random.Generator) -> np.ndarray:
        t = seconds(8 * self.tau, rate_hz)
        tone = np.sin(2 * np.pi * self.hz * t) + np.sin(2 * np.pi * self.hz * self.ratio * t)
        return tone * decay(t, self.tau) + 0.5 * band(t.size, rate_hz, 1500, 8000, rng) * decay(t, 0.004)
