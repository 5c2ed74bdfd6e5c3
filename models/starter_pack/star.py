"""A kaleidoscope without the mirrors' seams.

A kaleidoscope folds the angle of each pixel into a triangle wave around the middle, and every crease of that wave is a seam
in the picture. A cosine does the same without creases. cos(n angle) comes from powers of the complex number x + iy, so there
is no arc tangent, which ONNX lacks; and as the pixels never move, ONNX Runtime computes the powers once, when it loads.
"""

import torch
from torch import nn

FOLDS = (5, 8, 3)
STEPS = {2: (1, 1), 3: (2, 1), 5: (3, 2), 8: (5, 3)}  # the n-th power as a product of two before it
SPAN = 1.9


class Star(nn.Module):
    """Which star, its turn, and a third share, each [B, 1, 1, 1] -> radius, folded x, folded y."""

    def __init__(self, x: torch.Tensor, y: torch.Tensor):
        super().__init__()
        self.register_buffer("x", x)
        self.register_buffer("y", y)

    def forward(self, which: torch.Tensor, phase: torch.Tensor, third: torch.Tensor):
        radius = torch.sqrt(self.x * self.x + self.y * self.y)
        power = {1: (self.x / radius, self.y / radius)}
        for n, (p, q) in STEPS.items():
            (pc, ps), (qc, qs) = power[p], power[q]
            power[n] = (pc * qc - ps * qs, ps * qc + pc * qs)
        # Whole numbers of folds only: in between, stars are laid over each other.
        share = torch.softmax(torch.cat([2.5 * which, -2.5 * which, 2.0 * third - 1.0], dim=1), dim=1)
        angle = 0.0
        for i, n in enumerate(FOLDS):
            turn = phase * (0.5 * n)
            weight = share[:, i : i + 1] * (1.35 / n)
            angle = angle + power[n][0] * (torch.cos(turn) * weight) + power[n][1] * (torch.sin(turn) * weight)
        # In the very middle every angle meets: let the folds grow out of it softly.
        angle = angle * (radius * radius / (radius * radius + 0.02))
        # Cosine and sine of the small folded angle, to second order.
        return radius, radius * (SPAN - 0.5 * SPAN * angle * angle), radius * angle * SPAN
