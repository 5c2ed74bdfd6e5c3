"""Noise with a spectrum, and envelopes."""

import numpy as np


def seconds(length_s: float, rate_hz: int) -> np.ndarray:
    return np.arange(max(8, int(length_s * rate_hz)), dtype=np.float32) / np.float32(rate_hz)


def band(size: int, rate_hz: int, low_hz: float, high_hz: float, rng: np.random.Generator, order: float = 2.0) -> np.ndarray:
    """Noise [size] of power one between two edges, falling off by `order` times 6 dB an octave beyond them."""
    fast = 1 << (size - 1).bit_length()
    hz = np.arange(fast // 2 + 1, dtype=np.float32) * np.float32(rate_hz / fast) + np.float32(1e-3)
    below = np.minimum(low_hz / hz, np.float32(1e3)) ** np.float32(2 * order)
    curve = 1 / np.sqrt((1 + below) * (1 + (hz / high_hz) ** np.float32(2 * order)))
    bins = rng.standard_normal((2, hz.size), dtype=np.float32)
    sound = np.fft.irfft(curve * (bins[0] + 1j * bins[1]), fast)[:size].astype(np.float32)
    return sound / (np.sqrt(np.mean(sound**2)) + 1e-9)


def decay(t: np.ndarray, tau_s: float, attack_s: float = 0.0005) -> np.ndarray:
    """Falls to 1/e within `tau_s`, after a short rise."""
    return np.exp(-t / np.float32(tau_s)) * np.minimum(1.0, t / np.float32(attack_s) + 0.1)


def faded(sound: np.ndarray, share: float = 0.1) -> np.ndarray:
    """The same with a smooth end."""
    size = max(4, int(sound.size * share))
    sound = sound.copy()
    sound[-size:] *= np.linspace(1, 0, size, dtype=np.float32)
    return sound


def normal(sound: np.ndarray) -> np.ndarray:
    """Peak at one."""
    return (sound / (np.abs(sound).max() + 1e-9)).astype(np.float32)
