"""Changes of a window of music that should not change its picture: louder, duller, noisier, a little faster.

What MP3 does comes from the cache's degraded copies, not from here.
"""

import numpy as np

from models.starter_pack.contract import SAMPLE_RATE_HZ

GAIN_DB = 12.0
TILT_DB = 6.0  # shelves
PEAK_DB = 5.0  # bells
SPEED = 0.04
NOISE_SNR_DB = (20.0, 45.0)
LOWPASS_HZ = (3_000.0, 8_000.0)
# How often each one happens.
EQ_SHARE, SPEED_SHARE, NOISE_SHARE, LOWPASS_SHARE = 0.7, 0.3, 0.4, 0.2


def gain(window: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return window * np.float32(10 ** (rng.uniform(-GAIN_DB, GAIN_DB) / 20))


def equaliser_db(hz: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A gentle random curve in dB over frequencies: a low shelf, a high shelf, and one to three bells, in octaves."""
    octave = np.log2(np.maximum(hz, 20.0))
    low, high = np.log2(rng.uniform(80, 400)), np.log2(rng.uniform(1_500, 6_000))
    curve = rng.uniform(-TILT_DB, TILT_DB) / (1 + np.exp(4 * (octave - low)))
    curve += rng.uniform(-TILT_DB, TILT_DB) / (1 + np.exp(-4 * (octave - high)))
    for _ in range(rng.integers(1, 4)):
        centre, width = rng.uniform(np.log2(100), np.log2(7_000)), rng.uniform(0.3, 1.2)
        curve += rng.uniform(-PEAK_DB, PEAK_DB) * np.exp(-0.5 * ((octave - centre) / width) ** 2)
    return curve


def lowpass_db(hz: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """24 dB an octave above a random edge, as a Butterworth filter of fourth order has it."""
    edge = rng.uniform(*LOWPASS_HZ)
    return -10 * np.log10(1 + (hz / edge) ** 8)


def change_speed(window: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Pitch and tempo up or down together by up to 4 %, like a tape. The window's end stays the end; a faster one starts
    with its own beginning mirrored, for there is no more sound to play."""
    ratio = 1 + rng.uniform(-SPEED, SPEED)
    size = window.size
    at = np.abs(size - 1 - np.arange(size - 1, -1, -1) * ratio)
    # Cubic (Catmull-Rom) interpolation: linear would dull the treble.
    i = np.clip(at.astype(np.int64), 1, size - 3)
    t = (at - i).astype(np.float32)
    a, b, c, d = (window[i + k] for k in (-1, 0, 1, 2))
    return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))


def noise(size: int, rng: np.random.Generator) -> np.ndarray:
    """White or pink noise of power one."""
    white = rng.standard_normal(size).astype(np.float32)
    if rng.random() < 0.5:
        return white
    spectrum = np.fft.rfft(white)
    spectrum[1:] /= np.sqrt(np.arange(1, spectrum.size))
    spectrum[0] = 0
    pink = np.fft.irfft(spectrum, size)
    return pink / np.sqrt(np.mean(pink**2))


def augment(window: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """float32 [n] at 16 kHz, -1 to 1 -> the same shape, changed at random. Nothing is clipped: the level is free."""
    out = np.asarray(window, dtype=np.float32)
    if rng.random() < SPEED_SHARE:
        out = change_speed(out, rng)
    with_eq, with_lowpass = rng.random() < EQ_SHARE, rng.random() < LOWPASS_SHARE
    if with_eq or with_lowpass:
        hz = np.fft.rfftfreq(out.size, 1 / SAMPLE_RATE_HZ)
        decibels = np.zeros_like(hz)
        if with_eq:
            decibels += equaliser_db(hz, rng)
        if with_lowpass:
            decibels += lowpass_db(hz, rng)
        # A filter without delay turns round at the window's ends; the mirrored sound there hides the seam.
        margin = min(1_024, out.size - 1)
        padded = np.pad(out, margin, mode="reflect")
        curve = np.interp(np.fft.rfftfreq(padded.size, 1 / SAMPLE_RATE_HZ), hz, 10 ** (decibels / 20))
        out = np.fft.irfft(np.fft.rfft(padded) * curve, padded.size)[margin:-margin]
    if rng.random() < NOISE_SHARE:
        power = float(np.mean(np.square(out)))
        snr_db = rng.uniform(*NOISE_SNR_DB)
        out = out + noise(out.size, rng) * np.sqrt(power * 10 ** (-snr_db / 10))
    return np.ascontiguousarray(gain(out, rng), dtype=np.float32)
