"""Art in squares, of which frames of any shape show the middle, for the autoencoder and the memory.

    python -m models.training.latent.art_set models/.cache/latent/art --count 1000

Picture n is a function of the seed and n: families by turns, any hue, the other knobs anywhere (even n) or in the ranges that
the stage shows (odd n). It lies in shards of 50, so painting stops and goes on anywhere, and two sets of one seed are one.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from ..art import paint
from ..gan.front import STAGED
from ..look import FAMILIES, KNOBS, Look, random_look

SHARD = 50
CANVAS_PX = (512, 512)


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


def wide(pictures: Any) -> Any:
    """The middle of pictures [..., height, width, 3] at 16 to 9, where they are higher than that."""
    height, width = pictures.shape[-3:-1]
    rows = min(height, width * 9 // 16)
    top = (height - rows) // 2
    return pictures[..., top : top + rows, :, :]


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
    parser = argparse.ArgumentParser(prog="python -m models.training.latent.art_set", description="Paints art in squares.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--side", type=int, default=CANVAS_PX[0], help="of the squares, in pixels")
    arguments = parser.parse_args()
    make(arguments.folder, arguments.count, arguments.seed, (arguments.side, arguments.side))


if __name__ == "__main__":
    main()
