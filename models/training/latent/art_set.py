"""Art at the frame's aspect, for the autoencoder and the memory.

    python -m models.training.latent.art_set models/.cache/latent/art --count 1000

Picture n is a function of the seed and n: families by turns, any hue, the other knobs anywhere (even n) or in the ranges that
the stage shows (odd n). It lies in shards of 50, so painting stops and goes on anywhere, and two sets of one seed are one.
"""

import argparse
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ..art import paint
from ..gan.front import STAGED
from ..look import FAMILIES, KNOBS, Look, random_look

SHARD = 50
# A picture is painted square and its middle is kept: the frame.
CANVAS_PX = (288, 512)


def look_of(seed: int, n: int) -> Look:
    """The look of picture n."""
    rng = np.random.default_rng([seed, n])
    look = random_look(rng, FAMILIES[n % len(FAMILIES)])
    if n // len(FAMILIES) % 2:
        knobs = list(KNOBS)
        for name, (low, high) in STAGED.items():
            at = knobs.index(name)
            look.vector[at] = low + (high - low) * look.vector[at]
    return look


def picture_of(seed: int, n: int, canvas_px: tuple[int, int] = CANVAS_PX) -> np.ndarray:
    """Picture n: uint8 [height, width, 3], the middle of a square as wide as the canvas."""
    height, width = canvas_px
    top = (width - height) // 2
    return paint(look_of(seed, n), seed * 1_000_003 + n, width)[top : top + height]


def shards(folder: Path) -> list[Path]:
    """The shards that are complete, in order."""
    return sorted(folder.glob("art_*.npz"))


def load(folder: Path, most: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """All pictures painted so far (or the first `most`): uint8 [n, height, width, 3] and their looks [n, 20]."""
    found = shards(folder)
    if not found:
        raise FileNotFoundError(f"{folder}: no art there; paint some with `python -m models.training.latent.art_set {folder}`")
    pictures, looks = [], []
    for path in found:
        with np.load(path) as shard:
            pictures.append(shard["pictures"])
            looks.append(shard["looks"])
    return np.concatenate(pictures)[:most], np.concatenate(looks)[:most]


def make(folder: Path, count: int, seed: int = 1, canvas_px: tuple[int, int] = CANVAS_PX) -> None:
    """Paints the shards that are not there yet, up to `count` pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    for first in tqdm(range(0, count, SHARD), desc="shards of art"):
        path = folder / f"art_{first:06d}.npz"
        if path.is_file():
            continue
        numbers = range(first, min(first + SHARD, count))
        pictures = np.stack([picture_of(seed, n, canvas_px) for n in numbers])
        looks = np.stack([look_of(seed, n).vector for n in numbers])
        unfinished = path.with_suffix(".new")
        with unfinished.open("wb") as file:
            np.savez(file, pictures=pictures, looks=looks)
        unfinished.replace(path)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training.latent.art_set", description="Paints art at the frame's aspect.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    make(arguments.folder, arguments.count, arguments.seed)


if __name__ == "__main__":
    main()
