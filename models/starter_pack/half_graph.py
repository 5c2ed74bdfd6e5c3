"""The same graph in half precision (float16), for GPUs that compute it quicker.

Only what a convolution makes, and what is made of that alone, is computed in halves: there the time goes, and there values are of
the size of colours. All before it stays in float32: which pictures a memory chooses, and by how much, and the coordinates at which a
lens looks, of which a half knows no more than one of 1024 pixels. So do the inputs and outputs.
"""

import onnx
from onnx import TensorProto, helper

CONVOLUTIONS = {"Conv", "ConvTranspose"}
# What may follow, with the number of inputs that have the type of its output; none for all of them.
FOLLOWING = {
    "Relu": None, "LeakyRelu": None, "Sigmoid": None, "Tanh": None, "Clip": None, "Add": None, "Sub": None, "Mul": None, "Concat": None,
    "Resize": 1, "Pad": 1, "DepthToSpace": None, "SpaceToDepth": None, "MaxPool": None, "AveragePool": None,
}  # fmt: skip


def halve(graph: onnx.ModelProto) -> int:
    """Lets convolutions and what follows them compute in float16, in place; returns how many nodes do. The weights stay as they are
    stored, and are cast when the graph is loaded."""
    if any(attribute.HasField("g") for node in graph.graph.node for attribute in node.attribute):
        raise ValueError("it has graphs inside, such as loops: these cannot be brought to half precision")
    halves = _find(graph.graph)
    nodes, made = [], set()

    def cast(name: str, to: int) -> str:
        """The name of the same value in another type; a node makes it where it is first wanted."""
        result = f"{name}_half" if to == TensorProto.FLOAT16 else name
        if result not in made:
            made.add(result)
            source = name if to == TensorProto.FLOAT16 else f"{name}_half"
            nodes.append(helper.make_node("Cast", [source], [result], name=f"cast_{result}", to=to))
        return result

    values = {name for node, _ in halves.values() for name in node.output}
    for place, node in enumerate(graph.graph.node):
        if place in halves:
            for given in halves[place][1]:
                name = node.input[given]
                node.input[given] = f"{name}_half" if name in values else cast(name, TensorProto.FLOAT16)
            for output, name in enumerate(node.output):
                node.output[output] = f"{name}_half"
        else:
            for name in node.input:
                if name in values:
                    cast(name, TensorProto.FLOAT)
        nodes.append(node)
    for output in graph.graph.output:
        if output.name in values:
            cast(output.name, TensorProto.FLOAT)
    graph.graph.ClearField("node")
    graph.graph.node.extend(nodes)
    graph.graph.ClearField("value_info")
    return len(halves)


def _find(graph: onnx.GraphProto) -> dict[int, tuple[onnx.NodeProto, list[int]]]:
    """The nodes that compute in halves, by their place: each with the places of the inputs that must be halves."""
    constant = {tensor.name for tensor in graph.initializer} | {""}
    found: dict[int, tuple[onnx.NodeProto, list[int]]] = {}
    halves: set[str] = set()
    for place, node in enumerate(graph.node):
        if all(name in constant for name in node.input):
            constant |= set(node.output)
            continue
        count = FOLLOWING.get(node.op_type) or len(node.input)
        typed = [i for i, name in enumerate(node.input[:count]) if name]
        given = [node.input[i] for i in typed]
        follows = node.op_type in FOLLOWING and any(name in halves for name in given)
        if node.op_type in CONVOLUTIONS or follows and all(name in halves or name in constant for name in given):
            found[place] = (node, typed)
            halves |= set(node.output)
    return found
