"""What a graph needs so that every execution provider of ONNX Runtime computes the same.

The WebGPU provider (0.4.0, on ONNX Runtime 1.31.1) computes a convolution wrongly whose number of input channels is a multiple of
three, but not of four, and above three: measured on 6, 9, 15 and 18 channels, 3 x 3 kernels, against the CPU. One more channel
of zeros or two change no result, and it is right again.
"""

import numpy as np
import onnx
from onnx import helper, numpy_helper


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
