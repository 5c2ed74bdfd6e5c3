"""Drums that no kit has, for training: two of a kind in one, another pitch and colour, drive, a shorter end.

What a network has learned of a few makes of drums it takes for what drums are. These are made over at random, and so tell it what
all of them share.
"""

from collections.abc import Mapping

import numpy as np

from ..world import World
from .biquad import bell, tilted
from .noise import normal

# Pitches move by up to this factor down and up; a tom that falls too deep would be a kick.
PITCH = {"kick": (0.75, 1.3), "low_tom": (0.85, 1.3), "high_tom": (0.8, 1.4), "low_conga": (0.85, 1.3)}
OTHER_PITCH = (0.75, 1.35)


def resampled(sound: np.ndarray, factor: float) -> np.ndarray:
    """The same `factor` times as fast."""
    at = np.arange(0, sound.size - 1, factor, dtype=np.float32)
    return np.interp(at, np.arange(sound.size), sound).astype(np.float32)


class Disguised:
    """A drum made over; how is drawn once, so that it is one drum throughout a piece. `second` sounds with it, if there is one."""

    def __init__(self, world: World, name: str, first, second=None):
        self.first, self.second = first, second
        self.second_gain = 10 ** (world.uniform(-14, 0) / 20)
        low, high = PITCH.get(name, OTHER_PITCH)
        self.pitch = float(np.exp(world.uniform(np.log(low), np.log(high)))) if world.chance(0.7) else 1.0
        self.bells = [
            (float(np.exp(world.uniform(np.log(60), np.log(9000)))), world.uniform(-12, 10), world.uniform(0.5, 2.5))
            for _ in range(int(world.uniform(0, 3)))
        ]
        self.tilt = (float(np.exp(world.uniform(np.log(200), np.log(3000)))), world.uniform(-14, 10))
        self.drive = world.uniform(1, 8) if world.chance(0.3) else 0.0
        self.tau_s = float(np.exp(world.uniform(np.log(0.04), np.log(0.4)))) if world.chance(0.35) else 0.0

    def render(self, velocity: float, rate_hz: int, rng: np.random.Generator, choke: float = 1.0) -> np.ndarray:
        how = (velocity, rate_hz, rng) if choke == 1.0 else (velocity, rate_hz, rng, choke)
        sound = normal(self.first.render(*how))
        if self.second is not None:
            other = np.float32(self.second_gain) * normal(self.second.render(velocity, rate_hz, rng))
            longer, shorter = (sound, other) if sound.size >= other.size else (other, sound)
            sound = longer.copy()
            sound[: shorter.size] += shorter
        if self.pitch != 1.0:
            sound = resampled(sound, self.pitch)
        sound = tilted(sound, rate_hz, *self.tilt)
        for hz, gain_db, q in self.bells:
            sound = bell(sound, rate_hz, hz, gain_db, q)
        if self.drive:
            sound = np.tanh(np.float32(self.drive) * normal(sound))
        if self.tau_s:
            sound = sound * np.exp(-np.arange(sound.size) / (self.tau_s * choke * rate_hz)).astype(np.float32)
        return sound


# What may sound together with a drum, beside another of its own kind.
WITH = {"kick": ("kick", "rim"), "snare": ("snare", "clap", "rim"), "clap": ("clap", "snare")}


def disguised(world: World, one: Mapping, two: Mapping) -> dict:
    """The drums of `one` made over, some together with a drum of `two`; a few stay as they are."""
    found = {}
    for name, drum in one.items():
        if world.chance(0.25):
            found[name] = drum
            continue
        second = two[world.one(WITH.get(name, (name,)))] if world.chance(0.35) else None
        found[name] = Disguised(world, name, drum, second)
    return found
