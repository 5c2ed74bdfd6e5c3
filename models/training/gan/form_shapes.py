"""Flat shapes with clean edges, as the constructivists of the 1920s placed them: planes, disc, hoop, wedge, bars.

What stands upright is a product of a function of x and a function of y, so all of it is one matrix product. What leans or
turns is a band: all pixels within half a width of a line or circle, with an edge one pixel wide. Where shapes
overlap their tones add, like sheets of coloured film.
"""

import math

import torch
from torch import nn

from .form_fields import outer

QUARTER = math.pi / 2
EDGE = 1.3  # an edge is the hyperbolic tangent of this many times the distance in pixels
FAR = 4.0  # units: a band this wide with one side in view is a half plane
# Upright bars and planes: middle and half size along x and y, tone, accent.
UPRIGHT = (
    (-0.62, 0.10, 0.30, 0.34, -0.7, 0.0),
    (0.66, -0.55, 0.20, 0.30, 0.9, 0.0),
    (0.10, 0.72, 0.62, 0.030, -3.0, 0.0),
    (-0.40, 0.60, 0.40, 0.055, 0.2, 0.9),
    (0.74, 0.20, 0.035, 0.52, -3.0, 0.0),
    (-0.80, -0.60, 0.060, 0.30, 1.5, 0.0),
    (0.00, -0.30, 2.00, 0.006, -1.6, 0.0),
    (0.30, 0.00, 0.006, 2.00, -1.6, 0.0),
)

# Disc and hoop; then ground (one side of the great diagonal), bar across and along, and the wedge's three sides.
MOVES = {
    "round_place": ({16: 0.45}, {16: -0.3, 20: 0.2}, {17: 0.45}, {17: -0.3, 22: 0.2}),
    "round_size": ({18: 0.14}, {18: -0.18}),
    "line_angle": ({19: 1.0}, {19: 0.7, 20: 0.4}, {19: 0.7, 20: 0.4}, {20: 1.3}, {20: 1.3}, {20: 1.3}),
    "line_offset": ({21: 0.35}, {22: 0.25}, {23: 0.3}, {22: 0.2}, {23: 0.2}, {21: 0.1}),
}
LEAN = 0.65
CONSTANTS = {
    "round_base": (-0.08, 0.08),
    "round_shift": (0.24, 0.5),  # of the radius, from the distance to the band's middle
    "round_half": (0.26, 0.06),
    "line_angle_base": (LEAN, LEAN, LEAN + QUARTER, LEAN + 1.7, LEAN - 0.28, LEAN + 3.6),
    "line_offset_base": (-0.2 - FAR, 0.3, 0.0, 0.12 - FAR, -0.05 - FAR, 0.45 - FAR),
    "line_half": (0.0, 0.06, 0.6, 0.0, 0.0, 0.0),
    "line_far": (FAR, 0.0, 0.0, FAR, FAR, FAR),
}


class Shapes(nn.Module):
    """geometry [B, NUMBERS], zoom [B, 1] -> tone and accent mask [B, 1, S, S], canvas coordinates without margin."""

    NUMBERS = 24

    def __init__(self, t: torch.Tensor, size_px: int):
        super().__init__()
        self.register_buffer("t", t)
        self.sharp = size_px / 2.0  # pixels per unit
        table = torch.tensor(UPRIGHT)
        self.register_buffer("middle", table[:, 0:2].t()[None, :, :, None].contiguous())
        self.register_buffer("extent", table[:, 2:4].t()[None, :, :, None] * self.sharp + 0.5)
        self.register_buffer("values", table[:, 4:6].t()[None, :, :, None].contiguous())

        # Rounds and lines move with these numbers of the geometry.
        for name, columns in MOVES.items():
            move = torch.zeros(self.NUMBERS, len(columns))
            for column, shares in enumerate(columns):
                for number, share in shares.items():
                    move[number, column] = share
            self.register_buffer(name, move)
        for name, values in CONSTANTS.items():
            self.register_buffer(name, torch.tensor([values]))

    def forward(self, g: torch.Tensor, zoom: torch.Tensor):
        """g about standard normal; zoom 1 for large shapes, more for small ones."""
        g = 1.6 * torch.tanh(0.6 * g)
        small = torch.reciprocal(zoom)
        n = len(UPRIGHT)

        place = self.middle + 0.42 * g[:, : 2 * n].reshape(-1, 2, n, 1)
        across = torch.clamp(self.extent - torch.abs(self.t - place) * (self.sharp * zoom[:, :, None, None]), 0.0, 1.0)
        tone, red = outer((across[:, 1:2] * self.values).permute(0, 1, 3, 2), across[:, 0]).split(1, dim=1)

        rows, columns, halves = (torch.cat(v, dim=1).split(1, 1) for v in zip(self.rounds(g, small), self.lines(g, small)))
        size = int(self.t.shape[0])
        band = []
        for row, column, half in zip(rows, columns, halves):
            distance = column.reshape(-1, 1, size, 1) + row.reshape(-1, 1, 1, size)
            band.append(torch.tanh(half[:, :, None, None] * (self.sharp * EDGE) - torch.abs(distance)))
        disc, hoop, ground, bar, along, tip, side, cut = band
        # A band runs from -1 to 1.
        wedge = (tip + 1.0) * (side + 1.0) * (cut + 1.0)
        dark = (bar + 1.0) * (along + 1.0) + 2.0 * hoop
        tone = tone + dark * -0.65 + disc * -0.45 - ground + wedge * 0.06
        return tone, red + wedge * 0.125

    def rounds(self, g, small):
        """Disc and hoop: (d^2 - r^2) / 2r is the distance to the circle near its edge."""
        at = (g @ self.round_place)[:, :, None]  # x of both, then y
        r = (0.5 + self.round_base + g @ self.round_size) * small
        sharp = self.sharp * EDGE
        per = (sharp * 0.5 * torch.reciprocal(r))[:, :, None]
        dx, dy = self.t - at[:, :2], self.t - at[:, 2:]
        # A disc is a band from its edge inwards to its middle, where the distance is -r / 2.
        return dx * dx * per, dy * dy * per - (r * self.round_shift)[:, :, None] * sharp, r * self.round_half

    def lines(self, g, small):
        """Everything that leans: a direction, an offset and a half width each."""
        angle = (g @ self.line_angle + self.line_angle_base)[:, :, None]
        offset = g @ self.line_offset + self.line_offset_base
        sharp = self.sharp * EDGE
        rows = torch.cos(angle) * self.t * sharp
        columns = (torch.sin(angle) * self.t - offset[:, :, None]) * sharp
        return rows, columns, self.line_half * small + self.line_far
