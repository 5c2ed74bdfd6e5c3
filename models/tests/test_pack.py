"""What is in the folder: manifest, graphs, fixtures."""

import json
import tomllib

import numpy as np
import onnx
import torch

from models.starter_pack.__main__ import make_pack

# Operators that the CPU, CUDA, DirectML and CoreML providers all run.
PLAIN = {
    "Abs", "Add", "Concat", "Constant", "Conv", "Cos", "Div", "Exp", "Floor", "Log", "MatMul", "Mul", "Neg", "Pad", "Reciprocal",
    "ReduceMean", "ReduceSum", "Relu", "Reshape", "Sigmoid", "Sin", "Slice", "Softmax", "Split", "Sqrt", "Sub", "Tanh",
    "Transpose", "Unsqueeze",
}  # fmt: skip


def shapes(values):
    return {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim] for v in values}


def test_manifest_tells_the_truth_about_the_graphs(pack):
    manifest = tomllib.loads((pack / "pack.toml").read_text())
    encoder = onnx.load(pack / manifest["encoder"]["file"]).graph
    samples = int(manifest["encoder"]["sample_rate_hz"] * manifest["encoder"]["window_s"])
    assert shapes(encoder.input) == {manifest["encoder"]["input"]: [1, samples]}
    controls = len(manifest["encoder"]["control_names"])
    assert shapes(encoder.output) == {manifest["encoder"]["embedding"]: [1, 512], manifest["encoder"]["controls"]: [1, controls]}
    generator, says = onnx.load(pack / manifest["generator"]["file"]).graph, manifest["generator"]
    assert shapes(generator.input) == {says["embedding"]: [1, 512], says["latent"]: [1, 64]}
    assert shapes(generator.output) == {says["image"]: [1, 3, says["height_px"], says["width_px"]]}
    assert (pack / manifest["thumbnail"]).stat().st_size > 10_000


def test_graphs_use_plain_operators_and_stay_small(pack):
    for name in ("encoder.onnx", "generator.onnx"):
        graph = onnx.load(pack / name).graph
        assert {node.op_type for node in graph.node} <= PLAIN
        assert (pack / name).stat().st_size < 500_000


def test_export_gives_the_same_bytes_twice(pack, tmp_path):
    make_pack(tmp_path)
    for file in sorted(p for p in pack.rglob("*") if p.is_file()):
        assert file.read_bytes() == (tmp_path / file.relative_to(pack)).read_bytes(), file.name


def test_fixtures_match_onnx_runtime(pack, encode, generate):
    folder = pack / "fixtures"
    index = json.loads((folder / "index.json").read_text())

    def array(entry):
        return torch.from_numpy(np.fromfile(folder / entry["file"], dtype="<f4").reshape(entry["shape"]))

    for case in index["encoder"]:
        audio = torch.zeros(case["audio"]["shape"])
        if "file" in case["audio"]:
            pcm = np.fromfile(folder / case["audio"]["file"], dtype="<i2").astype(np.float32) * case["audio"]["scale"]
            audio = torch.from_numpy(pcm.astype(np.float32).reshape(case["audio"]["shape"]))
        embedding, controls = encode(audio)
        assert (embedding - array(case["embedding"])).abs().max() < index["tolerance"]["embedding"]
        assert (controls - array(case["controls"])).abs().max() < index["tolerance"]["controls"]
    for case in index["generator"]:
        image = generate(array(case["embedding"]), array(case["z"]))
        step = case["image_step"]
        assert (image[:, :, ::step, ::step] - array(case["image"])).abs().max() < index["tolerance"]["image"]
