"""Palettes: from a look's colour knobs to six colours in OKLab, the same for the art and for the generator.

OKLab is Björn Ottosson's perceptual space (2020). Hues are turned as vectors, never as angles, so that no colour jumps
when an angle passes a half turn, and so that ONNX needs no arc tangent.
"""

import math

import torch

from models.starter_pack.palette import BERNSTEIN_5, oklab_to_linear

# Six stops from shadow to highlight: lightness, chroma, how far the shadow leans to violet and the light to yellow, as
# they do under a sky.
STOPS = (
    (0.02, 0.04, 0.50, 0.00),
    (0.12, 0.13, 0.35, 0.00),
    (0.38, 0.25, 0.10, 0.00),
    (0.63, 0.24, 0.00, 0.05),
    (0.84, 0.16, 0.00, 0.20),
    (1.00, 0.04, 0.00, 0.30),
)
SHADOW_HUE_RAD, LIGHT_HUE_RAD = 5.0, 1.6
# Turn from the main hue, lightness and chroma of the two accents: across the wheel, and beside it.
ACCENTS = ((2.6, 0.78, 0.17), (-1.4, 0.76, 0.16))


def turn(hue: torch.Tensor, angle: torch.Tensor) -> torch.Tensor:
    """Turns hue vectors [..., 2] by angles [...] in radians."""
    c, s = torch.cos(angle), torch.sin(angle)
    return torch.stack([c * hue[..., 0] - s * hue[..., 1], s * hue[..., 0] + c * hue[..., 1]], dim=-1)


def stops(hue: torch.Tensor, spread: torch.Tensor, chroma: torch.Tensor, light: torch.Tensor, contrast: torch.Tensor):
    """Colour knobs (hue [B, 2], the others [B], 0 to 1) to stops [B, 6, 3] in OKLab, shadow first."""
    table = torch.tensor(STOPS, dtype=hue.dtype, device=hue.device)
    lightness = torch.exp(torch.log(table[:, 0]) * (1.35 - 0.95 * light[:, None]))
    lightness = 0.5 + (lightness - 0.5) * (0.80 + 0.22 * contrast[:, None])
    place = torch.linspace(-0.5, 0.5, len(STOPS), dtype=hue.dtype, device=hue.device)
    turned = turn(hue[:, None, :], place * (0.35 + 2.5 * spread[:, None]))
    for lean, angle in ((table[:, 2], SHADOW_HUE_RAD), (table[:, 3], LIGHT_HUE_RAD)):
        turned = turned + lean[None, :, None] * torch.tensor([math.cos(angle), math.sin(angle)], device=hue.device)
    saturation = table[:, 1] * (0.26 + 0.88 * chroma[:, None])
    return torch.cat([lightness.clamp(0, 1)[..., None], turned * saturation[..., None]], dim=2)


def accents(hue: torch.Tensor, chroma: torch.Tensor) -> torch.Tensor:
    """The two accents [B, 2, 3], in linear light."""
    colours = []
    for angle, lightness, strength in ACCENTS:
        ab = turn(hue, torch.full_like(chroma, angle)) * (strength * (0.45 + 0.55 * chroma))[:, None]
        colours.append(torch.cat([torch.full_like(ab[:, :1], lightness), ab], dim=1))
    lab = torch.stack(colours, dim=2)  # [B, 3, 2]
    return torch.relu(oklab_to_linear(lab[..., None]))[..., 0].permute(0, 2, 1)


def coefficients(colours: torch.Tensor) -> torch.Tensor:
    """Stops [B, 6, 3] as control points of a Bézier curve: polynomial coefficients [B, 6, 3], constant first."""
    return torch.tensor(BERNSTEIN_5, dtype=colours.dtype, device=colours.device) @ colours
