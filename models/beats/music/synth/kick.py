"""Bass drums: a sine that falls in pitch, in many characters."""

import numpy as np

from ..world import World
from .noise import band, decay, seconds

# Ranges: start and end of the pitch (Hz), how fast it falls, how long it sounds, click, drive.
MAKES = (
    ("open", "machine", (120, 320), (42, 58), (0.012, 0.05), (0.10, 0.40), (0.0, 0.4), (1.0, 2.5)),
    ("open", "acoustic", (90, 160), (55, 85), (0.006, 0.02), (0.06, 0.16), (0.15, 0.7), (1.0, 1.5)),
    ("open", "short", (180, 420), (48, 70), (0.008, 0.02), (0.05, 0.12), (0.1, 0.6), (1.0, 3.0)),
    ("open", "deep", (70, 140), (33, 46), (0.02, 0.08), (0.25, 0.7), (0.0, 0.2), (1.0, 2.0)),
    ("keep", "hard", (220, 500), (45, 60), (0.015, 0.04), (0.08, 0.25), (0.2, 0.6), (3.0, 8.0)),
    ("keep", "felt", (80, 130), (50, 75), (0.006, 0.015), (0.08, 0.2), (0.05, 0.3), (1.0, 1.3)),
    ("keep", "boom", (90, 200), (36, 50), (0.03, 0.07), (0.2, 0.6), (0.05, 0.3), (1.2, 3.0)),
)


class Kick:
    def __init__(self, world: World):
        self.name, *ranges = world.pick(MAKES)
        self.start, self.end, self.fall, self.tau, self.click, self.drive = (world.log_span(a + 1e-3, b) for a, b in ranges)
        self.click_hz = world.log_span(900, 6000)

    def render(self, velocity: float, rate_hz: int, rng: np.random.Generator) -> np.ndarray:
        t = seconds(min(1.2, 5 * self.tau), rate_hz)
        # The integral of end + (start - end) exp(-t / fall).
        phase = self.end * t + (self.start - self.end) * self.fall * (1 - np.exp(-t / self.fall))
        body = np.sin(2 * np.pi * phase + 0.6) * decay(t, self.tau)
        if self.name == "felt":
            body += 0.4 * np.sin(2 * np.pi * 1.59 * self.end * t) * decay(t, 0.5 * self.tau)
        body = np.tanh(self.drive * body) / np.tanh(self.drive)
        size = min(t.size, int(0.02 * rate_hz))
        body[:size] += (
            self.click
            * (0.5 + velocity)
            * band(size, rate_hz, 0.4 * self.click_hz, self.click_hz, rng)
            * decay(t[:size], 0.004)
        )
        return body
