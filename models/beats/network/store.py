"""Composed music as band powers on disk, so that training need not play it again.

A store is a folder of shards, `00000.npz` and on. A shard holds some tens of pieces: `power` float16 [pieces, frames, 72] (natural
logarithm of the band powers), `frames` [pieces] (how many of them are music), `group` [pieces], `annotated` [pieces, 6], and
`event` [n, 3] of (piece, index in `ACTIVATIONS`, time in seconds).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from .bands import BandPower
from .contract import ACTIVATIONS, BANDS, SAMPLE_RATE_HZ
from .listen import band_power
from .targets import Events

# ln of what a band has when it has nothing: below what float16 samples leave behind.
NOTHING = -32.0
# Resampling moves tempo and pitch by up to this, in steps of one percent.
RESAMPLED_PERCENT = 20


@dataclass(frozen=True)
class Item:
    """One piece as the trainer sees it: `log_power` float16 [frames, 72] and its events."""

    group: str
    log_power: np.ndarray
    events: Events


def to_rate(samples: np.ndarray, rate_hz: int, percent: int = 100) -> np.ndarray:
    """samples [n] or [n, channels] at `rate_hz` -> mono [m] at 22,050 Hz, and `percent` as long."""
    if samples.ndim == 2:
        samples = samples.mean(axis=1)
    up, down = SAMPLE_RATE_HZ * percent, rate_hz * 100
    return samples if up == down else resample_poly(samples, up, down).astype(np.float32)


def item(group: str, samples: np.ndarray, rate_hz: int, events: Events, percent: int, bands: BandPower) -> Item:
    """Analyses samples [n] at `rate_hz`, played `percent` as long."""
    power = band_power(to_rate(samples, rate_hz, percent), bands).numpy()
    log_power = np.log(np.maximum(power, np.exp(NOTHING))).astype(np.float16)
    return Item(group, log_power, events.moved(percent / 100, 0.0))


def write_shard(path: Path, items: list[Item]) -> None:
    """Writes items as one shard, whole or not at all."""
    frames = np.array([len(item.log_power) for item in items])
    power = np.full((len(items), frames.max(), BANDS), NOTHING, np.float16)
    annotated, events = np.zeros((len(items), len(ACTIVATIONS)), bool), []
    for i, it in enumerate(items):
        power[i, : frames[i]] = it.log_power
        for kind, name in enumerate(ACTIVATIONS):
            times = it.events.times_s[name]
            annotated[i, kind] = times is not None
            events += [] if times is None else [(i, kind, time) for time in times]
    part = path.with_suffix(".part.npz")
    np.savez(
        part,
        power=power,
        frames=frames,
        group=np.array([it.group for it in items]),
        annotated=annotated,
        event=np.array(events, np.float32).reshape(-1, 3),
    )
    part.rename(path)


def read_shard(path: Path) -> list[Item]:
    """All items of a shard."""
    with np.load(path) as shard:
        power, frames, groups = shard["power"], shard["frames"], shard["group"]
        annotated, event = shard["annotated"], shard["event"]
    items = []
    for i in range(len(power)):
        own = event[event[:, 0] == i]
        times = {
            name: own[own[:, 1] == kind, 2].astype(np.float64) if annotated[i, kind] else None
            for kind, name in enumerate(ACTIVATIONS)
        }
        items.append(Item(str(groups[i]), power[i, : frames[i]], Events(times)))
    return items


class Store:
    """All items of a folder of shards, by group."""

    def __init__(self, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.seen = folder, set()
        self.by_group: dict[str, list[Item]] = {}
        for path in sorted(folder.glob("[0-9][0-9][0-9][0-9][0-9].npz")):
            self.seen.add(path.name)
            self.add(read_shard(path))

    def add(self, items: Iterable[Item]) -> None:
        for it in items:
            self.by_group.setdefault(it.group, []).append(it)

    def __len__(self) -> int:
        return sum(map(len, self.by_group.values()))
