"""How music looks: from descriptors and tags of a few seconds of sound to a look.

The table below is the one place where a person decided what sounds like what. An axis is a sum of descriptors of the sound
(`models/starter_pack/descriptors.py`) and of a tagger's log-odds, each standardised on the training tracks; its rank among
the training windows is the knob, so that every value of a knob is as common as every other. Means, deviations and rank tables
are fitted on training tracks alone (`fit`) and stored as JSON.

The hue follows Russell's circumplex of affect (1980): arousal and valence span a plane, and the angle in that plane is the
hue: excited and dark is red, excited and bright is yellow, calm and bright is green to cyan, calm and dark is blue to violet.
Where the music stands on the circle of fifths turns it on a little, so that two songs of one kind need not share a colour.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.special import ndtri

from models.starter_pack.descriptors import NAMES as DESCRIPTORS

from .look import FAMILIES, KNOBS
from .teacher import TAGS

# Axis: weights of descriptors, and weights of tags (marked by a leading #).
AROUSAL = {
    "flux": 0.5, "drive": 0.4, "kick": 0.4, "hat": 0.3, "presence": 0.3, "#metal": 0.5, "#hard rock": 0.4, "#dance": 0.5,
    "#punk": 0.3, "#party": 0.3, "#ambient": -0.6, "#mellow": -0.4, "#chillout": -0.3, "#sad": -0.3,
}  # fmt: skip
VALENCE = {
    "diatonicity": 0.4, "thirds": 0.3, "brightness": 0.4, "noisiness": -0.2, "#happy": 0.7, "#party": 0.3, "#pop": 0.4,
    "#funk": 0.3, "#folk": 0.3, "#sad": -0.4, "#metal": -0.5, "#heavy metal": -0.3, "#experimental": -0.3, "bass": -0.3,
}  # fmt: skip
KNOB_AXES = {
    "spread": {"spread": 0.5, "thirds": -0.3, "motion": 0.5, "#experimental": 0.3, "#progressive rock": 0.3, "chord_focus": -0.3},
    "chroma": {"flux": 0.3, "chord_focus": 0.2, "#dance": 0.3, "#party": 0.3, "#happy": 0.3, "#sad": -0.4, "#acoustic": -0.2},
    "light": {"brightness": 0.5, "air": 0.4, "bass": -0.5, "#beautiful": 0.3, "#happy": 0.3, "#metal": -0.4, "#ambient": -0.1},
    "contrast": {"dynamics": 0.5, "crest": 0.5, "kick": 0.4, "attack": 0.3, "noisiness": -0.2},
    "complexity": {"flux": 0.6, "drive": 0.4, "hat": 0.3, "spread": 0.2, "#ambient": -0.3, "#instrumental": -0.1},
    "roughness": {"roughness": 0.6, "noisiness": 0.6, "edge": 0.3, "diatonicity": -0.4, "#metal": 0.3, "#beautiful": -0.3},
    "symmetry": {"pulse": 0.5, "kick": 0.3, "diatonicity": 0.3, "#electronic": 0.4, "#house": 0.3, "#acoustic": -0.3, "sway": -0.3},
    "glow": {"attack": -0.3, "#electronic": 0.3, "#female vocalists": 0.2, "air": 0.4, "warmth": 0.2, "chord_focus": 0.3},
}  # fmt: skip
FAMILY_AXES = {
    "liquid": {"warmth": 0.5, "sway": 0.4, "#chillout": 0.5, "#soul": 0.3, "edge": -0.3},
    "ink": {"#beautiful": 0.5, "dynamics": 0.5, "flux": -0.5, "#ambient": 0.3, "middle": 0.3, "#electronic": -0.3},
    "strokes": {"#folk": 0.6, "#acoustic": 0.5, "#country": 0.4, "#guitar": 0.3, "#electronic": -0.4},
    "mandala": {"diatonicity": 0.6, "chord_focus": 0.6, "noisiness": -0.5, "#instrumental": 0.3},
    "glass": {"crest": 0.5, "attack": 0.6, "hat": 0.4, "#electronica": 0.3, "#pop": 0.2},
    "coral": {"roughness": 0.5, "#experimental": 0.5, "#alternative": 0.3, "#indie": 0.3, "drive": 0.4},
    "flame": {"#metal": 0.7, "#hard rock": 0.4, "#punk": 0.3, "noisiness": 0.3, "presence": 0.3},
    "nebula": {"#ambient": 0.6, "motion": 0.4, "spread": 0.3, "kick": -0.4, "bass": 0.3},
    "aurora": {"air": 0.5, "brightness": 0.4, "#chill": 0.3, "#female vocalists": 0.3, "pulse": -0.4, "kick": -0.3},
    "constructivist": {"pulse": 0.5, "kick": 0.5, "#dance": 0.4, "#house": 0.4, "#electro": 0.3, "bass": 0.2},
}  # fmt: skip
# What a person turns up when they say "more": each 0 to 1, the average music at 0.5.
CONTROL_AXES = {
    "energy": {"flux": 0.5, "drive": 0.4, "kick": 0.4, "hat": 0.3, "#metal": 0.2, "#dance": 0.3, "#ambient": -0.5},
    "brightness": {"brightness": 0.8, "presence": 0.4, "air": 0.5},
    "bass": {"bass": 1.0, "brightness": -0.2},
    "warmth": {"warmth": 0.9, "air": -0.4, "noisiness": -0.3},
    "roughness": {"roughness": 0.7, "noisiness": 0.5, "diatonicity": -0.3},
    "complexity": {"flux": 0.6, "spread": 0.4, "drive": 0.4, "motion": 0.3},
    "tension": {"diatonicity": -0.6, "thirds": -0.3, "roughness": 0.4, "edge": 0.3, "#experimental": 0.2},
    "tonality": {"noisiness": -0.7, "diatonicity": 0.4, "chord_focus": 0.4},
    "dynamics": {"dynamics": 0.8, "sway": 0.5, "crest": 0.4},
    "pulse": {"pulse": 0.7, "kick": 0.5, "attack": 0.4},
}
CONTROLS = list(CONTROL_AXES)

# A picture's mood is that of some seconds around it: hops of features are blurred over time with this deviation.
MOOD_S = 5.0
FIFTHS_TURN_RAD = 0.55
# How firmly the strongest family leads.
FAMILY_SHARPNESS = 2.2
RANK_STEPS = 65
# Not every value of a knob is as welcome as every other: pictures on a stage are rather vivid and rather dark.
GREYEST = 0.25
DARKER = 1.35

_AXES = {"arousal": AROUSAL, "valence": VALENCE, **KNOB_AXES, **FAMILY_AXES, **{f"{k}!": v for k, v in CONTROL_AXES.items()}}
_INPUTS = list(DESCRIPTORS) + [f"#{tag}" for tag in TAGS]


def inputs(descriptors: np.ndarray, tags: np.ndarray) -> np.ndarray:
    """Descriptors [n, 33] and tag probabilities [n, 50] side by side, tags as log-odds: [n, 83]."""
    tags = np.clip(tags, 1e-4, 1 - 1e-4)
    return np.concatenate([descriptors, np.log(tags / (1 - tags))], axis=1)


def calm(values: np.ndarray, hop_s: float) -> np.ndarray:
    """Blurs one track's inputs [n, 83] over time: moods change slower than windows."""
    return gaussian_filter1d(values, MOOD_S / hop_s, axis=0, mode="nearest")


@dataclass(frozen=True)
class Synaesthesia:
    """The fitted constants: mean and deviation of each input, rank table of each axis."""

    mean: np.ndarray  # [83]
    deviation: np.ndarray  # [83]
    tables: dict[str, np.ndarray]  # axis -> its quantiles [RANK_STEPS]
    skew: float  # how much of arousal valence holds, to be taken out of it

    def _axes(self, values: np.ndarray) -> dict[str, np.ndarray]:
        standard = np.clip((values - self.mean) / self.deviation, -3, 3)
        axes = {name: _weigh(standard, weights) for name, weights in _AXES.items()}
        axes["valence"] = axes["valence"] - self.skew * axes["arousal"]
        return axes | {"fifths": np.tanh(standard[:, DESCRIPTORS.index("fifths_sin")])}

    def ranks(self, values: np.ndarray) -> dict[str, np.ndarray]:
        """Each axis of inputs [n, 83] as a rank 0 to 1 [n] among the training windows."""
        steps = np.linspace(0, 1, RANK_STEPS)
        return {name: np.interp(axis, self.tables[name], steps) for name, axis in self._axes(values).items()}

    def looks(self, values: np.ndarray) -> np.ndarray:
        """Inputs [n, 83] to looks [n, 20]; the family weights sum to one."""
        rank = self.ranks(values)
        arousal, valence = (ndtri(np.clip(rank[name], 0.01, 0.99)) for name in ("arousal", "valence"))
        # Excited and dark at red (0.4 rad in OKLab), from there over yellow, green and blue to violet.
        angle = np.arctan2(valence, arousal) + 0.4 + math.pi / 4 + FIFTHS_TURN_RAD * (2 * rank["fifths"] - 1)
        rank["chroma"] = GREYEST + (1 - GREYEST) * rank["chroma"]
        rank["light"] = rank["light"] ** DARKER
        knobs = [np.cos(angle), np.sin(angle)] + [rank[name] for name in list(KNOBS)[2:]]
        weight = np.stack([ndtri(np.clip(rank[name], 0.005, 0.995)) for name in FAMILIES], axis=1) * FAMILY_SHARPNESS
        weight = np.exp(weight - weight.max(1, keepdims=True))
        return np.concatenate([np.stack(knobs, axis=1), weight / weight.sum(1, keepdims=True)], axis=1).astype(np.float32)

    def controls(self, values: np.ndarray) -> np.ndarray:
        """Inputs [n, 83] to controls [n, 10], each 0 to 1."""
        rank = self.ranks(values)
        return np.stack([rank[f"{name}!"] for name in CONTROLS], axis=1).astype(np.float32)

    def save(self, path: Path) -> None:
        tables = {name: [round(float(v), 4) for v in table] for name, table in self.tables.items()}
        scale = {name: [round(float(m), 5), round(float(d), 5)] for name, m, d in zip(_INPUTS, self.mean, self.deviation)}
        path.write_text(json.dumps({"skew": round(self.skew, 4), "mean_and_deviation": scale, "quantiles": tables}) + "\n")

    @classmethod
    def load(cls, path: Path) -> "Synaesthesia":
        stored = json.loads(path.read_text())
        scale = np.array([stored["mean_and_deviation"][name] for name in _INPUTS])
        tables = {name: np.array(table) for name, table in stored["quantiles"].items()}
        return cls(scale[:, 0], scale[:, 1], tables, stored["skew"])


def fit(values: np.ndarray, weight: np.ndarray) -> Synaesthesia:
    """Fits constants to training windows [n, 83]; `weight` [n] evens out sources of unequal length."""
    weight = weight / weight.sum()
    mean = weight @ values
    deviation = np.sqrt(weight @ (values - mean) ** 2) + 1e-6
    bare = Synaesthesia(mean, deviation, {}, 0.0)._axes(values)
    arousal = bare["arousal"] - weight @ bare["arousal"]
    skew = float((weight * arousal) @ bare["valence"] / ((weight * arousal) @ arousal))
    axes = Synaesthesia(mean, deviation, {}, skew)._axes(values)
    tables = {name: _quantiles(axis, weight) for name, axis in axes.items()}
    return Synaesthesia(mean, deviation, tables, skew)


def _weigh(standard: np.ndarray, weights: dict[str, float]) -> np.ndarray:
    return sum(share * standard[:, _INPUTS.index(name)] for name, share in weights.items())


def _quantiles(values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    order = np.argsort(values)
    place = np.cumsum(weight[order]) - weight[order] / 2
    # Strictly rising, so that ranks can be looked up.
    return np.interp(np.linspace(0, 1, RANK_STEPS), place, values[order]) + np.arange(RANK_STEPS) * 1e-7
