"""What a graph needs so that every execution provider of ONNX Runtime computes the same.

The WebGPU provider (0.4.0, on ONNX Runtime 1.31.1) computes a convolution wrongly whose number of input channels is a multiple of
three, but not of four, and above three: measured on 6, 9, 15 and 18 channels, 3 x 3 kernels, against the CPU. One more channel
of zeros or two change no result, and it is right again. It also gives each output of a Split a buffer, of which WebGPU promises
eight to a shader.
"""

import numpy as np
import onnx
from onnx import helper, numpy_helper


MOST_PARTS = 7


def make_portable(graph: onnx.ModelProto) -> None:
    """Changes the graph in place, so that every provider can run it; what it computes stays the same."""
    widen_convolutions(graph)
    slice_wide_splits(graph)


def slice_wide_splits(graph: onnx.ModelProto) -> int:
    """Takes each part of a Split with many of them by a Slice of its own, in place; returns how many Splits there were."""
    sizes = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.graph.initializer}
    sizes |= {
        node.output[0]: numpy_helper.to_array(node.attribute[0].t)
        for node in graph.graph.node
        if node.op_type == "Constant" and node.attribute[0].name == "value"
    }
    nodes, count = [], 0
    for node in graph.graph.node:
        known = len(node.input) > 1 and node.input[1] in sizes
        if node.op_type != "Split" or len(node.output) <= MOST_PARTS or not known:
            nodes.append(node)
            continue
        count += 1
        axis = next((helper.get_attribute_value(a) for a in node.attribute if a.name == "axis"), 0)
        ends = np.cumsum(sizes[node.input[1]])
        for part, (start, end) in enumerate(zip(ends - sizes[node.input[1]], ends, strict=True)):
            name = f"slice_{count}_{part}"
            bounds = {"start": start, "end": end, "axis": axis}
            for what, value in bounds.items():
                graph.graph.initializer.append(numpy_helper.from_array(np.array([value], np.int64), f"{name}_{what}"))
            inputs = [node.input[0], *(f"{name}_{what}" for what in bounds)]
            nodes.append(helper.make_node("Slice", inputs, [node.output[part]], name=name))
    if count:
        graph.graph.ClearField("node")
        graph.graph.node.extend(nodes)
        drop_unused(graph)
    return count


def drop_unused(graph: onnx.ModelProto) -> None:
    """Takes away the constants that no node reads any more."""
    used = {name for node in graph.graph.node for name in node.input} | {output.name for output in graph.graph.output}
    for node in [node for node in graph.graph.node if node.op_type == "Constant" and node.output[0] not in used]:
        graph.graph.node.remove(node)
    for tensor in [tensor for tensor in graph.graph.initializer if tensor.name not in used]:
        graph.graph.initializer.remove(tensor)


def widen_convolutions(graph: onnx.ModelProto) -> int:
    """Pads such convolutions to a multiple of four channels, in place; returns how many.

    Weights keep their names and shapes: they are padded in the graph, which ONNX Runtime folds when it loads it.
    """
    shapes = {tensor.name: list(tensor.dims) for tensor in graph.graph.initializer}
    nodes, count = [], 0
    for node in graph.graph.node:
        channels = shapes.get(node.input[1], [0, 0])[1] if node.op_type == "Conv" else 0
        groups = next((helper.get_attribute_value(a) for a in node.attribute if a.name == "group"), 1)
        if channels > 3 and channels % 3 == 0 and channels % 4 and groups == 1:
            count += 1
            name = f"widen_{count}"
            pads = np.zeros(8, np.int64)
            pads[5] = -channels % 4
            graph.graph.initializer.append(numpy_helper.from_array(pads, f"{name}_pads"))
            for place, kind in enumerate(["input", "weight"]):
                wide = f"{name}_{kind}"
                nodes.append(helper.make_node("Pad", [node.input[place], f"{name}_pads"], [wide], name=wide, mode="constant"))
                node.input[place] = wide
        nodes.append(node)
    if count:
        graph.graph.ClearField("node")
        graph.graph.node.extend(nodes)
    return count
