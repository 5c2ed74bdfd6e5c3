"""Fills the memory: which pictures of the art set are kept, their latents, keys and bias.

    python -m models.training.latent.remember --art models/.cache/latent/art --count 600

Pictures are kept whole, as squares; what their keys are and whether they are fit is decided by the middle, as a wide frame shows them.
"""

import argparse
import math
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional
from safetensors import safe_open
from tqdm import tqdm

from ..clip.picture_tower import PICTURE_PX
from ..look import FAMILIES, KNOBS
from . import art_set, hearing, shipped, train_autoencoder, weights
from .autoencoder import Encoder
from .memory import Memory, calibrate

FILE = "memory.safetensors"
# Pictures that are nearly even say little and are left out: the least deviation of their brightness, of 255.
PLAIN = 12.0


@torch.no_grad()
def encode(encoder: Encoder, pictures: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    """Pictures uint8 [n, H, W, 3] to latents [n, 6, H / 8, W / 8] and the picture tower's embeddings [n, 512]."""
    tower = shipped.picture_tower()
    latents, keys = [], []
    for start in tqdm(range(0, len(pictures), 10), desc="encoding"):
        image = torch.from_numpy(pictures[start : start + 10]).permute(0, 3, 1, 2).float() / 127.5 - 1
        latents.append(encoder(image))
        wide = art_set.wide(image.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        keys.append(tower(functional.interpolate(wide, size=(PICTURE_PX, PICTURE_PX), mode="area"))[0])
    return torch.cat(latents), torch.cat(keys)


def choose(pictures: np.ndarray, looks: np.ndarray, count: int) -> np.ndarray:
    """Indices of `count` pictures: families alike, and in each the ones with most colour and contrast left out last."""
    spread = np.array([picture[::4, ::4].astype(np.float32).std((0, 1)).mean() for picture in art_set.wide(pictures)])
    family = looks[:, len(KNOBS) :].argmax(1)
    chosen = []
    for number in range(len(FAMILIES)):
        own = np.flatnonzero((family == number) & (spread > PLAIN))
        chosen.extend(own[: round(count / len(FAMILIES))])
    if len(chosen) < count:
        raise SystemExit(f"{len(chosen)} pictures of {count} are fit to be remembered; paint more art")
    return np.sort(np.array(chosen[:count]))


def make(art: Path, encoder: Encoder, count: int) -> Memory:
    """A memory of `count` pictures, its bias set by the kept embeddings of music."""
    pictures, looks = art_set.load(art)
    chosen = choose(pictures, looks, count)
    latents, keys = encode(encoder.eval(), pictures[chosen])
    heard = hearing.load()["train"]
    rows, columns = latents.shape[2:]
    memory = Memory(count, min(rows, columns * 9 // 16), columns, (rows, columns))
    memory.fill(latents, keys, torch.from_numpy(heard).mean(0))
    usage = calibrate(memory, heard) * count
    print(f"usage, 1 is even: 5 % of pictures below {np.percentile(usage, 5):.2f}, 95 % below {np.percentile(usage, 95):.2f}")
    return memory


def load(path: Path = weights.FOLDER / FILE) -> Memory:
    """A memory of `make`, as large as it was stored; or that of a generator's graph (`.onnx`)."""
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no memory there; fill one with `python -m models.training.latent.remember`")
    if path.suffix == ".onnx":
        count, _, places = shipped.initialisers(path, "memory.")["cells"].shape
        held = (math.isqrt(places),) * 2  # what ships holds squares
    else:
        with safe_open(path, "pt") as stored:
            count, held = stored.get_slice("memory.cells").get_shape()[0], tuple(stored.get_tensor("memory.held_cells").tolist())
    memory = Memory(count, min(held[0], held[1] * 9 // 16), held[1], held)
    if path.suffix == ".onnx":
        return shipped.fill(memory, path, "memory.")
    weights.load(path, memory=memory)
    return memory


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training.latent.remember", description="Fills the memory.")
    parser.add_argument("--art", type=Path, default=Path("models/.cache/latent/art"))
    parser.add_argument("--autoencoder", type=Path, default=weights.FOLDER / train_autoencoder.FILE)
    parser.add_argument("-o", "--output", type=Path, default=weights.FOLDER / FILE)
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    encoder = Encoder()
    weights.load(arguments.autoencoder, encoder=encoder)
    weights.save(arguments.output, memory=make(arguments.art, encoder, arguments.count))


if __name__ == "__main__":
    main()
