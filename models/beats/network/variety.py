"""Changes to a piece that leave its beats where they are, made on band powers: cheap enough for every batch.

A filter is a factor for each band, noise a sum, a gain a factor for all, a compressor a power. What needs samples (another pitch)
was done when the store was made.
"""

import numpy as np

from .contract import BANDS, FRAME_RATE_HZ

OCTAVES = np.linspace(0.0, 8.5, BANDS)  # the bands' places, near enough for random curves


def stretched(log_power: np.ndarray, stretch: float) -> np.ndarray:
    """log power [frames, 72] played `stretch` as long, pitches as they were: frames are interpolated."""
    frames = int(len(log_power) * stretch)
    # Frame t ends at t + 1: that is what scales.
    at = np.clip((np.arange(frames) + 1) / stretch - 1, 0, len(log_power) - 1)
    below = np.minimum(at.astype(int), len(log_power) - 2)
    share = (at - below)[:, None].astype(np.float32)
    low, high = log_power[below].astype(np.float32), log_power[below + 1].astype(np.float32)
    return low + share * (high - low)


def equaliser_db(rng: np.random.Generator) -> np.ndarray:
    """A random curve [72]: a tilt of up to 2 dB an octave and two broad bells of up to 8 dB."""
    curve = rng.uniform(-2, 2) * (OCTAVES - 4)
    for _ in range(2):
        curve = curve + rng.uniform(-8, 8) * np.exp(-0.5 * ((OCTAVES - rng.uniform(0, 8.5)) / rng.uniform(0.5, 2)) ** 2)
    return curve


def band_limit_db(rng: np.random.Generator) -> np.ndarray:
    """[72] a low-pass at 1.5 to 8 kHz, a high-pass at 50 to 250 Hz, or both: 24 dB an octave."""
    low, high = rng.random() < 0.5, rng.random() < 0.7
    curve = np.zeros(BANDS)
    if high or not low:
        curve += np.clip(24 * (rng.uniform(5.6, 8) - OCTAVES), -60, 0)
    if low:
        curve += np.clip(24 * (OCTAVES - rng.uniform(0.8, 3)), -60, 0)
    return curve


def noise_floor(rng: np.random.Generator, log_power: np.ndarray) -> np.ndarray:
    """log power with steady noise 15 to 50 dB below the mean, coloured, fluctuating as narrow bands of noise do."""
    mean = float(np.exp(log_power).mean())
    colour_db = rng.uniform(-3, 3) * (OCTAVES - 4) + rng.uniform(-50, -15)
    fluctuating = rng.standard_gamma(2.0, log_power.shape).astype(np.float32) / 2
    return np.log(np.exp(log_power) + mean * 10 ** (colour_db / 10).astype(np.float32) * fluctuating)


def varied(rng: np.random.Generator, log_power: np.ndarray) -> np.ndarray:
    """Gain, and by chance filters, noise and another dynamic, of log power [frames, 72] in float32."""
    change_db = np.full(BANDS, rng.uniform(-30, 30))
    if rng.random() < 0.7:
        change_db = change_db + equaliser_db(rng)
    if rng.random() < 0.15:
        change_db = change_db + band_limit_db(rng)
    out = log_power + (change_db * (np.log(10) / 10)).astype(np.float32)
    if rng.random() < 0.3:
        loudest = np.log(np.exp(out).sum(1).max() + 1e-30)
        out = loudest + (out - loudest) * rng.uniform(0.75, 1.15)  # a compressor, or an expander
    if rng.random() < 0.3:
        out = noise_floor(rng, out)
    return out


def silence_frames(rng: np.random.Generator) -> int:
    """How many frames of silence come before the music: mostly none, sometimes up to 3 s."""
    return int(rng.uniform(0, 3) * FRAME_RATE_HZ) if rng.random() < 0.15 else 0
