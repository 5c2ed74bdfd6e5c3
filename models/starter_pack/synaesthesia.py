"""How a sound looks: fixed, hand-made recipes from descriptors (and the latent z) to the knobs of the painter.

The embedding decides colour and form, z decides where things lie. Every knob is a sum, so it moves as smoothly as its
inputs; angles are never wrapped, so nothing ever jumps.
"""

import math

import torch
from torch import nn

from .contract import LATENT_DIM
from .descriptors import NAMES
from .encoder import lift_matrix, load_calibration

KNOB_SEED = 7

# Knobs: (centre, spread by z, {descriptor: weight}). Descriptors are in standard deviations.
KNOBS = {
    # colour
    "hue": (0.9, 0.55, {"brightness": 0.8, "air": 0.5, "fifths_sin": 0.7, "fifths_cos": -0.6, "timbre_3": 0.8, "timbre_5": -0.7, "bass": -0.5}),
    "hue_span": (0.1, 0.6, {"timbre_4": 0.7, "spread": 0.5, "thirds": 0.5, "timbre_6": 0.4}),
    "accent": (0.0, 0.5, {"timbre_7": 0.6, "diatonicity": -0.4, "timbre_2": 0.4}),
    "chroma": (0.5, 0.3, {"flux": 0.4, "chord_focus": 0.3, "presence": 0.3, "warmth": 0.3}),
    "light": (0.0, 0.35, {"brightness": 0.5, "air": 0.4, "bass": -0.3, "dynamics": 0.2}),
    # form
    "scale": (0.0, 0.5, {"flux": 0.4, "spread": 0.3, "bass": -0.4, "drive": 0.3}),
    "liquid": (0.0, 0.5, {"warmth": 0.5, "sway": 0.4, "flux": -0.4, "edge": -0.4}),
    "symmetry": (-0.2, 0.8, {"diatonicity": 0.7, "chord_focus": 0.5, "noisiness": -0.5, "pulse": 0.3}),
    "filament": (0.1, 0.7, {"hat": 0.5, "edge": 0.5, "attack": 0.4, "brightness": 0.3}),
    "grain": (-0.2, 0.7, {"roughness": 0.7, "noisiness": 0.5, "drive": 0.4}),
    "glass": (-0.4, 0.7, {"crest": 0.5, "attack": 0.5, "timbre_8": 0.5, "hat": 0.3}),
    "swirl": (0.0, 0.9, {"motion": 0.5, "sway": 0.5}),
    "contrast": (0.0, 0.3, {"dynamics": 0.4, "crest": 0.3, "kick": 0.4}),
    "fold": (0.0, 1.0, {"timbre_1": 0.5, "middle": 0.5}),
}
# Geometry: knobs that z moves most, with a seeded share of every descriptor.
GEOMETRY = 24


class Synaesthesia(nn.Module):
    """embedding [B, 512], z [B, 64] -> dict of knobs [B, 1] and geometry [B, GEOMETRY] (about standard normal)."""

    def __init__(self):
        super().__init__()
        calibration = load_calibration()
        weight = calibration["weight"]
        # The typical length of the weighted descriptor vector before the encoder made it one.
        length = math.sqrt(float((weight**2).sum()) + 1.0)
        self.register_buffer("unlift", lift_matrix()[:-1].t() * (length / weight))
        generator = torch.Generator().manual_seed(KNOB_SEED)
        knobs = len(KNOBS)
        from_sound = torch.zeros(len(NAMES), knobs)
        for column, (_, _, recipe) in enumerate(KNOBS.values()):
            for name, w in recipe.items():
                from_sound[NAMES.index(name), column] = w
        from_z = torch.randn(LATENT_DIM, knobs + GEOMETRY, generator=generator)
        from_z = torch.linalg.qr(from_z.double())[0].float()
        from_z[:, :knobs] *= torch.tensor([[spread for _, spread, _ in KNOBS.values()]])
        mixed = torch.randn(len(NAMES), GEOMETRY, generator=generator) * (0.6 / math.sqrt(len(NAMES)))
        self.register_buffer("from_sound", torch.cat([from_sound, mixed], dim=1))
        self.register_buffer("from_z", from_z)
        self.register_buffer("centre", torch.tensor([[c for c, _, _ in KNOBS.values()] + [0.0] * GEOMETRY]))

    def forward(self, embedding: torch.Tensor, z: torch.Tensor):
        descriptors = embedding @ self.unlift
        descriptors = 3.0 * torch.tanh(descriptors / 3.0)
        values = descriptors @ self.from_sound + z @ self.from_z + self.centre
        knobs = {name: values[:, i : i + 1] for i, name in enumerate(KNOBS)}
        return knobs, values[:, len(KNOBS) :]
