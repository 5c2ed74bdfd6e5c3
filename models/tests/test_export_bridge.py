"""The map between embeddings: does the fit find what is there, and say what it does not find?"""

import wave

import numpy as np
import pytest

from models.export.bridge import fit, orthonormal, unit_rows
from models.export.errors import ExportError
from models.export.windows import Ear, ends_s, listen


def cone(rng, windows, dim, width):
    """Embeddings around a common mean, as real encoders give."""
    mean = unit_rows(rng.standard_normal((1, dim)))
    return unit_rows(mean + width * rng.standard_normal((windows, dim)) / np.sqrt(dim))


def mapped(matrix, x):
    return unit_rows(x @ matrix.T)


def test_a_linear_map_is_recovered():
    rng = np.random.default_rng(1)
    x, fresh = np.split(cone(rng, 700, 24, 0.8), [600])
    track = np.repeat(np.arange(20), 30)
    truth = orthonormal(32, 24)  # it keeps lengths, so the target is linear before and after scaling to length one
    found = fit(x, mapped(truth, x), track)
    assert found.matrix.shape == (32, 24) and found.matrix.dtype == np.float32
    assert (mapped(found.matrix, fresh) * mapped(truth, fresh)).sum(1).min() > 0.9999
    assert found.cosine > 0.9999 and abs(found.spread - 1) < 0.05
    assert found.tracks == (16, 4) and found.windows == (480, 120)


def test_a_constant_is_folded_into_the_matrix():
    """Ours is an affine map of a narrow cone: without a constant term only the fold can follow it."""
    rng = np.random.default_rng(3)
    x, track = cone(rng, 1000, 24, 0.2), np.repeat(np.arange(20), 50)
    slope, constant = 10 * rng.standard_normal((24, 24)), 3 * rng.standard_normal(24)
    y = unit_rows((x - x.mean(0)) @ slope.T + constant)
    found = fit(x, y, track)
    assert (mapped(found.matrix, x) * y).sum(1).mean() > 0.97
    assert found.cosine > found.mean_cosine + 0.05


def test_noise_is_not_learned():
    """Nothing to find: a strong ridge is chosen, and the bridge is hardly better than the mean."""
    rng = np.random.default_rng(4)
    x, y, track = cone(rng, 400, 24, 0.8), cone(rng, 400, 16, 0.8), np.repeat(np.arange(20), 20)
    found = fit(x, y, track)
    assert abs(found.cosine - found.mean_cosine) < 0.03 and found.spread < 0.2


def test_too_little_music_is_an_error():
    x = np.ones((20, 4))
    with pytest.raises(ValueError, match="too few"):
        fit(x, x, np.zeros(20))


@pytest.mark.parametrize(("to_dim", "from_dim"), [(512, 512), (512, 64), (64, 512)])
def test_without_music_the_map_is_orthonormal_and_always_the_same(to_dim, from_dim):
    matrix = orthonormal(to_dim, from_dim)
    assert matrix.shape == (to_dim, from_dim)
    gram = matrix.T @ matrix if to_dim >= from_dim else matrix @ matrix.T
    assert np.abs(gram - np.eye(min(to_dim, from_dim))).max() < 1e-5
    assert (matrix == orthonormal(to_dim, from_dim)).all()


def write_wav(path, samples, rate_hz):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def test_both_ears_hear_the_same_moment(tmp_path):
    """The sound is its own clock, a rising level: at the window's end both ears must read the same."""
    for name in ("a", "b"):
        write_wav(tmp_path / f"{name}.wav", np.linspace(0.1, 0.9, 30 * 48_000), 48_000)
    low = Ear(lambda window: window[-40:-8].mean(keepdims=True), 16_000, 1.0)
    high = Ear(lambda window: window[-120:-24].mean(keepdims=True), 48_000, 4.0)
    x, y, track = listen(tmp_path, low, high, windows=20)
    assert list(np.bincount(track)) == [6, 6]
    assert np.abs(x - y).max() < 1e-3
    assert x.min() < 0.25 and x.max() > 0.85  # from the first whole window to the end


def test_moments_keep_a_whole_window_before_them():
    assert list(ends_s(9.0, 10.0, 5)) == []
    assert ends_s(10.0, 10.0, 5).tolist() == [10.0]
    assert ends_s(60.0, 10.0, 3).tolist() == [10.0, 35.0, 60.0]


def test_a_file_that_is_no_music_is_named(tmp_path):
    for name in ("a.ogg", "b.ogg"):
        (tmp_path / name).write_bytes(b"not music")
    ear = Ear(lambda window: window[:1], 16_000, 1.0)
    with pytest.raises(ExportError, match=r"a\.ogg: ffmpeg cannot decode it"):
        listen(tmp_path, ear, ear)
