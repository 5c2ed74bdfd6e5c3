"""Colour: palettes made in OKLab, laid along a curve, and the way from OKLab to what a screen shows.

OKLab is Björn Ottosson's perceptual space (2020): equal steps look equal, so a palette that is smooth there looks smooth.
"""

import math

import torch
from torch import nn

# Six stops from shadow to highlight: lightness, chroma, lean towards the shadow hue, lean towards the light hue.
STOPS = (
    (0.02, 0.03, 0.7, 0.0),
    (0.08, 0.13, 0.5, 0.0),
    (0.38, 0.27, 0.2, 0.0),
    (0.64, 0.25, 0.0, 0.1),
    (0.84, 0.17, 0.0, 0.3),
    (1.00, 0.03, 0.0, 0.5),
)
SHADOW_HUE, LIGHT_HUE = 5.0, 1.7  # shadows lean to violet, lights to yellow, as they do under a sky
MUDDY_HUE = 2.0

# Bernstein to power basis, degree 5: the stops become polynomial coefficients, so a pixel costs five multiply-adds.
BERNSTEIN_5 = (
    (1.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    (-5.0, 5.0, 0.0, 0.0, 0.0, 0.0),
    (10.0, -20.0, 10.0, 0.0, 0.0, 0.0),
    (-10.0, 30.0, -30.0, 10.0, 0.0, 0.0),
    (5.0, -20.0, 30.0, -20.0, 5.0, 0.0),
    (-1.0, 5.0, -10.0, 10.0, -5.0, 1.0),
)


# Ottosson's two matrices: OKLab to cube roots of cone responses, and cone responses to linear Rec. 709.
LAB_TO_CONES = ((1.0, 0.3963377774, 0.2158037573), (1.0, -0.1055613458, -0.0638541728), (1.0, -0.0894841775, -1.2914855480))
CONES_TO_RGB = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)


def oklab_to_linear(lab: torch.Tensor) -> torch.Tensor:
    """OKLab [B, 3, H, W] to linear red, green, blue [B, 3, H, W]; may leave 0..1. A matrix product is the fastest way."""
    height, width = int(lab.shape[2]), int(lab.shape[3])
    cones = torch.tensor(LAB_TO_CONES) @ lab.reshape(-1, 3, height * width)
    return (torch.tensor(CONES_TO_RGB) @ (cones * cones * cones)).reshape(-1, 3, height, width)


def polynomial(coefficients: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """Horner's scheme: coefficients [B, 6, 1, 1] (constant first) at t [B, 1, H, W]."""
    value = coefficients[:, 5:6] * t
    for power in range(4, 0, -1):
        value = (value + coefficients[:, power : power + 1]) * t
    return value + coefficients[:, 0:1]


def srgb_code(linear: torch.Tensor) -> torch.Tensor:
    """Linear light 0..1 to sRGB code values, close to the standard's curve, from square roots only (no slow power)."""
    root2 = torch.sqrt(linear)
    root4 = torch.sqrt(root2)
    root8 = torch.sqrt(root4)
    # The three roots run slightly below zero for the darkest thousandth: that is black.
    return torch.relu(0.585122381 * root2 + 0.783140355 * root4 - 0.368262736 * root8)


class Palette(nn.Module):
    """Knobs to L, a, b as polynomials of the tone [B, 6, 1, 1], and two lights [B, 3, 1, 1] in linear colour."""

    def __init__(self):
        super().__init__()
        stops = torch.tensor(STOPS)[:, :, None, None]
        lightness, chroma, to_shadow, to_light = (stops[:, i][None] for i in range(4))
        self.register_buffer("chroma", chroma)
        self.register_buffer("to_shadow", to_shadow)
        self.register_buffer("to_light", to_light)
        self.register_buffer("step", (torch.arange(6.0)[None, :, None, None] - 2.5) * 0.55)
        self.register_buffer("bernstein", torch.tensor(BERNSTEIN_5)[:, :, None, None])
        self.register_buffer("lightness", nn.functional.conv2d(lightness, self.bernstein))

    def forward(self, knob: dict[str, torch.Tensor]):
        # Hurry through yellow-green, which turns muddy in the dark, and linger opposite.
        hue = 1.1 * knob["hue"]
        hue = hue + 0.5 * torch.sin(hue - MUDDY_HUE)
        chroma = self.chroma * (0.72 + 0.3 * torch.tanh(knob["chroma"]))
        h = hue + self.step * (0.85 * torch.tanh(1.2 * knob["hue_span"]))
        h = h + self.to_shadow * torch.sin(SHADOW_HUE - h) + self.to_light * torch.sin(LIGHT_HUE - h)
        a = nn.functional.conv2d(chroma * torch.cos(h), self.bernstein)
        b = nn.functional.conv2d(chroma * torch.sin(h), self.bernstein)
        # Accents: across the wheel, and beside it.
        away = 0.9 * torch.tanh(knob["accent"])
        lights = []
        for angle, strength in ((0.8 * math.pi + away, 0.18), (-0.45 * math.pi + 0.6 * away, 0.17)):
            h = hue + angle
            lab = torch.cat([0.76 + 0.0 * h, strength * torch.cos(h), strength * torch.sin(h)], dim=1)
            lights.append(torch.relu(oklab_to_linear(lab)))
        return self.lightness, a, b, *lights
