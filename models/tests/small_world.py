"""A cache of music small enough for tests: synthetic tracks whose teacher was made up, so that nothing is downloaded."""

from pathlib import Path

import numpy as np
import torch

from models.starter_pack.descriptors import Descriptors
from models.training.music.cache import Track, audio_path, features_path, save_index
from models.training.teacher import TAGS

RATE_HZ = 16_000
SPLITS = ("train", "train", "train", "validation", "test")


def tune(seed: int, seconds: float = 20.0) -> np.ndarray:
    """Some notes, beats and hiss, int16; every seed another mixture."""
    rng = np.random.default_rng(seed)
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    chord = sum(np.sin(2 * np.pi * 110 * 2 ** (rng.integers(0, 36) / 12) * t) / (k + 1) for k in range(4))
    beat = np.exp(-(t % rng.uniform(0.3, 0.9)) * 25) * np.sin(2 * np.pi * 60 * t)
    sound = rng.uniform(0, 1) * chord + rng.uniform(0, 2) * beat + rng.uniform(0, 0.5) * rng.normal(size=t.size)
    return (sound / np.abs(sound).max() * 20_000).astype(np.int16)


def make_cache(folder: Path, tracks: int = 10) -> Path:
    """Writes a complete cache of `tracks` synthetic tracks and returns its folder."""
    listen, rows = Descriptors().eval(), []
    for i in range(tracks):
        track = Track(f"tune-{i}", f"{i}.wav", "tunes", f"album-{i}", "tune", 20.0, SPLITS[i % len(SPLITS)])
        rows.append(track)
        sound = tune(i)
        for degraded in (False, True):
            path = audio_path(folder, track, degraded)
            path.parent.mkdir(parents=True, exist_ok=True)
            np.save(path, sound)
        ends = np.arange(3.0, 20.1, 2.0)
        windows = np.stack([sound[int((e - 3) * RATE_HZ) : int(e * RATE_HZ)] for e in ends]).astype(np.float32) / 32768
        with torch.no_grad():
            descriptors = np.concatenate([listen(torch.from_numpy(w[None]))[0].numpy() for w in windows])
        rng = np.random.default_rng(i)
        tags = np.clip(rng.uniform(0, 0.4, (1, len(TAGS))) + rng.normal(0, 0.02, (len(ends), len(TAGS))), 0.001, 0.999)
        features = {"end_s": ends, "tags": tags, "penultimate": rng.normal(size=(len(ends), 200)), "descriptors": descriptors}
        features["presence"] = np.ones(len(ends))
        path = features_path(folder, track)
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, **{name: value.astype(np.float32) for name, value in features.items()})
    save_index(folder, rows)
    return folder
