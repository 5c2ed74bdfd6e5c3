"""Colour: palettes made in OKLab, laid along a curve, and the way from OKLab to what a screen shows.

OKLab is Björn Ottosson's perceptual space (2020): equal steps look equal, so a palette that is smooth there looks smooth.
"""

import torch

# Bernstein to power basis, degree 5: six palette stops become polynomial coefficients, so a pixel costs five multiply-adds.
BERNSTEIN_5 = torch.tensor(
    [
        [1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [-5.0, 5.0, 0.0, 0.0, 0.0, 0.0],
        [10.0, -20.0, 10.0, 0.0, 0.0, 0.0],
        [-10.0, 30.0, -30.0, 10.0, 0.0, 0.0],
        [5.0, -20.0, 30.0, -20.0, 5.0, 0.0],
        [-1.0, 5.0, -10.0, 10.0, -5.0, 1.0],
    ]
)

SHADOW_HUE, LIGHT_HUE = 5.0, 1.7  # shadows lean to violet, lights to yellow, as they do under a sky


def oklab_to_linear(L, a, b):
    """OKLab to linear Rec. 709 red, green, blue; may leave 0..1."""
    l = L + 0.3963377774 * a + 0.2158037573 * b
    m = L - 0.1055613458 * a - 0.0638541728 * b
    s = L - 0.0894841775 * a - 1.2914855480 * b
    l, m, s = l * l * l, m * m * m, s * s * s
    return (
        4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    )


def polynomial(coefficients: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """Horner's scheme: coefficients [B, 6] (constant first) at t [B, 1, H, W]."""
    value = coefficients[:, 5, None, None, None] * t
    for power in range(4, 0, -1):
        value = (value + coefficients[:, power, None, None, None]) * t
    return value + coefficients[:, 0, None, None, None]


def srgb_code(linear: torch.Tensor) -> torch.Tensor:
    """Linear light 0..1 to sRGB code values, within 0.002 of the standard's curve, from square roots only (no slow power)."""
    root2 = torch.sqrt(linear)
    root4 = torch.sqrt(root2)
    root8 = torch.sqrt(root4)
    return 0.585122381 * root2 + 0.783140355 * root4 - 0.368262736 * root8
