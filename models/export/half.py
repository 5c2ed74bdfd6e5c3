"""Half precision for a pack's generator: a graph for GPUs beside each that there is.

    python -m models.export.half packs/mine

Klangbild tries it on each GPU beside the one in floats, and runs it where it is quicker and paints within one step of 255 on average.
The weights of all graphs come to lie in one file, once. What there is nothing to gain in, for want of convolutions, or what strays too
far from the floats, stays as it is.
"""

import argparse
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime

from models.starter_pack.half_graph import halve
from models.starter_pack.half_weights import widen
from models.training.latent.share import WEIGHTS, share

from .errors import ExportError

COMPARED = 12
# In steps of 255, on average, by the processor. A GPU that sums in halves is further off (the default pack's: 0.006 here, 0.12 there):
# whether it is within one step, Klangbild finds out on it.
MOST_APART = 0.5


def beside(graph: Path) -> Path:
    """Where the half graph lies that is made of `graph`."""
    return graph.with_name(f"{graph.name.removesuffix('.onnx')}.half.onnx")


def write(graph: Path) -> Path | None:
    """Writes the half graph beside `graph`, with all its weights; none where it has no convolutions."""
    found = onnx.load(graph)
    widen(found)
    if not halve(found):
        return None
    found.doc_string = f"As {graph.name}, in half precision for GPUs. {found.doc_string}".strip()
    onnx.checker.check_model(found, full_check=True)
    beside(graph).write_bytes(found.SerializeToString(deterministic=True))
    return beside(graph)


def deviation(graph: Path, other: Path, image: str, inputs: list[dict[str, np.ndarray]], value_range: list[float]) -> tuple[float, float]:
    """How far two graphs' pictures are apart in steps of 255, on average and at most. The processor has no kernels for halves: it computes in
    floats, and rounds where halves begin and end."""
    one, two = _session(graph), _session(other)
    apart = [np.abs(one.run([image], given)[0] - two.run([image], given)[0]) for given in inputs]
    steps = 255.0 / (value_range[1] - value_range[0])
    return float(np.mean(apart)) * steps, float(np.max(apart)) * steps


def _session(graph: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def some_inputs(graph: Path, says: dict[str, Any], count: int = COMPARED) -> Iterator[dict[str, np.ndarray]]:
    """Embeddings of their length and latents as [generator] draws them; constants as it names them."""
    rng = np.random.default_rng(5)
    constants = {entry["input"]: entry["values"] for entry in says.get("constants", ())}
    joined, ports = says.get("joined"), _session(graph).get_inputs()
    for _ in range(count):
        given = {}
        for port in ports:
            shape = [size if isinstance(size, int) else 1 for size in port.shape]
            if port.name in constants:
                given[port.name] = np.broadcast_to(np.array(constants[port.name], _TYPES[port.type]), shape).copy()
                continue
            values = rng.standard_normal(shape)
            if says.get("distribution") == "uniform":
                values = rng.uniform(-1.0, 1.0, shape)
            flat = values.reshape(-1)
            if joined:
                length, first = says["embedding_dim"], joined["order"][0] == "embedding"
                embedding, latent = (flat[:length], flat[length:]) if first else (flat[-length:], flat[:-length])
            else:
                is_embedding = port.name == says.get("embedding")
                embedding, latent = (flat, flat[:0]) if is_embedding else (flat[:0], flat)
            if len(embedding):
                embedding *= says.get("embedding_norm", 1.0) / np.linalg.norm(embedding)
            latent *= says.get("latent_scale", 1.0)
            given[port.name] = values.astype(np.float32)
        yield given


_TYPES = {"tensor(float)": np.float32, "tensor(int32)": np.int32, "tensor(int64)": np.int64, "tensor(bool)": np.bool_}


def add(pack: Path) -> list[Path]:
    """Writes the half graphs of a pack and names them in its pack.toml; returns them. Those that there are already are made anew."""
    manifest = pack / "pack.toml"
    if not manifest.is_file():
        raise ExportError(f"{manifest}: no such file; name the folder of a pack")
    text = manifest.read_text(encoding="utf-8")
    says = tomllib.loads(text)["generator"]
    sections = [says, *says.get("size", ())]
    made = []
    for section in sections:
        graph = pack / section["file"]
        half = write(graph)
        if half is None:
            print(f"{graph}: no convolutions, and so nothing to gain", flush=True)
            continue
        mean, most = deviation(graph, half, says["image"], list(some_inputs(graph, says)), says["range"])
        print(f"{half}: {mean:.3f} of 255 from the floats on average, {most:.2f} at most", flush=True)
        if mean > MOST_APART:
            print(f"      over {MOST_APART}: left out", flush=True)
            half.unlink()
            continue
        made.append(half)
        text = name_half(text, section["file"], half.name)
    if made:  # whose weights would else be there twice
        names = {section.get(key) for section in sections for key in ("file", "on_processor")} - {None}
        share(sorted({pack / name for name in names} | set(made)), pack / WEIGHTS)
        manifest.write_text(text, encoding="utf-8")
    return made


def name_half(text: str, file: str, half: str) -> str:
    """The manifest with `half` below the line that names the generator's `file`; its other lines and comments stay."""
    if re.search(rf'^half = "{re.escape(half)}"', text, re.M):
        return text
    return re.sub(rf'(^file = "{re.escape(file)}".*\n)', rf'\1half = "{half}"\n', text, count=1, flags=re.M)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.export.half", description=__doc__.splitlines()[0])
    parser.add_argument("pack", type=Path, help="a pack's folder")
    try:
        add(parser.parse_args().pack)
    except (ExportError, ValueError) as error:
        raise SystemExit(f"error: {error}") from None


if __name__ == "__main__":
    main()
