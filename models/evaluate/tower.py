"""The picture tower: what a picture shows, in 512 numbers of the space that the encoder hears into, and in features.

It was trained together with our encoder on procedural art (`models/training/clip`), so distances measured with it are those
of our own eyes, not of a network that saw photographs: they compare generators with one another and with the art, no more.
"""

from pathlib import Path

import numpy as np

from .packs import normalise, session

SIDE_PX = 64
BATCH = 32


def shrink(pictures: np.ndarray, side_px: int) -> np.ndarray:
    """Pictures [..., H, W, 3] to [..., side, side, 3] by the mean of the area that each new pixel covers."""
    down, across = (_areas(size, side_px) for size in pictures.shape[-3:-1])
    return np.einsum("ih,...hwc,jw->...ijc", down, pictures, across, optimize=True).astype(np.float32)


def _areas(size: int, side: int) -> np.ndarray:
    """[side, size]: the share of each old pixel in each new one."""
    edges = np.arange(side + 1) * (size / side)
    low, high = edges[:-1, None], edges[1:, None]
    pixel = np.arange(size)[None, :]
    covered = np.clip(np.minimum(high, pixel + 1) - np.maximum(low, pixel), 0, None)
    return (covered / covered.sum(1, keepdims=True)).astype(np.float32)


class Tower:
    """image [n, 3, 64, 64], -1 to 1 -> embedding [n, 512] of length one, pooled features [n, F]."""

    def __init__(self, path: Path):
        if not path.is_file():
            raise FileNotFoundError(f"{path}: no picture tower there; train one (models/training/clip), or give --tower")
        self.session = session(path)
        self.input = self.session.get_inputs()[0].name
        outputs = [port.name for port in self.session.get_outputs()]
        if "embedding" not in outputs or len(outputs) < 2:
            raise ValueError(f"{path}: outputs {outputs}, expected `embedding` and the pooled features beside it")
        self.outputs = ["embedding", next(name for name in outputs if name != "embedding")]

    def see(self, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pictures [n, H, W, 3], uint8 or 0 to 1, to embeddings [n, 512] and features [n, F]."""
        embeddings, features = [], []
        for start in range(0, len(pictures), BATCH):
            batch = pictures[start : start + BATCH]
            batch = batch.astype(np.float32) / 255 if batch.dtype == np.uint8 else batch
            if batch.shape[1:3] != (SIDE_PX, SIDE_PX):
                batch = shrink(batch, SIDE_PX)
            image = np.ascontiguousarray(batch.transpose(0, 3, 1, 2) * 2 - 1, dtype=np.float32)
            embedding, feature = self.session.run(self.outputs, {self.input: image})
            embeddings.append(embedding)
            features.append(feature.reshape(len(batch), -1))
        return normalise(np.concatenate(embeddings)), np.concatenate(features)
