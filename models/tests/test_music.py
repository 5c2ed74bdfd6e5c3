"""Music for training: found, split, cached and augmented. Sounds are made here; nothing is downloaded."""

import struct
import wave
from collections import defaultdict

import numpy as np
import pytest
import torch

from models.training.music import augment as augmentation
from models.training.music import grooves, load_audio, load_features, load_index
from models.training.music.__main__ import interleave, make
from models.training.music.augment import augment, change_speed, equaliser_db, gain
from models.training.music.decode import delay_samples
from models.training.music.features import merge, window_ends
from models.training.music.find import Recording, from_folders
from models.training.music.split import GROOVES, split
from models.training.teacher import PENULTIMATE, TAGS, Musicnn
from models.training.teacher.checkpoint import MAGIC, CheckpointError, read_checkpoint
from models.training.teacher.frontend import LogMel, mel_matrix

RATE_HZ = 16_000


def music(seed: int, seconds: float) -> np.ndarray:
    """Short notes at random pitches, int16 at 44.1 kHz: broad enough in time and pitch to be aligned sample for sample."""
    rng = np.random.default_rng(seed)
    sound = np.zeros(int(seconds * 44_100))
    t = np.arange(22_050) / 44_100
    for start in range(0, sound.size, 10_000):
        note = np.sin(2 * np.pi * rng.uniform(110, 3_000) * t) * np.exp(-9 * t)
        sound[start : start + t.size] += note[: sound.size - start]
    return (sound / np.abs(sound).max() * 20_000).astype("<i2")


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A cache of six wav files: two albums of three tracks."""
    folder = tmp_path_factory.mktemp("music") / "songs"
    for number in range(6):
        album = folder / ("first" if number < 3 else "second")
        album.mkdir(parents=True, exist_ok=True)
        with wave.open(str(album / f"{number}.wav"), "wb") as file:
            file.setnchannels(1), file.setsampwidth(2), file.setframerate(44_100)
            file.writeframes(music(number, 26 + number / 2).tobytes())
    short = folder / "first" / "jingle.wav"
    with wave.open(str(short), "wb") as file:
        file.setnchannels(1), file.setsampwidth(2), file.setframerate(44_100)
        file.writeframes(music(9, 5).tobytes())
    made = tmp_path_factory.mktemp("cache")
    make(made, from_folders([folder]), {"clean", "degraded"})
    return made


def test_a_folder_becomes_an_index_with_labels_and_sound(cache):
    tracks = load_index(cache)
    assert [t.path for t in tracks] == [f"{'first' if n < 3 else 'second'}/{n}.wav" for n in range(6)]
    assert {(t.source, t.album, t.genre) for t in tracks} == {("songs", "first", "first"), ("songs", "second", "second")}
    assert len({t.id for t in tracks}) == 6
    for number, track in enumerate(tracks):
        pcm = load_audio(cache, track)
        assert pcm.dtype == np.int16 and pcm.ndim == 1 and isinstance(pcm, np.memmap)
        assert pcm.size == pytest.approx((26 + number / 2) * RATE_HZ, abs=2)
        assert track.duration_s == pytest.approx(pcm.size / RATE_HZ, abs=1e-3)
        assert np.abs(pcm).max() > 5_000


def test_degraded_copies_are_changed_but_in_step(cache):
    for track in load_index(cache):
        clean, degraded = load_audio(cache, track), load_audio(cache, track, degraded=True)
        assert degraded.shape == clean.shape
        assert delay_samples(clean, degraded) == 0
        error = (degraded.astype(float) - clean).std() / clean.astype(float).std()
        assert 0.001 < error < 0.5  # the 20 ms of noisy onsets here are hard for MP3


def test_delay_is_told_with_its_sign():
    sound = music(1, 2)
    later = np.concatenate([np.zeros(37, sound.dtype), sound])[: sound.size]
    assert delay_samples(sound, later) == 37
    assert delay_samples(later, sound) == -37


def test_a_second_run_decodes_nothing_again(cache, monkeypatch):
    before = load_index(cache)
    monkeypatch.setattr("models.training.music.__main__.decode", lambda file: pytest.fail(f"{file} was decoded again"))
    found = [Recording(cache / t.path, t.path, t.source, t.album, t.genre, t.duration_s) for t in before]
    make(cache, found, {"clean"})
    assert load_index(cache) == before


def test_missing_cache_and_features_say_what_to_do(cache, tmp_path):
    with pytest.raises(FileNotFoundError, match="models.training.music"):
        load_index(tmp_path)
    with pytest.raises(FileNotFoundError, match="not computed yet"):
        load_features(cache, load_index(cache)[0])
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="no audio longer than"):
        from_folders([tmp_path / "empty"])


def collection() -> list[Recording]:
    """Ten albums of six, a source of one album, a source of two tracks, and all grooves."""
    rows = [("box", f"album {n // 6}", f"{n}.ogg", "rock") for n in range(60)]
    rows += [("single", "single", f"{n}.ogg", "folk") for n in range(25)]
    rows += [("tiny", "tiny", f"{n}.ogg", "folk") for n in range(2)]
    rows += [("huge", f"half {n % 2}", f"{n}.ogg", "folk") for n in range(30)]
    rows += [(GROOVES, groove, f"{groove}.wav", genre) for genre, groove in grooves.names()]
    return [Recording(None, path, source, album, genre, 40.0) for source, album, path, genre in rows]


def test_split_is_the_same_in_any_order():
    tracks = collection()
    first = dict(zip([(r.source, r.path) for r in tracks], split(tracks), strict=True))
    turned = tracks[::-1]
    assert dict(zip([(r.source, r.path) for r in turned], split(turned), strict=True)) == first
    assert split(tracks, seed=99) != split(tracks)


def test_split_keeps_albums_whole_and_the_shares():
    tracks = collection()
    counts, sides = defaultdict(lambda: defaultdict(int)), defaultdict(set)
    for r, part in zip(tracks, split(tracks), strict=True):
        counts[r.source][part] += 1
        sides[(r.source, r.album)].add(part)
    assert all(len(parts) == 1 for (source, _), parts in sides.items() if source in ("box", GROOVES))
    assert counts["box"] == {"test": 12, "validation": 6, "train": 42}
    assert counts["single"] == {"test": 3, "validation": 2, "train": 20}
    assert counts["huge"] == {"test": 4, "validation": 2, "train": 24}  # no album is small enough: by track
    assert counts["tiny"] == {"train": 2}


def test_two_of_nine_grooves_of_each_genre_are_held_out():
    tracks = [r for r in collection() if r.source == GROOVES]
    held = defaultdict(int)
    for r, part in zip(tracks, split(tracks), strict=True):
        held[r.genre] += part == "test"
    assert len(tracks) == 72 and held == dict.fromkeys(grooves.GENRES, 2)


def test_a_groove_is_always_the_same_piece():
    assert grooves.score("jazz", "Swing", 8) == grooves.score("jazz", "Swing", 8)
    assert grooves.score("jazz", "Swing", 8).splitlines()[0] != grooves.score("jazz", "Bebop", 8).splitlines()[0]


def test_an_early_stop_has_heard_every_source(cache):
    tracks = load_index(cache)
    two = [t.__class__(**{**t.__dict__, "source": "other" if n % 2 else "songs"}) for n, t in enumerate(tracks)]
    assert {t.source for t in interleave(two)[:2]} == {"other", "songs"}


def test_windows_end_on_a_grid_and_merge_in_time():
    assert window_ends(10 * RATE_HZ, 2.0).tolist() == [48_000, 80_000, 112_000, 144_000]
    fine, coarse = window_ends(100 * RATE_HZ, 2.0), window_ends(100 * RATE_HZ, 2.0, most=12)
    assert len(fine) == 49 and len(coarse) <= 12 and set(coarse) <= set(fine) and len(set(np.diff(coarse))) == 1
    old = {"end_s": np.array([3.0, 9.0]), "tags": np.array([[0.1], [0.3]])}
    new = {"end_s": np.array([5.0]), "tags": np.array([[0.2]])}
    merged = merge(old, new)
    assert merged["end_s"].tolist() == [3, 5, 9] and merged["tags"][:, 0].tolist() == [0.1, 0.2, 0.3]


@pytest.fixture
def window():
    return (music(4, 3.0)[: 3 * 44_100 : 2][:48_000] / 32768).astype(np.float32)


def test_augment_keeps_shape_is_finite_and_repeats_by_seed(window):
    for seed in range(16):
        out = augment(window, np.random.default_rng(seed))
        assert out.shape == window.shape and out.dtype == np.float32
        assert np.isfinite(out).all() and np.abs(out).max() > 0
        assert np.array_equal(out, augment(window, np.random.default_rng(seed)))
    assert np.isfinite(augment(np.zeros(48_000, np.float32), np.random.default_rng(1))).all()


def test_gain_only_scales_and_within_12_db(window):
    factors = []
    for seed in range(30):
        out = gain(window, np.random.default_rng(seed))
        factor = float(np.dot(out, window) / np.dot(window, window))
        np.testing.assert_allclose(out, window * factor, rtol=1e-5, atol=1e-7)
        factors.append(20 * np.log10(factor))
    assert -12 <= min(factors) < -6 and 6 < max(factors) <= 12


def test_speed_moves_pitch_by_at_most_4_percent():
    tone = np.sin(2 * np.pi * 1_000 * np.arange(48_000) / RATE_HZ).astype(np.float32)
    heard = []
    for seed in range(20):
        tail = change_speed(tone, np.random.default_rng(seed))[-16_000:]
        heard.append(float(np.argmax(np.abs(np.fft.rfft(tail * np.hanning(16_000))))))
        assert np.abs(tail).max() == pytest.approx(1, abs=0.05)
    assert 960 - 1 <= min(heard) < 985 and 1_015 < max(heard) <= 1_040 + 1


def test_equaliser_is_gentle_and_its_filter_delays_nothing(window, monkeypatch):
    curves = [equaliser_db(np.linspace(20, 8_000, 400), np.random.default_rng(seed)) for seed in range(50)]
    assert 3 < np.abs(curves).max() < 2 * augmentation.TILT_DB + 3 * augmentation.PEAK_DB
    assert np.abs(np.diff(curves, axis=1)).max() < 4
    for name, value in {"SPEED_SHARE": 0, "NOISE_SHARE": 0, "EQ_SHARE": 1, "LOWPASS_SHARE": 0}.items():
        monkeypatch.setattr(augmentation, name, value)
    assert all(delay_samples(window, augment(window, np.random.default_rng(seed))) == 0 for seed in range(8))


def test_noise_and_lowpass_do_what_they_say(window, monkeypatch):
    for name, value in {"SPEED_SHARE": 0, "NOISE_SHARE": 1, "EQ_SHARE": 0, "LOWPASS_SHARE": 0, "GAIN_DB": 0}.items():
        monkeypatch.setattr(augmentation, name, value)
    for seed in range(10):
        added = augment(window, np.random.default_rng(seed)) - window
        assert 19.5 < 10 * np.log10(np.mean(window**2) / np.mean(added**2)) < 45.5
    monkeypatch.setattr(augmentation, "NOISE_SHARE", 0)
    monkeypatch.setattr(augmentation, "LOWPASS_SHARE", 1)
    white = np.random.default_rng(0).standard_normal(48_000).astype(np.float32)
    spectrum = np.abs(np.fft.rfft(augment(white, np.random.default_rng(3)))) ** 2
    assert spectrum[-3_000:].mean() < 0.6 * spectrum[:6_000].mean()


def test_the_teachers_ear_has_librosas_shape_and_puts_a_tone_into_its_band():
    t = torch.arange(48_000) / RATE_HZ
    mel = LogMel()(torch.stack([torch.sin(2 * torch.pi * hz * t) for hz in (440.0, 3_000.0)]))
    assert mel.shape == (2, 188, 96)
    # Slaney's scale: 8 kHz is 45.25 mel, so bands lie 45.25 / 97 mel apart; 440 Hz is 6.6 mel, 3 kHz is 30.98 mel.
    step = (15 + 27 * np.log(8) / np.log(6.4)) / 97
    for row, mels in zip(mel, (440 * 3 / 200, 15 + 27 * np.log(3) / np.log(6.4)), strict=True):
        assert abs(int(row[94].argmax()) - (mels / step - 1)) <= 1
    assert LogMel()(torch.zeros(1, 48_000)).abs().max() == 0


def test_mel_filters_have_equal_area():
    area = mel_matrix().sum(0) * RATE_HZ / 512  # in hertz: Slaney's triangles have area one
    assert np.all(mel_matrix() >= 0) and np.allclose(area[30:], 1, atol=0.1)


def variables(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Random weights under TensorFlow's names and shapes."""
    shapes = [(7, 38, 1, 204), (7, 67, 1, 204), (128, 1, 1, 51), (64, 1, 1, 51), (32, 1, 1, 51)]
    shapes += [(7, 561, 1, 64), (7, 64, 1, 64), (7, 64, 1, 64)]
    channels = [1, 204, 204, 51, 51, 51, 64, 64, 64, 1506, 200]
    table = {}
    for i, shape in enumerate(shapes):
        name = f"conv2d_{i}" if i else "conv2d"
        table[f"{name}/kernel"] = rng.normal(0, 1 / np.sqrt(np.prod(shape[:3])), shape)
        table[f"{name}/bias"] = rng.normal(0, 0.1, shape[3])
    for i, count in enumerate(channels):
        name = f"batch_normalization_{i}" if i else "batch_normalization"
        table |= {f"{name}/{part}": rng.normal(0, 1, count) for part in ("gamma", "beta", "moving_mean")}
        table[f"{name}/moving_variance"] = rng.uniform(0.5, 2, count)
    for name, shape in (("dense", (1506, 200)), ("dense_1", (200, 50))):
        table[f"{name}/kernel"], table[f"{name}/bias"] = rng.normal(0, 0.03, shape), rng.normal(0, 0.1, shape[1])
    return {name: value.astype(np.float32) for name, value in table.items()}


def test_the_teacher_takes_tensorflows_variables_and_listens():
    table = variables(np.random.default_rng(0))
    teacher = Musicnn().load_variables(table).eval()
    with torch.inference_mode():
        tags, penultimate = teacher(torch.randn(2, 48_000) * 0.1)
    assert tags.shape == (2, len(TAGS)) == (2, 50) and penultimate.shape == (2, PENULTIMATE)
    assert ((tags > 0) & (tags < 1)).all() and penultimate.isfinite().all()
    with torch.inference_mode():
        # One channel of the first layer, by TensorFlow's definition: convolution, ReLU, normalisation, maximum over bands.
        mel = teacher.norm_input(teacher.front_end(torch.randn(1, 48_000) * 0.1)[:, None, :187])
        norm, filters = teacher.norm_front[0], teacher.front[0](mel)
        assert torch.allclose(norm.largest_after_relu(filters), norm(torch.relu(filters)).amax(3), atol=1e-5)
    del table["dense_1/bias"]
    with pytest.raises(KeyError, match="dense_1/bias"):
        Musicnn().load_variables(table)


def varint(value: int) -> bytes:
    out = b""
    while value >= 0x80:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


def block(entries: list[tuple[int, bytes, bytes]]) -> bytes:
    """A LevelDB block of (bytes shared with the key before, rest of the key, value), its restarts and its trailer."""
    body = b"".join(varint(n) + varint(len(k)) + varint(len(v)) + k + v for n, k, v in entries)
    return body + struct.pack("<II", 0, 1) + bytes(5)  # one restart at 0; no compression, no checksum


def entry(shape: list[int], offset: int, size: int, dtype: int = 1) -> bytes:
    dims = b"".join(b"\x12" + varint(len(d)) + d for d in (b"\x08" + varint(n) for n in shape))
    return b"\x08" + varint(dtype) + b"\x12" + varint(len(dims)) + dims + b"\x20" + varint(offset) + b"\x28" + varint(size)


def table(entries: list[tuple[int, bytes, bytes]]) -> bytes:
    content, meta = block(entries), block([])
    handle = varint(0) + varint(len(content) - 5)
    index = block([(0, b"z", handle)])
    handles = varint(len(content)) + varint(len(meta) - 5) + varint(len(content) + len(meta)) + varint(len(index) - 5)
    return content + meta + index + handles.ljust(40, b"\0") + struct.pack("<Q", MAGIC)


def test_checkpoints_are_read_as_written():
    kernel, bias = np.arange(300, dtype="<f4").reshape(2, 150), np.array([7, -1], dtype="<f4")
    data = bias.tobytes() + kernel.tobytes() + bytes(8)
    rows = [(0, b"", b""), (0, b"conv/bias", entry([2], 0, 8)), (5, b"kernel", entry([2, 150], 8, 1200))]
    found = read_checkpoint(table(rows + [(0, b"step", entry([], 1208, 8, dtype=9))]), data)
    assert list(found) == ["conv/bias", "conv/kernel"]  # the counter is no float32
    assert np.array_equal(found["conv/kernel"], kernel) and np.array_equal(found["conv/bias"], bias)


def test_damaged_checkpoints_are_refused():
    good = table([(0, b"a", entry([2], 0, 8))])
    with pytest.raises(CheckpointError, match="last eight bytes"):
        read_checkpoint(good[:-1] + b"x", bytes(8))
    with pytest.raises(CheckpointError, match="do not make"):
        read_checkpoint(good, bytes(4))
    content = len(block([(0, b"a", entry([2], 0, 8))]))
    squeezed = good[: content - 5] + b"\1" + good[content - 4 :]  # the byte after the block names its compression
    with pytest.raises(CheckpointError, match="compressed"):
        read_checkpoint(squeezed, bytes(8))
