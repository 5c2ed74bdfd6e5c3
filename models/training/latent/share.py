"""Weights that several graphs have in common, in one file beside them.

Graphs of one generator differ in a few kilobytes: the memory, which is nearly all of them, and the networks are the same. ONNX keeps
large tensors in a file of their own where a graph says so ("external data"); here all graphs name one file, and whatever is equal,
byte for byte, lies in it once. What float16 holds exactly lies there so: a graph in half precision reads the same bytes.
"""

import hashlib
import sys
from pathlib import Path

import onnx
from onnx import TensorProto, numpy_helper

from models.starter_pack.half_weights import narrow

WEIGHTS = "generator.weights"
# Smaller tensors stay in the graph: shapes must be read from there.
LEAST_BYTES = 1024
# Where a tensor may begin, so that it can be used where it lies.
ALIGNED = 64


def share(graphs: list[Path], file: Path) -> None:
    """Moves the weights of `graphs`, which may be shared already, into `file`, in the same folder. The same graphs give the same bytes."""
    models = [onnx.load(path) for path in graphs]
    whole, places = bytearray(), {}
    for path, model in zip(graphs, models):
        if path.parent != file.parent:
            raise ValueError(f"{path}: it does not lie beside {file}, where its weights are to be")
        _store_constants(model.graph)
        narrow(model, 2 * LEAST_BYTES)
        for tensor in model.graph.initializer:
            data = numpy_helper.to_array(tensor)
            data = data.astype(data.dtype.newbyteorder("<")).tobytes()
            if len(data) < LEAST_BYTES:
                continue
            key = hashlib.sha256(data).digest()
            if key not in places:
                whole.extend(bytes(-len(whole) % ALIGNED))
                places[key] = len(whole)
                whole.extend(data)
            _point(tensor, file.name, places[key], len(data))
    file.write_bytes(whole)
    for path, model in zip(graphs, models):
        path.write_bytes(model.SerializeToString(deterministic=True))
        onnx.checker.check_model(str(path))


def _store_constants(graph: onnx.GraphProto) -> None:
    """Makes stored tensors of the large constants that nodes hold."""
    for node in [node for node in graph.node if node.op_type == "Constant" and node.attribute[0].name == "value"]:
        tensor = node.attribute[0].t
        if numpy_helper.to_array(tensor).nbytes >= LEAST_BYTES:
            graph.initializer.append(tensor)
            graph.initializer[-1].name = node.output[0]
            graph.node.remove(node)


def _point(tensor: TensorProto, location: str, offset: int, length: int) -> None:
    """Says where the tensor's data lie, in place of the data."""
    for field in ("raw_data", "float_data", "int32_data", "int64_data", "double_data", "uint64_data", "external_data"):
        tensor.ClearField(field)
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("offset", offset), ("length", length)):
        tensor.external_data.add(key=key, value=str(value))


def total_bytes(folder: Path) -> int:
    """What a pack's models take, all files together."""
    return sum(path.stat().st_size for path in folder.glob("generator*"))


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    share(sorted(folder.glob("generator*.onnx")), folder / WEIGHTS)
    print(f"{folder}: {total_bytes(folder) / 1e6:.1f} MB")
