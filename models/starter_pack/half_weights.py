"""Weights that are kept in float16 where that loses nothing: half the bytes, and the same picture to the last bit.

The graph reads them through a Cast, which ONNX Runtime folds when it loads it. Networks whose checkpoint is in float16 have such
weights alone.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def narrow(graph: onnx.ModelProto, least_bytes: int) -> int:
    """Keeps stored tensors as float16 that it holds exactly and that have at least `least_bytes`, in place; returns how many.

    A node that casts such a tensor to float16 reads it as it is from then on.
    """
    nodes, count = graph.graph.node, 0
    for tensor in graph.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT:
            continue
        values = numpy_helper.to_array(tensor)
        with np.errstate(over="ignore"):
            halves = values.astype(np.float16)
        if values.nbytes < least_bytes or not np.array_equal(halves.astype(np.float32), values):
            continue
        count += 1
        name, wide = tensor.name, f"{tensor.name}_float"
        tensor.CopyFrom(numpy_helper.from_array(halves, name))
        casts = {node.output[0] for node in nodes if name in node.input and cast_target(node) == TensorProto.FLOAT16}
        kept = [node for node in nodes if not casts & set(node.output)]
        for node in kept:
            for place, given in enumerate(node.input):
                if given in casts:
                    node.input[place] = name
                elif given == name:
                    node.input[place] = wide
        if any(wide in node.input for node in kept):
            kept.insert(0, helper.make_node("Cast", [name], [wide], name=wide, to=TensorProto.FLOAT))
        graph.graph.ClearField("node")
        graph.graph.node.extend(kept)
        nodes = graph.graph.node
    return count


def widen(graph: onnx.ModelProto) -> int:
    """Takes `narrow` back, in place, for whoever must find the weights as floats; returns how many tensors it were."""
    narrow_ones = {t.name: t for t in graph.graph.initializer if t.data_type == TensorProto.FLOAT16}
    casts = {}
    for node in graph.graph.node:
        if cast_target(node) == TensorProto.FLOAT and node.input[0] in narrow_ones:
            casts[node.output[0]] = node.input[0]
    kept = [node for node in graph.graph.node if not set(node.output) & casts.keys()]
    read_as_it_is = {name for node in kept for name in node.input}
    if read_as_it_is & narrow_ones.keys():
        raise ValueError("a graph in half precision has no weights in floats: take the one that it was made of")
    for name in casts.values():
        tensor = narrow_ones[name]
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float32), name))
    for node in kept:
        for place, given in enumerate(node.input):
            node.input[place] = casts.get(given, given)
    graph.graph.ClearField("node")
    graph.graph.node.extend(kept)
    return len(casts)


def cast_target(node: onnx.NodeProto) -> int | None:
    """What a Cast makes, by ONNX's number; none of any other node."""
    if node.op_type != "Cast":
        return None
    return next((attribute.i for attribute in node.attribute if attribute.name == "to"), None)
