"""Hi-hats, cymbals, bells, and what rattles."""

import numpy as np

from ..world import World
from .noise import band, decay, seconds

# Partials of a cheap cymbal, as analogue machines have it: six square waves that do not fit each other.
RATIOS = np.array([1.0, 1.342, 1.2312, 1.6532, 1.9523, 2.1523], dtype=np.float32)


class Metal:
    """One piece of metal, struck: `length_s` when left to ring."""

    def __init__(self, world: World, low_hz: tuple[float, float], tau_s: tuple[float, float]):
        self.low, self.tau = world.log_span(*low_hz), world.log_span(*tau_s)
        # Open kits hiss or clang; kept ones mix the two otherwise and have another base.
        self.ring = world.one((0.0, 0.0, 0.5, 1.0)) if world.name == "open" else world.one((0.25, 0.7))
        self.base = world.log_span(280, 620)
        self.stick = world.span(0.0, 0.5)

    def render(self, velocity: float, rate_hz: int, rng: np.random.Generator, choke: float = 1.0) -> np.ndarray:
        tau = self.tau * choke
        t = seconds(min(2.5, 5 * tau), rate_hz)
        low = min(self.low, 0.36 * rate_hz)
        sound = (1 - 0.7 * self.ring) * band(t.size, rate_hz, low, 0.46 * rate_hz, rng, 3)
        if self.ring:
            squares = np.sign(np.sin(2 * np.pi * self.base * RATIOS[:, None] * t * 4)).sum(0)
            bins = np.fft.rfft(squares)
            hz = np.fft.rfftfreq(t.size, 1 / rate_hz)
            ringing = np.fft.irfft(bins / (1 + (low / (hz + 1)) ** 6), t.size)
            sound += self.ring * ringing / (np.sqrt(np.mean(ringing**2)) + 1e-9)
        shape = decay(t, tau, 0.001) + self.stick * decay(t, 0.006)
        return (0.6 + 0.4 * velocity) * sound.astype(np.float32) * shape


class Shaker:
    """Beads: the sound swells for some milliseconds."""

    def __init__(self, world: World):
        self.low, self.high = world.log_span(2500, 6000), world.log_span(7000, 10000)
        self.attack, self.tau = world.span(0.004, 0.018), world.span(0.02, 0.06)

    def render(self, velocity: float, rate_hz: int, rng: np.random.Generator) -> np.ndarray:
        t = seconds(self.attack + 5 * self.tau, rate_hz)
        shape = np.minimum(1, t / self.attack) * np.exp(-(t - self.attack).clip(0) / self.tau)
        return band(t.size, rate_hz, self.low, self.high, rng) * shape


class Tambourine(Shaker):
    def __init__(self, world: World):
        super().__init__(world)
        self.low, self.high, self.attack, self.tau = world.log_span(5000, 8000), 15000.0, 0.002, world.span(0.04, 0.12)


class Cowbell:
    def __init__(self, world: World):
        self.hz, self.tau = world.log_span(480, 640), world.span(0.05, 0.2)

    def render(self, velocity: float, rate_hz: int, rng: np.random.Generator) -> np.ndarray:
        t = seconds(5 * self.tau, rate_hz)
        return (np.tanh(3 * np.sin(2 * np.pi * self.hz * t)) + np.tanh(3 * np.sin(2 * np.pi * 1.48 * self.hz * t))) * decay(
            t, self.tau
        )
