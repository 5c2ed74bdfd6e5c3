"""The generator: a painter made of sines.

Coordinates are turned, folded and warped, fields are read off them, and the fields become ground, relief, lines, haze,
bands and curtains in the colours of one palette. Everything is differentiable, nothing branches, and each operation is one
that every execution provider has.
"""

import math

import torch
from torch import nn

from .contract import IMAGE_PX
from .palette import Palette, oklab_to_linear, polynomial, srgb_code
from .synaesthesia import Synaesthesia

WARPS = 5
WARP_FREQUENCY, WARP_GROWTH = 1.15, 1.8
# How far the latent turns and shifts each warp, and how much weaker each warp is than the one before.
TURN, PHASE, FALL = 0.2, 0.7, 0.10


def slope(field: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Central differences along x and y, per pixel; the field loses one pixel on each side."""
    dx = field[:, :, 1:-1, 2:] - field[:, :, 1:-1, :-2]
    dy = field[:, :, 2:, 1:-1] - field[:, :, :-2, 1:-1]
    return dx, dy


def inner(field: torch.Tensor) -> torch.Tensor:
    """The field without its margin."""
    return field[:, :, 1:-1, 1:-1]


class Generator(nn.Module):
    """embedding [B, 512], z [B, 64] -> image [B, 3, 256, 256], sRGB-coded, -1 to 1."""

    def __init__(self, size_px: int = IMAGE_PX):
        super().__init__()
        self.synaesthesia, self.palette = Synaesthesia(), Palette()
        self.size_px = size_px
        # One pixel of margin on each side, for slopes. -1 to 1, y downwards.
        t = (torch.arange(size_px + 2, dtype=torch.float32) - 0.5) / size_px * 2 - 1
        self.register_buffer("x", t[None, None, None, :])
        self.register_buffer("y", t[None, None, :, None])

    def forward(self, embedding: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        knob, geometry = self.synaesthesia(embedding, z)
        place, turns, phases, rest = geometry[:7], geometry[7:12], geometry[12:22], geometry[22:]

        # Place: turn and shift, or a kaleidoscope around the middle, or anything between.
        radius, star_x, star_y = self.star(knob["star"], place[0], place[1])
        turn = place[2] * (0.5 - 0.4 * knob["stretch"])
        c, s = torch.cos(turn), torch.sin(turn)
        x = c * self.x - s * self.y + 0.4 * place[3]
        y = s * self.x + c * self.y + 0.4 * place[4]
        symmetry = knob["symmetry"]
        x = x + symmetry * (star_x + 0.3 * place[5] - x)
        y = y + symmetry * (star_y + 0.25 * place[6] - y)
        zoom = knob["zoom"] * torch.exp(0.5 + 0.42 * torch.tanh(0.7 * knob["scale"]))
        x = x * (zoom * (1.0 + 1.7 * knob["stretch"]))
        y = y * (zoom * (1.0 - 0.66 * knob["stretch"]))

        # Domain warp. Turns and shears in alternation keep areas, so that detail is spread evenly.
        flow = (0.92 + 0.30 * torch.tanh(knob["flow"])) * knob["warp"]
        turn = (0.75 + TURN * torch.cat(turns, dim=1)) * (1.0 - 0.7 * knob["stretch"])
        cosines, sines = torch.cos(turn).split(1, dim=1), torch.sin(turn).split(1, dim=1)
        phases = (PHASE * torch.cat(phases, dim=1)).split(1, dim=1)
        frequency, waves, crossings = WARP_FREQUENCY, [], []
        for i in range(WARPS):
            c, s = cosines[i], sines[i]
            x, y = c * x - s * y, s * x + c * y
            reach = flow * ((1.0 - FALL * i) / frequency)
            crossings.append(torch.sin(y * frequency + phases[i]))
            x = x + crossings[i] * reach
            waves.append(torch.sin(x * (frequency * 1.13) + phases[WARPS + i]))
            y = y + waves[i] * reach
            frequency *= WARP_GROWTH

        # Fields: the height of a relief, and a ridge whose zero crossings are lines.
        pitch = 1.7 + 1.9 * knob["cells"]
        u, v = torch.sin(x * pitch + rest[0]), torch.sin(y * pitch + rest[1])
        rings = torch.sin(radius * (13.0 + 2.0 * rest[2]) + u * 1.4)
        cells = u * v
        height = 0.52 * u + 0.30 * waves[1] + 0.18 * waves[3]
        height = height + knob["cells"] * (torch.tanh(cells * 6.0) * 0.45 + waves[0] * 0.5 - height)
        height = height + rings * (0.28 * knob["rings"])
        ridge = v + 0.40 * waves[2] - 0.25 * u
        ridge = ridge + knob["cells"] * (cells * 1.6 - ridge) + rings * (0.45 * knob["rings"])

        # Slopes come per two pixels, and are wanted per pixel of a 256-pixel picture.
        per_px = self.size_px / 512.0
        dx, dy = slope(height)
        ridge_dx, ridge_dy = slope(ridge)
        steep = (dx * dx + dy * dy) * (per_px * per_px)
        ridge_steep = (ridge_dx * ridge_dx + ridge_dy * ridge_dy) * (0.8 * per_px * per_px)
        height, ridge, u, radius = inner(height), inner(ridge), inner(u), inner(radius)
        # Where the warp has pressed the height together further than pixels can show, detail fades.
        calm = 1.0 / (1.0 + 60.0 * steep * steep)
        height = height * calm

        # Relief under one light from the upper left.
        bump = 26.0
        facing = torch.rsqrt(steep * (bump * bump) + 1.0) * calm
        diffuse = (dx * (-0.55 * bump * per_px) + dy * (-0.62 * bump * per_px) + 0.56) * facing
        gloss = torch.relu(diffuse)
        for _ in range(4):
            gloss = gloss * gloss  # to the 16th power

        # Lines where the ridge crosses zero, never thinner than a pixel, with a halo.
        squared = ridge * ridge
        thin = 0.0016 + ridge_steep
        line = thin / (squared + thin)
        halo = 0.05 / (squared + 0.05)

        # Bands: contour lines of the height, faded where they would be finer than the pixels.
        rate = 30.0
        fade = steep * (0.45 * rate * rate)
        bands = torch.sin(height * rate + ridge * 2.5) / (1.0 + fade * fade)

        # Haze: a cloud of all the waves, and wisps where their sum crosses zero.
        cloud = 0.50 * waves[0] + 0.45 * waves[1] + 0.35 * waves[2] + 0.30 * waves[3] + 0.22 * waves[4]
        wisp = 0.45 * crossings[1] + 0.40 * crossings[2] + 0.35 * crossings[3] + 0.28 * crossings[4]
        wisp = inner(wisp)
        # The waves have no slopes of their own here; those of height and ridge tell how hard the warp presses.
        fine = 0.038 + 3.0 * (steep + ridge_steep)
        wisp = fine / (wisp * wisp + fine)
        haze = torch.exp(1.7 * inner(cloud) - 1.5) * (0.22 + (wisp + wisp * wisp * wisp) * calm)

        # Curtains: light that is sharp on one side of each line and fades away on the other.
        curtain = torch.exp(torch.relu(ridge) * -2.8 - torch.relu(-ridge) * 16.0)
        curtain = curtain * (0.35 + 0.65 * inner(waves[4] * waves[4]))

        # Tone: where on the palette a pixel lies. Haze and curtains run through the whole of it, from black.
        tone = 1.15 * height + 0.30 * ridge + bands * (0.55 * knob["bands"])
        tone = tone + knob["haze"] * (1.5 * haze - 1.15 - tone)
        tone = tone + knob["curtain"] * (3.1 * curtain + 0.6 * u - 0.8 - tone)
        tone = tone * (1.55 + 0.35 * torch.tanh(knob["contrast"])) + (0.4 * torch.tanh(knob["light"]) - 0.55)
        tone = torch.sigmoid(tone)

        # Ground: the palette, shaded; its hue leans with the ridge, as mother-of-pearl does.
        L, a, b, accent, second = self.palette(knob)
        vignette = 1.06 - 0.22 * radius * radius
        shade = (diffuse * (0.75 * knob["relief"]) + (1.0 - 0.42 * knob["relief"])) * vignette
        ok_l, ok_a, ok_b = polynomial(L, tone) * shade, polynomial(a, tone), polynomial(b, tone)
        lean = ridge * (0.22 + 0.2 * torch.tanh(knob["shimmer"]) + 0.3 * knob["curtain"])
        colour = oklab_to_linear(torch.cat([ok_l, ok_a - ok_b * lean, ok_b + ok_a * lean], dim=1))

        # Lights add up, and film-like exposure lets them glow to white instead of clipping.
        light = line * (1.5 * knob["line"]) + halo * halo * (0.40 * knob["line"])
        light = light + curtain * curtain * (0.25 * knob["curtain"])
        white = gloss * tone * (0.55 * knob["relief"]) + line * line * line * (0.35 * knob["line"])
        linear = torch.relu(colour) + light * accent + haze * haze * (second * (0.30 * knob["haze"])) + white
        return srgb_code(1.0 - torch.exp(linear * -1.7)) * 2.0 - 1.0

    def star(self, knob, phase, mix):
        """A kaleidoscope without the mirrors' seams: radius, and folded x and y.

        A mirror would make the pixel's angle a triangle wave; a cosine does the same without the creases. cos(n angle)
        comes from powers of the complex number x + iy, so there is no arc tangent, which ONNX lacks.
        """
        radius = torch.sqrt(self.x * self.x + self.y * self.y)
        power = {1: (self.x / radius, self.y / radius)}
        for n, (p, q) in {2: (1, 1), 3: (2, 1), 5: (3, 2), 8: (5, 3)}.items():
            (pc, ps), (qc, qs) = power[p], power[q]
            power[n] = (pc * qc - ps * qs, ps * qc + pc * qs)
        share = torch.softmax(torch.cat([2.5 * knob, -2.5 * knob, 2.0 * mix - 1.0], dim=1), dim=1)
        angle = 0.0
        for i, n in enumerate((5, 8, 3)):
            turn = phase * (0.5 * n)
            weight = share[:, i : i + 1] * (1.35 / n)
            angle = angle + power[n][0] * (torch.cos(turn) * weight) + power[n][1] * (torch.sin(turn) * weight)
        # In the very middle every angle meets: let the folds grow out of it softly.
        angle = angle * (radius * radius / (radius * radius + 0.02))
        return radius, radius * (1.9 - 0.95 * angle * angle), radius * angle * 1.9
