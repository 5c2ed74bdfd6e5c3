"""What captions are held against: pictures and music in the space, and how well each fits every condition.

Pictures are those of `latent.art_set`, in small; their colour is measured, since what a look asks for and what is painted differ.
Music is the kept embeddings (`latent.hearing`), which fit what the generator's front makes of them.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from ..clip.picture_tower import PICTURE_PX
from ..latent import art_set, hearing, remember, shipped
from ..look import KNOBS
from ..measured_look import oklab
from .captions import memberships

# Small pictures at the frame's aspect: the tower sees them squeezed to a square, as it saw those of the memory.
CANVAS_PX = (90, 160)


@dataclass(frozen=True)
class Seen:
    """Things in the space, from their usual place, of length one [n, 512]; and logarithms of memberships [conditions, n]."""

    directions: torch.Tensor
    fits: torch.Tensor


@dataclass(frozen=True)
class Space:
    """How directions lie in the space: a place is `music + reach * direction`, of length one."""

    music: np.ndarray  # the mean embedding of music [512]: what the memory asks from
    pictures: np.ndarray  # the mean embedding of the memory's pictures [512]
    reach: float  # how far music is from its mean, in the middle

    def place(self, directions: np.ndarray) -> np.ndarray:
        """Directions [n, 512] to embeddings of length one."""
        found = self.music + self.reach * directions
        return found / np.linalg.norm(found, axis=-1, keepdims=True)


def ranks(values: np.ndarray) -> np.ndarray:
    """0 for the least, 1 for the most."""
    return (np.argsort(np.argsort(values)) / max(len(values) - 1, 1)).astype(np.float32)


def colours(pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of pictures [n, H, W, 3]: the hue of all colour together, in radians of OKLab, the mean chroma, and the mean lightness."""
    lab = np.stack([oklab(picture[::2, ::2]).reshape(-1, 3) for picture in pictures])
    ab = lab[..., 1:].mean(1)
    return np.arctan2(ab[:, 1], ab[:, 0]), np.linalg.norm(lab[..., 1:], axis=-1).mean(1), lab[..., 0].mean(1)


@torch.no_grad()
def embed(pictures: np.ndarray) -> np.ndarray:
    """Embeddings [n, 512] of pictures uint8 [n, H, W, 3]."""
    tower, found = shipped.picture_tower(), []
    for start in range(0, len(pictures), 64):
        image = torch.from_numpy(pictures[start : start + 64]).permute(0, 3, 1, 2).float() / 127.5 - 1
        found.append(tower(functional.interpolate(image, size=(PICTURE_PX, PICTURE_PX), mode="area"))[0])
    return torch.cat(found).numpy()


def of_pictures(art: Path) -> tuple[Seen, np.ndarray]:
    """The art set, and its mean embedding."""
    pictures, looks = art_set.load(art)
    hue, chroma, light = colours(pictures)
    found = embed(pictures)
    middle = found.mean(0)
    directions = functional.normalize(torch.from_numpy(found - middle), dim=1)
    return Seen(directions, torch.from_numpy(memberships(looks, hue, ranks(chroma), ranks(light)))), middle


@torch.no_grad()
def of_music() -> Seen:
    """The kept embeddings of music that trainings may hear."""
    heard = hearing.load()["train"]
    looks = shipped.front()(torch.from_numpy(heard)).numpy()
    knobs = list(KNOBS)
    for name in knobs[2:]:
        looks[:, knobs.index(name)] = ranks(looks[:, knobs.index(name)])
    hue = np.arctan2(looks[:, 1], looks[:, 0])
    fits = memberships(looks, hue, looks[:, knobs.index("chroma")], looks[:, knobs.index("light")])
    directions = functional.normalize(torch.from_numpy(heard - heard.mean(0)), dim=1)
    return Seen(directions, torch.from_numpy(fits))


def space(pictures: np.ndarray) -> Space:
    """Where directions lie: the memory of the generator that ships says from where it asks. `pictures` is the mean of pictures."""
    usual = remember.load(shipped.GENERATOR).usual.numpy()
    heard = hearing.load()["train"]
    return Space(usual, pictures, float(np.median(np.linalg.norm(heard - usual, axis=1))))
