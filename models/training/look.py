"""The look: twenty numbers that say how a picture should be.

Music sets them (`synaesthesia.py`), art is painted from them (`art/`), the generator is conditioned on them (`gan/`). They are
the one language that sound and picture share, so each has a meaning that a person can see.
"""

from dataclasses import dataclass

import numpy as np

# Name: what a picture shows where the number is high. All run from 0 to 1, but the hue, which is a point on a circle.
KNOBS = {
    "hue_cos": "the main hue in OKLab, as the cosine of its angle",
    "hue_sin": "and the sine",
    "spread": "many hues, shadows and lights of different colour",
    "chroma": "vivid colour; low is grey",
    "light": "a light ground; low is a dark one",
    "contrast": "deep blacks beside bright lights",
    "complexity": "many small things; low is a few large ones",
    "roughness": "jagged, grainy, torn; low is smooth",
    "symmetry": "order: folds, rings, repetition; low is free",
    "glow": "light that radiates: highlights, haloes, hot cores",
}

# Families of art: each has a painter of its own in `art/`, and a form in `gan/painter.py`.
FAMILIES = ("liquid", "ink", "strokes", "mandala", "glass", "coral", "flame", "nebula", "aurora", "constructivist")

LOOK_DIM = len(KNOBS) + len(FAMILIES)

# The family that leads is painted, or one that leads nearly as much: weights count to this power.
FAMILY_LEAD = 4.0


@dataclass(frozen=True)
class Look:
    """One look, by name. `family` is the largest of the family weights."""

    vector: np.ndarray  # float32 [LOOK_DIM]: the knobs in order, then one weight a family

    def __getattr__(self, name: str) -> float:
        knobs = list(KNOBS)
        if name not in knobs:
            raise AttributeError(name)
        return float(self.vector[knobs.index(name)])

    @property
    def hue_rad(self) -> float:
        return float(np.arctan2(self.hue_sin, self.hue_cos))

    @property
    def family(self) -> str:
        return FAMILIES[int(np.argmax(self.vector[len(KNOBS) :]))]


def decided(looks: np.ndarray) -> np.ndarray:
    """Looks [n, 20] whose family weights are how likely each family is to be painted; float64."""
    lead = looks[:, len(KNOBS) :].astype(np.float64) ** FAMILY_LEAD
    return np.concatenate([looks[:, : len(KNOBS)], lead / lead.sum(1, keepdims=True)], axis=1)


def random_look(rng: np.random.Generator, family: str | None = None) -> Look:
    """Any look, each number as likely as any other; for tests, sheets, and art that stands for no music."""
    angle = rng.uniform(0, 2 * np.pi)
    knobs = rng.uniform(0, 1, len(KNOBS))
    knobs[0], knobs[1] = np.cos(angle), np.sin(angle)
    weights = np.zeros(len(FAMILIES))
    weights[FAMILIES.index(family) if family else rng.integers(len(FAMILIES))] = 1
    return Look(np.concatenate([knobs, weights]).astype(np.float32))
