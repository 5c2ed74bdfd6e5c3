"""The encoder: three seconds of sound to a point on the unit sphere in 512 dimensions, and ten controls.

Descriptors are standardised with constants measured on eight hours of music (`calibration.json`), weighted by how well they
tell tracks apart, and turned into 512 dimensions by a matrix with orthonormal rows. Orthonormal rows keep angles, and let
the generator take the descriptors out again with the same matrix transposed: nothing is lost on the way.
"""

import json
import math
from pathlib import Path

import torch
from torch import nn

from .contract import EMBEDDING_DIM
from .descriptors import NAMES, Descriptors

CALIBRATION = Path(__file__).with_name("calibration.json")
LIFT_SEED = 20

# The embedding of silence, and what keeps the length of a nondescript sound's vector away from zero.
REST = 1.0

# Each control: descriptors (standard deviations from the average music) and their weights. Zero is calm.
CONTROLS = {
    "energy": {"flux": 0.5, "kick": 0.4, "hat": 0.3, "drive": 0.4, "air": 0.3, "presence": 0.2, "crest": -0.3},
    "brightness": {"brightness": 0.8, "presence": 0.4, "air": 0.5},
    "bass": {"bass": 1.1, "brightness": -0.2},
    "warmth": {"warmth": 0.9, "air": -0.4, "noisiness": -0.3},
    "roughness": {"roughness": 0.7, "noisiness": 0.5, "diatonicity": -0.3},
    "density": {"flux": 0.7, "drive": 0.4, "roughness": 0.3, "attack": -0.4},
    "tonality": {"noisiness": -0.7, "diatonicity": 0.4, "chord_focus": 0.4, "edge": 0.3},
    "dynamics": {"dynamics": 0.8, "sway": 0.5, "crest": 0.4},
    "pulse": {"pulse": 0.7, "kick": 0.5, "attack": 0.4},
    "motion": {"motion": 1.0, "spread": 0.2},
}


def lift_matrix() -> torch.Tensor:
    """Orthonormal rows [len(NAMES) + 1, 512]; the last row is the rest direction.

    Rows of the Walsh-Hadamard matrix with seeded column signs: exactly orthonormal in float32, on every machine.
    """
    rows = len(NAMES) + 1
    generator = torch.Generator().manual_seed(LIFT_SEED)
    picked = torch.randperm(EMBEDDING_DIM, generator=generator)[:rows]
    signs = torch.randint(0, 2, (EMBEDDING_DIM,), generator=generator) * 2 - 1
    common_bits = picked[:, None] & torch.arange(EMBEDDING_DIM)[None, :]
    parity = torch.zeros_like(common_bits)
    for bit in range(EMBEDDING_DIM.bit_length()):
        parity ^= (common_bits >> bit) & 1
    return ((1 - 2 * parity) * signs).float() / math.sqrt(EMBEDDING_DIM)


def load_calibration() -> dict[str, torch.Tensor]:
    """Mean, standard deviation and weight of each descriptor, each [1, len(NAMES)]."""
    table = json.loads(CALIBRATION.read_text())["descriptors"]
    return {key: torch.tensor([[table[name][key] for name in NAMES]]) for key in ("mean", "deviation", "weight")}


class Encoder(nn.Module):
    """audio [1, 48000] -> embedding [1, 512] of length one, controls [1, len(CONTROLS)] from 0 to 1."""

    def __init__(self):
        super().__init__()
        self.descriptors = Descriptors()
        calibration = load_calibration()
        self.register_buffer("mean", calibration["mean"])
        self.register_buffer("inverse_deviation", 1.0 / calibration["deviation"])
        self.register_buffer("weight", calibration["weight"])
        self.register_buffer("lift", lift_matrix())
        mix = torch.zeros(len(NAMES), len(CONTROLS))
        for column, recipe in enumerate(CONTROLS.values()):
            length = math.sqrt(sum(w * w for w in recipe.values()))
            for name, w in recipe.items():
                mix[NAMES.index(name), column] = 1.8 * w / length
        self.register_buffer("control_mix", mix)

    def forward(self, audio: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        values, presence = self.descriptors(audio)
        standard = (values - self.mean) * self.inverse_deviation
        # Nothing may lie further out than about three deviations: one odd descriptor must not drown the others.
        standard = 3.0 * torch.tanh(standard / 3.0) * presence
        point = (standard * self.weight) @ self.lift[:-1] + REST * self.lift[-1:]
        embedding = point / torch.sqrt((point * point).sum(1, keepdim=True))
        controls = torch.sigmoid(standard @ self.control_mix) * presence
        return embedding, controls
