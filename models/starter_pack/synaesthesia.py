"""How a sound looks: fixed, hand-made recipes from descriptors (and the latent z) to the knobs of the painter.

The embedding decides colour and form, z decides where things lie. Every knob is a sum, so it moves as smoothly as its
inputs; angles are never wrapped, so nothing ever jumps.
"""

import math

import torch
from torch import nn

from .contract import LATENT_DIM
from .descriptors import NAMES
from .encoder import REST, lift_matrix, load_calibration

KNOB_SEED = 7

# Knobs: (centre, spread by z, {descriptor: weight}); descriptors count in standard deviations from the average music.
KNOBS = {
    # Colour: dark and warm sounds start at red, bright and airy ones go towards blue; harmony and timbre turn the wheel on.
    "hue": (
        0.9,
        0.55,
        {"brightness": 0.8, "air": 0.5, "bass": -0.5, "fifths_sin": 0.7, "fifths_cos": -0.6, "timbre_3": 0.8, "timbre_5": -0.7},
    ),
    "hue_span": (0.1, 0.6, {"timbre_4": 0.7, "spread": 0.5, "thirds": 0.5, "timbre_6": 0.4}),
    "accent": (0.0, 0.5, {"timbre_7": 0.6, "diatonicity": -0.4, "timbre_2": 0.4}),
    "chroma": (0.6, 0.3, {"flux": 0.4, "chord_focus": 0.3, "presence": 0.3, "warmth": 0.3}),
    "light": (0.0, 0.35, {"brightness": 0.5, "air": 0.4, "bass": -0.3, "dynamics": 0.2}),
    "contrast": (0.0, 0.3, {"dynamics": 0.4, "crest": 0.3, "kick": 0.4}),
    # Shape: busy music is fine-grained, bass is large, a swaying sound flows.
    "scale": (0.0, 0.5, {"flux": 0.4, "spread": 0.3, "bass": -0.4, "drive": 0.3}),
    "flow": (0.0, 0.5, {"warmth": 0.5, "sway": 0.4, "flux": -0.4, "edge": -0.4}),
    "star": (0.0, 1.0, {"timbre_1": 0.5, "middle": 0.5}),
    "shimmer": (0.0, 0.5, {"hat": 0.6, "air": 0.4, "motion": 0.4}),
}

# Forms: the same way; the largest few of them share the picture.
FORMS = {
    "liquid": (0.2, 0.45, {"warmth": 0.6, "bass": 0.5, "sway": 0.5, "edge": -0.5, "attack": -0.4}),
    "mandala": (0.3, 0.45, {"diatonicity": 0.7, "chord_focus": 0.6, "noisiness": -0.5, "pulse": 0.5}),
    "nebula": (0.3, 0.45, {"motion": 0.6, "dynamics": 0.5, "noisiness": 0.5, "spread": 0.4, "kick": -0.5}),
    "agate": (0.1, 0.45, {"roughness": 0.7, "drive": 0.6, "flux": 0.5, "sway": -0.4}),
    "glass": (0.1, 0.45, {"crest": 0.6, "attack": 0.7, "hat": 0.5, "edge": 0.5}),
    "veil": (-0.3, 0.35, {"air": 0.6, "brightness": 0.6, "pulse": -0.6, "kick": -0.5, "timbre_2": 0.4}),
}
FORM_SHARPNESS = 3.6

# What each form asks of the layers of the picture. All layers are always painted; forms only mix them, so one form melts
# into the next.
LAYERS = {
    #           liquid mandala nebula agate glass veil
    "symmetry": (0.00, 1.00, 0.00, 0.00, 0.00, 0.00),
    "zoom":     (0.85, 0.90, 0.85, 0.90, 0.80, 0.75),
    "warp":     (1.05, 0.75, 1.05, 0.90, 0.50, 0.80),
    "relief":   (1.00, 0.70, 0.08, 0.60, 0.80, 0.05),
    "line":     (0.05, 0.85, 0.04, 0.10, 0.80, 0.06),
    "haze":     (0.00, 0.05, 1.00, 0.00, 0.03, 0.00),
    "bands":    (0.10, 0.30, 0.00, 1.00, 0.30, 0.00),
    "cells":    (0.00, 0.00, 0.00, 0.00, 1.00, 0.00),
    "curtain":  (0.00, 0.00, 0.00, 0.00, 0.00, 1.00),
    "rings":    (0.00, 1.00, 0.00, 0.10, 0.00, 0.00),
    "stretch":  (0.00, 0.00, 0.00, 0.00, 0.00, 1.00),
}  # fmt: skip

# Places, turns and phases: z moves these most, with a seeded share of every descriptor.
GEOMETRY = 26


class Synaesthesia(nn.Module):
    """embedding [B, 512], z [B, 64] -> knobs and layers by name, and a list of geometry; each value [B, 1, 1, 1]."""

    def __init__(self):
        super().__init__()
        weight = load_calibration()["weight"]
        # The encoder scaled its vector to length one; this is the typical length to give back.
        length = math.sqrt(float((weight**2).sum()) + REST**2)
        self.register_buffer("unlift", lift_matrix()[:-1].t() * (length / weight))

        recipes = list(KNOBS.values()) + list(FORMS.values())
        from_sound = torch.zeros(len(NAMES), len(recipes))
        for column, (_, _, recipe) in enumerate(recipes):
            for name, share in recipe.items():
                from_sound[NAMES.index(name), column] = share
        generator = torch.Generator().manual_seed(KNOB_SEED)
        # Orthonormal columns: no two knobs move together when z moves.
        from_z = torch.randn(LATENT_DIM, len(recipes) + GEOMETRY, generator=generator)
        from_z = torch.linalg.qr(from_z.double())[0].float()
        spread = torch.tensor([spread for _, spread, _ in recipes] + [1.0] * GEOMETRY)
        mixed = torch.randn(len(NAMES), GEOMETRY, generator=generator) * (0.5 / math.sqrt(len(NAMES)))
        self.register_buffer("from_sound", torch.cat([from_sound, mixed], dim=1))
        self.register_buffer("from_z", from_z * spread)
        self.register_buffer("centre", torch.tensor([[centre for centre, _, _ in recipes] + [0.0] * GEOMETRY]))
        self.register_buffer("mix", torch.tensor(list(LAYERS.values())).t().contiguous())

    def forward(self, embedding: torch.Tensor, z: torch.Tensor):
        descriptors = embedding @ self.unlift
        descriptors = 3.0 * torch.tanh(descriptors / 3.0)
        values = descriptors @ self.from_sound + z @ self.from_z + self.centre
        first, last = len(KNOBS), len(KNOBS) + len(FORMS)
        layers = torch.softmax(values[:, first:last] * FORM_SHARPNESS, dim=1) @ self.mix
        values = torch.cat([values, layers], dim=1)[:, :, None, None].split(1, dim=1)
        named = dict(zip(KNOBS, values[:first])) | dict(zip(LAYERS, values[-len(LAYERS) :]))
        return named, values[last : -len(LAYERS)]
