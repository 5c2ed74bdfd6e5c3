"""Sheets to judge the second painter by eye.

    python -m models.training.latent.sheet -o models/.cache/latent

`chance.png`: held-out music and random z. `music.png`: rows share a z, columns an embedding. `walk_z.png`, `walk_music.png`:
sixteen steps along z at one embedding, and along the music at one z.
"""

import argparse
import math
from pathlib import Path

import torch
from torch.nn import functional
from tqdm import tqdm

from models.starter_pack.contract import LATENT_DIM

from ..progress import save_sheet
from . import hearing, weights
from .pack import load_generator

STEPS = 16
WALK_RAD = 1.0


def points(seed: int = 4) -> dict[str, list[list[tuple[torch.Tensor, torch.Tensor]]]]:
    """For each sheet rows of (embedding [1, 512], z [1, 64])."""
    generator = torch.Generator().manual_seed(seed)
    heard = torch.from_numpy(hearing.load()["test"])
    heard = heard[torch.randperm(len(heard), generator=generator)][:, None]
    z = torch.randn(24, 1, LATENT_DIM, generator=generator)
    t = torch.linspace(0, 1, STEPS)

    def turned(a: torch.Tensor, b: torch.Tensor) -> list[torch.Tensor]:
        return [math.cos(x * WALK_RAD) * a + math.sin(x * WALK_RAD) * b for x in t]

    def rows(line: list, columns: int = 4) -> list[list]:
        return [line[i : i + columns] for i in range(0, len(line), columns)]

    return {
        "chance": rows(list(zip(heard[:24], z))),
        "music": [[(e, z[row]) for e in heard[24:28]] for row in range(4)],
        "walk_z": rows([(heard[30], way) for way in turned(z[0], z[1])]) + rows([(heard[31], way) for way in turned(z[2], z[3])]),
        "walk_music": rows([(functional.normalize(heard[32] * (1 - x) + heard[33] * x), z[4]) for x in t]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training.latent.sheet", description="Sheets to judge the second painter by eye.")
    parser.add_argument("--weights", type=Path, default=weights.FOLDER)
    parser.add_argument("--memory", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("models/.cache/latent"))
    parser.add_argument("--half", action="store_true", help="pictures half as wide")
    a = parser.parse_args()
    torch.set_num_threads(1)
    generator = load_generator(a.weights, a.memory)
    a.output.mkdir(parents=True, exist_ok=True)
    for name, rows in points().items():
        painted = [torch.cat([generator(e, z) for e, z in row]) for row in tqdm(rows, desc=name)]
        if a.half:
            painted = [functional.avg_pool2d(row, 2) for row in painted]
        save_sheet(painted, a.output / f"{name}.png")


if __name__ == "__main__":
    main()
