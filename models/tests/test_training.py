"""A whole training in small: pairs, a few steps of both trainings, a resumed run, and a pack that ONNX Runtime runs."""

import csv
import json
import math
import tomllib

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from PIL import Image

from models.training import measured_look, pairs
from models.training.clip import train as clip
from models.training.clip.data import Pairs
from models.training.gan import front
from models.training.gan import train as gan
from models.training.look import FAMILIES, KNOBS
from models.training.pack import make_pack, write_embeddings
from models.training.progress import Log

from .small_world import make_cache
from .test_pack import PLAIN, shapes

A_MOMENT = 0.08  # minutes


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A work folder in which every stage has run."""
    work = tmp_path_factory.mktemp("work")
    music = make_cache(work / "music")
    pairs.make(music, work / "pairs", (48, 12, 12), oversample=1)
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr(Log, "EVERY_S", 1.0)
    monkeypatch.setattr(gan, "ALONE_STEPS", 1)
    monkeypatch.setattr(front, "STEPS", 50)
    clip.train(work / "pairs", music, work / "clip", A_MOMENT)
    write_embeddings(work / "pairs", music, work / "clip")
    gan.train(work / "pairs", music, work / "clip", work / "gan", A_MOMENT)
    make_pack(work / "pairs", music, work / "clip", work / "gan", work / "packs" / "My_Pack")
    yield work
    monkeypatch.undo()


@pytest.fixture(scope="module")
def made(world):
    return world / "packs" / "My_Pack"


def run(path, **inputs):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"]).run(None, inputs)


def test_pictures_are_painted_from_their_windows_looks(world):
    train = Pairs(world / "pairs", world / "music", "train")
    assert train.images.shape == (48, 128, 128, 3)
    assert train.images.reshape(48, -1).std(axis=1).min() > 5
    families = [FAMILIES[int(np.argmax(look[len(KNOBS) :]))] for look in train.looks]
    assert families == [row["family"] for row in train.rows]
    # What is known of a window is what was heard in it, and in nothing else.
    assert {t.split for t in train.tracks} == {"train"}
    assert np.abs(train.window(0)).max() > 0.1 and train.window(0).shape == (48_000,)


def test_logs_tell_what_was_learned(world):
    for stage, loss in (("clip", "contrast"), ("gan", "d")):
        rows = list(csv.DictReader((world / stage / "log.csv").open()))
        values = [float(row["value"]) for row in rows if row["name"] == loss]
        assert values and all(map(math.isfinite, values))
    sheet = np.asarray(Image.open(world / "gan" / "sheet.png"))
    assert sheet.shape[1] == 12 * 128 and sheet.std() > 10


def test_training_goes_on_where_it_was(world):
    before = torch.load(world / "gan" / "gan.pt", weights_only=True)
    gan.train(world / "pairs", world / "music", world / "clip", world / "gan", A_MOMENT, resume=True)
    after = torch.load(world / "gan" / "gan.pt", weights_only=True)
    assert after["step"] > before["step"]
    # From where it was: weights have moved a little, and none has begun anew.
    moved = [(after["discriminator"][k] - before["discriminator"][k]).abs().max() for k in before["discriminator"]]
    assert 0 < max(moved) < 0.2


def test_the_pack_is_whole_and_runs(made):
    manifest = tomllib.loads((made / "pack.toml").read_text())
    assert manifest["name"] == "my-pack"
    encoder, generator = onnx.load(made / "encoder.onnx"), onnx.load(made / "generator.onnx")
    assert shapes(encoder.graph.input) == {"audio": [1, 48000]}
    assert shapes(generator.graph.output) == {"image": [1, 3, 256, 256], "look": [1, 20]}
    assert len(manifest["encoder"]["control_names"]) == shapes(encoder.graph.output)["controls"][1]
    # These are about shapes, which are fixed: ONNX Runtime folds them when it loads the graph.
    more = {"Cast", "Gather", "Identity", "Shape"}
    more |= {"AveragePool", "BatchNormalization", "Clip", "Gemm", "LeakyRelu", "Resize", "Sqrt", "Tanh", "Where", "Expand", "Equal"}
    used = {node.op_type for model in (encoder, generator) for node in model.graph.node}
    assert used <= PLAIN | more, used - PLAIN - more
    assert (made / "encoder.onnx").stat().st_size < 6_000_000 and (made / "generator.onnx").stat().st_size < 8_000_000

    silence = run(made / "encoder.onnx", audio=np.zeros((1, 48000), np.float32))
    assert abs(np.linalg.norm(silence[0]) - 1) < 1e-4 and silence[1].max() < 1e-6
    z = np.random.default_rng(0).normal(size=(1, 64)).astype(np.float32)
    image, _ = run(made / "generator.onnx", embedding=silence[0], z=z)
    assert np.isfinite(image).all() and -1 <= image.min() < image.max() <= 1


def test_onnx_runtime_agrees_with_the_fixtures_of_pytorch(made):
    folder = made / "fixtures"
    index = json.loads((folder / "index.json").read_text())
    for case in index["generator"]:
        load = {k: np.fromfile(folder / case[k]["file"], "<f4").reshape(case[k]["shape"]) for k in ("embedding", "z", "image")}
        image, _ = run(made / "generator.onnx", embedding=load["embedding"], z=load["z"])
        step = case["image_step"]
        assert np.abs(image[:, :, ::step, ::step] - load["image"]).max() < index["tolerance"]["image"]


def test_anyones_pictures_are_paired_by_what_is_measured(world, tmp_path):
    """Bright pictures go to bright music, whoever made them."""
    rng = np.random.default_rng(0)
    for i in range(80):
        picture = np.clip(rng.normal(3 * i, 12, (40, 48, 3)), 0, 255).astype(np.uint8)
        (tmp_path / f"set-{i % 2}").mkdir(exist_ok=True)
        Image.fromarray(picture).save(tmp_path / f"set-{i % 2}" / f"{i:03}.png")
    images, looks = measured_look.read_folder(tmp_path, 64)
    assert images.shape == (80, 64, 64, 3)
    light = looks[:, list(KNOBS).index("light")]
    assert np.corrcoef(light, images.mean((1, 2, 3)))[0, 1] > 0.9
    assert set(looks[:, len(KNOBS) :].argmax(1)) == {0, 1}
    picked = pairs.match(looks, looks, rng)
    assert np.abs(light[picked] - light).mean() < 0.15

    work = tmp_path / "pairs"
    pairs.make(world / "music", work, (24, 8, 8), pictures=tmp_path)
    assert np.load(work / "train_images.npy").shape == (24, 128, 128, 3)


def test_a_picture_folder_that_cannot_serve_is_named(tmp_path):
    with pytest.raises(SystemExit, match="at least 64"):
        measured_look.read_folder(tmp_path, 64)
    for i in range(64):
        (tmp_path / f"{i}.png").write_bytes(b"no picture")
    with pytest.raises(SystemExit, match="0.png: not a picture"):
        measured_look.read_folder(tmp_path, 64)
