"""Single strokes of FluidSynth's drum kits, for training: to be made over and mixed with our own."""

import tempfile
from functools import lru_cache
from pathlib import Path

import numpy as np

from .. import fluid, midi
from ..general_midi import KEYS, OPEN_HAT
from ..world import World

APART_S, LENGTH_S = 1.5, 1.2
VELOCITIES = (40, 80, 118)


@lru_cache(maxsize=16)
def strokes(kit: int, rate_hz: int) -> dict[tuple[int, int], np.ndarray]:
    """{(key, place in VELOCITIES): float32 [n]} of a kit: each key at each velocity, played once."""
    wanted = [(key, layer) for keys in (*KEYS.values(), (OPEN_HAT,)) for key in keys for layer in range(len(VELOCITIES))]
    notes = [
        midi.MidiNote(i * APART_S, LENGTH_S, midi.DRUM_CHANNEL, key, VELOCITIES[layer])
        for i, (key, layer) in enumerate(wanted)
    ]
    channel = midi.DRUM_CHANNEL
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "strokes.mid"
        midi.write(path, notes, {channel: kit}, {channel: 100}, {channel: 64})
        sound = fluid.play(path, rate_hz, 0.0).mean(axis=0)
    found = {}
    for i, name in enumerate(wanted):
        start = round(i * APART_S * rate_hz)
        stroke = sound[start : start + round(LENGTH_S * rate_hz)]
        loud = np.flatnonzero(np.abs(stroke) > 0.003 * (np.abs(stroke).max() + 1e-9))
        found[name] = stroke[: loud[-1] + 1] if loud.size else stroke[:8]
    return found


class Sampled:
    """One drum of one of the kits that its world may use; `kits` are their programs."""

    def __init__(self, world: World, drum: str, kits: tuple[int, ...]):
        self.kit, self.key = world.one(kits), world.one(KEYS[drum])

    def render(self, velocity: float, rate_hz: int, rng: np.random.Generator, choke: float = 1.0) -> np.ndarray:
        """`choke` above one: left open."""
        layer = min(len(VELOCITIES) - 1, int(velocity * len(VELOCITIES)))
        return strokes(self.kit, rate_hz)[OPEN_HAT if choke > 1.0 else self.key, layer]
