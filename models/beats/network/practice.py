"""Fills the store that is trained on: composes pieces of every group and analyses each at two speeds."""

import numpy as np

from ..music.prerender import compose
from .bands import BandPower
from .contract import SAMPLE_RATE_HZ
from .store import RESAMPLED_PERCENT, Item, Store, item, write_shard
from .targets import from_annotation

SECONDS = 20.0
SHARD_PIECES = 24
VERSIONS = 2


def variants(seed: int, bands: BandPower, fluid: float) -> list[Item]:
    """One composed piece as it is, and resampled by a random percentage. `fluid` is the chance that FluidSynth plays it."""
    piece = compose(seed, SECONDS, SAMPLE_RATE_HZ, fluid)
    events = from_annotation(piece.beats, piece.drums, piece.onsets)
    rng = np.random.default_rng([seed, 12])
    percents = [100, *(100 + rng.integers(-RESAMPLED_PERCENT, RESAMPLED_PERCENT + 1, VERSIONS - 1))]
    return [item(piece.group, piece.samples, piece.sample_rate_hz, events, int(percent), bands) for percent in percents]


class Practice:
    """Adds pieces to a store one by one, and keeps them on disk in shards of 24. Piece n is the same whenever it is made."""

    def __init__(self, store: Store, fluid: float = 0.0):
        self.store, self.bands, self.fluid = store, BandPower(), fluid
        self.shard = len(store.seen)
        self.waiting: list[Item] = []

    @property
    def pieces(self) -> int:
        """How many pieces were made so far, in this run and before."""
        return self.shard * SHARD_PIECES + len(self.waiting) // VERSIONS

    def add(self) -> None:
        """Composes the next piece."""
        made = variants(self.pieces, self.bands, self.fluid)
        self.store.add(made)
        self.waiting += made
        if len(self.waiting) == SHARD_PIECES * VERSIONS:
            name = f"{self.shard:05d}.npz"
            write_shard(self.store.folder / name, self.waiting)
            self.store.seen.add(name)
            self.shard, self.waiting = self.shard + 1, []
