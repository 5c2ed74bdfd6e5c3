"""The generator's graph for processors: the same picture from 8-bit convolutions, in about half the time.

    python -m models.training.latent.eight_bits models/default

Weights get a scale for each channel, what flows between the decoder's layers one for each tensor, from pictures of real music
(Jacob et al., "Quantization and training of neural networks for efficient integer-arithmetic-only inference", 2018). The first
and the last convolution stay as they are: they see the latent and paint the picture, and so do those of the finer half. Other providers run the graph in floats.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static

from models.evaluate.packs import session
from models.starter_pack.contract import LATENT_DIM
from models.starter_pack.half_weights import widen
from models.starter_pack.portable import drop_unused

from . import hearing
from .share import WEIGHTS, share

FILE = "generator.8bit.onnx"


def beside(graph: Path) -> Path:
    """Where the graph of 8 bits lies that is made of `graph`."""
    return graph.with_name(graph.name.replace(".onnx", ".8bit.onnx"))


# Pictures from which the scales come, and those that are compared.
CALIBRATED, COMPARED = 48, 24
SEED = 17


def some_inputs(split: str, count: int) -> Iterator[dict[str, np.ndarray]]:
    """Embeddings of kept music, evenly spread over it, each with a latent of its own."""
    rng = np.random.default_rng(SEED)
    embeddings = hearing.load()[split]
    for place in np.linspace(0, len(embeddings) - 1, count).round().astype(int):
        yield {"embedding": embeddings[place : place + 1], "z": rng.standard_normal((1, LATENT_DIM)).astype(np.float32)}


class Inputs(CalibrationDataReader):
    def __init__(self) -> None:
        self.left = some_inputs("train", CALIBRATED)

    def get_next(self) -> dict[str, np.ndarray] | None:
        return next(self.left, None)


def quantise(graph: Path, output: Path) -> None:
    """Writes the graph of 8 bits. `graph` is one of `pack.make_pack`; the same graph gives the same bytes."""
    whole = onnx.load(graph)
    widen(whole)
    nodes = [node for node in whole.graph.node if "/decoder/" in node.name]
    convolutions = [node.name for node in nodes if node.op_type == "Conv"][1:-1]
    convolutions += [node.name for node in whole.graph.node if "/finer/near" in node.name and node.op_type == "Conv"]
    enlargements = [node.name for node in nodes if node.op_type == "Resize"]
    quantize_static(
        whole,
        output,
        Inputs(),
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=["Conv", "Resize"],
        nodes_to_quantize=convolutions + enlargements,
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        calibrate_method=CalibrationMethod.MinMax,
    )
    found = onnx.load(output)
    gather_bytes(found)
    found.producer_name, found.producer_version = "klangbild", ""
    found.doc_string = "An embedding and a latent z to a picture, as generator.onnx paints it, in 8 bits for processors. CC0."
    drop_unused(found)
    onnx.checker.check_model(found, full_check=True)
    output.write_bytes(found.SerializeToString(deterministic=True))


def gather_bytes(graph: onnx.ModelProto) -> None:
    """Takes the pictures that are wanted out of the memory before bytes become floats, in place: a fourth of the memory."""
    nodes = graph.graph.node
    casts = {node.output[0]: node for node in nodes if node.op_type == "Cast"}
    gather = next(node for node in nodes if node.op_type == "Gather" and node.input[0] in casts and "memory" in node.name)
    cast = casts[gather.input[0]]
    (cast.input[0], gather.input[0]) = (gather.output[0], cast.input[0])
    (cast.output[0], gather.output[0]) = (gather.output[0], f"{gather.output[0]}_bytes")
    cast.input[0] = gather.output[0]
    kept = [node for node in nodes if node is not cast]
    kept.insert(next(place for place, node in enumerate(kept) if node is gather) + 1, cast)
    graph.graph.ClearField("node")
    graph.graph.node.extend(kept)


def deviation(graph: Path, other: Path) -> tuple[float, float]:
    """How far two graphs' pictures of unheard music are apart, in steps of 255: on average, and 99 % of values within."""
    one, two = session(graph), session(other)
    apart = [np.abs(one.run(["image"], given)[0] - two.run(["image"], given)[0]) for given in some_inputs("test", COMPARED)]
    return float(np.mean(apart)) * 127.5, float(np.percentile(apart, 99)) * 127.5


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training.latent.eight_bits", description=__doc__.splitlines()[0])
    parser.add_argument("pack", type=Path, help="a folder with generator.onnx")
    pack = parser.parse_args().pack
    found = set(pack.glob("generator*.onnx"))
    graphs = sorted(graph for graph in found if not graph.name.endswith((".8bit.onnx", ".half.onnx")))
    for graph in graphs:
        quantise(graph, beside(graph))
        mean, most = deviation(graph, beside(graph))
        print(f"{beside(graph)}: {mean:.2f} of 255 from the floats on average, 99 % within {most:.1f}")
    share(sorted(found | set(map(beside, graphs))), pack / WEIGHTS)


if __name__ == "__main__":
    main()
