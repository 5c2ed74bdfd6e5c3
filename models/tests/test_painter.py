"""What the painter of the trained generator promises: smooth, finite, trainable, ten forms, and colours that obey the look."""

import math

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from models.tests.test_pack import PLAIN
from models.training.gan.forms import FIELDS, SEEN
from models.training.gan.painter import GEOMETRY, Painter
from models.training.look import FAMILIES, KNOBS, LOOK_DIM, random_look

SIZE_PX = 96


@pytest.fixture(scope="module")
def painter():
    return Painter(SIZE_PX).eval()


def look(seed: int, family: str | None = None, **knobs: float) -> torch.Tensor:
    vector = random_look(np.random.default_rng(seed), family).vector
    for name, value in knobs.items():
        vector[list(KNOBS).index(name)] = value
    return torch.from_numpy(vector)[None]


def geometry(seed: int, n: int = 1) -> torch.Tensor:
    return torch.randn(n, GEOMETRY, generator=torch.Generator().manual_seed(seed))


def paint(painter, looks, places) -> torch.Tensor:
    with torch.no_grad():
        return painter(looks, places)[0]


def test_shapes_and_ranges(painter):
    looks = torch.cat([look(i, family) for i, family in enumerate(FAMILIES)])
    with torch.no_grad():
        image, fields = painter(looks, geometry(0, len(FAMILIES)))
    assert image.shape == (len(FAMILIES), 3, SIZE_PX, SIZE_PX)
    assert fields.shape == (len(FAMILIES), SEEN, SIZE_PX, SIZE_PX) and SEEN <= len(FIELDS)
    assert image.min() >= -1.0 and image.max() <= 1.0
    assert fields.abs().mean((0, 2, 3)).max() < 2.0


def test_onnx_runtime_agrees_with_pytorch(painter, tmp_path):
    path = tmp_path / "painter.onnx"
    torch.onnx.export(
        painter, (look(0), geometry(0)), str(path), dynamo=False, opset_version=17, input_names=["look", "geometry"],
        output_names=["image", "fields"], do_constant_folding=False,
    )  # fmt: skip
    # Beside the starter's operators: Identity and Cast stand on constants and vanish when the graph is loaded.
    assert {node.op_type for node in onnx.load(path).graph.node} <= PLAIN | {"Clip", "Gather", "Cast", "Identity"}
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    for i, family in enumerate(FAMILIES):
        inputs = {"look": look(i, family), "geometry": geometry(i)}
        image, fields = session.run(None, {k: v.numpy() for k, v in inputs.items()})
        with torch.no_grad():
            want = painter(*inputs.values())
        assert np.abs(image - want[0].numpy()).max() < 2e-2 and np.abs(image - want[0].numpy()).mean() < 1e-4
        assert np.abs(fields - want[1].numpy()).mean() < 1e-3


def test_a_batch_is_its_pictures(painter):
    looks = torch.cat([look(i) for i in range(3)])
    alone = torch.cat([paint(painter, looks[i : i + 1], geometry(5, 3)[i : i + 1]) for i in range(3)])
    assert (paint(painter, looks, geometry(5, 3)) - alone).abs().mean() < 1e-4


def test_a_slow_walk_has_no_pops(painter):
    """0.01 rad a step through geometry and a little of the look: no step changes the picture much more than its neighbours."""
    for family in FAMILIES:
        start, end, a, b = geometry(1), geometry(2), look(3, family), look(4, family)
        angles = [0.01 * i for i in range(16)]
        walk = torch.cat([start * math.cos(t) + end * math.sin(t) for t in angles])
        looks = torch.cat([a + (b - a) * t for t in angles])
        change = paint(painter, looks, walk).diff(dim=0).abs().mean((1, 2, 3))
        assert change.max() < 1.6 * change.median(), family
        assert 0.001 < change.median() < 0.08, family  # of a range of 2


@pytest.mark.parametrize("scale", [0.0, 1.0, 8.0])
def test_extreme_inputs_stay_finite(painter, scale):
    for value in (0.0, 1.0, -0.5, 3.0):
        values = torch.full((1, LOOK_DIM), value)
        with torch.no_grad():
            image, fields = painter(values, geometry(0) * scale)
        assert torch.isfinite(image).all() and torch.isfinite(fields).all()


def test_gradients_are_finite_and_reach_every_number(painter):
    looks = torch.cat([look(i, family) for i, family in enumerate(FAMILIES)]).requires_grad_()
    places = geometry(7, len(FAMILIES)).requires_grad_()
    image, fields = painter(looks, places)
    (image * torch.randn(image.shape, generator=torch.Generator().manual_seed(0))).mean().backward()
    assert torch.isfinite(looks.grad).all() and torch.isfinite(places.grad).all()
    assert (looks.grad.abs().amax(0) > 0).all() and (places.grad.abs().amax(0) > 0).all()


def test_each_form_is_its_own(painter):
    """The same knobs and places: two forms differ more than two steps of a walk within one."""
    knobs = look(11)[:, : len(KNOBS)].repeat(len(FAMILIES), 1)
    pictures = paint(painter, torch.cat([knobs, torch.eye(len(FAMILIES))], dim=1), geometry(3).repeat(len(FAMILIES), 1))
    for i in range(len(FAMILIES)):
        for j in range(i):
            assert (pictures[i] - pictures[j]).abs().mean() > 0.12, (FAMILIES[i], FAMILIES[j])


def test_soft_families_melt(painter):
    """Halfway between two forms lies a picture that is near both, and the way there has no jump."""
    knobs = look(11)[:, : len(KNOBS)].repeat(33, 1)
    share = torch.linspace(0, 1, 33)[:, None]
    forms = torch.eye(len(FAMILIES))
    ways = torch.cat([knobs, forms[0:1] * (1 - share) + forms[4:5] * share], dim=1)
    change = paint(painter, ways, geometry(3).repeat(33, 1)).diff(dim=0).abs().mean((1, 2, 3))
    assert change.max() < 0.12


def test_knobs_move_what_they_name(painter):
    def measure(**knobs):
        looks = torch.cat([look(i, family, spread=0.2, **knobs) for i, family in enumerate(FAMILIES)])
        picture = (paint(painter, looks, geometry(9, len(FAMILIES))) + 1) / 2
        red, green, blue = picture.mean((0, 2, 3))
        return float(picture.mean()), float(red - blue), float((picture.amax(1) - picture.amin(1)).mean())

    assert measure(light=0.9)[0] > measure(light=0.1)[0] + 0.05
    assert measure(hue_cos=1.0, hue_sin=0.3)[1] > measure(hue_cos=-0.5, hue_sin=-1.0)[1] + 0.1
    assert measure(chroma=0.9)[2] > measure(chroma=0.1)[2] + 0.08


def test_a_smaller_painter_paints_the_same_picture():
    looks, places = look(2, "coral"), geometry(4)
    large, small = paint(Painter(128), looks, places), paint(Painter(64), looks, places)
    assert (torch.nn.functional.avg_pool2d(large, 2) - small).abs().mean() < 0.06
