"""Training pieces, made ahead: python -m models.beats.music.prerender FOLDER --count 4000 --seconds 20. Stop and go on at will.

With `--fluid 0.25` a quarter of them is played by FluidSynth (with the sounds and grooves that `keep` does not use), a third of these
by MMA's bands: slower, and nearer to what a set has.

One NPZ file a piece: samples int16 [n] (times 1/32768), sample_rate_hz, beats [b, 2], kick, snare, hat, onsets (NaN alone: not
known), meter [2] (0, 0 without a beat), group.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

from . import by_midi, composer, mma
from .groups import GROUPS, TRAINING_GROUPS
from .piece import Piece


def group_of(index: int) -> str:
    """Groups in turn, some more often than others."""
    shares = np.array([GROUPS[g].share for g in TRAINING_GROUPS])
    edges = np.cumsum(shares / shares.sum())
    return TRAINING_GROUPS[min(len(edges) - 1, int(np.searchsorted(edges, (0.5 + index * 0.6180339887) % 1.0)))]


def packed(piece: Piece) -> dict[str, np.ndarray]:
    onsets = np.array([np.nan]) if piece.onsets is None else piece.onsets
    return {
        "samples": np.round(np.clip(piece.samples, -1, 1) * 32767).astype(np.int16),
        "sample_rate_hz": np.array(piece.sample_rate_hz),
        "beats": piece.beats,
        "onsets": onsets,
        "meter": np.array(piece.meter or (0, 0)),
        "group": np.array(piece.group),
        **piece.drums,
    }


def compose(index: int, seconds: float, rate_hz: int, fluid: float) -> Piece:
    """The piece of a number, which is its seed."""
    group, chance = group_of(index), np.random.default_rng(index).random()
    if chance < fluid / 3:
        return mma.compose(tuple(mma.BANDS)[index % len(mma.BANDS)], index, seconds, "train", rate_hz)
    if chance < fluid and GROUPS[group].by_midi:
        return by_midi.compose(group, index, seconds, "train", rate_hz)
    return composer.compose(group, index, seconds, "train", rate_hz, sampled=fluid > 0)


def make(index: int, folder: Path, seconds: float, rate_hz: int, fluid: float) -> None:
    path = folder / f"{index:06d}.npz"
    if path.exists():
        return
    part = path.with_suffix(".new")
    with part.open("wb") as file:
        np.savez(file, **packed(compose(index, seconds, rate_hz, fluid)))
    part.replace(path)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.beats.music.prerender", description="Makes training pieces.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=4000)
    parser.add_argument("--first", type=int, default=0, help="number of the first piece, which is its seed")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rate-hz", type=int, default=22_050)
    parser.add_argument("--fluid", type=float, default=0.0, help="share that FluidSynth and MMA play")
    parser.add_argument("--workers", type=int, default=1)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    task = partial(make, folder=args.folder, seconds=args.seconds, rate_hz=args.rate_hz, fluid=args.fluid)
    numbers = range(args.first, args.first + args.count)
    if args.workers == 1:
        for number in numbers:
            task(number)
        return
    with ProcessPoolExecutor(args.workers) as pool:
        list(pool.map(task, numbers, chunksize=16))


if __name__ == "__main__":
    main()
