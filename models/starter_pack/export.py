"""From PyTorch modules to single-file ONNX graphs, the same bytes every time."""

import warnings
from pathlib import Path

import onnx
import torch
from torch import nn

from .contract import EMBEDDING_DIM, LATENT_DIM, OPSET, WINDOW_SAMPLES
from .portable import make_portable


def export(
    module: nn.Module,
    inputs: dict[str, torch.Tensor],
    outputs: list[str],
    path: Path,
    about: str,
    producer: str = "klangbild starter pack",
    fold: bool = False,
    dynamic: dict[str, dict[int, str]] | None = None,
) -> None:
    """Writes `module` as ONNX.

    Constants are folded only on request: ONNX Runtime does it when it loads, and the file stays small. `dynamic` names
    dimensions that may vary, for graphs that no pack ships.
    """
    with warnings.catch_warnings():
        # The TorchScript exporter is the one that leaves the graph as it was written, so that it can be read.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module.eval(),
            tuple(inputs.values()),
            str(path),
            dynamo=False,
            opset_version=OPSET,
            input_names=list(inputs),
            output_names=outputs,
            do_constant_folding=fold,
            dynamic_axes=dynamic,
        )
    graph = onnx.load(path)
    graph.producer_name, graph.producer_version, graph.doc_string = producer, "", about
    for node in graph.graph.node:
        node.doc_string = ""
        node.ClearField("metadata_props")
    make_portable(graph)
    onnx.checker.check_model(graph, full_check=True)
    path.write_bytes(graph.SerializeToString(deterministic=True))


def example_audio() -> torch.Tensor:
    """Three seconds that are neither silent nor noise: the encoder's input while it is traced."""
    t = torch.arange(WINDOW_SAMPLES) / 16_000.0
    return (0.3 * torch.sin(2 * torch.pi * 220.0 * t) * torch.exp(-3.0 * (t % 0.5)))[None].float()


def export_encoder(module: nn.Module, path: Path) -> None:
    """audio [1, 48000] -> embedding [1, 512], controls [1, K]."""
    about = "Mono sound at 16 kHz to an embedding of length one and controls from 0 to 1. Hand-made, not trained. CC0."
    export(module, {"audio": example_audio()}, ["embedding", "controls"], path, about)


def export_generator(module: nn.Module, path: Path) -> None:
    """embedding [1, 512], z [1, 64] -> image [1, 3, 256, 256]."""
    generator = torch.Generator().manual_seed(0)
    embedding = torch.nn.functional.normalize(torch.randn(1, EMBEDDING_DIM, generator=generator))
    z = torch.randn(1, LATENT_DIM, generator=generator)
    about = "An embedding and a latent z to a picture, sRGB-coded, -1 to 1. Hand-made, not trained. CC0."
    export(module, {"embedding": embedding, "z": z}, ["image"], path, about)
