"""The teacher: all-MiniLM-L6-v2, and a small network from its embedding into the space of music and pictures.

Trained contrastively with both towers, which stay as they are: a caption's pictures (and its music) against all others. Since the
grammar knows which pictures a caption fits, and how well, the target is no single pair but their whole distribution: InfoNCE
(van den Oord et al. 2018) with soft targets over all pictures at once.

The space was made for music, and its neighbours are often of other families: only four in ten pictures have a nearest one of their
own. So the teacher also learns what a phrase makes the generator show: the same loss against the pictures of its memory, chosen
as the memory chooses.
"""

import math

import torch
from torch import nn
from torch.nn import functional

from ..look import FAMILIES
from .captions import CONDITIONS, HUES_DEG, MEASURES
from .seen import Seen

READ, WIDTH = 384, 128
LEARNING_RATE, BATCH = 1.5e-3, 256
# What a phrase's embedding is shaken by, of its length one: phrases nearby mean nearly the same.
SHAKE = 0.35
# Once it has learned, the likelier of two families or colours is meant: half of each is a picture of neither.
DECIDED = 2.0
# How much each counts beside the memory.
SHARES = {"pictures": 0.3, "music": 0.1}
# Directions in the space lie in few dimensions: 64 hold 99.8 % of them.
DIMENSIONS = 64


def basis(directions: torch.Tensor) -> torch.Tensor:
    """[DIMENSIONS, 512], orthonormal: the main directions of pictures, the largest first."""
    return torch.linalg.svd(directions, full_matrices=False).Vh[:DIMENSIONS].contiguous()


class Projection(nn.Module):
    """MiniLM's embedding [n, 384] -> coordinates [n, 64] on the basis; their length says how sure it is.

    Between the two lies what is asked for (`asks`): which family or none, which colour or none, which qualities. A straight map to few
    meanings cannot learn captions by heart, and that is what lets it read phrases that no caption is like.
    """

    def __init__(self):
        super().__init__()
        self.meaning = nn.Sequential(nn.Dropout(0.2), nn.Linear(READ, len(CONDITIONS) + 2))
        self.layers = nn.Sequential(nn.Linear(len(CONDITIONS), WIDTH), nn.SiLU(), nn.Linear(WIDTH, DIMENSIONS))

    def logits(self, read: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Families and none [n, 11], colours and none [n, 9], qualities [n, 16]."""
        families, colours = len(FAMILIES) + 1, len(HUES_DEG) + 1
        return self.meaning(read * READ**0.5).split([families, colours, len(MEASURES)], dim=1)

    def asks(self, read: torch.Tensor) -> torch.Tensor:
        """How much of each condition a phrase asks for [n, conditions], 0 to 1."""
        families, colours, qualities = self.logits(read)
        sharp = 1.0 if self.training else DECIDED
        return torch.cat([(families * sharp).softmax(1)[:, :-1], (colours * sharp).softmax(1)[:, :-1], qualities.sigmoid()], dim=1)

    def forward(self, read: torch.Tensor) -> torch.Tensor:
        return self.layers(self.asks(read) * 2)


def meaning_loss(projection: Projection, read: torch.Tensor, asks: torch.Tensor) -> torch.Tensor:
    """How wrongly captions are read, of what they ask for [n, C]."""
    families, colours, qualities = projection.logits(read)
    of_family, of_colour, of_quality = asks.split([len(FAMILIES), len(HUES_DEG), len(MEASURES)], dim=1)
    loss = functional.binary_cross_entropy_with_logits(qualities, of_quality.clamp(max=1)) * 4
    for logits, wanted in ((families, of_family), (colours, of_colour)):
        wanted = torch.cat([wanted, (1 - wanted.sum(1, keepdim=True)).clamp(min=0)], dim=1)
        loss = loss + functional.cross_entropy(logits, wanted / wanted.sum(1, keepdim=True))
    return loss


def fit_loss(coordinates: torch.Tensor, asks: torch.Tensor, seen: Seen, across: torch.Tensor) -> torch.Tensor:
    """Cross entropy of how likely each thing is, of coordinates [n, 64] and captions' conditions [n, C]. `across` is `seen` on the basis."""
    wanted = torch.softmax(asks @ seen.fits, dim=1)
    return -(wanted * torch.log_softmax(coordinates @ across.t(), dim=1)).sum(1).mean()


def shown_loss(coordinates: torch.Tensor, asks: torch.Tensor, memory: "Shelf", generator: torch.Generator | None = None) -> torch.Tensor:
    """How little of what the memory shows fits, at one z for each caption: the logarithm of its share, below zero."""
    like = functional.normalize(coordinates, dim=1) @ memory.across.t()
    scores = like * memory.sharpness + memory.bias + memory.whim * torch.randn(like.shape, generator=generator)
    fit = asks @ memory.fits
    fit = fit - fit.max(1, keepdim=True).values
    return (scores.logsumexp(1) - (scores + fit).logsumexp(1)).mean()


class Shelf:
    """The memory's pictures, as a phrase sees them: keys on the basis, and how it chooses."""

    def __init__(self, memory, fits: torch.Tensor, axes: torch.Tensor):
        keys = functional.normalize(memory.keys.float(), dim=1)
        self.across, self.fits, self.bias = keys @ axes.t(), fits, memory.bias
        self.sharpness = float(memory.sharpness[0])
        # What z likes, and where each place goes its own way.
        self.whim = math.hypot(float(memory.sharpness[1]), float(memory.sharpness[2]))


def train(read: torch.Tensor, asks: torch.Tensor, pictures: Seen, music: Seen, memory, steps: int, seed: int = 0) -> tuple[Projection, torch.Tensor]:
    """Captions as MiniLM reads them [n, 384] and what they ask for [n, C] to a projection and its basis [64, 512].
    `memory` is a pair: the generator's memory, and how well its pictures fit [C, N]."""
    torch.manual_seed(seed)
    axes = basis(pictures.directions)
    across = [(seen, seen.directions @ axes.t(), SHARES[name]) for name, seen in (("pictures", pictures), ("music", music))]
    shelf = Shelf(*memory, axes)
    projection = Projection()
    optimiser = torch.optim.AdamW(projection.parameters(), LEARNING_RATE, weight_decay=0.05)
    generator = torch.Generator().manual_seed(seed)
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = LEARNING_RATE * min(1, (step + 1) / 50) * max(0.02, 1 - step / steps)
        chosen = torch.randint(len(read), (BATCH,), generator=generator)
        shaken = read[chosen] + torch.randn(BATCH, READ, generator=generator) * SHAKE / READ**0.5
        shaken = functional.normalize(shaken, dim=1)
        coordinates = projection(shaken)
        shown = shown_loss(coordinates, asks[chosen], shelf, generator)
        loss = shown + meaning_loss(projection, shaken, asks[chosen]) + sum(share * fit_loss(coordinates, asks[chosen], seen, on) for seen, on, share in across)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % 500 == 0:
            print(f"teacher, step {step}: {loss.item():.3f}, of the memory {shown.item():.3f}")
    return projection.eval(), axes
