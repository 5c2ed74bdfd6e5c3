"""The generator: a painter made of sines.

Coordinates are placed, folded and warped; fields are read off them; the fields become ground, relief, lines, haze, bands and
curtains in the colours of one palette. Everything is differentiable, nothing branches, and each operation is one that every
execution provider has. The cost is a matter of counting: a sine over the picture costs as much as ten additions.
"""

import torch
from torch import nn

from .contract import IMAGE_PX
from .palette import Palette, oklab_to_linear, polynomial, srgb_code
from .star import Star
from .synaesthesia import Synaesthesia

WARPS = 5
WARP_FREQUENCY, WARP_GROWTH = 1.15, 1.8
# How far the latent turns and shifts each warp, and how much weaker each warp is than the one before.
TURN, PHASE, FALL = 0.2, 0.7, 0.10
BUMP = 26.0  # how deep the relief is cut
BANDS = 30.0  # how many bands a height has
EXPOSURE = 1.7


def slope(field: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Differences along x and y over two pixels; the field loses its margin."""
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
        # Slopes are taken over two pixels, and wanted per pixel of a 256-pixel picture.
        self.per_px = size_px / 512.0
        # One pixel of margin on each side, for slopes. -1 to 1, y downwards.
        t = (torch.arange(size_px + 2, dtype=torch.float32) - 0.5) / size_px * 2 - 1
        self.register_buffer("x", t[None, None, None, :])
        self.register_buffer("y", t[None, None, :, None])
        self.star = Star(self.x, self.y)

    def forward(self, embedding: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        knob, geometry = self.synaesthesia(embedding, z)
        radius, x, y = self.place(knob, geometry[:7])
        x, y, waves, crossings = self.warp(knob, geometry[7:12], geometry[12:22], x, y)
        height, ridge, u = self.fields(knob, geometry[22:], radius, x, y, waves)
        return self.paint(knob, inner(radius), height, ridge, inner(u), waves, crossings)

    def place(self, knob, geometry):
        """Turn and shift, or a kaleidoscope around the middle, or anything between: radius, x, y."""
        radius, star_x, star_y = self.star(knob["star"], geometry[0], geometry[1])
        turn = geometry[2] * (0.5 - 0.4 * knob["stretch"])
        c, s = torch.cos(turn), torch.sin(turn)
        x = c * self.x - s * self.y + 0.4 * geometry[3]
        y = s * self.x + c * self.y + 0.4 * geometry[4]
        x = x + knob["symmetry"] * (star_x + 0.3 * geometry[5] - x)
        y = y + knob["symmetry"] * (star_y + 0.25 * geometry[6] - y)
        zoom = knob["zoom"] * torch.exp(0.5 + 0.42 * torch.tanh(0.7 * knob["scale"]))
        return radius, x * (zoom * (1.0 + 1.7 * knob["stretch"])), y * (zoom * (1.0 - 0.66 * knob["stretch"]))

    def warp(self, knob, turns, phases, x, y):
        """Domain warp: x, y, and the waves that bent them.

        Turns and shears in alternation keep areas, so that detail is spread evenly however far the warp goes.
        """
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
        return x, y, waves, crossings

    def fields(self, knob, geometry, radius, x, y, waves):
        """The height of a relief, a ridge whose zero crossings are lines, and the slow wave under both."""
        pitch = 1.7 + 1.9 * knob["cells"]
        u, v = torch.sin(x * pitch + geometry[0]), torch.sin(y * pitch + geometry[1])
        rings = torch.sin(radius * (13.0 + 2.0 * geometry[2]) + u * 1.4)
        cells = u * v
        height = 0.52 * u + 0.30 * waves[1] + 0.18 * waves[3]
        height = height + knob["cells"] * (torch.tanh(cells * 6.0) * 0.45 + waves[0] * 0.5 - height)
        height = height + rings * (0.28 * knob["rings"])
        ridge = v + 0.40 * waves[2] - 0.25 * u
        ridge = ridge + knob["cells"] * (cells * 1.6 - ridge) + rings * (0.45 * knob["rings"])
        return height, ridge, u

    def paint(self, knob, radius, height, ridge, u, waves, crossings):
        """From fields to light: height and ridge come with their margin, everything else without."""
        per_px = self.per_px
        dx, dy = slope(height)
        ridge_dx, ridge_dy = slope(ridge)
        steep = (dx * dx + dy * dy) * (per_px * per_px)
        ridge_steep = (ridge_dx * ridge_dx + ridge_dy * ridge_dy) * (0.8 * per_px * per_px)
        # Where the warp has pressed the height together further than pixels can show, detail fades.
        calm = 1.0 / (1.0 + 60.0 * steep * steep)
        height, ridge = inner(height) * calm, inner(ridge)

        # Relief under one light from the upper left.
        facing = torch.rsqrt(steep * (BUMP * BUMP) + 1.0) * calm
        diffuse = (dx * (-0.55 * BUMP * per_px) + dy * (-0.62 * BUMP * per_px) + 0.56) * facing
        gloss = torch.relu(diffuse)
        for _ in range(4):
            gloss = gloss * gloss  # to the 16th power

        # Lines where the ridge crosses zero, never thinner than a pixel, with a halo.
        squared = ridge * ridge
        thin = 0.0016 + ridge_steep
        line = thin / (squared + thin)
        halo = 0.05 / (squared + 0.05)

        # Bands: contour lines of the height, faded where they would be finer than the pixels.
        fade = steep * (0.45 * BANDS * BANDS)
        bands = torch.sin(height * BANDS + ridge * 2.5) / (1.0 + fade * fade)

        # Haze: a cloud of all the waves, and wisps where their sum crosses zero. The waves have no slopes of their own here;
        # those of height and ridge tell how hard the warp presses.
        cloud = 0.50 * waves[0] + 0.45 * waves[1] + 0.35 * waves[2] + 0.30 * waves[3] + 0.22 * waves[4]
        wisp = inner(0.45 * crossings[1] + 0.40 * crossings[2] + 0.35 * crossings[3] + 0.28 * crossings[4])
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
        L, a, b = polynomial(L, tone) * shade, polynomial(a, tone), polynomial(b, tone)
        lean = ridge * (0.22 + 0.2 * torch.tanh(knob["shimmer"]) + 0.3 * knob["curtain"])
        ground = torch.relu(oklab_to_linear(torch.cat([L, a - b * lean, b + a * lean], dim=1)))

        # Lights add up, and film-like exposure lets them glow to white instead of clipping.
        light = line * (1.5 * knob["line"]) + halo * halo * (0.40 * knob["line"])
        light = light + curtain * curtain * (0.25 * knob["curtain"])
        white = gloss * tone * (0.55 * knob["relief"]) + line * line * line * (0.35 * knob["line"])
        linear = ground + light * accent + haze * haze * (second * (0.30 * knob["haze"])) + white
        return srgb_code(1.0 - torch.exp(linear * -EXPOSURE)) * 2.0 - 1.0
