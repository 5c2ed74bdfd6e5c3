"""The generator as ONNX, written operator by operator: batch norm folded, weights in half precision.

Half precision is only how the weights are stored. Each is cast to float32 inside the graph, so that every execution provider
can run it; ONNX Runtime does the casts once, when it loads the file.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn import functional as F

from models.starter_pack.contract import OPSET

from .networks import EMBEDDING_DIM, IMAGE_PX, LEAK, NOISE_DIM, Music2ImageGenerator

INPUT, IMAGE = "embedding_noise", "image"


class FoldedGenerator(nn.Module):
    """The same function as a trained generator: each batch norm is part of the weights before it, which are rounded to half."""

    def __init__(self, generator: Music2ImageGenerator):
        super().__init__()
        self.weights, self.biases = [], []
        for block, norm in zip(generator.blocks, [*generator.norms, None]):
            weight, bias = block.weight.detach().float().cpu(), torch.zeros(block.out_channels)
            if norm is not None:
                scale = (norm.weight / torch.sqrt(norm.running_var + norm.eps)).detach().cpu()
                weight = weight * scale[None, :, None, None]
                bias = norm.bias.detach().cpu() - norm.running_mean.cpu() * scale
            self.weights.append(weight.half().float().contiguous())
            self.biases.append(bias.half().float())

    def forward(self, joined: torch.Tensor) -> torch.Tensor:
        x = joined[:, :, None, None]
        for i, (weight, bias) in enumerate(zip(self.weights, self.biases)):
            stride, padding = (1, 0) if i == 0 else (2, 1)
            x = F.conv_transpose2d(x, weight, bias, stride, padding)
            x = F.leaky_relu(x, LEAK) if i < len(self.weights) - 1 else torch.tanh(x)
        return x


def write_onnx(folded: FoldedGenerator, path: Path, about: str) -> None:
    """embedding_noise [1, 1024] -> image [1, 3, 64, 64], -1 to 1."""
    nodes, stored = [], [numpy_helper.from_array(np.array([1, -1, 1, 1], dtype=np.int64), "pixel_shape")]
    nodes.append(helper.make_node("Reshape", [INPUT, "pixel_shape"], ["x0"]))
    count = len(folded.weights)
    for i, (weight, bias) in enumerate(zip(folded.weights, folded.biases)):
        for kind, value in (("weight", weight), ("bias", bias)):
            stored.append(numpy_helper.from_array(value.numpy().astype(np.float16), f"{kind}{i}_half"))
            nodes.append(helper.make_node("Cast", [f"{kind}{i}_half"], [f"{kind}{i}"], to=TensorProto.FLOAT))
        stride, pad = (1, 0) if i == 0 else (2, 1)
        given = [f"x{i}", f"weight{i}", f"bias{i}"]
        shape = {"kernel_shape": [4, 4], "strides": [stride] * 2, "pads": [pad] * 4}
        nodes.append(helper.make_node("ConvTranspose", given, [f"block{i}"], **shape))
        if i < count - 1:
            nodes.append(helper.make_node("LeakyRelu", [f"block{i}"], [f"x{i + 1}"], alpha=LEAK))
    nodes.append(helper.make_node("Tanh", [f"block{count - 1}"], [IMAGE]))
    given = helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [1, EMBEDDING_DIM + NOISE_DIM])
    painted = helper.make_tensor_value_info(IMAGE, TensorProto.FLOAT, [1, 3, IMAGE_PX, IMAGE_PX])
    graph = helper.make_graph(nodes, "Music2ImageGenerator", [given], [painted], stored)
    opset = [helper.make_opsetid("", OPSET)]
    model = helper.make_model(graph, producer_name="klangbild heritage", opset_imports=opset, ir_version=8)
    model.doc_string = about
    onnx.checker.check_model(model, full_check=True)
    path.write_bytes(model.SerializeToString(deterministic=True))
