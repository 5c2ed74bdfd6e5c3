"""Training data: art, and the embedding of the music that each picture was painted for."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from .networks import EMBEDDING_DIM, IMAGE_PX


@dataclass(frozen=True)
class Pairs:
    """`images` uint8 [N, S, S, 3] with S a multiple of 64, and `embeddings` float32 [N, 512]; row i belongs to row i.

    `rows` are those to train on, rising; the rest need not have been painted.
    """

    images: np.ndarray
    embeddings: np.ndarray
    rows: np.ndarray

    def __post_init__(self):
        shape = self.images.shape
        if len(shape) != 4 or shape[1] != shape[2] or shape[1] % IMAGE_PX or shape[3] != 3 or self.images.dtype != np.uint8:
            wanted = f"uint8 [N, S, S, 3], S a multiple of {IMAGE_PX}"
            raise ValueError(f"images are {self.images.dtype} {list(shape)}, expected {wanted}")
        if self.embeddings.shape != (shape[0], EMBEDDING_DIM):
            wanted = f"[{shape[0]}, {EMBEDDING_DIM}]: one a picture"
            raise ValueError(f"embeddings are {list(self.embeddings.shape)}, expected {wanted}")
        if not len(self.rows) or self.rows[-1] >= shape[0]:
            raise ValueError(f"{len(self.rows)} pictures of {shape[0]} are to be used, expected at least one")
        if not np.isfinite(self.embeddings).all():
            raise ValueError("embeddings hold values that are no numbers: compute them again")

    def __len__(self) -> int:
        return len(self.rows)

    def pictures(self, rows: np.ndarray, device: torch.device) -> torch.Tensor:
        """The pictures of these rows, averaged down: float32 [B, 3, 64, 64], -1 to 1."""
        batch = torch.from_numpy(self.images[rows]).to(device).permute(0, 3, 1, 2).float()
        return F.avg_pool2d(batch, self.images.shape[1] // IMAGE_PX) / 127.5 - 1.0

    def heard(self, rows: np.ndarray, device: torch.device) -> torch.Tensor:
        """The embeddings of these rows, float32 [B, 512]."""
        return torch.from_numpy(np.asarray(self.embeddings[rows], dtype=np.float32)).to(device)


def load_pairs(images: Path, embeddings: Path, done: Path | None = None) -> Pairs:
    """Opens .npy files. The pictures stay on disk and are read as they are needed.

    `done`, bool [N], says which pictures have been painted, where painting still goes on; without it all have.
    """
    try:
        pictures, points = np.load(images, mmap_mode="r"), np.load(embeddings)
        return Pairs(pictures, points, np.flatnonzero(np.load(done)) if done else np.arange(len(pictures)))
    except ValueError as error:
        raise SystemExit(f"{images}, {embeddings}: {error}") from error
    except OSError as error:
        raise SystemExit(f"cannot read {error.filename or images}: {error.strerror or error}. Make the pairs first.") from error
