"""What sounds alike must look alike, and the constants must come from training music alone."""

import numpy as np
import pytest

from models.starter_pack.descriptors import NAMES
from models.training import synaesthesia
from models.training.look import FAMILIES, KNOBS, LOOK_DIM
from models.training.teacher import TAGS

COUNT = 600


def windows(seed=0):
    """Inputs of made-up windows [600, 83]: every descriptor and tag is independent noise."""
    rng = np.random.default_rng(seed)
    tags = 1 / (1 + np.exp(-rng.normal(-2, 1.5, (COUNT, len(TAGS)))))
    return synaesthesia.inputs(rng.normal(size=(COUNT, len(NAMES))), tags)


@pytest.fixture(scope="module")
def fitted():
    return synaesthesia.fit(windows(), np.ones(COUNT))


def changed(values, name, by):
    """One input of all windows moved by some deviations."""
    column = NAMES.index(name) if name in NAMES else len(NAMES) + TAGS.index(name.lstrip("#"))
    moved = values.copy()
    moved[:, column] += by * values[:, column].std()
    return moved


def test_looks_lie_in_range_and_every_knob_is_used(fitted):
    looks = fitted.looks(windows())
    assert looks.shape == (COUNT, LOOK_DIM)
    assert np.allclose(np.hypot(looks[:, 0], looks[:, 1]), 1, atol=1e-5)
    knobs, families = looks[:, 2 : len(KNOBS)], looks[:, len(KNOBS) :]
    assert knobs.min() >= 0 and knobs.max() <= 1
    assert (np.percentile(knobs, 90, axis=0) - np.percentile(knobs, 10, axis=0)).min() > 0.5
    assert np.allclose(families.sum(1), 1, atol=1e-5)
    # No family is a stranger, and none takes over.
    leads = np.bincount(families.argmax(1), minlength=len(FAMILIES)) / COUNT
    assert leads.min() > 0.04 and leads.max() < 0.25


@pytest.mark.parametrize(
    ("name", "knob", "sign"),
    [("brightness", "light", 1), ("bass", "light", -1), ("flux", "complexity", 1), ("roughness", "roughness", 1), ("#house", "symmetry", 1)],
)
def test_sound_moves_the_knob_that_the_table_names(fitted, name, knob, sign):
    column = list(KNOBS).index(knob)
    before, after = fitted.looks(windows()), fitted.looks(changed(windows(), name, 1.5))
    assert sign * (after - before)[:, column].mean() > 0.05


def test_metal_is_painted_in_flames_and_red(fitted):
    looks = fitted.looks(changed(changed(windows(), "#metal", 3), "#hard rock", 3))
    plain = fitted.looks(windows())
    flame = len(KNOBS) + FAMILIES.index("flame")
    assert looks[:, flame].mean() > 2 * plain[:, flame].mean()
    red = np.cos(0.4) * looks[:, 0] + np.sin(0.4) * looks[:, 1]
    assert red.mean() > (np.cos(0.4) * plain[:, 0] + np.sin(0.4) * plain[:, 1]).mean() + 0.2


def test_controls_are_ranks(fitted):
    controls = fitted.controls(windows())
    assert controls.shape == (COUNT, len(synaesthesia.CONTROLS))
    assert abs(np.median(controls, axis=0) - 0.5).max() < 0.02
    brighter = fitted.controls(changed(windows(), "brightness", 2))
    assert (brighter - controls)[:, synaesthesia.CONTROLS.index("brightness")].mean() > 0.2


def test_saved_constants_give_the_same_looks(fitted, tmp_path):
    fitted.save(tmp_path / "constants.json")
    again = synaesthesia.Synaesthesia.load(tmp_path / "constants.json")
    assert np.abs(again.looks(windows(3)) - fitted.looks(windows(3))).max() < 2e-3


def test_a_mood_outlasts_a_moment():
    values = windows()[:60]
    calm = synaesthesia.calm(values, hop_s=2.0)
    assert np.abs(np.diff(calm, axis=0)).mean() < 0.35 * np.abs(np.diff(values, axis=0)).mean()
