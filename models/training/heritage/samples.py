"""Sample sheets: each row a real picture, then what the generator paints for the same music with eight draws of noise."""

from pathlib import Path

import numpy as np
import torch

from ..progress import save_sheet
from .networks import NOISE_DIM, join
from .train import Trainer

ROWS, COLUMNS, SEED = 8, 8, 7


@torch.no_grad()
def write_sheet(trainer: Trainer, path: Path) -> None:
    """Writes a PNG of 576 x 512 pixels, by the generator as it was last saved.

    The rows are spread over the data and, like the noise, stay the same all along.
    """
    generator, device, pairs = trainer.averaged, trainer.device, trainer.pairs
    noise = torch.randn(COLUMNS, NOISE_DIM, generator=torch.Generator().manual_seed(SEED)).to(device)
    lines = []
    for row in pairs.rows[np.linspace(0, len(pairs) - 1, ROWS).astype(int)][:, None]:
        embedding = pairs.heard(row, device).expand(COLUMNS, -1)
        painted = generator(join(embedding, noise, trainer.settings.embedding_norm))
        lines.append(torch.cat([pairs.pictures(row, device), painted]))
    save_sheet(lines, path)
