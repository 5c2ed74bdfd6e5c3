"""The pack's thumbnail: sixteen pictures as they are, a row for each of four sounds, a column for each draw of noise."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from models.starter_pack.fixtures import sounds
from models.starter_pack.thumbnail import to_bytes

from .fixtures import hear
from .graph import FoldedGenerator
from .networks import NOISE_DIM, join

NOISE_SEED = 11


@torch.no_grad()
def write_thumbnail(ear, section: dict, generator: FoldedGenerator, embedding_norm: float, path: Path) -> None:
    """Writes a PNG of 256 x 256 pixels."""
    noise = torch.randn(4, NOISE_DIM, generator=torch.Generator().manual_seed(NOISE_SEED))
    rows = []
    for name in ("pad", "drums", "bells", "noise"):
        embedding = hear(ear, section, sounds()[name])[0].expand(4, -1)
        painted = generator(join(embedding, noise, embedding_norm))
        rows.append(np.concatenate([to_bytes(picture) for picture in painted], axis=1))
    Image.fromarray(np.concatenate(rows)).save(path, optimize=True)
