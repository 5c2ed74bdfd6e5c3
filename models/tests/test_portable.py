"""Graphs that every execution provider can run."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from models.starter_pack.portable import slice_wide_splits, widen_convolutions


def convolution(channels: int, groups: int = 1) -> onnx.ModelProto:
    """x [1, channels, 9, 16] -> y [1, 12 * groups, 9, 16]."""
    rng = np.random.default_rng(0)
    weight = rng.standard_normal((12 * groups, channels // groups, 3, 3)).astype(np.float32)
    node = helper.make_node("Conv", ["x", "w"], ["y"], pads=[1] * 4, group=groups)
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, channels, 9, 16])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 12 * groups, 9, 16])
    graph = helper.make_graph([node], "g", [x], [y], [numpy_helper.from_array(weight, "w")])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def run(model: onnx.ModelProto, channels: int) -> np.ndarray:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    x = np.random.default_rng(1).standard_normal((1, channels, 9, 16)).astype(np.float32)
    return session.run(None, {"x": x})[0]


@pytest.mark.parametrize("channels", [6, 9, 15])
def test_a_convolution_that_webgpu_gets_wrong_is_widened_and_gives_the_same(channels):
    before, widened = convolution(channels), convolution(channels)
    assert widen_convolutions(widened) == 1
    onnx.checker.check_model(widened, full_check=True)
    assert np.abs(run(before, channels) - run(widened, channels)).max() < 1e-4
    assert [list(w.dims) for w in widened.graph.initializer][0] == [12, channels, 3, 3], "weights keep their shape"
    assert widen_convolutions(widened) == 0, "once is enough"


@pytest.mark.parametrize(("channels", "groups"), [(3, 1), (8, 1), (12, 1), (10, 1), (6, 2)])
def test_other_convolutions_stay_as_they_are(channels, groups):
    model = convolution(channels, groups)
    before = model.SerializeToString(deterministic=True)
    assert widen_convolutions(model) == 0
    assert model.SerializeToString(deterministic=True) == before


def splitting(parts: list[int]) -> onnx.ModelProto:
    """x [2, N] -> its parts along the second axis, in turn."""
    names = [f"y{part}" for part in range(len(parts))]
    node = helper.make_node("Split", ["x", "sizes"], names, axis=1)
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [2, sum(parts)])
    ys = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [2, size]) for n, size in zip(names, parts, strict=True)]
    sizes = numpy_helper.from_array(np.array(parts, np.int64), "sizes")
    graph = helper.make_graph([node], "g", [x], ys, [sizes])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def test_a_split_into_many_parts_is_sliced_and_gives_the_same():
    before, sliced, few = splitting([1, 2, 3] * 4), splitting([1, 2, 3] * 4), splitting([4, 5])
    assert slice_wide_splits(sliced) == 1 and slice_wide_splits(few) == 0
    onnx.checker.check_model(sliced, full_check=True)
    x = np.arange(48, dtype=np.float32).reshape(2, 24)
    results = [
        onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, {"x": x})
        for model in (before, sliced)
    ]
    assert all(np.array_equal(a, b) for a, b in zip(*results, strict=True))
    assert {node.op_type for node in sliced.graph.node} == {"Slice"}
    assert all(tensor.name != "sizes" for tensor in sliced.graph.initializer), "what nobody reads is gone"
