"""Half precision: weights that are kept as halves without loss, graphs that compute in them, and packs that are given such graphs."""

import shutil
import tomllib
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from models.export import half
from models.starter_pack.half_graph import halve
from models.starter_pack.half_weights import narrow, widen
from models.training.latent.share import WEIGHTS, share

DEFAULT = Path("models/default")
RNG = np.random.default_rng(3)


def some(*shape, exact=False):
    """Random numbers; `exact` for those that a half holds."""
    values = RNG.standard_normal(shape) * 0.2
    return values.astype(np.float16).astype(np.float32) if exact else values.astype(np.float32)


def painter() -> onnx.ModelProto:
    """z [1, 64], embedding [1, 512] -> image [1, 3, 16, 16]: a product, two convolutions, and a place to look for each pixel."""
    weights = {
        "base": some(64, 8 * 64), "first": some(16, 8, 3, 3, exact=True), "second": some(3, 16, 3, 3), "moves": some(512, 512),
        "scales": np.array([1, 1, 2, 2], np.float32), "cells": np.array([1, 8, 8, 8]), "places": np.array([1, 16, 16, 2]),
    }  # fmt: skip
    nodes = [
        helper.make_node("MatMul", ["z", "base"], ["flat"]),
        helper.make_node("Reshape", ["flat", "cells"], ["small"]),
        helper.make_node("Conv", ["small", "first"], ["wide"], pads=[1] * 4),
        helper.make_node("Relu", ["wide"], ["lit"]),
        helper.make_node("Resize", ["lit", "", "scales"], ["large"], mode="nearest"),
        helper.make_node("Conv", ["large", "second"], ["painted"], pads=[1] * 4),
        helper.make_node("MatMul", ["embedding", "moves"], ["moved"]),
        helper.make_node("Tanh", ["moved"], ["within"]),
        helper.make_node("Reshape", ["within", "places"], ["grid"]),
        helper.make_node("GridSample", ["painted", "grid"], ["image"]),
    ]
    port = lambda name, *shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)  # noqa: E731
    tensors = [numpy_helper.from_array(value, name) for name, value in weights.items()]
    graph = helper.make_graph(nodes, "g", [port("z", 1, 64), port("embedding", 1, 512)], [port("image", 1, 3, 16, 16)], tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def run(path):
    given = {"z": np.linspace(-2, 2, 64, dtype=np.float32)[None], "embedding": np.full((1, 512), 512**-0.5, np.float32)}
    return onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"]).run(["image"], given)[0]


def saved(model, path):
    onnx.save(model, path)
    return path


def stored(model):
    return {tensor.name: tensor.data_type for tensor in model.graph.initializer}


def test_what_a_half_holds_exactly_is_kept_so_and_paints_the_same(tmp_path):
    model = painter()
    before, as_it_was = run(saved(model, tmp_path / "before.onnx")), model.SerializeToString(deterministic=True)
    assert narrow(model, 1024) == 1
    assert stored(model)["first"] == TensorProto.FLOAT16 and stored(model)["second"] == stored(model)["base"] == TensorProto.FLOAT
    assert np.array_equal(run(saved(model, tmp_path / "narrow.onnx")), before)
    assert narrow(model, 1024) == 0, "once is enough"
    assert widen(model) == 1 and stored(model)["first"] == TensorProto.FLOAT
    assert model.SerializeToString(deterministic=True) == as_it_was


def test_convolutions_and_what_follows_compute_in_halves_and_coordinates_do_not(tmp_path):
    graph = saved(painter(), tmp_path / "generator.onnx")
    model = onnx.load(graph)
    assert halve(model) == 4
    types = {v.name: v.type.tensor_type.elem_type for v in onnx.shape_inference.infer_shapes(model).graph.value_info}
    made = {node.op_type: types.get(node.output[0]) for node in model.graph.node}
    assert made["Conv"] == made["Relu"] == made["Resize"] == TensorProto.FLOAT16
    assert made["MatMul"] == made["Tanh"] == TensorProto.FLOAT
    assert {port.type.tensor_type.elem_type for port in [*model.graph.input, *model.graph.output]} == {TensorProto.FLOAT}
    assert np.abs(run(half.write(graph)) - run(graph)).max() < 0.01


def test_a_graph_in_halves_reads_the_floats_graphs_weights(tmp_path):
    graph = saved(painter(), tmp_path / "generator.onnx")
    before, made = run(graph), half.write(graph)
    in_halves = run(made)
    share([graph, made], tmp_path / WEIGHTS)
    whole = 4 * sum(int(np.prod(tensor.dims)) for tensor in painter().graph.initializer)
    assert (tmp_path / WEIGHTS).stat().st_size < whole
    assert np.array_equal(run(graph), before) and np.array_equal(run(made), in_halves)
    # What a half holds exactly, both read as it lies there; the rest is cast when the half graph is loaded.
    model = onnx.load(made)
    assert stored(model)["first"] == TensorProto.FLOAT16 and stored(model)["second"] == TensorProto.FLOAT
    with pytest.raises(ValueError, match="the one that it was made of"):
        widen(model)


def pack_of(folder, model):
    folder.mkdir()
    saved(model, folder / "generator.onnx")
    text = '[generator]\nfile = "generator.onnx"    # paints\nembedding = "embedding"\nlatent = "z"\nimage = "image"\nrange = [-1.0, 1.0]\n'
    (folder / "pack.toml").write_text(text)
    return folder


def test_a_pack_is_given_its_half_graphs_once(tmp_path, capsys):
    pack = pack_of(tmp_path / "pack", painter())
    before = run(pack / "generator.onnx")
    for _ in range(2):
        assert half.add(pack) == [pack / "generator.half.onnx"]
        text = (pack / "pack.toml").read_text()
        assert text.count("half = ") == 1 and "# paints" in text
        assert tomllib.loads(text)["generator"]["half"] == "generator.half.onnx"
        assert np.array_equal(run(pack / "generator.onnx"), before)
    assert "of 255 from the floats" in capsys.readouterr().out


def bytes_of(folder):
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize(("says", "why"), [("left out", "too far off"), ("no convolutions", "nothing to gain")])
def test_where_it_is_of_no_use_a_pack_stays_as_it_is(tmp_path, capsys, monkeypatch, says, why):
    model = painter()
    if why == "too far off":
        monkeypatch.setattr(half, "MOST_APART", 0.0)
    else:
        model.graph.node.remove(model.graph.node[5])
        model.graph.node[2].CopyFrom(helper.make_node("Slice", ["small", "from", "to"], ["wide"]))
        model.graph.initializer.append(numpy_helper.from_array(np.array([0, 0]), "from"))
        model.graph.initializer.append(numpy_helper.from_array(np.array([1, 3]), "to"))
        model.graph.node[4].output[0] = "painted"
    folder = pack_of(tmp_path / "pack", model)
    before = bytes_of(folder)
    assert half.add(folder) == [] and says in capsys.readouterr().out, why
    assert bytes_of(folder) == before


def test_the_shipped_half_graphs_are_made_of_the_floats_beside_them(tmp_path):
    says = tomllib.loads((DEFAULT / "pack.toml").read_text())["generator"]
    for section in (says, *says["size"]):
        graph, shipped = DEFAULT / section["file"], DEFAULT / section["half"]
        for name in (graph.name, WEIGHTS):
            shutil.copyfile(DEFAULT / name, tmp_path / name)
        half.write(tmp_path / graph.name)
        inputs = list(half.some_inputs(graph, says, 2))
        mean, most = half.deviation(graph, shipped, "image", inputs, says["range"])
        again, _ = half.deviation(graph, half.beside(tmp_path / graph.name), "image", inputs, says["range"])
        assert 0 < mean < 0.05 and most < 1.0
        assert mean == again
