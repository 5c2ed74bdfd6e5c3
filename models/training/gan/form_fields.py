"""Fields from matrix products: noise, panes and points of light that cost almost nothing.

A plane wave is a product of a function of x and a function of y (cos(a + b) = cos a cos b - sin a sin b), and so is a Gaussian.
A sum of n such fields over S x S pixels is one matrix product [S, n] @ [n, S]: thirty waves cost less than one sine over the
picture. The price: coordinates must be those of the canvas, neither turned nor warped.
"""

import math

import torch
from torch import nn


def outer(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """Columns [B, F, H, N] and rows [B, N, W] to fields [B, F, H, W], the sum over N of their products."""
    _, fields, height, n = (int(v) for v in left.shape)
    width = int(right.shape[2])
    return (left.reshape(-1, fields * height, n) @ right).reshape(-1, fields, height, width)


class Waves(nn.Module):
    """Sums of plane waves: scale [B, 1, 1] and phases [B, N] -> fields [B, F, H, W].

    frequencies [N, 2] in radians per half picture; amplitudes [F, N].
    """

    def __init__(self, t: torch.Tensor, frequencies: torch.Tensor, amplitudes: torch.Tensor):
        super().__init__()
        self.register_buffer("along_x", frequencies[:, 0:1] * t[None, :])
        self.register_buffer("along_y", (frequencies[:, 1:2] * t[None, :]).t().contiguous())
        self.register_buffer("amplitudes", torch.cat([amplitudes, -amplitudes], dim=1)[None, :, None, :])

    def forward(self, scale: torch.Tensor, phases: torch.Tensor) -> torch.Tensor:
        x = self.along_x * scale + phases[:, :, None]
        y = self.along_y * scale
        rows = torch.cat([torch.cos(x), torch.sin(x)], dim=1)
        columns = torch.cat([torch.cos(y), torch.sin(y)], dim=2)
        return outer(columns[:, None] * self.amplitudes, rows)


def cloud_waves(t: torch.Tensor, n: int, fields: int, low: float, high: float, fall: float, generator) -> Waves:
    """Noise whose amplitude falls with the frequency to the power `fall`; each field has unit variance."""
    place = (torch.arange(n) + 0.5) / n
    frequency = low * (high / low) ** place
    angle = torch.arange(n) * 2.399963 + 0.3 * torch.randn(n, generator=generator)  # golden angle: directions spread evenly
    amplitudes = torch.randn(fields, n, generator=generator) * frequency[None] ** -fall
    amplitudes = amplitudes * math.sqrt(2) / amplitudes.norm(dim=1, keepdim=True)
    return Waves(t, torch.stack([frequency * torch.cos(angle), frequency * torch.sin(angle)], dim=1), amplitudes)


def labyrinth_waves(t: torch.Tensor, n: int, frequency: float) -> Waves:
    """Waves of one length in all directions: what a Turing instability grows, a labyrinth or spots when cut at a level."""
    angle = (torch.arange(n) + 0.5) * (math.pi / n)
    wobble = frequency * (1.0 + 0.10 * torch.sin(torch.arange(n) * 2.399963))
    amplitudes = torch.full((1, n), 1.6 * math.sqrt(2.0 / n))
    return Waves(t, torch.stack([wobble * torch.cos(angle), wobble * torch.sin(angle)], dim=1), amplitudes)


class Panes(nn.Module):
    """Voronoi panes by competing Gaussians: scale [B, 1, 1] and shifts [B, 2N] -> edge, tone [B, 1, H, W].

    With weights w_i = exp(-k d_i^2), the share w_i / sum(w) is one inside pane i and falls off at its borders; the sum of the
    squared shares is one inside panes and a half where two meet. All sums are matrix products.
    """

    SIDE, SHARPNESS = 7, 280.0
    FACET = 1.1  # how much each pane is lit from one side
    LIGHT_X, LIGHT_Y = -0.55 * FACET, -0.62 * FACET

    def __init__(self, t: torch.Tensor, generator):
        super().__init__()
        at = torch.linspace(-1.26, 1.26, self.SIDE)
        y, x = torch.meshgrid(at, at, indexing="ij")
        x = x + (torch.arange(self.SIDE) % 2 - 0.5)[:, None] * 0.2  # brick-like rows: no crosses of four
        jitter = 0.26 * (torch.rand(2, self.SIDE**2, generator=generator) - 0.5)
        self.register_buffer("place", torch.stack([x.reshape(-1), y.reshape(-1)])[:, :, None] + jitter[:, :, None])
        self.register_buffer("t", t)
        self.register_buffer("tones", (torch.rand(self.SIDE**2, 1, generator=generator) * 2 - 1) * 0.5)

    def forward(self, scale: torch.Tensor, shifts: torch.Tensor):
        n = self.SIDE**2
        sway = torch.sin(shifts).reshape(-1, 2, n, 1)
        place = self.place + 0.11 * sway
        t = self.t / scale
        px, py = place.split(1, dim=1)
        dx, dy = t - px[:, 0], t.reshape(-1, int(t.shape[2]), 1) - py.reshape(-1, 1, n)
        rows, columns = torch.exp(dx * dx * -self.SHARPNESS), torch.exp(dy * dy * -self.SHARPNESS)  # [B, n, S], [B, S, n]
        weight = self.tones + 1.1 * sway[:, 0] - (self.LIGHT_X * px + self.LIGHT_Y * py)[:, 0]
        weighted = columns * weight.reshape(-1, 1, n)
        total, tone = outer(torch.stack([columns, weighted], dim=1), rows).split(1, dim=1)
        squares = outer((columns * columns)[:, None], rows * rows)
        share = torch.reciprocal(total + 1e-18)  # far outside all panes the shares fade to none
        edge = 1.0 - squares * (share * share)
        slant = self.LIGHT_X * t[:, None] + (self.LIGHT_Y * t)[:, :, :, None].reshape(-1, 1, int(t.shape[2]), 1)
        return edge, tone * share + slant


class Points(nn.Module):
    """Stars: shifts [B, 2 STARS] -> [B, 1, H, W]."""

    STARS = 28

    def __init__(self, t: torch.Tensor, generator):
        super().__init__()
        n = self.STARS
        self.register_buffer("t", t)
        self.register_buffer("place", torch.rand(2, n, 1, generator=generator) * 2.2 - 1.1)
        size = 0.007 + 0.010 * torch.rand(n, generator=generator) ** 3
        self.register_buffer("steep", (-1.0 / (size * size))[:, None])
        self.register_buffer("power", 0.2 + 3.0 * torch.rand(1, n, generator=generator) ** 3)

    def forward(self, shifts: torch.Tensor) -> torch.Tensor:
        px, py = (self.place + 0.25 * shifts.reshape(-1, 2, self.STARS, 1)).split(1, dim=1)
        dx, dy = self.t - px[:, 0], self.t[:, None] - py.reshape(-1, 1, self.STARS)
        rows, columns = torch.exp(dx * dx * self.steep), torch.exp(dy * dy * self.steep.reshape(1, self.STARS))
        return outer((columns * self.power)[:, None], rows)


class Star(nn.Module):
    """A kaleidoscope without seams, as in the starter pack, its angle one matrix product: turn and shares -> folded x, y."""

    FOLDS, SPAN = (5, 8, 3), 1.9

    def __init__(self, t: torch.Tensor):
        super().__init__()
        self.register_buffer("t", t)

    def forward(self, which: torch.Tensor, phase: torch.Tensor, third: torch.Tensor):
        """which, phase, third [B, 1] -> radius [1, 1, H, W], folded x and y [B, 1, H, W]."""
        size = int(self.t.shape[0])
        x, y = self.t[None, :], self.t[:, None]
        radius = torch.sqrt(x * x + y * y)
        power = {1: (x / radius, y / radius)}
        for n, (p, q) in {2: (1, 1), 3: (2, 1), 5: (3, 2), 8: (5, 3)}.items():
            (pc, ps), (qc, qs) = power[p], power[q]
            power[n] = (pc * qc - ps * qs, ps * qc + pc * qs)
        # In the very middle every angle meets: let the folds grow out of it softly.
        soft = radius * radius / (radius * radius + 0.02)
        basis = torch.stack([power[n][i] * soft for i in range(2) for n in self.FOLDS]).reshape(-1, size * size)
        # Whole numbers of folds only: in between, stars are laid over each other.
        folds = torch.tensor([self.FOLDS], dtype=self.t.dtype, device=self.t.device)
        share = torch.softmax(torch.cat([2.5 * which, -2.5 * which, 2.0 * third - 1.0], dim=1), dim=1) * (1.35 / folds)
        turn = phase * (0.5 * folds)
        angle = torch.cat([torch.cos(turn) * share, torch.sin(turn) * share], dim=1)[:, None] @ basis
        angle = angle.reshape(-1, 1, size, size)
        # Cosine and sine of the small folded angle, to second order.
        wide = radius * self.SPAN
        return radius[None, None], wide - (0.5 * wide) * (angle * angle), wide * angle


class Skyline(nn.Module):
    """Dark land under a sky: phases [B, 4] -> 1 below the line, -1 above [B, 1, H, W], its edge about two pixels soft."""

    def __init__(self, t: torch.Tensor):
        super().__init__()
        self.register_buffer("t", t[None, None, :])
        self.register_buffer("frequency", torch.tensor([2.1, 5.3, 12.7, 31.0])[None, :, None])
        self.register_buffer("reach", torch.tensor([0.08, 0.045, 0.022, 0.008])[None, :, None])
        self.sharp = float(t.shape[0]) / 4.0

    def forward(self, phases: torch.Tensor, rough: torch.Tensor):
        """rough [B, 1, 1]: jagged peaks instead of soft hills."""
        line = (torch.sin(self.frequency * self.t + phases[:, :, None]) * self.reach * (0.5 + rough)).sum(1, keepdim=True)
        row = (line - 0.66)[:, :, None, :] * self.sharp
        return torch.tanh(row + (self.t * self.sharp)[:, :, :, None])
