"""What the towers learn from: windows of sound with what the teacher, the look and the controls say, and their pictures."""

import json
from pathlib import Path

import numpy as np
import torch

from models.starter_pack.contract import SAMPLE_RATE_HZ, WINDOW_SAMPLES

from ..music import load_audio, load_features, load_index
from ..music.augment import augment
from ..music.cache import PCM_SCALE, audio_path
from ..pairs import CONSTANTS, heard
from ..synaesthesia import Synaesthesia
from .picture_tower import PICTURE_PX

JITTER_S = 0.75  # a picture also stands for windows that end a little sooner or later


def shrink(images: np.ndarray, size_px: int) -> np.ndarray:
    """uint8 [N, S, S, 3] to uint8 [N, size_px, size_px, 3] by averaging squares."""
    factor = images.shape[1] // size_px
    if factor == 1:
        return np.asarray(images)
    n = len(images)
    return images.reshape(n, size_px, factor, size_px, factor, 3).mean((2, 4)).astype(np.uint8)


def to_tensor(images: np.ndarray) -> torch.Tensor:
    """uint8 [N, S, S, 3] to float32 [N, 3, S, S], -1 to 1."""
    return torch.from_numpy(images).permute(0, 3, 1, 2).float() / 127.5 - 1


class Pairs:
    """The pairs of one split, with everything that is known about each window."""

    def __init__(self, folder: Path, music: Path, split: str):
        self.rows = json.loads((folder / f"{split}_windows.json").read_text())
        self.looks = np.load(folder / f"{split}_looks.npy")
        self.images = np.load(folder / f"{split}_images.npy", mmap_mode="r")
        self.music = music
        by_id = {track.id: track for track in load_index(music)}
        self.tracks = [by_id[row["track"]] for row in self.rows]
        constants = Synaesthesia.load(folder / CONSTANTS)
        moods = heard(music, sorted(set(self.tracks), key=lambda t: t.id))
        self.features = {t.id: load_features(music, t) for t in set(self.tracks)}
        targets = {name: (constants.looks(m["inputs"]), constants.controls(m["inputs"]), m["end_s"]) for name, m in moods.items()}
        self.soft_looks, self.controls, self.tags, self.penultimate = [], [], [], []
        for row in self.rows:
            looks, controls, ends = targets[row["track"]]
            at = int(np.argmin(np.abs(ends - row["end_s"])))
            self.soft_looks.append(looks[at])
            self.controls.append(controls[at])
            heard_here = self.features[row["track"]]
            at = int(np.argmin(np.abs(heard_here["end_s"] - row["end_s"])))
            self.tags.append(heard_here["tags"][at])
            self.penultimate.append(heard_here["penultimate"][at])
        for name in ("soft_looks", "controls", "tags", "penultimate"):
            setattr(self, name, torch.from_numpy(np.array(getattr(self, name), dtype=np.float32)))
        self._small: dict[int, np.ndarray] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def small(self, size_px: int) -> np.ndarray:
        """All pictures at a smaller size, uint8 [N, size_px, size_px, 3]; made once."""
        if size_px not in self._small:
            chunks = [shrink(self.images[i : i + 256], size_px) for i in range(0, len(self.images), 256)]
            self._small[size_px] = np.concatenate(chunks)
        return self._small[size_px]

    def pictures(self, indices: np.ndarray, size_px: int = PICTURE_PX) -> torch.Tensor:
        return to_tensor(self.small(size_px)[indices])

    def window(self, index: int, shift_s: float = 0.0, degraded: bool = False) -> np.ndarray:
        """Three seconds of sound, float32 [48000], -1 to 1; `degraded` where the track has such a copy."""
        track = self.tracks[index]
        audio = load_audio(self.music, track, degraded and audio_path(self.music, track, True).is_file())
        end = int((self.rows[index]["end_s"] + shift_s) * SAMPLE_RATE_HZ)
        end = min(max(end, WINDOW_SAMPLES), len(audio))
        return audio[end - WINDOW_SAMPLES : end].astype(np.float32) * PCM_SCALE

    def sounds(self, indices: np.ndarray, rng: np.random.Generator | None = None) -> torch.Tensor:
        """Windows [B, 48000]; with `rng` shifted a little, some through MP3, and augmented."""
        if rng is None:
            return torch.from_numpy(np.stack([self.window(i) for i in indices]))
        windows = []
        for i in indices:
            window = self.window(i, rng.uniform(-JITTER_S, JITTER_S), rng.random() < 0.3)
            windows.append(augment(window, rng) if rng.random() < 0.7 else window)
        return torch.from_numpy(np.stack(windows).astype(np.float32))
