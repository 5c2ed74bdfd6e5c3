"""The cache of decoded music: its index, its audio, its features."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

INDEX = "index.json"
INDEX_VERSION = 1
PCM_SCALE = 1.0 / 32768.0  # int16 to -1..1


@dataclass(frozen=True)
class Track:
    """One piece of music."""

    id: str  # file name in the cache, unique
    path: str  # the audio file, relative to the source's folder
    source: str  # Debian package, "grooves", or the name of a user's folder
    album: str  # tracks of one album are alike: they may not stand on both sides of the test split
    genre: str  # label of the source, or of the groove
    duration_s: float
    split: str  # "train", "validation" or "test"


def save_index(cache: Path, tracks: list[Track]) -> None:
    table = {"version": INDEX_VERSION, "tracks": [asdict(track) for track in tracks]}
    part = Path(cache) / (INDEX + ".new")
    part.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n")
    part.replace(Path(cache) / INDEX)


def load_index(cache: Path | str) -> list[Track]:
    """The tracks of a cache, in a fixed order."""
    path = Path(cache) / INDEX
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such index; make the cache with `python -m models.training.music -o {cache}`")
    table = json.loads(path.read_text())
    if table.get("version") != INDEX_VERSION:
        raise ValueError(f"{path}: version {table.get('version')}, expected {INDEX_VERSION}; delete the cache and make it anew")
    return [Track(**row) for row in table["tracks"]]


def audio_path(cache: Path | str, track: Track, degraded: bool = False) -> Path:
    return Path(cache) / ("degraded" if degraded else "clean") / f"{track.id}.npy"


def features_path(cache: Path | str, track: Track) -> Path:
    return Path(cache) / "features" / f"{track.id}.npz"


def load_audio(cache: Path | str, track: Track, degraded: bool = False) -> np.ndarray:
    """The track as memory-mapped int16 [samples], mono, 16 kHz; times `PCM_SCALE` it is -1 to 1.

    `degraded` is the same sound through MP3, sample for sample beside the clean one and as long.
    """
    path = audio_path(cache, track, degraded)
    if not path.is_file():
        raise FileNotFoundError(f"{path}: not decoded yet; run `python -m models.training.music -o {cache}` again")
    return np.load(path, mmap_mode="r")


def load_features(cache: Path | str, track: Track) -> dict[str, np.ndarray]:
    """What was heard in each window of three seconds, n windows, float32:

    end_s [n] (a window is the three seconds before it), tags [n, 50] (the teacher's, 0 to 1, named in `teacher.TAGS`),
    penultimate [n, 200] (its last hidden layer), descriptors [n, 33] (`starter_pack.descriptors.NAMES`, not standardised),
    presence [n] (0 is silence, 1 is sound).
    """
    path = features_path(cache, track)
    if not path.is_file():
        raise FileNotFoundError(f"{path}: not computed yet; run `python -m models.training.music -o {cache}` again")
    with np.load(path) as table:
        return dict(table)


def summary(tracks: list[Track]) -> str:
    """A table in words: tracks and hours by source and split."""
    lines = []
    for source in sorted({track.source for track in tracks}):
        parts = []
        for split in ("train", "validation", "test"):
            chosen = [track for track in tracks if track.source == source and track.split == split]
            hours = sum(track.duration_s for track in chosen) / 3600
            parts.append(f"{split} {len(chosen)} ({hours:.2f} h)")
        lines.append(f"{source}: " + ", ".join(parts))
    counts = Counter(track.split for track in tracks)
    hours = sum(track.duration_s for track in tracks) / 3600
    lines.append(f"all: {len(tracks)} tracks, {hours:.2f} h; " + ", ".join(f"{name} {counts[name]}" for name in sorted(counts)))
    return "\n".join(lines)
