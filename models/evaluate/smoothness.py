"""How steady an encoder is: small steps in time, the same sound through other channels, and what level does to it."""

import subprocess
import tempfile
from pathlib import Path

import numpy as np
from scipy.signal import lfilter

from models.starter_pack.contract import SAMPLE_RATE_HZ, WINDOW_S

from .data import Window
from .packs import Encoder

HOP_S = 0.1
MARGIN_S = 0.25  # sound before the window and after it, so that a codec's edges stay outside
LONGEST_SLIP = 256  # samples that a codec may add or drop at the end


def shelf(audio: np.ndarray, corner_hz: float, gain_db: float, high: bool) -> np.ndarray:
    """A second-order shelf of slope 1 (R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients")."""
    a, w = 10 ** (gain_db / 40), 2 * np.pi * corner_hz / SAMPLE_RATE_HZ
    c, alpha, s = np.cos(w), np.sin(w) / np.sqrt(2), -1.0 if high else 1.0
    root = 2 * np.sqrt(a) * alpha
    b = [a * (a + 1 - s * (a - 1) * c + root), s * 2 * a * (a - 1 - s * (a + 1) * c), a * (a + 1 - s * (a - 1) * c - root)]
    d = [a + 1 + s * (a - 1) * c + root, -s * 2 * (a - 1 + s * (a + 1) * c), a + 1 + s * (a - 1) * c - root]
    return lfilter(b, d, audio).astype(np.float32)


def mp3(clips: list[np.ndarray], kbit_s: int, channels: int) -> list[np.ndarray]:
    """Clips, all of one length, through a real MP3 file at 44.1 kHz (ffmpeg with LAME) and back, sample for sample."""
    together = np.concatenate(clips).astype("<f4")
    form = ["-f", "f32le", "-ac", "1", "-ar", str(SAMPLE_RATE_HZ)]
    with tempfile.TemporaryDirectory() as folder:
        # A file and not a pipe: LAME goes back to the header to write how much silence it put around the sound.
        coded = str(Path(folder) / "coded.mp3")
        code = ["-ac", str(channels), "-ar", "44100", "-c:a", "libmp3lame", "-b:a", f"{kbit_s}k", coded]
        _ffmpeg([*form, "-i", "-", *code], together.tobytes())
        back = np.frombuffer(_ffmpeg(["-i", coded, *form, "-"], b""), "<f4")
    if abs(len(back) - len(together)) > LONGEST_SLIP:
        raise RuntimeError(f"ffmpeg: {len(together)} samples came back from MP3 as {len(back)}; use an ffmpeg with libmp3lame")
    back = np.pad(back, (0, max(0, len(together) - len(back))))[: len(together)]
    return list(back.reshape(len(clips), -1))


def _ffmpeg(arguments: list[str], data: bytes) -> bytes:
    try:
        return subprocess.run(["ffmpeg", "-v", "error", *arguments], input=data, capture_output=True, check=True).stdout
    except FileNotFoundError as error:
        raise RuntimeError("ffmpeg: not found; install it, the MP3 measure needs it") from error
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"ffmpeg {' '.join(arguments)}: {error.stderr.decode(errors='replace').strip()}") from error


def channels_of_sound(clips: list[np.ndarray]) -> dict[str, list[np.ndarray]]:
    """The same clips as they sound elsewhere."""
    gain = 10 ** (12 / 20)
    return {
        "12 dB louder": [clip * np.float32(gain) for clip in clips],
        "12 dB quieter": [clip / np.float32(gain) for clip in clips],
        "MP3, 96 kbit/s, stereo": mp3(clips, 96, 2),
        "MP3, 48 kbit/s, mono": mp3(clips, 48, 1),
        "treble shelf +6 dB from 3 kHz": [shelf(clip, 3000.0, 6.0, high=True) for clip in clips],
        "bass shelf +6 dB to 200 Hz": [shelf(clip, 200.0, 6.0, high=False) for clip in clips],
    }


def cosine_distance(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """1 minus the cosine of rows of length one."""
    return 1 - np.sum(a * b, axis=-1)


def steadiness(encoder: Encoder, windows: list[Window]) -> dict:
    """Distances of small steps and of other channels of sound, as shares of the distance of windows of unlike tracks."""
    length_s = encoder.window_s

    def hear(clips: list[np.ndarray], about: str) -> np.ndarray:
        return encoder.hear_all(clips, about)[0]

    here = hear([w.clip(length_s) for w in windows], "windows")
    later = hear([w.piece.clip(w.end_s + HOP_S, length_s) for w in windows], "0.1 s later")
    tracks = np.array([w.piece.id for w in windows])
    distance = 1 - here @ here.T
    random = float(distance[tracks[:, None] != tracks[None, :]].mean())
    step = cosine_distance(here, later)
    found = {"random pair": random, "windows": len(windows), "step": _spread(step), "step share": float(step.mean()) / random}

    # Cut with a margin, changed, and only then cut to the window: filters and codecs have run in.
    margin = round(MARGIN_S * SAMPLE_RATE_HZ)
    wide = [w.piece.clip(w.end_s + MARGIN_S, length_s + 2 * MARGIN_S) for w in windows]
    found["channels"] = {}
    for name, clips in channels_of_sound(wide).items():
        away = cosine_distance(here, hear([clip[margin : len(clip) - margin] for clip in clips], name))
        found["channels"][name] = _spread(away) | {"share": float(away.mean()) / random}
    return found


def _spread(values: np.ndarray) -> dict[str, float]:
    return {"mean": float(values.mean()), "median": float(np.median(values)), "90 %": float(np.percentile(values, 90))}


def level_db(clip: np.ndarray) -> float:
    """Mean power in dB below full scale."""
    return 10 * np.log10(float(np.mean(np.square(clip))) + 1e-10)


def loudness(embeddings: np.ndarray, windows: list[Window], components: int = 3) -> list[dict[str, float]]:
    """The embedding's first principal components: their share of the variance, and Pearson's correlation with level."""
    level = np.array([level_db(w.clip(WINDOW_S)) for w in windows])
    centred = embeddings - embeddings.mean(0)
    left, singular, _ = np.linalg.svd(centred, full_matrices=False)
    share = singular**2 / np.sum(singular**2)
    return [
        {"share": float(share[i]), "correlation": float(np.corrcoef(left[:, i], level)[0, 1])}
        for i in range(min(components, len(singular)))
    ]
