"""Does the exported graph say what the reference implementation says? ONNX Runtime against PyTorch, on the same sound."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime

from .errors import ExportError

# Largest difference of one entry of the embedding at length one. Float32 sums in another order differ by about 1e-6.
TOLERANCE = 1e-4

Encode = Callable[[np.ndarray], np.ndarray]


def open_encoder(path: Path, audio: str = "audio", embedding: str = "embedding", threads: int = 1) -> Encode:
    """audio float32 [1, n] -> embedding [dim], scaled to length one as Klangbild does."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def encode(window: np.ndarray) -> np.ndarray:
        output = session.run([embedding], {audio: np.asarray(window, np.float32).reshape(1, -1)})[0].reshape(-1)
        return unit(output)

    return encode


def unit(vector: np.ndarray) -> np.ndarray:
    """Scaled to length one; zeros stay."""
    return vector / max(float(np.linalg.norm(vector)), 1e-12)


def sounds(samples: int, rate_hz: int) -> dict[str, np.ndarray]:
    """Sounds [samples] that a mistake would show on: loud and quiet noise, chords that die away, drums, a sweep."""
    rng = np.random.default_rng(7)
    t = np.arange(samples) / rate_hz
    noise = rng.standard_normal(samples)
    chord = sum(np.sin(2 * np.pi * f * t + i) for i, f in enumerate((110.0, 277.2, 329.6, 1318.5)))
    drums = noise * np.exp(-30 * (t % 0.4)) + np.sin(2 * np.pi * 60 * t) * np.exp(-8 * (t % 0.8))
    sweep = np.sin(2 * np.pi * 40 * (200 ** (t / t[-1]) - 1) * t[-1] / np.log(200))
    made = {
        "noise": 0.1 * noise,
        "quiet noise": 1e-3 * noise,
        "chord": 0.15 * chord * np.exp(-2 * (t % 1.0)) + 1e-4 * noise,
        "drums": 0.4 * drums + 1e-4 * noise,
        "sweep": 0.5 * sweep + 1e-3 * noise,
    }
    return {name: sound.astype(np.float32) for name, sound in made.items()}


def check(path: Path, reference: Encode, samples: int, rate_hz: int, tolerance: float = TOLERANCE) -> float:
    """Prints the differences and the time of a window; returns the largest. Above `tolerance` it is an ExportError."""
    encode = open_encoder(path)
    worst, took_ms, heard = 0.0, [], []
    for name, sound in sounds(samples, rate_hz).items():
        expected = unit(np.asarray(reference(sound), np.float32).reshape(-1))
        encode(sound)
        for _ in range(3):
            start = time.perf_counter()
            found = encode(sound)
            took_ms.append(1000 * (time.perf_counter() - start))
        difference = float(np.abs(found - expected).max())
        if not np.isfinite(found).all() or found.shape != expected.shape:
            raise ExportError(f"{path}: {name} gives {found.shape} with values that are not finite; the export is wrong")
        print(f"      {name:<12} max abs difference {difference:.1e}, cosine {float(found @ expected):.7f}", flush=True)
        worst = max(worst, difference)
        heard.append(found)
    silence = encode(np.zeros(samples, np.float32))
    if not np.isfinite(silence).all():
        raise ExportError(f"{path}: silence gives values that are not finite; the export is wrong")
    # Were all sounds the same to the encoder, agreement would prove nothing.
    apart = float(np.ptp(heard, axis=0).max())
    median_ms = float(np.median(took_ms))
    print(f"      largest {worst:.1e} (tolerance {tolerance:.0e}), between sounds {apart:.1e}", flush=True)
    print(f"      {median_ms:.0f} ms a window on one thread", flush=True)
    if apart < tolerance:
        raise ExportError(f"{path}: gives the same for all sounds, within {apart:.1e}; the checkpoint is not a trained encoder")
    if worst > tolerance:
        raise ExportError(f"{path}: differs from PyTorch by {worst:.1e}, above {tolerance:.0e}; do not use this export")
    return worst
