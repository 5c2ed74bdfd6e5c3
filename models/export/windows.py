"""Embeddings of the same moments of music by two encoders, for the bridge."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from models.starter_pack.music import EXTENSIONS, find

from .errors import ExportError
from .parity import Encode

WINDOWS = 1500  # in all: a 512 x 512 matrix wants about three times as many as it has rows
APART_S = 5.0  # at least, within a track


@dataclass(frozen=True)
class Ear:
    """An encoder and what it wants to hear."""

    encode: Encode
    sample_rate_hz: int
    window_s: float


def decode(path: Path, rate_hz: int) -> np.ndarray:
    """One file as float32 mono [n] at `rate_hz`."""
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(path), "-ac", "1", "-ar", str(rate_hz), "-f", "f32le", "-"]
    try:
        done = subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        raise ExportError("ffmpeg: not found; install it (apt install ffmpeg, brew install ffmpeg)") from None
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode(errors="replace").strip().split("\n")[0][:160]
        raise ExportError(f"{path}: ffmpeg cannot decode it ({reason}); take it out of the folder") from None
    return np.frombuffer(done.stdout, dtype="<f4")


def ends_s(length_s: float, longest_s: float, count: int) -> np.ndarray:
    """Up to `count` moments, evenly over the track, each with a whole window before it."""
    count = min(count, int((length_s - longest_s) // APART_S) + 1)
    return np.linspace(longest_s, length_s, count) if count > 0 and length_s >= longest_s else np.zeros(0)


def listen(folder: Path, foreign: Ear, own: Ear, windows: int = WINDOWS) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Embeddings by both ears [n, from], [n, to], and each one's track [n]. Both windows end at the same moment."""
    files = find([str(folder)])
    if len(files) < 2:
        kinds = ", ".join(sorted(EXTENSIONS))
        raise ExportError(f"{folder}: {len(files)} audio files; give a folder with at least two tracks ({kinds})")
    each = max(2, -(-windows // len(files)))
    longest_s = max(foreign.window_s, own.window_s)
    x, y, track = [], [], []
    bar = tqdm(files, desc="      music", unit="track", mininterval=1.0)
    for number, path in enumerate(bar):
        sound = {rate: decode(path, rate) for rate in {foreign.sample_rate_hz, own.sample_rate_hz}}
        length_s = min(len(samples) / rate for rate, samples in sound.items())
        for end in ends_s(length_s, longest_s, each):
            pair = [_newest(sound[ear.sample_rate_hz], ear, float(end)) for ear in (foreign, own)]
            if np.abs(pair[1]).max() < 1e-4:
                continue  # silence says nothing about music
            x.append(foreign.encode(pair[0]))
            y.append(own.encode(pair[1]))
            track.append(number)
    if len(set(track)) < 2 or len(track) < 10:
        found = f"{len(track)} windows of {len(set(track))} tracks over {longest_s:g} s"
        raise ExportError(f"{folder}: gives {found}; the bridge needs ten of at least two: give more music")
    return np.array(x), np.array(y), np.array(track)


def _newest(samples: np.ndarray, ear: Ear, end_s: float) -> np.ndarray:
    """The ear's window that ends at `end_s`."""
    length = round(ear.window_s * ear.sample_rate_hz)
    end = min(max(round(end_s * ear.sample_rate_hz), length), len(samples))
    return samples[end - length : end]
