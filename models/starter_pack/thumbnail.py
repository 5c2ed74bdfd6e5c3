"""The pack's thumbnail: four pictures of the generator, two by two."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from .contract import LATENT_DIM
from .fixtures import sounds

THUMBNAIL_PX = 256
LATENT_SEED = 11


def to_bytes(image: torch.Tensor) -> np.ndarray:
    """One picture [3, H, W], -1 to 1, as bytes [H, W, 3]."""
    return ((image.clamp(-1, 1) + 1) * 127.5 + 0.5).byte().permute(1, 2, 0).numpy()


@torch.no_grad()
def write_thumbnail(encoder: torch.nn.Module, generator: torch.nn.Module, path: Path) -> None:
    """Writes a PNG of 256 x 256 pixels."""
    z = torch.randn(4, 1, LATENT_DIM, generator=torch.Generator().manual_seed(LATENT_SEED))
    pictures = []
    for latent, audio in zip(z, [sounds()[name] for name in ("pad", "drums", "bells", "noise")]):
        pictures.append(to_bytes(generator(encoder(audio)[0], latent)[0]))
    rows = [np.concatenate(pictures[:2], axis=1), np.concatenate(pictures[2:], axis=1)]
    whole = Image.fromarray(np.concatenate(rows)).resize((THUMBNAIL_PX, THUMBNAIL_PX), Image.LANCZOS)
    whole.save(path, optimize=True)
