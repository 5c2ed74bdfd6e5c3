"""A drum kit: one instrument for each drum, drawn once for a piece."""

import numpy as np

from ..general_midi import KEYS, PROGRAMS
from ..world import World
from .disguise import disguised
from .kick import Kick
from .metal import Cowbell, Metal, Shaker, Tambourine
from .noise import faded, normal
from .sampled import Sampled
from .skin import Skin
from .snare import Clap, Rim, Snare

LEVEL_DB = {
    "kick": 0.0,
    "snare": -2.0,
    "clap": -4.0,
    "rim": -6.0,
    "hat": -9.0,
    "open_hat": -9.5,
    "ride": -10.0,
    "crash": -9.0,
    "low_tom": -4.0,
    "high_tom": -5.0,
    "low_conga": -8.0,
    "high_conga": -8.0,
    "shaker": -13.0,
    "cowbell": -12.0,
    "tambourine": -12.0,
}
LAYERS = 3  # of velocity
TAKES = 2  # of the same stroke


def drums_of(world: World) -> dict:
    """An instrument for each drum."""
    hat = Metal(world, (4500, 9000), (0.015, 0.06))
    return {
        "kick": Kick(world),
        "snare": Snare(world),
        "clap": Clap(world),
        "rim": Rim(world),
        "hat": hat,
        "ride": Metal(world, (3000, 6000), (0.2, 0.6)),
        "crash": Metal(world, (1800, 4000), (0.4, 0.9)),
        "low_tom": Skin(world, (70, 110), (0.12, 0.3)),
        "high_tom": Skin(world, (120, 200), (0.1, 0.25)),
        "low_conga": Skin(world, (170, 240), (0.08, 0.2)),
        "high_conga": Skin(world, (250, 360), (0.04, 0.14)),
        "shaker": Shaker(world),
        "cowbell": Cowbell(world),
        "tambourine": Tambourine(world),
    }


def drums_to_train_on(world: World, sampled: bool) -> dict:
    """Drums of which most are made over; with `sampled` half of them are strokes of FluidSynth's kits."""
    kits = world.pick(PROGRAMS["kit"])

    def some(purpose: str) -> dict:
        own, other = drums_of(world.child(purpose)), {name: Sampled(world, name, kits) for name in KEYS}
        return {name: other[name] if sampled and world.chance(0.5) else drum for name, drum in own.items()}

    return disguised(world, some("first kit"), some("second kit"))


class Kit:
    """`sampled`: in training, may drums be strokes of FluidSynth's kits?"""

    def __init__(self, world: World, sampled: bool = False):
        self.rng = world.rng
        made_over = world.split == "train" and world.chance(0.75)
        self.drums = drums_to_train_on(world.child("kit"), sampled) if made_over else drums_of(world)
        self.open = world.span(4, 9)
        self.level = {name: 10 ** ((level + world.uniform(-3, 3)) / 20) for name, level in LEVEL_DB.items()}
        self.pan = {name: 0.0 if name in ("kick", "snare") else world.uniform(-0.7, 0.7) for name in LEVEL_DB}
        self.sounds: dict[tuple, np.ndarray] = {}
        self.rms: dict[str, float] = {}

    def sound(self, drum: str, velocity: float, take: int, rate_hz: int) -> np.ndarray:
        """A stroke with its level, velocity included. float32 [n]."""
        layer = min(LAYERS - 1, int(velocity * LAYERS))
        key = (drum, layer, take % TAKES, rate_hz)
        if key not in self.sounds:
            at = (layer + 0.5) / LAYERS
            if drum == "open_hat":
                raw = self.drums["hat"].render(at, rate_hz, self.rng, self.open)
            else:
                raw = self.drums[drum].render(at, rate_hz, self.rng)
            self.sounds[key] = faded(normal(raw)) * np.float32(self.level[drum])
        return self.sounds[key] * np.float32(velocity)
