"""Chance, and what a split may draw.

Three splits: `train` and `tune` draw from the open world, `keep` from its own. Tables of patterns, progressions and instruments
say of each row to which world it belongs; `pick` gives no row of the other. Ranges of parameters are cut into six bands: `keep`
draws from the second and the fifth, the others from the rest, so that its sounds lie within what music is like and were
still never heard. Random streams are seeded with the split's name, so that seeds of two splits never meet.
"""

import hashlib
from collections.abc import Sequence

import numpy as np

SPLITS = ("train", "tune", "keep")
BANDS = {"open": (0, 2, 3, 5), "keep": (1, 4)}
BAND_COUNT = 6
GOLDEN = 0.6180339887


class World:
    """Chance of one piece: a random stream, and the rows and ranges that its split may use."""

    def __init__(self, split: str, group: str, seed: int, purpose: str = ""):
        if split not in SPLITS:
            raise ValueError(f"split {split!r}: no such split; it is one of {', '.join(SPLITS)}")
        self.split, self.group, self.seed = split, group, seed
        self.name = "keep" if split == "keep" else "open"
        key = hashlib.sha256(f"{split} {group} {seed} {purpose}".encode()).digest()
        self.rng = np.random.Generator(np.random.SFC64(int.from_bytes(key[:16])))

    def child(self, purpose: str) -> "World":
        """Another stream of the same piece: what is drawn from it changes nothing elsewhere."""
        return World(self.split, self.group, self.seed, purpose)

    def uniform(self, low: float, high: float) -> float:
        """Anywhere in a range, for what both worlds share: tempo, key, level."""
        return low + (high - low) * self.rng.random()

    def span(self, low: float, high: float) -> float:
        """Somewhere in this world's bands of a range."""
        bands = BANDS[self.name]
        at = (bands[int(self.rng.random() * len(bands))] + self.rng.random()) / BAND_COUNT
        return low + (high - low) * at

    def log_span(self, low: float, high: float) -> float:
        """The same on a logarithmic scale."""
        return float(np.exp(self.span(np.log(low), np.log(high))))

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def one(self, rows: Sequence):
        """Any row."""
        return rows[int(self.rng.random() * len(rows))]

    def pick(self, rows: Sequence[tuple]):
        """A row of this world; rows are (world, ...), and what follows the world is given."""
        mine = [row for row in rows if row[0] == self.name]
        row = self.one(mine)
        return row[1] if len(row) == 2 else row[1:]

    def quantile(self) -> float:
        """0 to 1, spread evenly over the seeds of a group (golden ratio), so that a few pieces cover a range."""
        offset = hashlib.sha256(f"{self.split} {self.group}".encode()).digest()[0] / 256
        return (offset + self.seed * GOLDEN) % 1.0
