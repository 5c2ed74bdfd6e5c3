"""What each family asks of the layers and fields of the picture, and the small operations that all layers share.

All layers and fields are always painted; the family weights only mix them, so one form melts into the next.
"""

import torch

from ..look import FAMILIES

# How coordinates and layers are made.
LAYERS = {
    #             liquid ink  strokes mandala glass coral flame nebula aurora constructivist
    "fold":       (0.00, 0.00, 0.00, 1.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00),
    "zoom":       (0.85, 0.80, 0.70, 0.95, 0.60, 0.80, 0.90, 0.85, 0.75, 0.60),
    "warp":       (1.05, 1.15, 0.80, 0.75, 0.55, 0.80, 1.10, 1.05, 0.75, 0.50),
    "stretch":    (0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.25, 0.00, 1.00, 0.00),
    "drift":      (0.30, 0.55, 0.30, 0.00, 0.20, 0.30, 0.40, 0.45, 0.12, 0.20),
    "relief":     (1.00, 0.10, 0.75, 0.70, 0.10, 0.85, 0.06, 0.05, 0.03, 0.00),
    "rings":      (0.00, 0.00, 0.00, 1.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00),
    "vignette":   (1.00, 0.30, 0.30, 1.00, 0.50, 0.80, 0.60, 0.80, 0.50, 0.05),
    "deep":       (0.00, 0.00, 0.00, 0.15, 0.00, 0.00, 0.90, 0.85, 0.85, 0.00),
}  # fmt: skip

# The fields that a convolution sees beside the picture come first.
FIELDS = (
    "height", "ridge", "cloud", "wisp", "haze", "curtain", "flame", "ink", "pane", "diffuse",
    "lead", "line", "halo", "gloss", "stars", "shape", "red", "land",
)  # fmt: skip
SEEN = 10
HARD = {"stars", "shape", "red", "land"}
ROWS = ("tone", "lean", "light", "white")

# What the fields become in each form: where on the palette a pixel lies (tone, before its sigmoid; "one" is a constant), how
# far its hue leans, how much accent-coloured and how much white light it sends out. The second table counts as far as the
# look glows.
WEIGHTS = {
    "liquid": {
        "tone": {"height": 1.20, "ridge": 0.35},
        "lean": {"ridge": 1.0, "cloud": 0.15},
        "light": {"line": 0.08},
        "white": {"gloss": 0.22},
    },
    "ink": {
        "tone": {"ink": -1.3, "haze": -0.35, "height": -0.3, "one": 0.7},
        "lean": {"cloud": 0.50},
    },
    "strokes": {
        "tone": {"height": 2.2, "cloud": 0.30},
        "lean": {"ridge": 0.6, "cloud": 0.45},
        "white": {"gloss": 0.18},
    },
    "mandala": {
        "tone": {"height": 1.25, "ridge": 0.30, "one": -0.1},
        "lean": {"ridge": 0.9},
        "light": {"line": 1.2, "halo": 0.12},
        "white": {"gloss": 0.2},
    },
    "glass": {
        "tone": {"pane": 1.0, "cloud": 0.15, "lead": 5.0, "one": -4.75},
        "lean": {"pane": 0.45, "cloud": 0.15},
    },
    "coral": {
        "tone": {"height": 1.25, "cloud": 0.20, "one": 0.25},
        "lean": {"ridge": 0.3, "cloud": 0.35},
        "white": {"gloss": 0.16},
    },
    "flame": {
        "tone": {"flame": 1.25, "cloud": 0.25, "one": -2.4},
        "lean": {"cloud": 0.60},
        "light": {"line": 0.12},
    },
    "nebula": {
        "tone": {"haze": 0.62, "cloud": 0.45, "one": -1.55},
        "lean": {"cloud": 0.80},
        "white": {"stars": 0.08},
    },
    "aurora": {
        "tone": {"curtain": 3.3, "cloud": 0.15, "land": -2.0, "one": -3.4},
        "lean": {"ridge": 1.2, "cloud": 0.25},
        "white": {"stars": 0.05},
    },
    "constructivist": {
        "tone": {"shape": 1.0, "one": -0.9},
        "light": {"red": 0.9},
    },
}  # fmt: skip
GLOWING = {
    "liquid": {"white": {"gloss": 0.6}},
    "ink": {"tone": {"haze": 0.25}},
    "strokes": {"white": {"gloss": 0.25}},
    "mandala": {"white": {"gloss": 0.4}, "light": {"halo": 0.4}},
    "glass": {"tone": {"pane": 0.3}},
    "coral": {"white": {"gloss": 0.35}},
    "flame": {"tone": {"flame": 0.6}, "light": {"line": 0.2}},
    "nebula": {"tone": {"haze": 0.35}},
    "aurora": {"tone": {"curtain": 0.8}},
}

SHARPEN = 1.6  # a soft mixture of families is made clearer, so that a picture has a character of its own


def sharpened(weights: torch.Tensor) -> torch.Tensor:
    """Family weights [B, F], about 0 to 1, to shares that sum to one; the largest gains. Smooth, and safe at zero."""
    weights = torch.sqrt(weights * weights + 1e-4) + weights  # a soft ramp: negative weights fade, never bite
    weights = torch.exp(SHARPEN * torch.log(weights))
    return weights / weights.sum(dim=1, keepdim=True)


def layer_table() -> torch.Tensor:
    """[F, layers], one row a family."""
    return torch.tensor(list(LAYERS.values())).t().contiguous()


def weight_table() -> tuple[list[tuple[str, str]], torch.Tensor]:
    """The (row, field) pairs in use, and how much each counts: [2 F, pairs], WEIGHTS above GLOWING."""
    used = {(row, field) for rows in WEIGHTS.values() for row, recipe in rows.items() for field in recipe}
    pairs = [(row, field) for row in ROWS for field in ("one", *FIELDS) if (row, field) in used]
    recipes = [table.get(family, {}) for table in (WEIGHTS, GLOWING) for family in FAMILIES]
    # A glow that no form has without glowing would be lost.
    assert all((row, field) in used for rows in recipes for row, recipe in rows.items() for field in recipe)
    return pairs, torch.tensor([[rows.get(row, {}).get(field, 0.0) for row, field in pairs] for rows in recipes])


ARCH = 32.0


def arch(turns: torch.Tensor) -> torch.Tensor:
    """A wave of period one, from five sums and products: a sixth of the cost of ONNX Runtime's sine.

    ARCH * arch(t) - 1 is cos(2 pi t) to within 0.07: a quartic over each period whose slope is zero at both ends, so that
    value, slope and curvature have no steps. The scale and the constant are left to the caller, who has factors anyway.
    """
    part = turns - torch.floor(turns)
    part = part * part - part
    return part * part


def glowing(squared: torch.Tensor, width: torch.Tensor) -> torch.Tensor:
    """Light around zero crossings: 1 on the line, a half where `squared` equals `width`."""
    return width / (squared + width)
