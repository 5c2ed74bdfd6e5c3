"""The weights of an exported graph, taken back out: a training can go on from what ships.

An exported graph has biases and convolutions by name. What is multiplied from the right stands in it transposed and without a name, and
is told by where it stands: the product that the layer's bias is added to.
"""

from pathlib import Path

import onnx
import torch
from onnx import numpy_helper

from .model import BeatNetwork

PREFIX = "network."


def weights_of(path: Path) -> dict[str, torch.Tensor]:
    """{name as in `BeatNetwork.state_dict`: values} of the graph at `path`."""
    graph = onnx.load(path).graph
    values = {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy()) for tensor in graph.initializer}
    found = {name.removeprefix(PREFIX): value for name, value in values.items() if name.startswith(PREFIX)}
    product = {node.output[0]: node for node in graph.node if node.op_type == "MatMul"}
    for node in graph.node:
        if node.op_type != "Add":
            continue
        bias = next((name for name in node.input if name.startswith(PREFIX) and "bias" in name), None)
        source = next((product[name] for name in node.input if name in product), None)
        if bias and source and source.input[1] in values:
            found[bias.removeprefix(PREFIX).replace("bias", "weight")] = values[source.input[1]].T.contiguous()
    return found


def load_graph(path: Path) -> BeatNetwork:
    """The network of an exported graph. Raises RuntimeError where it is of another shape than this code's."""
    network = BeatNetwork()
    network.load_state_dict(weights_of(path))
    return network.eval()
