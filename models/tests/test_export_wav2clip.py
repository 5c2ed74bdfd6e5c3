"""Wav2CLIP, with random weights under the official names, as a pack."""

import re
import tomllib

import numpy as np
import onnx
import pytest
import torch

from models.export import placeholder, wav2clip
from models.export.errors import ExportError
from models.export.parity import open_encoder, sounds, unit

from .test_export_bridge import write_wav
from .test_pack import PLAIN, shapes

SAMPLES = 48_000


def official_names():
    """The keys of the official network: torchvision's ResNet-18 without its last layer, a spectrogram, two linear layers."""
    norm = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
    names = {"spectrogram.window", "conv1.weight", *(f"bn1.{part}" for part in norm)}
    for layer in (1, 2, 3, 4):
        for block in (0, 1):
            at = f"layer{layer}.{block}"
            names |= {f"{at}.conv{n}.weight" for n in (1, 2)} | {f"{at}.bn{n}.{part}" for n in (1, 2) for part in norm}
        if layer > 1:
            names |= {f"layer{layer}.0.downsample.0.weight", *(f"layer{layer}.0.downsample.1.{part}" for part in norm)}
    transform = {f"audio_transform.sequential.{n}.{part}" for n in (0, 3) for part in ("weight", "bias")}
    return {f"audio_encoder.{name}" for name in names} | transform


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    path = tmp_path_factory.mktemp("wav2clip") / "Wav2CLIP.pt"
    placeholder.wav2clip(path)
    return path


@pytest.fixture(scope="module")
def made(checkpoint, pack, tmp_path_factory):
    """The pack, made by the command line."""
    folder = tmp_path_factory.mktemp("packs") / "wav2clip"
    wav2clip.main([str(checkpoint), "-o", str(folder), "--generator", str(pack)])
    return folder


def changed(checkpoint, tmp_path, change):
    """A copy of the checkpoint with something wrong."""
    state = torch.load(checkpoint, weights_only=True)
    path = tmp_path / "changed.pt"
    torch.save(change(state) or state, path)
    return path


def test_the_placeholder_has_the_official_names(checkpoint):
    state = torch.load(checkpoint, weights_only=True)
    assert {name for name in state if not name.startswith("image_transform.")} == official_names()


def test_the_pack_is_whole(made, pack):
    says = tomllib.loads((made / "pack.toml").read_text(encoding="utf-8"))
    encoder = onnx.load(made / says["encoder"]["file"])
    assert shapes(encoder.graph.input) == {says["encoder"]["input"]: [1, SAMPLES]}
    assert shapes(encoder.graph.output) == {says["encoder"]["embedding"]: [1, 512]}
    assert says["encoder"]["sample_rate_hz"] * says["encoder"]["window_s"] == SAMPLES
    assert encoder.opset_import[0].version == 17
    assert {node.op_type for node in encoder.graph.node} <= PLAIN | {"Clip", "Gemm", "MaxPool"}
    assert (made / "generator.onnx").read_bytes() == (pack / "generator.onnx").read_bytes()
    assert (made / "thumbnail.png").read_bytes() == (pack / "thumbnail.png").read_bytes()
    assert says["bridge"] == {"file": "bridge.npy", "from": 512, "to": 512}
    assert np.load(made / "bridge.npy").dtype == np.float32 and np.load(made / "bridge.npy").shape == (512, 512)
    assert says["licence"] == "MIT AND CC0-1.0" and "Descript" in (made / "LICENSE-encoder").read_text()


def test_an_arbitrary_bridge_is_called_so(made):
    assert "not fitted to any music" in (made / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "arbitrary" in (made / "pack.toml").read_text(encoding="utf-8")


def test_with_music_the_bridge_is_fitted_and_its_figures_are_told(checkpoint, pack, tmp_path, capsys):
    """Tracks of noise and of chords: even random weights hear that much, so the bridge must beat the mean."""
    music = tmp_path / "music"
    music.mkdir()
    for number in range(6):
        sound = sounds(20 * 16_000, 16_000)["chord" if number % 2 else "drums"]
        write_wav(music / f"{number}.wav", sound * (1 - 0.1 * number), 16_000)
    call = [str(checkpoint), "-o", str(tmp_path / "fitted"), "--generator", str(pack), "--music", str(music), "--windows", "24"]
    wav2clip.main(call)
    card = (tmp_path / "fitted" / "MODEL_CARD.md").read_text(encoding="utf-8")
    cosine = float(re.search(r"cosine to the own embedding \| (\S+)", card)[1])
    mean_cosine = float(re.search(r"always gives the mean \| (\S+)", card)[1])
    assert cosine > mean_cosine + 0.1 and f"cosine {cosine:.3f}" in capsys.readouterr().out
    assert "held out | 1, 4" in card and "fitted on 24 windows" in (tmp_path / "fitted" / "pack.toml").read_text()
    matrix = np.load(tmp_path / "fitted" / "bridge.npy")
    assert matrix.shape == (512, 512) and np.isfinite(matrix).all()


def test_onnx_runtime_gives_what_pytorch_gives(made, checkpoint):
    encode, reference = open_encoder(made / "encoder.onnx"), wav2clip.load(checkpoint).reference
    found = {name: encode(sound) for name, sound in sounds(SAMPLES, 16_000).items()}
    for name, sound in sounds(SAMPLES, 16_000).items():
        assert np.abs(found[name] - unit(reference(sound))).max() < 1e-5, name
    assert np.abs(found["chord"] - found["drums"]).max() > 1e-3


def test_silence_is_finite_and_steady(made):
    encode = open_encoder(made / "encoder.onnx")
    silence = encode(np.zeros(SAMPLES, np.float32))
    assert np.isfinite(silence).all() and abs(np.linalg.norm(silence) - 1) < 1e-5
    assert np.abs(encode(np.full(SAMPLES, 1e-9, np.float32)) - silence).max() < 1e-3


def test_a_wrapped_checkpoint_and_half_precision_load(checkpoint, tmp_path):
    halves = changed(checkpoint, tmp_path, lambda state: {"state_dict": {key: value.half() for key, value in state.items()}})
    own, other = wav2clip.load(checkpoint), wav2clip.load(halves)
    sound = sounds(SAMPLES, 16_000)["drums"]
    assert float(unit(own.reference(sound)) @ unit(other.reference(sound))) > 0.999


def drop(state):
    del state["audio_encoder.layer2.0.conv1.weight"]


def add(state):
    state["audio_encoder.layer5.0.conv1.weight"] = torch.zeros(1)


def reshape(state):
    state["audio_transform.sequential.3.weight"] = torch.zeros(256, 512)


def other(state):
    return {"audio_branch.conv1.weight": torch.zeros(1)}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (drop, "lacks audio_encoder.layer2.0.conv1.weight"),
        (add, "has the unexpected audio_encoder.layer5.0.conv1.weight"),
        (reshape, r"audio_transform.sequential.3.weight has the shape \[256, 512\], expected \[512, 512\]"),
        (other, r"has no audio_encoder.\* and audio_transform.\* but audio_branch"),
        (lambda state: [1, 2], "holds list, not a state dict"),
        (lambda state: torch.nn.Linear(1, 1), r"holds a torch\.nn\.modules\.linear\.Linear beside tensors"),
    ],
)
def test_a_wrong_checkpoint_is_told_in_one_line(checkpoint, tmp_path, change, says):
    path = changed(checkpoint, tmp_path, change)
    with pytest.raises(ExportError, match=says) as error:
        wav2clip.load(path)
    assert str(path) in str(error.value) and "\n" not in str(error.value)
    assert "give the official" in str(error.value) or "save model.state_dict()" in str(error.value)


@pytest.mark.parametrize("content", [b"", b"<html>404</html>", b"PK\x03\x04 cut off"])
def test_a_file_that_is_no_checkpoint_is_told_in_one_line(tmp_path, content):
    path = tmp_path / "Wav2CLIP.pt"
    path.write_bytes(content)
    with pytest.raises(ExportError, match="download it again") as error:
        wav2clip.load(path)
    assert str(path) in str(error.value) and "\n" not in str(error.value)


def test_wrong_paths_are_told_before_the_work(checkpoint, made, tmp_path):
    with pytest.raises(ExportError, match=r"nowhere\.pt: no such file"):
        wav2clip.load(tmp_path / "nowhere.pt")
    call = [str(checkpoint), "-o", str(tmp_path / "new")]
    with pytest.raises(ExportError, match=r"pack\.toml: no such file; name a pack"):
        wav2clip.main([*call, "--generator", str(tmp_path)])
    with pytest.raises(ExportError, match="has a bridge"):
        wav2clip.main([*call, "--generator", str(made)])
    with pytest.raises(ExportError, match="give 0.5 to 60"):
        wav2clip.main([*call, "--window-s", "100"])
    assert not (tmp_path / "new").exists()
