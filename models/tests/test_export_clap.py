"""A CLAP, narrow and with random weights, saved by transformers itself, as a pack."""

import json
import shutil
import tomllib

import numpy as np
import onnx
import pytest
import torch
from safetensors.torch import load_file, save_file

from models.export import clap, placeholder
from models.export.checkpoint import read_torch
from models.export.errors import ExportError
from models.export.parity import open_encoder, sounds, unit

from .test_pack import PLAIN, shapes

SAMPLES, RATE_HZ = 480_000, 48_000
NARROW = {"patch_embeds_hidden_size": 8, "hidden_size": 64, "depths": (2, 2, 2, 2), "num_attention_heads": (2, 2, 4, 4)}
# Names as they stand in the checkpoints of laion/ on the Hugging Face hub.
OFFICIAL = {
    "audio_model.audio_encoder.batch_norm.running_mean",
    "audio_model.audio_encoder.layers.0.blocks.1.attention.self.relative_position_bias_table",
    "audio_model.audio_encoder.layers.2.downsample.reduction.weight",
    "audio_model.audio_encoder.patch_embed.proj.weight",
    "audio_projection.linear2.bias",
}


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkpoints") / "narrow-clap"
    placeholder.clap(folder, **NARROW)
    (folder / "README.md").write_text("---\nlicense: apache-2.0\ntags:\n- audio\n---\nA CLAP.\n")
    return folder


@pytest.fixture(scope="module")
def made(checkpoint, pack, tmp_path_factory):
    """The pack, made by the command line."""
    folder = tmp_path_factory.mktemp("packs") / "clap"
    clap.main([str(checkpoint), "-o", str(folder), "--generator", str(pack)])
    return folder


@pytest.fixture
def copy(checkpoint, tmp_path):
    """A copy of the checkpoint, to break."""
    return shutil.copytree(checkpoint, tmp_path / "copy")


def worst(loaded):
    """Largest difference between the graph and transformers, over all test sounds."""
    differences = []
    for sound in sounds(SAMPLES, RATE_HZ).values():
        with torch.no_grad():
            found = loaded.graph(torch.from_numpy(sound)[None])[0].numpy()
        differences.append(np.abs(found - unit(loaded.reference(sound))).max())
    return max(differences)


def test_transformers_uses_the_official_names(checkpoint):
    assert set(load_file(checkpoint / "model.safetensors")) >= OFFICIAL


def test_the_pack_is_whole(made):
    says = tomllib.loads((made / "pack.toml").read_text(encoding="utf-8"))
    encoder = onnx.load(made / says["encoder"]["file"])
    assert says["encoder"]["sample_rate_hz"] == RATE_HZ and says["encoder"]["window_s"] == 10.0
    assert shapes(encoder.graph.input) == {says["encoder"]["input"]: [1, SAMPLES]}
    assert shapes(encoder.graph.output) == {says["encoder"]["embedding"]: [1, 512]}
    swin = {"BatchNormalization", "Clip", "Erf", "Gemm", "Identity", "LayerNormalization"}
    assert {node.op_type for node in encoder.graph.node} <= PLAIN | swin
    assert says["licence"] == "Apache-2.0 AND CC0-1.0"
    assert "mel filters from 0 Hz" in (made / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_no_tensor_has_more_than_five_dimensions(made):
    graph = onnx.shape_inference.infer_shapes(onnx.load(made / "encoder.onnx"), strict_mode=True, data_prop=True).graph
    ranks = {value.name: len(value.type.tensor_type.shape.dim) for value in graph.value_info}
    assert len(ranks) > 100 and max(ranks.values()) == 5


def test_onnx_runtime_gives_what_transformers_gives(made, checkpoint):
    encode, reference = open_encoder(made / "encoder.onnx"), clap.Clap(checkpoint).reference
    found = {name: encode(sound) for name, sound in sounds(SAMPLES, RATE_HZ).items()}
    for name, sound in sounds(SAMPLES, RATE_HZ).items():
        assert np.abs(found[name] - unit(reference(sound))).max() < 1e-5, name
    assert np.abs(found["chord"] - found["drums"]).max() > 1e-3


def test_a_fused_model_with_laions_lowest_frequency(tmp_path):
    placeholder.clap(tmp_path / "fused", fused=True, fmin_hz=50.0, **NARROW)
    loaded = clap.Clap(tmp_path / "fused")
    assert loaded.fused and loaded.fmin_hz == 50.0
    assert worst(loaded) < 1e-5


def test_fmin_is_the_checkpoints_unless_given(checkpoint):
    own, asked = clap.Clap(checkpoint), clap.Clap(checkpoint, fmin_hz=50.0)
    assert (own.fmin_hz, asked.fmin_hz) == (0.0, 50.0)
    assert worst(asked) < 1e-5
    sound = sounds(SAMPLES, RATE_HZ)["drums"]
    assert np.abs(unit(own.reference(sound)) - unit(asked.reference(sound))).max() > 1e-4


def test_weights_in_a_pickle_load_too(copy, checkpoint):
    torch.save(load_file(copy / "model.safetensors"), copy / "pytorch_model.bin")
    (copy / "model.safetensors").unlink()
    sound = sounds(SAMPLES, RATE_HZ)["drums"]
    assert np.array_equal(clap.Clap(copy).reference(sound), clap.Clap(checkpoint).reference(sound))


def test_without_a_readme_the_licence_is_unknown(copy):
    assert clap.licence_of(copy) == "Apache-2.0"
    (copy / "README.md").write_text("---\nlicense: other\n---\n")
    assert clap.licence_of(copy) == "unknown"
    (copy / "README.md").unlink()
    assert clap.licence_of(copy) == "unknown"


def edit_json(name, **changes):
    def edit(folder):
        path = folder / name
        path.write_text(json.dumps(json.loads(path.read_text()) | changes))

    return edit


def drop_weight(folder):
    state = load_file(folder / "model.safetensors")
    del state["audio_projection.linear1.weight"]
    save_file(state, folder / "model.safetensors")


def add_weight(folder):
    state = load_file(folder / "model.safetensors")
    save_file(state | {"audio_model.audio_encoder.extra.weight": torch.zeros(1)}, folder / "model.safetensors")


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (lambda folder: (folder / "preprocessor_config.json").unlink(), r"preprocessor_config\.json: no such file"),
        (lambda folder: (folder / "config.json").write_text("{"), r"config\.json: not readable as JSON"),
        (edit_json("config.json", model_type="bert"), "model_type is 'bert', not 'clap'"),
        (edit_json("preprocessor_config.json", truncation="fusion"), "of different checkpoints"),
        (lambda folder: (folder / "model.safetensors").unlink(), r"has no model\.safetensors and no pytorch_model\.bin"),
        (lambda folder: (folder / "model.safetensors").write_bytes(b"<html>"), "not a safetensors file"),
        (drop_weight, r"lacks audio_projection\.linear1\.weight"),
        (add_weight, r"has the unexpected audio_model\.audio_encoder\.extra\.weight"),
    ],
)
def test_a_wrong_checkpoint_is_told_in_one_line(copy, harm, says):
    harm(copy)
    with pytest.raises(ExportError, match=says) as error:
        clap.Clap(copy)
    assert str(copy) in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize("fused", [False, True])
def test_laions_own_file_is_the_same_network(tmp_path, fused):
    placeholder.laion(tmp_path / "clap.pt", fused=fused, **NARROW)
    placeholder.clap(tmp_path / "folder", fused=fused, fmin_hz=50.0, **NARROW)
    own, folder = clap.Clap(tmp_path / "clap.pt"), clap.Clap(tmp_path / "folder")
    assert own.fmin_hz == 50.0 and own.fused == fused
    weights = folder.model.state_dict()
    assert all(torch.equal(value, weights[name]) for name, value in own.model.state_dict().items())
    assert worst(own) < 1e-5
    with torch.no_grad():
        sound = torch.from_numpy(sounds(SAMPLES, RATE_HZ)["drums"][None])
        apart = (own.graph(sound) - folder.graph(sound)).abs().max()
    # Only transformers fuses the crops of a sound that is no longer than the window.
    assert apart > 1e-4 if fused else apart < 1e-6


def test_laions_names(tmp_path):
    placeholder.laion(tmp_path / "clap.pt", **NARROW)
    names = {name.removeprefix("module.audio_branch.") for name in read_torch(tmp_path / "clap.pt")}
    assert {"bn0.running_mean", "layers.0.blocks.1.attn.qkv.weight", "layers.0.blocks.1.mlp.fc2.bias"} <= names
    assert {"layers.0.blocks.0.norm1.weight", "layers.0.blocks.0.attn.proj.bias", "layers.0.downsample.norm.bias"} <= names


def test_filters_of_another_frequency_are_told(tmp_path):
    placeholder.laion(tmp_path / "clap.pt", **NARROW)
    with pytest.raises(ExportError, match="its mel filters are not those from 0 Hz; give --fmin"):
        clap.Clap(tmp_path / "clap.pt", fmin_hz=0.0)


def test_what_is_no_clap_is_told(tmp_path):
    torch.save({"encoder.weight": torch.zeros(1)}, tmp_path / "other.pt")
    with pytest.raises(ExportError, match=r"has no HTS-AT under audio_branch\.\* but encoder"):
        clap.Clap(tmp_path / "other.pt")
    with pytest.raises(ExportError, match="nowhere: no such folder or file"):
        clap.Clap(tmp_path / "nowhere")
