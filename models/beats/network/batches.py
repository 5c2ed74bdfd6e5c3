"""Batches to train on: excerpts of pieces, varied; some start in silence, some jump to another piece."""

import numpy as np
import torch

from .contract import ACTIVATIONS, BANDS
from .store import NOTHING, Item, Store
from .targets import targets
from .variety import silence_frames, stretched, varied

JUMPS = 0.25


def piece_of(rng: np.random.Generator, store: Store) -> Item:
    """A group's chance is the root of its number of pieces: all are heard, but not the same few pieces all the time."""
    groups = sorted(store.by_group)
    chance = np.sqrt([len(store.by_group[group]) for group in groups])
    items = store.by_group[groups[rng.choice(len(groups), p=chance / chance.sum())]]
    return items[rng.integers(len(items))]


def excerpt(rng: np.random.Generator, store: Store, frames: int) -> tuple[np.ndarray, np.ndarray]:
    """log power [frames, 72] and targets [frames, 6] of a random part of a random piece, from any instant on."""
    it = piece_of(rng, store)
    stretch = rng.uniform(0.9, 1.1) if rng.random() < 0.5 else 1.0
    log_power = it.log_power.astype(np.float32) if stretch == 1.0 else stretched(it.log_power, stretch)
    start = int(rng.integers(max(len(log_power) - frames, 0) + 1))
    part = varied(rng, log_power[start : start + frames])
    wanted = targets(it.events.moved(stretch, 0.0), len(part), start)
    if len(part) < frames:
        missing = frames - len(part)
        part = np.concatenate([part, np.full((missing, BANDS), NOTHING, np.float32)])
        # What is after the end is not annotated, but for the fact that it is silent.
        wanted = np.concatenate([wanted, np.full((missing, len(ACTIVATIONS)), np.nan, np.float32)])
    return part, wanted


def example(rng: np.random.Generator, store: Store, frames: int) -> tuple[np.ndarray, np.ndarray]:
    """One row of a batch: an excerpt; by chance with silence before it, or two of them one after the other."""
    silent = silence_frames(rng)
    parts = [(np.full((silent, BANDS), NOTHING, np.float32), np.zeros((silent, len(ACTIVATIONS)), np.float32))]
    left = frames - silent
    if rng.random() < JUMPS and left > 350:
        first = int(rng.integers(left // 3, 2 * left // 3))
        parts += [excerpt(rng, store, first), excerpt(rng, store, left - first)]
    else:
        parts.append(excerpt(rng, store, left))
    return np.concatenate([p for p, _ in parts]), np.concatenate([w for _, w in parts])


def batch(rng: np.random.Generator, store: Store, size: int, frames: int) -> tuple[torch.Tensor, torch.Tensor]:
    """power [size, frames, 72] and targets [size, frames, 6] with NaN where nobody knows."""
    rows = [example(rng, store, frames) for _ in range(size)]
    power = torch.from_numpy(np.stack([p for p, _ in rows])).exp_()
    return power, torch.from_numpy(np.stack([w for _, w in rows]))


