"""The effects: stereo arrays of shape (frames, 2) in, the same out."""

import numpy as np
from scipy import signal

from instruments import RATE, band_pass, high_pass, low_pass


def moving_low_pass(sound, cutoff_hz, resonance=0.0, slope=4):
    """Low-pass whose cutoff is a curve over the sound's frames, done on the spectrogram; it does not shift time."""
    window = signal.windows.hann(2048, sym=False)
    transform = signal.ShortTimeFFT(window, hop=512, fs=RATE)
    spectrum = transform.stft(sound, axis=0)  # (bins, 2, slices)
    at = np.clip(np.arange(transform.p_min, transform.p_max(len(sound))) * 512, 0, len(sound) - 1)
    relative = transform.f[:, None] / cutoff_hz[at][None, :]
    gain = 1 / np.sqrt(1 + relative ** (2 * slope)) + resonance * np.exp(-((np.log2(relative + 1e-9) / 0.25) ** 2))
    return transform.istft(spectrum * gain[:, None, :], k1=len(sound), f_axis=0, t_axis=2)


def hall(decay_s=2.4, pre_delay_s=0.022, seed=11):
    """Impulse response of a room: a few early reflections, then noise in bands, of which the high ones die sooner."""
    rng = np.random.default_rng(seed)
    count = int(decay_s * 1.5 * RATE)
    t = np.arange(count) / RATE
    response = np.zeros((count, 2))
    for low_hz, high_hz, share in ((120, 400, 0.9), (400, 1_200, 1.0), (1_200, 3_500, 0.8), (3_500, 9_000, 0.45)):
        noise = band_pass(rng.standard_normal((2, count)), low_hz, high_hz).T
        response += noise * (10 ** (-3 * t / (decay_s * share)))[:, None]
    response *= np.clip(t / 0.03, 0, 1)[:, None]
    for _ in range(14):
        response[int(rng.uniform(0.004, 0.06) * RATE), rng.integers(2)] += rng.choice((-1, 1)) * rng.uniform(2, 5)
    response = np.concatenate((np.zeros((int(pre_delay_s * RATE), 2)), response))
    return response / np.sqrt((response**2).sum() / 2)


def reverb(sound, response):
    """The wet part alone, as long as the sound."""
    return signal.fftconvolve(sound, response, axes=0)[: len(sound)]


def ping_pong(sound, delay_s, feedback=0.45, repeats=7, cutoff_hz=4_500):
    """The echoes alone: they change sides, and each one is darker than the last."""
    echoes = np.zeros_like(sound)
    source = sound.mean(axis=1)
    for repeat in range(1, repeats + 1):
        source = feedback * high_pass(low_pass(source, cutoff_hz, order=1), 180, order=1)
        start = int(round(repeat * delay_s * RATE))
        near = repeat % 2
        echoes[start:, near] += source[: len(sound) - start]
        echoes[start:, 1 - near] += 0.25 * source[: len(sound) - start]
    return echoes


def ducking(kick_times_s, frames, depth=0.75, recover_s=0.26):
    """Gain curve that makes room for each kick and swings back before the next."""
    gain = np.ones(frames)
    t = np.arange(int(0.46 * RATE)) / RATE
    dip = 1 - depth * np.clip(t / 0.004, 0, 1) * (0.5 + 0.5 * np.cos(np.pi * np.clip(t / recover_s, 0, 1)))
    for time_s in kick_times_s:
        start = int(round(time_s * RATE))
        part = gain[start : start + len(dip)]
        np.minimum(part, dip[: len(part)], out=part)
    return gain[:, None]


def widen(sound, amount):
    """Scales the side signal above the bass; the bass stays in the middle."""
    middle = sound.mean(axis=1, keepdims=True)
    side = (sound - middle)[:, :1]
    side = amount * high_pass(side, 180)
    return np.concatenate((middle + side, middle - side), axis=1)


def glue(sound, threshold_db=-16.0, ratio=1.8, attack_s=0.015, release_s=0.18):
    """Bus compressor on the mean square of both channels."""
    power = (sound**2).mean(axis=1)
    slow = signal.lfilter(*one_pole(release_s), power)
    fast = signal.lfilter(*one_pole(attack_s), power)
    level_db = 10 * np.log10(np.maximum(slow, fast) + 1e-12)
    over_db = np.maximum(level_db - threshold_db, 0)
    return sound * 10 ** (-over_db * (1 - 1 / ratio) / 20)[:, None]


def one_pole(time_s):
    pole = np.exp(-1 / (time_s * RATE))
    return [1 - pole], [1, -pole]


def master(sound, gain_db, ceiling_db):
    """Soft clip at four times the rate, so that the peaks between the samples are held too."""
    ceiling = 10 ** (ceiling_db / 20)
    fine = signal.resample_poly(sound * 10 ** (gain_db / 20), 4, 1, axis=0)
    knee = 0.6 * ceiling
    size = np.abs(fine)
    rounded = knee + (ceiling - knee) * np.tanh((size - knee) / (ceiling - knee))
    return signal.resample_poly(np.sign(fine) * np.where(size > knee, rounded, size), 1, 4, axis=0)
