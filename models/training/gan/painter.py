"""The painter: a differentiable decoder from a look and a geometry to a picture, with ten forms that melt into each other.

Coordinates are placed, folded and warped; fields are read off them; one matrix mixes the fields into the tones and lights of
ten forms, in the colours of one palette. Nothing branches, all is smooth, and each operation is one that every execution
provider has. The cost is a matter of counting passes over the picture: what can be a matrix product is one.
"""

import torch
from torch import nn

from models.starter_pack.generator import inner
from models.starter_pack.palette import CONES_TO_RGB, LAB_TO_CONES

from .. import palette
from ..look import FAMILIES, KNOBS
from .form_fields import Panes, Points, Skyline, Star, cloud_waves, labyrinth_waves
from .form_shapes import Shapes
from .forms import ARCH, FIELDS, HARD, LAYERS, ROWS, SEEN, arch, glowing, layer_table, sharpened, weight_table

GEOMETRY = 64
SEED = 11
WARPS, WARP_FREQUENCY, WARP_GROWTH = 3, 0.24, 2.1  # waves a unit
PLACED = 24  # numbers that place, turn and shift; the phases of noise, panes and lights are mixtures of all
CLOUD_WAVES, MAZE_WAVES = 20, 16
BUMP = 26.0  # how deep the relief is cut
# Film: lights glow towards white and never clip. The hyperbolic tangent of the root of FILM x is sRGB's code of 1 - exp(-1.7 x)
# to 0.02: what the art is developed with.
FILM = 1.7 * 1.15 * 1.15


def slope(field: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The field without its margin, and its differences to the next pixels along x and y."""
    middle = inner(field)
    return middle, field[:, :, 1:-1, 2:] - middle, field[:, :, 2:, 1:-1] - middle


class Painter(nn.Module):
    """look [B, 20], geometry [B, GEOMETRY] -> image [B, 3, S, S], sRGB-coded -1 to 1, and fields [B, SEEN, S, S].

    `mixing` [B, len(pairs)], about -0.5 to 0.5, turns up or down what the tables say about how fields become tones and lights.
    """

    def __init__(self, size_px: int = 256):
        super().__init__()
        self.size_px = size_px
        generator = torch.Generator().manual_seed(SEED)
        # Slopes are taken over one pixel, and wanted per pixel of a 256-pixel picture.
        self.per_px = size_px / 256.0
        # One pixel of margin on each side, for slopes. -1 to 1, y downwards.
        t = (torch.arange(size_px + 2, dtype=torch.float32) - 0.5) / size_px * 2 - 1
        self.register_buffer("x", t[None, None, None, :])
        self.register_buffer("y", t[None, None, :, None])
        self.star = Star(t)
        self.clouds = cloud_waves(t, CLOUD_WAVES, 2, 1.3, 22.0, 0.95, generator)
        self.labyrinth = labyrinth_waves(t, MAZE_WAVES, 17.0)
        self.panes, self.points = Panes(t[1:-1], generator), Points(t[1:-1], generator)
        self.shapes, self.skyline = Shapes(t[1:-1], size_px), Skyline(t[1:-1])
        phases = (
            (CLOUD_WAVES, 0.8, 6.3), (MAZE_WAVES, 1.5, 6.3), (2 * Panes.SIDE**2, 1.6, 6.3), (2 * Points.STARS, 0.45, 0),
            (4, 1.0, 6.3),
        )  # fmt: skip
        self.sizes = [n for n, _, _ in phases]
        mixes = [torch.randn(GEOMETRY, n, generator=generator) * (gain / GEOMETRY**0.5) for n, gain, _ in phases]
        self.register_buffer("mix", torch.cat(mixes, dim=1))
        self.register_buffer("rest", torch.cat([torch.rand(1, n, generator=generator) * turn for n, _, turn in phases], dim=1))
        step = torch.arange(WARPS)[None, :, None, None]
        reach = ARCH * 0.159 * (1.0 - 0.12 * step) / (WARP_FREQUENCY * WARP_GROWTH**step) * (0.75 + 0.25 * (step == 0))
        self.register_buffer("reach", reach)
        self.register_buffer("roughened", 0.33 * step)
        # How much finer clouds, labyrinth and shapes become with complexity, and how much smaller panes.
        self.register_buffer("finer", torch.tensor([[[0.35, 0.9, -0.75, 0.9]]]))
        self.pairs, weights = weight_table()
        # Training turns up and down what the tables say; what they leave out stays out, so that a form keeps to its own fields.
        self.register_buffer("layers", layer_table())
        self.register_buffer("weights", weights)
        # Fields with hard edges come in only where their form leads: as a faint trace in another form they would be dirt.
        self.register_buffer("hard", torch.tensor([[float(field in HARD) for _, field in self.pairs]]))
        used = (weights[: len(FAMILIES)].abs() + weights[len(FAMILIES) :].abs() > 0).float()
        self.register_buffer("owners", used)
        self.layer_gain, self.weight_gain = nn.Parameter(torch.ones_like(self.layers)), nn.Parameter(torch.ones_like(weights))
        self.register_buffer("contrasted", torch.tensor([[float(row == "tone") for row, _ in self.pairs]]))
        self.register_buffer("to_cones", torch.tensor(LAB_TO_CONES))
        self.register_buffer("to_rgb", torch.tensor(CONES_TO_RGB) * FILM)

    def forward(self, look: torch.Tensor, geometry: torch.Tensor, mixing: torch.Tensor | None = None):
        knob, share, layer = self.knobs(look)
        scales = torch.exp((knob["complexity"][:, :, 0] - 0.45) * self.finer)
        cloud_scale, maze_scale, pane_scale, shape_scale = scales.split(1, dim=2)
        phases = (geometry @ self.mix + self.rest).split(self.sizes, dim=1)
        cloud_phase, maze_phase, pane_phase, point_phase, land_phase = phases
        clouds = self.clouds(cloud_scale, cloud_phase).split(1, dim=1)
        maze = self.labyrinth(maze_scale, maze_phase)
        edge, pane = self.panes(pane_scale, pane_phase)
        shape, red = self.shapes(geometry[:, PLACED : PLACED + Shapes.NUMBERS], shape_scale[:, 0])
        g = geometry[:, :PLACED, None, None].split(1, dim=1)

        radius, x, y = self.place(knob, layer, g, geometry)
        x, y, waves, crossings = self.warp(knob, layer, geometry[:, 7:16, None, None], x, y, clouds)
        height, ridge, cloud, weave = self.heights(knob, share, layer, g[16:], radius, x, y, waves, crossings, clouds, maze)
        radius = inner(radius)
        f = self.fields(knob, height, ridge, inner(cloud), inner(weave), radius)
        f = f | {"pane": pane, "stars": self.points(point_phase), "shape": shape, "red": red}
        f = f | {"lead": glowing(edge * edge, 0.03), "land": self.skyline(land_phase, knob["roughness"][:, :, 0])}
        image = self.colour(look, knob, share, layer, f, radius, mixing)
        return image, torch.cat([f[name] for name in FIELDS[:SEEN]], dim=1)

    def knobs(self, look: torch.Tensor):
        """Knobs and layers by name, each [B, 1, 1, 1], and family shares [B, F]. Knobs beyond 0 to 1 are eased back."""
        eased = 0.5 + 0.62 * torch.tanh((look[:, : len(KNOBS)] - 0.5) * 1.75)
        share = sharpened(look[:, len(KNOBS) :])
        values = torch.cat([eased, share @ (self.layers * self.layer_gain)], dim=1)[:, :, None, None].split(1, dim=1)
        knob, layer = dict(zip(KNOBS, values)), dict(zip(LAYERS, values[len(KNOBS) :]))
        layer["fold"] = layer["fold"] + (1.0 - layer["fold"]) * (0.75 * knob["symmetry"] * knob["symmetry"])
        return knob, share, layer

    def place(self, knob, layer, g, geometry):
        """Turn and shift, or a kaleidoscope around the middle, or anything between: radius, x, y."""
        radius, star_x, star_y = self.star(geometry[:, 0:1], geometry[:, 1:2], geometry[:, 2:3])
        turn = g[3] * (0.5 - 0.42 * layer["stretch"])
        c, s = torch.cos(turn), torch.sin(turn)
        zoom = layer["zoom"] * torch.exp(0.1 + 0.95 * knob["complexity"])
        wide, tall = zoom * (1.0 + 1.6 * layer["stretch"]), zoom * (1.0 - 0.66 * layer["stretch"])
        fold, free = layer["fold"], 1.0 - layer["fold"]
        shift_x, shift_y = 0.35 * g[5] + fold * (0.3 * g[4]), 0.35 * g[4] + fold * (0.25 * g[6])
        x = (self.x * (c * free) + shift_x) * wide - self.y * (s * free * wide)
        y = self.x * (s * free * tall) + (self.y * (c * free) + shift_y) * tall
        return radius, x + star_x * (fold * wide), y + star_y * (fold * tall)

    def warp(self, knob, layer, g, x, y, clouds):
        """Domain warp: noise pushes, then turns and shears in alternation: x, y, and the waves that bent them.

        Shears keep areas, so that detail is spread evenly however far the warp goes; a turn is three shears, here two of them.
        """
        drift = layer["drift"] * (1.0 - layer["fold"])
        x, y = x + clouds[0] * drift, y + clouds[1] * drift
        lean = (0.5 + 0.2 * g[:, :WARPS]) * (1.0 - 0.7 * layer["stretch"])
        back = lean / (1.0 + lean * lean)
        reach = self.reach * (1.0 + self.roughened * (knob["roughness"] - 0.4)) * layer["warp"]
        lean, back, reach = (v.split(1, dim=1) for v in (lean, back, reach))
        phase = (0.13 * g[:, WARPS : 3 * WARPS]).split(1, dim=1)
        frequency, waves, crossings = WARP_FREQUENCY, [], []
        for i in range(WARPS):
            crossings.append(arch(y * frequency + phase[2 * i]))
            x = x + crossings[i] * reach[i] - y * lean[i]
            waves.append(arch(x * (frequency * 1.13) + phase[2 * i + 1]))
            y = y + waves[i] * reach[i] + x * back[i]
            frequency *= WARP_GROWTH
        return x, y, waves, crossings

    def heights(self, knob, share, layer, g, radius, x, y, waves, crossings, clouds, maze):
        """With margins: the height of a relief, a ridge whose zero crossings are lines, a cloud, and a weave."""
        strokes, coral = (share[:, FAMILIES.index(n), None, None, None] for n in ("strokes", "coral"))
        rough = knob["roughness"]
        u, v = arch(x * 0.29 + 0.16 * g[0]), arch(y * 0.29 + 0.16 * g[1])
        # A comb: rings around the middle of a mandala, or strokes, terraces across x that break along y. Bristles are finer.
        rings = layer["rings"]
        across = (1.0 + 1.0 * knob["complexity"]) * (1.0 - rings)
        comb = radius * ((2.0 + 0.7 * knob["complexity"] + 0.12 * g[2]) * rings) + x * across
        comb = comb + clouds[0] * (0.3 * (1.0 - rings))
        bristle = arch(comb * 2.3 + y)
        comb = arch(comb)
        maze = torch.tanh(maze + clouds[1] * (0.3 + 0.4 * rough))
        # Each form's relief is a mixture of these. Arches run from 0 to 2 / ARCH, hence the constants.
        plain = 1.0 - strokes - coral
        parts = torch.cat(
            [
                0.52 * plain + 0.25 * coral + 0.20 * strokes, 0.30 * plain, (0.10 + 0.16 * rough) * plain,
                0.28 * rings + 0.20 * strokes, 0.04 * rings + (0.08 + 0.06 * rough) * strokes,
            ],
            dim=1,
        )  # fmt: skip
        a, b, c, d, e = (ARCH * parts).split(1, dim=1)
        height = u * a + waves[1] * b + waves[2] * c + comb * d + bristle * e + maze * (0.80 * coral)
        height = height - parts.sum(1, keepdim=True)
        ringed = 0.45 * rings
        ridge = (v - 0.25 * u) * ARCH + waves[2] * (0.40 * ARCH) + comb * (ARCH * ringed) - (ringed + 1.15)
        swirl = 0.6 + 0.3 * rough
        cloud = (waves[0] + 0.8 * waves[1]) * ARCH + waves[2] * (ARCH * swirl) + clouds[0] * swirl - (swirl + 1.8)
        weave = (crossings[1] + 0.8 * crossings[2]) * ARCH + clouds[1] * (0.2 + 0.5 * rough) - 1.8
        return height, ridge, cloud, weave

    def fields(self, knob, height, ridge, cloud, weave, radius):
        """Fields without margins, by name; height and ridge come with theirs."""
        per_px, glow = self.per_px, knob["glow"]
        (height, dx, dy), (ridge, ridge_dx, ridge_dy) = slope(height), slope(ridge)
        steep = (dx * dx + dy * dy) * (per_px * per_px)
        ridge_steep = (ridge_dx * ridge_dx + ridge_dy * ridge_dy) * (0.8 * per_px * per_px)
        pressed = steep + ridge_steep
        # Where the warp has pressed the height together further than pixels can show, detail fades.
        calm = torch.reciprocal(1.0 + 220.0 * (pressed * pressed))
        height = height * calm

        # Relief under one light from the upper left.
        facing = torch.rsqrt(steep * (BUMP * BUMP) + 1.0) * calm
        diffuse = (dx * (-0.55 * BUMP * per_px) + dy * (-0.62 * BUMP * per_px) + 0.56) * facing
        gloss = torch.relu(diffuse)
        for _ in range(3):
            gloss = gloss * gloss  # to the 8th power

        # Lines where the ridge crosses zero, never thinner than a pixel, with a halo.
        squared = ridge * ridge
        line = glowing(squared, 0.0016 + ridge_steep)
        halo = glowing(squared, 0.03 + 0.05 * glow)
        # Wisps: where the weave crosses zero; the slopes of height and ridge tell how hard the warp presses.
        woven = weave * weave
        wisp = glowing(woven, 0.075 + 8.0 * pressed)
        thin = wisp * wisp * wisp
        bright = torch.exp(0.5 * cloud)
        haze = bright * (wisp + thin + 0.35)

        # Flames: thin bright filaments of three fields, brighter in some places than in others.
        third = height + cloud * 0.25
        thread = line + thin + glowing(third * third, 0.0022 + pressed)
        flame = (thread + halo * (0.3 + 0.4 * glow)) * bright

        # Curtains: light that is sharp on one side of each line and fades away on the other, in rays.
        curtain = torch.exp(ridge * 5.8 - torch.abs(ridge) * 8.2) * (0.75 + 0.18 * weave) * calm

        # Ink: a cloud with a soft edge on calm paper.
        ink = torch.tanh(cloud * 2.2 + (2.1 - (radius * radius) * 4.0))
        return {
            "height": height, "ridge": ridge, "cloud": cloud, "wisp": wisp, "haze": haze, "curtain": curtain, "flame": flame,
            "ink": ink, "diffuse": diffuse, "line": line, "halo": halo * halo, "gloss": gloss,
        }  # fmt: skip

    def colour(self, look, knob, share, layer, f, radius, mixing):
        """The mixed fields in the palette's colours [B, 3, S, S]."""
        hue = look[:, :2] / torch.sqrt((look[:, :2] * look[:, :2]).sum(1, keepdim=True) + 0.05)
        spread, chroma, brightness, contrast = (knob[n].reshape(-1) for n in ("spread", "chroma", "light", "contrast"))
        curve = palette.coefficients(palette.stops(hue, spread, chroma, brightness, contrast)).permute(0, 2, 1)  # [B, 3, 6]
        accent = palette.accents(hue, chroma)  # [B, 2, 3]

        # All fields are mixed into tone, lean of hue, coloured light and white light.
        weights = torch.cat([share, share * knob["glow"][:, :, 0, 0]], dim=1) @ (self.weights * self.weight_gain)
        weights = weights * (1.0 + self.hard * (share @ self.owners - 1.0))
        if mixing is not None:
            weights = weights * (1.0 + mixing)
        weights = weights * (1.0 + self.contrasted * (0.35 + 0.7 * knob["contrast"][:, :, 0, 0]))
        weights = weights[:, :, None, None].split(1, dim=1)
        rows = dict.fromkeys(ROWS) | {"tone": (1.2 * knob["light"] - 0.75) * (1.0 - 0.8 * layer["deep"])}
        for (row, field), weight in zip(self.pairs, weights):
            term = weight if field == "one" else f[field] * weight
            rows[row] = term if rows[row] is None else rows[row] + term
        size = self.size_px
        tone, lean = torch.sigmoid(rows["tone"]), rows["lean"] * (0.12 + 0.45 * knob["spread"])

        # The palette's polynomial as a product with the powers of the tone.
        square = tone * tone
        powers = torch.cat([tone, square, square * tone, square * square, square * (square * tone)], dim=1)
        lab = curve[:, :, 1:] @ powers.reshape(-1, 5, size * size) + curve[:, :, 0:1]
        L, a, b = lab.reshape(-1, 3, size, size).split(1, dim=1)
        vignette = 1.0 + layer["vignette"] * (0.05 - 0.20 * (radius * radius))
        shade = (f["diffuse"] * (0.75 * layer["relief"]) + (1.0 - 0.42 * layer["relief"])) * vignette
        lab = torch.cat([L * shade, a - b * lean, b + a * lean], dim=1).reshape(-1, 3, size * size)
        cones = self.to_cones @ lab
        # Light of the ground, of the accent's colour, and white, in one product.
        lights = [cones * (cones * cones)] + [rows[name].reshape(-1, 1, size * size) for name in ("light", "white")]
        shine = torch.stack([accent[:, 0], 0.8 + 0.2 * accent[:, 1]], dim=2) * FILM
        linear = torch.relu(torch.cat([self.to_rgb + 0.0 * shine[:, :, :1], shine], dim=2) @ torch.cat(lights, dim=1))
        # The small sum keeps the root's slope finite.
        film = torch.tanh(torch.sqrt(linear + 2e-5))
        return (film * 2.0 - 1.0).reshape(-1, 3, size, size)
