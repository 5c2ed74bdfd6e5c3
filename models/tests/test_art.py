"""The art: a picture is a function of look and seed, and every knob does what its description says, in every family."""

import functools
import importlib

import numpy as np
import pytest

from models.training.art import paint
from models.training.look import FAMILIES, KNOBS, Look, random_look

SIZE_PX = 48
SEEDS = range(4)
families = pytest.mark.parametrize("family", FAMILIES)


def plain_look(family: str, **knobs: float) -> Look:
    """A look with all knobs in the middle, a blue hue, and those given."""
    vector = random_look(np.random.default_rng(0), family).vector.copy()
    for index, name in enumerate(KNOBS):
        vector[index] = {"hue_cos": 0.0, "hue_sin": -1.0, "symmetry": 0.2}.get(name, 0.5)
        vector[index] = knobs.get(name, vector[index])
    return Look(vector)


def oklab(picture: np.ndarray) -> np.ndarray:
    """uint8 sRGB [S, S, 3] to OKLab by Ottosson's own matrices."""
    srgb = picture.astype(np.float64) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    to_lms = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
              [0.0883024619, 0.2817188376, 0.6299787005]]  # fmt: skip
    to_lab = [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
              [0.0259040371, 0.7827717662, -0.8086757660]]  # fmt: skip
    return np.cbrt(linear @ np.transpose(to_lms)) @ np.transpose(to_lab)


@functools.lru_cache(maxsize=None)
def pictures(family: str, **knobs: float) -> np.ndarray:
    """OKLab pictures of one look and all seeds, [seeds, S, S, 3]."""
    return np.stack([oklab(paint(plain_look(family, **knobs), seed, SIZE_PX)) for seed in SEEDS])


@families
def test_same_look_and_seed_give_the_same_bytes(family):
    look = random_look(np.random.default_rng(1), family)
    assert np.array_equal(paint(look, 5, SIZE_PX), paint(look, 5, SIZE_PX))


@families
def test_seeds_differ(family):
    lab = pictures(family)
    for other in range(1, len(lab)):
        assert np.abs(lab[0] - lab[other]).mean() > 0.01, f"seeds 0 and {other} look alike"


@families
def test_any_look_gives_finite_values_in_range_and_no_flat_picture(family):
    module = importlib.import_module(f"models.training.art.{family}")
    looks = [random_look(np.random.default_rng(seed), family) for seed in range(4)]
    knobs = ("light", "contrast", "complexity", "roughness", "symmetry", "glow")
    looks += [plain_look(family, **{name: end}) for name in knobs for end in (0.0, 1.0)]
    for seed, look in enumerate(looks):
        picture = module.paint(look, np.random.default_rng(seed), SIZE_PX)
        assert picture.shape == (SIZE_PX, SIZE_PX, 3) and picture.dtype == np.float32
        assert np.isfinite(picture).all()
        assert picture.min() >= 0 and picture.max() <= 1
        assert picture.std(axis=(0, 1)).max() > 0.012, f"flat picture for seed {seed}, look {look.vector[: len(KNOBS)]}"


@families
@pytest.mark.parametrize("angle", (0.4, 2.3))
def test_hue_turns_the_mean_hue(family, angle):
    knobs = {"hue_cos": float(np.cos(angle)), "hue_sin": float(np.sin(angle)), "spread": 0.2}
    opposite = {"hue_cos": -knobs["hue_cos"], "hue_sin": -knobs["hue_sin"], "spread": 0.2}
    moved = (pictures(family, **knobs) - pictures(family, **opposite))[..., 1:].mean((0, 1, 2))
    away = np.angle(complex(*moved) * np.exp(-1j * angle))
    assert np.hypot(*moved) > 0.02
    assert abs(away) < 0.6, f"the mean colour moved by {moved}, {away:+.2f} rad off the hue"


def chroma(lab: np.ndarray) -> float:
    return float(np.hypot(lab[..., 1], lab[..., 2]).mean())


def edge_density(lab: np.ndarray) -> float:
    """Mean gradient of lightness, over its deviation, so that contrast alone does not count."""
    rows, columns = np.gradient(lab[..., 0], axis=(1, 2))
    spread = lab[..., 0].std(axis=(1, 2)) + 0.02
    return float((np.hypot(rows, columns).mean(axis=(1, 2)) / spread).mean())


@families
def test_light_lifts_the_mean_lightness(family):
    dark, middle, light = (pictures(family, **knobs)[..., 0].mean() for knobs in ({"light": 0.0}, {}, {"light": 1.0}))
    assert dark + 0.05 < middle < light - 0.03
    assert light - dark > 0.25


@families
def test_chroma_lifts_the_mean_chroma(family):
    grey, vivid = (chroma(pictures(family, chroma=value)) for value in (0.0, 1.0))
    assert vivid > 1.7 * grey


@families
def test_complexity_raises_the_density_of_edges(family):
    few, many = (edge_density(pictures(family, complexity=value, roughness=0.1)) for value in (0.05, 0.95))
    assert many > 1.08 * few
