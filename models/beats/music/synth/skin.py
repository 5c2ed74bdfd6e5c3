"""Toms and congas."""

import numpy as np

from ..world import World
from .noise import band, decay, seconds


class Skin:
    def __init__(self, world: World, hz: tuple[float, float], tau_s: tuple[float, float]):
        self.hz, self.tau = world.log_span(*hz), world.log_span(*tau_s)
        self.bend, self.slap = world.span(0.05, 0.5), world.span(0.05, 0.4)

    def render(self, velocity: float, rate_hz: int, rng: np.random.Generator) -> np.ndarray:
        t = seconds(5 * self.tau, rate_hz)
        phase = self.hz * (t + self.bend * 0.03 * (1 - np.exp(-t / 0.03)))
        tone = np.sin(2 * np.pi * phase) + 0.35 * np.sin(2 * np.pi * 1.59 * phase) * np.exp(-t / (0.4 * self.tau))
        return tone * decay(t, self.tau) + self.slap * band(t.size, rate_hz, 600, 4000, rng) * decay(t, 0.008)
