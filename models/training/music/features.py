"""What is heard in a track every two seconds: the teacher's tags and hidden layer, and the starter pack's descriptors."""

from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from models.starter_pack.contract import SAMPLE_RATE_HZ, WINDOW_S, WINDOW_SAMPLES
from models.starter_pack.descriptors import Descriptors

from ..teacher import load_teacher
from .cache import PCM_SCALE, Track, features_path, load_audio, load_features

BATCH = {"cpu": 1, "cuda": 64}  # a CPU is fastest where the arrays stay small
# Rounds: at most so many windows a track, evenly spaced, then all; so that something is known of every track early.
ROUNDS = (12, 48, None)


def window_ends(samples: int, hop_s: float, most: int | None = None) -> np.ndarray:
    """Ends of the windows in samples, from the first whole window on: int64 [n].

    Where there would be more than `most`, the hop is doubled until it fits: a coarser round is part of a finer one.
    """
    ends = np.arange(WINDOW_SAMPLES, samples + 1, round(hop_s * SAMPLE_RATE_HZ))
    while most is not None and ends.size > most:
        ends = ends[::2]
    return ends


@torch.inference_mode()
def hear(pcm: np.ndarray, ends: np.ndarray, teacher: torch.nn.Module, descriptors: Descriptors, device: str = "cpu"):
    """All features of the windows of `pcm` (int16) that end at samples `ends`, as `cache.load_features` gives them."""
    tags, penultimate, described, presence = [], [], [], []
    batch = BATCH[torch.device(device).type]
    for start in range(0, ends.size, batch):
        windows = np.stack([pcm[end - WINDOW_SAMPLES : end] for end in ends[start : start + batch]])
        audio = torch.from_numpy(windows.astype(np.float32) * PCM_SCALE)
        for found, kept in zip(teacher(audio.to(device)), (tags, penultimate), strict=True):
            kept.append(found.cpu().numpy())
        for window in audio:
            values, sounding = descriptors(window[None])
            described.append(values[0].numpy())
            presence.append(float(sounding))
    return {
        "end_s": (ends / SAMPLE_RATE_HZ).astype(np.float32),
        "tags": np.concatenate(tags),
        "penultimate": np.concatenate(penultimate),
        "descriptors": np.stack(described),
        "presence": np.array(presence, dtype=np.float32),
    }


def merge(old: dict[str, np.ndarray] | None, new: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Both sets of windows, in the order of time."""
    if old is None:
        return new
    turn = np.argsort(np.concatenate([old["end_s"], new["end_s"]]))
    return {key: np.concatenate([old[key], new[key]])[turn] for key in new}


def compute(cache: Path, tracks: list[Track], hop_s: float, device: str) -> None:
    """Hears what was not heard yet, track by track in the order given, in rounds that grow finer."""
    too_short = [track.id for track in tracks if track.duration_s < WINDOW_S]
    if too_short:
        raise ValueError(f"{too_short[0]}: shorter than a window of {WINDOW_S} s; leave it out of the index")
    (cache / "features").mkdir(exist_ok=True)
    teacher = descriptors = None
    for most in ROUNDS:
        for track in tqdm(tracks, desc=f"features, {most or 'all'} windows a track", unit="track"):
            path = features_path(cache, track)
            old = load_features(cache, track) if path.exists() else None
            pcm = load_audio(cache, track)
            ends = window_ends(pcm.size, hop_s, most)
            if old is not None:
                ends = ends[~np.isin(ends, np.rint(old["end_s"].astype(np.float64) * SAMPLE_RATE_HZ).astype(np.int64))]
            if not ends.size:
                continue
            if teacher is None:
                teacher, descriptors = load_teacher(cache / "teacher").to(device), Descriptors().eval()
            table = merge(old, hear(pcm, ends, teacher, descriptors, device))
            part = path.with_suffix(".new")
            with part.open("wb") as file:
                np.savez(file, **table)
            part.replace(path)
