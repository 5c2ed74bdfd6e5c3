"""The measures: each is right where the answer is known, and the command writes a whole report."""

import json

import numpy as np
import pytest
import torch

from models.evaluate import __main__ as command
from models.evaluate import generator_metrics as gm
from models.evaluate import report, retrieval, smoothness, walk
from models.evaluate.packs import Pack, normalise
from models.evaluate.tower import Tower, shrink
from models.starter_pack.contract import SAMPLE_RATE_HZ
from models.starter_pack.descriptors import NAMES
from models.starter_pack.export import export
from models.training.clip.picture_tower import PICTURE_PX, PictureTower
from models.training.music.cache import Track, audio_path, features_path, save_index
from models.training.pairs import fit, heard

SECONDS = 14


@pytest.fixture
def rng():
    return np.random.default_rng(4)


def test_kid_is_zero_for_the_same_distribution_and_grows_with_the_shift(rng):
    art = rng.standard_normal((400, 16))

    def kid(features):
        return gm.kid(features, art, 150, 20, np.random.default_rng(0))

    same, near, far = (kid(rng.standard_normal((400, 16)) + shift) for shift in (0.0, 0.3, 1.0))
    assert abs(same["mean"]) < 3 * same["deviation"] < 0.2
    assert same["mean"] + 3 * same["deviation"] < near["mean"] < far["mean"]


def test_precision_and_recall_tell_poor_pictures_from_few(rng):
    art = rng.standard_normal((300, 4))
    alike = gm.precision_recall(art, rng.standard_normal((300, 4)))
    assert alike["precision"] > 0.8 and alike["recall"] > 0.8
    poor = gm.precision_recall(art, rng.standard_normal((300, 4)) + 20)
    assert poor["precision"] == 0 and poor["recall"] == 0
    few = gm.precision_recall(art, art[:1] + 0.05 * rng.standard_normal((300, 4)))
    assert few["precision"] > 0.9 and few["recall"] < 0.1


def test_diversity_is_the_mean_distance_of_two(rng):
    assert gm.diversity(np.array([[0.0, 0.0], [3.0, 4.0]])) == pytest.approx(5.0)
    one = rng.random((1, 4, 4, 3))
    assert gm.pixel_diversity(np.concatenate([one, one])) == pytest.approx(0.0)
    assert gm.pixel_diversity(np.concatenate([0 * one, 0 * one + 0.25])) == pytest.approx(0.25)


def test_conditioning_compares_the_two_swaps(rng):
    base = {"features": rng.standard_normal((9, 5)), "pixels": rng.random((9, 4, 4, 3))}
    moved = {share: {name: value + share for name, value in base.items()} for share in (0.1, 0.4)}
    found = gm.conditioning(base, moved[0.4], moved[0.1])
    assert found["features"]["ratio"] == pytest.approx(4.0) and found["pixels"]["ratio"] == pytest.approx(4.0)


def test_recall_is_whole_for_a_perfect_tower_and_chance_for_a_blind_one(rng):
    sounds = normalise(rng.standard_normal((300, 32)))
    perfect = retrieval.drawn_recall(sounds, sounds, 100, 4, np.random.default_rng(0))
    assert perfect["there"]["R@1"]["mean"] == 1.0 and perfect["back"]["R@1"]["mean"] == 1.0
    blind = retrieval.drawn_recall(sounds, normalise(rng.standard_normal((300, 32))), 100, 20, np.random.default_rng(0))
    assert blind["there"]["R@10"]["mean"] == pytest.approx(0.10, abs=0.05)
    # A tower that says the same of every picture finds nothing: ties count against it.
    assert retrieval.recall(np.ones((100, 100)))["R@10"] == 0.0


def test_neighbours_of_the_own_group_have_no_vote(rng):
    centres = rng.standard_normal((2, 8)) * 5
    labels = [label for label in "ab" for _ in range(12)]
    groups = [f"{label}{n // 3}" for n, label in enumerate(labels)]
    vectors = normalise(np.repeat(centres, 12, axis=0) + rng.standard_normal((24, 8)))
    assert retrieval.neighbour_vote(vectors, labels, groups, np.arange(24))[0] == 1.0
    # Where each label is a single group, the right answer is never among the neighbours.
    assert retrieval.neighbour_vote(vectors, labels, labels, np.arange(24))[0] == 0.0
    found, chance = retrieval.same_track(vectors, labels)
    assert found == 1.0 and chance == pytest.approx(11 / 23)


def drift(count: int, size: int = 96) -> np.ndarray:
    """Smooth forms with fine detail on them, moving slowly to the right."""
    y, x = np.mgrid[:size, :size] / size
    pictures = []
    for n in range(count):
        u = x - 0.4 * n / size
        grey = 0.5 + 0.25 * np.sin(9 * u + 5 * y) + 0.15 * np.sin(60 * u) * np.sin(50 * y)
        pictures.append(np.repeat(grey[..., None], 3, axis=2))
    return np.array(pictures, np.float32)


def test_a_pop_stands_out_and_boiling_is_told_from_motion(rng):
    calm = drift(24)
    steady = walk.smoothness(calm)
    assert steady["largest"] < 1.5 and steady["flicker"] < 0.3 and steady["shiver"] < 0.3
    popped = calm.copy()
    popped[12:] = np.roll(popped[12:], 30, axis=2)
    assert walk.smoothness(popped)["largest"] > 5
    assert walk.smoothness(popped)["99 %"] > 3
    boiling = walk.smoothness(np.clip(calm + 0.15 * rng.standard_normal(calm.shape), 0, 1).astype(np.float32))
    assert boiling["flicker"] > 0.7 and boiling["shiver"] > 1.4


def test_shrinking_keeps_the_mean_of_areas(rng):
    picture = rng.random((1, 96, 80, 3)).astype(np.float32)
    assert np.allclose(shrink(picture, 64).mean((1, 2)), picture.mean((1, 2)), atol=1e-5)
    even = rng.random((2, 128, 128, 3)).astype(np.float32)
    assert np.allclose(shrink(even, 64), even.reshape(2, 64, 2, 64, 2, 3).mean((2, 4)), atol=1e-5)


def test_channels_of_sound_change_what_they_name_and_stay_in_step(rng):
    t = np.arange(2 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    low, high = np.sin(2 * np.pi * 60 * t), np.sin(2 * np.pi * 6500 * t)
    clip = (0.1 * (low + high + np.sin(2 * np.pi * 900 * t) * (t % 0.5 < 0.1))).astype(np.float32)

    def gain_db(changed, tone):
        return 20 * np.log10(abs(changed[4000:-4000] @ tone[4000:-4000]) / abs(clip[4000:-4000] @ tone[4000:-4000]))

    channels = {name: clips[0] for name, clips in smoothness.channels_of_sound([clip, clip]).items()}
    assert gain_db(channels["12 dB louder"], low) == pytest.approx(12, abs=0.01)
    treble, bass = channels["treble shelf +6 dB from 3 kHz"], channels["bass shelf +6 dB to 200 Hz"]
    assert gain_db(treble, low) == pytest.approx(0, abs=0.1) and gain_db(bass, low) == pytest.approx(6, abs=0.5)
    assert 5 < np.abs(np.fft.rfft(treble))[13000] / np.abs(np.fft.rfft(clip))[13000] * 3 < 7
    for name in ("MP3, 96 kbit/s, stereo", "MP3, 48 kbit/s, mono"):
        change = channels[name] - clip
        assert 0 < np.mean(change**2) < 0.02 * np.mean(clip**2), name


def test_a_joined_generator_gets_latent_and_embedding_in_order(pack, tmp_path):
    class Joined(torch.nn.Module):
        def forward(self, joined):
            return joined.reshape(1, 3, 2, 2) * 2 - 1

    path = tmp_path / "generator.onnx"
    export(Joined(), {"in": torch.zeros(1, 12, 1, 1)}, ["out"], path, "hands on what it gets")
    (tmp_path / "encoder.onnx").write_bytes((pack / "encoder.onnx").read_bytes())
    np.eye(8, 512, dtype=np.float32).tofile(tmp_path / "bridge.f32")
    manifest = (pack / "pack.toml").read_text().split("[generator]")[0]
    (tmp_path / "pack.toml").write_text(
        manifest + '[generator]\nfile = "generator.onnx"\njoined = { input = "in", order = ["latent", "embedding"] }\n'
        'latent_dim = 4\nlatent_scale = 0.5\nembedding_norm = 2.0\nimage = "out"\nrange = [-1.0, 1.0]\n'
        '[bridge]\nfile = "bridge.f32"\nfrom = 512\nto = 8\n'
    )
    opened = Pack.open(tmp_path)
    embedding = np.zeros(512, np.float32)
    embedding[[1, 200]] = 0.3, 0.9  # the bridge keeps the first eight, and they are brought to length one
    picture = opened.generator.paint(embedding, np.full(4, 0.5, np.float32))
    assert picture.shape == (2, 2, 3)
    assert picture[..., 0].ravel() == pytest.approx([0.25] * 4)
    assert picture.transpose(2, 0, 1).ravel()[4:] == pytest.approx([0, 1, 0, 0, 0, 0, 0, 0])  # 2 is cut to white


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    """Caches of the real layout with synthetic music and pictures, and a picture tower that has not been trained."""
    folder, rng = tmp_path_factory.mktemp("material"), np.random.default_rng(1)
    music, pairs = folder / "music", folder / "pairs"
    splits = ["test"] * 4 + ["train"] * 2
    tracks = [Track(f"t{n}", f"t{n}.ogg", "games", "", "game", SECONDS, split) for n, split in enumerate(splits)]
    for genre in ("rock", "waltz"):
        for n, split in enumerate(("train", "train", "test")):
            tracks.append(Track(f"{genre}{n}", f"{genre}{n}.wav", "grooves", f"{genre}{n}", genre, SECONDS, split))
    music.mkdir()
    pairs.mkdir()
    save_index(music, tracks)
    t = np.arange(SECONDS * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    for k, track in enumerate(tracks):
        wave = np.sin(2 * np.pi * (110 + 40 * k) * t) * np.exp(-((t * (1 + k % 3)) % 1.0) * 5)
        wave = 8000 * wave + 100 * (1 + k) * rng.standard_normal(len(t))
        ends = np.arange(3.0, SECONDS + 0.01, 2.0, dtype=np.float32)
        table = {"end_s": ends, "presence": np.ones(len(ends), np.float32)}
        for name, width in (("tags", 50), ("penultimate", 200), ("descriptors", len(NAMES))):
            table[name] = np.clip(rng.random((len(ends), width)) * 0.3 + 0.05 * k, 0, 1).astype(np.float32)
        for path in (audio_path(music, track), features_path(music, track)):
            path.parent.mkdir(exist_ok=True)
        np.save(audio_path(music, track), wave.astype(np.int16))
        np.savez(features_path(music, track), **table)
    fit(tracks, heard(music, tracks)).save(pairs / "synaesthesia.json")
    rows = [{"track": f"t{n % 4}", "end_s": 3.0 + 2.0 * (n // 4), "seed": n, "family": "ink"} for n in range(20)]
    (pairs / "test_windows.json").write_text(json.dumps(rows))
    np.save(pairs / "test_looks.npy", rng.random((20, 20), dtype=np.float32))
    np.save(pairs / "test_images.npy", rng.integers(0, 255, (20, 128, 128, 3), dtype=np.uint8))
    torch.manual_seed(0)
    tower, names = PictureTower().eval(), ["embedding", "features"]
    axes = {name: {0: "batch"} for name in ["image", *names]}
    example = (torch.zeros(2, 3, PICTURE_PX, PICTURE_PX),)
    path = str(folder / "tower.onnx")
    torch.onnx.export(tower, example, path, dynamo=False, input_names=["image"], output_names=names, dynamic_axes=axes)
    return folder


def test_the_tower_sees_pictures_as_pytorch_does(material, rng):
    pictures = rng.random((3, PICTURE_PX, PICTURE_PX, 3)).astype(np.float32)
    torch.manual_seed(0)
    with torch.no_grad():
        embedding, features = PictureTower().eval()(torch.from_numpy(pictures).permute(0, 3, 1, 2) * 2 - 1)
    found = Tower(material / "tower.onnx").see(pictures)
    assert np.allclose(found[0], embedding.numpy(), atol=1e-4) and np.allclose(found[1], features.numpy(), atol=1e-4)


def test_the_command_writes_a_whole_report_and_says_what_it_lacks(pack, material, tmp_path):
    def run(output, *more):
        given = ["--music", str(material / "music"), "--pairs", str(material / "pairs")]
        given += ["--tower", str(material / "tower.onnx"), "--cache", str(tmp_path / "cache")]
        command.main([str(pack), "--quick", "-o", str(output), *given, *more])

    run(tmp_path, "--decoder-only", str(pack / "generator.onnx"))
    text = (tmp_path / "REPORT.md").read_text()
    for section in report.SECTIONS:
        assert f"\n## {section}\n" in text
    assert "nan" not in text
    figures = json.loads((tmp_path / "report/metrics.json").read_text())
    ours, plain = (figures["generator"][label] for label in ("starter", "starter, decoder only"))
    assert ours["kid"] == plain["kid"], "the same generator must get the same figures"
    # The starter pack divides each window by its own level, and its picture follows the embedding.
    assert figures["steadiness"]["starter"]["channels"]["12 dB quieter"]["share"] < 0.01
    assert ours["conditioning"]["pixels"]["embedding"] > 0.01
    assert {row["name"] for row in figures["controls"]} >= {"energy", "bass"}
    assert len(figures["sheets"]) == 6
    sheets = [tmp_path / file for file in figures["sheets"].values()]
    assert sum(sheet.stat().st_size for sheet in sheets) < 3_000_000

    with pytest.raises(FileNotFoundError, match="models.training.pairs"):
        run(tmp_path, "--pairs", str(tmp_path / "nothing"))
    with pytest.raises(FileNotFoundError, match="models.training.music"):
        run(tmp_path, "--music", str(tmp_path / "nothing"))
