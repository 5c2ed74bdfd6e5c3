"""Trains the finer half of large pictures, on art alone.

    python -m models.training.latent.art_set models/.cache/latent/large --count 100 --side 1024
    python -m models.training.latent.train_finer --art models/.cache/latent/large --minutes 5 [--resume]

Art is painted twice as large and halved, and what becomes of the half is to be what was painted. Halves that have been through the
autoencoder would teach it to be as soft as that is: with those it was softer than enlarging alone. So it knows nothing of the decoder, and need
not be trained again with it. Minutes are of processor time, so that a busy machine trains as much as a quiet one.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from ..devices import choose
from ..progress import save_sheet
from . import art_set, train_autoencoder, weights
from .autoencoder import likeness_loss
from .finer import Finer

FILE = "finer.safetensors"
BATCH, CROP_PX = 8, 128
RATE, EMA = 2e-3, 0.995
HELD_OUT = 10


def halved(pictures: torch.Tensor) -> torch.Tensor:
    """[B, 3, H, W] half as wide and high."""
    return functional.avg_pool2d(pictures, 2)


def enlarged(pictures: torch.Tensor) -> torch.Tensor:
    """Twice as wide and high, by interpolation alone."""
    return functional.interpolate(pictures, scale_factor=2.0, mode="bilinear", align_corners=False)


def error(finer: Finer, pictures: np.ndarray) -> tuple[float, float]:
    """Mean absolute error of large pictures [n, H, W, 3], of a range of 2: of the finer half, and of enlarging alone."""
    found = []
    with torch.no_grad():
        for picture in pictures:
            large = torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 127.5 - 1
            found.append([(made(halved(large)) - large).abs().mean().item() for made in (finer, enlarged)])
    ours, enlarging = np.mean(found, axis=0)
    return float(ours), float(enlarging)


def train(art: Path, output: Path, minutes: float, resume: bool = False, seed: int = 0) -> None:
    """Trains for so many minutes of processor time; writes `finer.safetensors` and a sheet: enlarged, finer, art."""
    torch.set_num_threads(1)
    choose(seed)
    finer = Finer()
    if resume:
        later = output / FILE
        weights.load(later if later.is_file() else weights.FOLDER / FILE, finer=finer)
    average = Finer().eval()
    average.load_state_dict(finer.state_dict())
    optimiser = torch.optim.Adam(finer.parameters(), RATE, betas=(0.9, 0.99))
    pictures, _ = art_set.load(art)
    held_out, pictures = pictures[:HELD_OUT], pictures[HELD_OUT:]
    rng = np.random.default_rng([seed, int(resume)])
    began, seconds, steps = time.process_time(), 60 * minutes, 0
    while (share := (time.process_time() - began) / seconds) < 1:
        large = train_autoencoder.crops(pictures, rng, BATCH, CROP_PX)
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1.0, (steps + 1) / 50) * (1 - 0.95 * share)
        loss = likeness_loss(finer(halved(large)), large)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(finer.parameters(), 1.0)
        optimiser.step()
        steps += 1
        with torch.no_grad():
            for mean, value in zip(average.parameters(), finer.parameters()):
                mean.lerp_(value, 1 - min(EMA, (1 + steps) / (10 + steps)))
    ours, enlarging = error(average, held_out)
    print(f"{steps} steps; error on pictures that it never saw {ours:.4f} of 2, of enlarging alone {enlarging:.4f}")
    weights.save(output / FILE, finer=average)
    middle = slice(len(held_out[0]) // 2 - 128, len(held_out[0]) // 2 + 128)
    large = torch.from_numpy(held_out[:6, middle, middle]).permute(0, 3, 1, 2).float() / 127.5 - 1
    with torch.no_grad():
        save_sheet([enlarged(halved(large)), average(halved(large)), large], output / "finer.png")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training.latent.train_finer", description=__doc__.splitlines()[0])
    parser.add_argument("--art", type=Path, default=Path("models/.cache/latent/large"))
    parser.add_argument("-o", "--output", type=Path, default=weights.FOLDER)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    a = parser.parse_args()
    train(a.art, a.output, a.minutes, a.resume, a.seed)


if __name__ == "__main__":
    main()
