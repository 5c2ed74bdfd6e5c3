"""The generator: a painter made of sines. Every operation is differentiable and there is no branch in it."""

import math

import torch
from torch import nn

from .contract import IMAGE_PX
from .palette import BERNSTEIN_5, LIGHT_HUE, SHADOW_HUE, oklab_to_linear, polynomial, srgb_code
from .synaesthesia import Synaesthesia

WARPS = 4
FOLDS = (5, 8, 3)


def px(value: torch.Tensor) -> torch.Tensor:
    """A per-picture number [B, 1] as a field [B, 1, 1, 1]."""
    return value[:, :, None, None]


def slope(field: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Central differences along x and y, per pixel; the field loses one pixel on each side."""
    dx = field[:, :, 1:-1, 2:] - field[:, :, 1:-1, :-2]
    dy = field[:, :, 2:, 1:-1] - field[:, :, :-2, 1:-1]
    return dx * 0.5, dy * 0.5


class Generator(nn.Module):
    """embedding [B, 512], z [B, 64] -> image [B, 3, 256, 256], sRGB-coded, -1 to 1."""

    def __init__(self, size: int = IMAGE_PX):
        super().__init__()
        self.synaesthesia = Synaesthesia()
        self.size = size
        # One pixel of margin on each side, for slopes.
        t = (torch.arange(size + 2, dtype=torch.float32) - 0.5) / size * 2 - 1
        self.register_buffer("x", t[None, None, None, :])
        self.register_buffer("y", t[None, None, :, None])
        self.register_buffer("bernstein", BERNSTEIN_5)

    def folded(self, weights, phase):
        """A kaleidoscope without mirrors' edges: the angle of each pixel becomes a smooth wave around the centre."""
        r2 = self.x * self.x + self.y * self.y
        r = torch.sqrt(r2)
        c1, s1 = self.x / r, self.y / r
        c2, s2 = c1 * c1 - s1 * s1, 2 * c1 * s1
        c3, s3 = c2 * c1 - s2 * s1, s2 * c1 + c2 * s1
        c5, s5 = c3 * c2 - s3 * s2, s3 * c2 + c3 * s2
        c8, s8 = c5 * c3 - s5 * s3, s5 * c3 + c5 * s3
        angle = 0.0
        for i, (n, c, s) in enumerate(((5, c5, s5), (8, c8, s8), (3, c3, s3))):
            turn = phase * n
            angle = angle + (c * px(torch.cos(turn)) + s * px(torch.sin(turn))) * px(weights[:, i : i + 1] * (1.35 / n))
        return r * (1.0 - 0.5 * angle * angle), r * angle

    def forward(self, embedding: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        k, g = self.synaesthesia(embedding, z)
        geometry = [g[:, i : i + 1] for i in range(g.shape[1])]
        sigmoid = torch.sigmoid

        # Place: turn, shift, kaleidoscope.
        fold = torch.softmax(torch.cat([k["fold"] * 2.0, -k["fold"] * 2.0, geometry[20] * 1.5 - 1.0], 1), dim=1)
        fx, fy = self.folded(fold, geometry[0] * 0.6)
        symmetric = px(sigmoid(k["symmetry"] * 3.0 - 0.5))
        turn = geometry[1] * 0.9
        ct, st = px(torch.cos(turn)), px(torch.sin(turn))
        x = ct * self.x - st * self.y + px(geometry[2] * 0.5)
        y = st * self.x + ct * self.y + px(geometry[3] * 0.5)
        x = x + symmetric * (fx * 1.5 + px(geometry[4] * 0.6) - x)
        y = y + symmetric * (fy * 1.5 + px(geometry[5] * 0.4) - y)

        zoom = px(torch.exp(0.32 * k["scale"])) * 1.25
        x, y = x * zoom, y * zoom

        # Domain warp: turns and shears in alternation keep areas, so detail is spread evenly.
        amplitude = px(0.95 + 0.45 * torch.tanh(k["liquid"]))
        frequency, waves = 1.25, []
        for i in range(WARPS):
            turn = 0.7 + 0.45 * geometry[6 + i]
            ct, st = px(torch.cos(turn)), px(torch.sin(turn))
            x, y = ct * x - st * y, st * x + ct * y
            wave = torch.sin(y * frequency + px(geometry[10 + i] * 1.6))
            x = x + wave * (amplitude / frequency)
            wave = torch.sin(x * (frequency * 1.13) + px(geometry[14 + i] * 1.6))
            y = y + wave * (amplitude / frequency)
            waves.append(wave)
            frequency *= 1.62

        u, v = torch.sin(x * 1.9 + px(geometry[18])), torch.sin(y * 1.9 + px(geometry[19]))
        height = 0.55 * u + 0.30 * waves[1] + 0.15 * waves[3]
        ridge = v + 0.35 * waves[2] - 0.2 * u

        inner = (slice(None), slice(None), slice(1, -1), slice(1, -1))
        hx, hy = slope(height)
        rx, ry = slope(ridge)
        height, ridge, u, v = height[inner], ridge[inner], u[inner], v[inner]
        scale = self.size / 256.0
        hh = (hx * hx + hy * hy) * (scale * scale)

        # Relief: one light from the upper left.
        bump = 24.0 * scale
        inverse = 1.0 / torch.sqrt(hh * (24.0 * 24.0) + 1.0)
        diffuse = (hx * (-0.55 * bump) + hy * (-0.62 * bump) + 0.56) * inverse
        spec = torch.relu(diffuse)
        spec = spec * spec
        spec = spec * spec
        spec = spec * spec
        spec = spec * spec

        # Filaments: bright where the ridge field crosses zero, never thinner than a pixel.
        rr = (rx * rx + ry * ry) * (scale * scale)
        width = 0.0022 + rr * 0.9
        line = width / (ridge * ridge + width)
        halo = 0.03 / (ridge * ridge + 0.03)

        # Grain: contour lines of the height, faded out where they would be finer than the pixels.
        rate = 22.0
        fade = hh * (rate * rate * 0.5)
        grain = torch.sin(height * rate + ridge * 3.0) / (1.0 + fade * fade)

        # Tone along the palette.
        grain_amount = px(sigmoid(2.0 * k["grain"] - 0.5))
        t = 0.44 + 0.36 * height + 0.07 * ridge + grain * (0.09 * grain_amount)
        t = torch.sigmoid((t - 0.5) * px(4.2 + 0.8 * torch.tanh(k["contrast"])) + px(0.35 * torch.tanh(k["light"]) - 0.35))

        L, a, b, accent = self.palette(k)
        ok_l, ok_a, ok_b = polynomial(L, t), polynomial(a, t), polynomial(b, t)
        filament = px(sigmoid(2.0 * k["filament"]))
        dark = 1.0 - 0.45 * filament
        ok_l = ok_l * (dark + (0.30 * diffuse - 0.12) * (1.4 - filament))
        rgb = oklab_to_linear(ok_l, ok_a * dark, ok_b * dark)

        glow = line * (filament * 1.3) + halo * halo * (filament * 0.35)
        shine = spec * px(0.30 * sigmoid(k["light"] + 0.5))
        channels = []
        for i, channel in enumerate(rgb):
            light = torch.relu(channel) + glow * px(accent[:, i : i + 1]) + shine
            channels.append(1.0 - torch.exp(light * -1.6))
        linear = torch.cat(channels, dim=1)
        return srgb_code(linear) * 2.0 - 1.0

    def palette(self, k):
        """Six OKLab stops from shadow to highlight as polynomial coefficients [B, 6] of L, a, b, and the accent in RGB."""
        hue = 1.1 * k["hue"]
        span = 0.75 * torch.tanh(k["hue_span"] * 1.2)
        chroma = 0.65 + 0.35 * torch.tanh(k["chroma"])
        stops_l, stops_a, stops_b = [], [], []
        for i, (lightness, c, lean_dark, lean_light) in enumerate(
            ((0.03, 0.02, 0.7, 0.0), (0.10, 0.12, 0.5, 0.0), (0.42, 0.24, 0.2, 0.0), (0.60, 0.22, 0.0, 0.1), (0.86, 0.16, 0.0, 0.3), (0.99, 0.03, 0.0, 0.5))
        ):
            h = hue + span * (i - 2.5) * 0.55
            h = h + lean_dark * torch.sin(SHADOW_HUE - h) + lean_light * torch.sin(LIGHT_HUE - h)
            stops_l.append(lightness + 0.0 * h)
            stops_a.append(c * chroma * torch.cos(h))
            stops_b.append(c * chroma * torch.sin(h))
        L, a, b = (torch.cat(s, dim=1) @ self.bernstein.t() for s in (stops_l, stops_a, stops_b))
        h = hue + math.pi * 0.8 + 0.9 * torch.tanh(k["accent"])
        accent = torch.cat(oklab_to_linear(0.78 + 0.0 * h, 0.17 * torch.cos(h), 0.17 * torch.sin(h)), dim=1)
        return L, a, b, torch.relu(accent)
