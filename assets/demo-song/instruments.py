"""The instruments: every function returns one note or hit as a float array, mono unless it says otherwise.

Pitches are MIDI note numbers, times are seconds, and velocities go from 0 to 1.
"""

import numpy as np
from scipy import signal

RATE = 48_000


def seconds(duration_s):
    """Time axis of a sound of this length."""
    return np.arange(int(round(duration_s * RATE))) / RATE


def hertz(note):
    return 440.0 * 2.0 ** ((note - 69) / 12)


def fade_edges(sound, in_s=0.002, out_s=0.005):
    """Raised-cosine ends, so that nothing clicks."""
    for length_s, ends in ((in_s, slice(None)), (out_s, slice(None, None, -1))):
        count = min(int(length_s * RATE), len(sound))
        ramp = 0.5 - 0.5 * np.cos(np.pi * np.arange(count) / max(count, 1))
        sound[ends][:count] *= ramp if sound.ndim == 1 else ramp[:, None]
    return sound


def band_pass(sound, low_hz, high_hz, order=2):
    return signal.sosfilt(signal.butter(order, (low_hz, high_hz), "band", fs=RATE, output="sos"), sound)


def high_pass(sound, cutoff_hz, order=2):
    return signal.sosfilt(signal.butter(order, cutoff_hz, "high", fs=RATE, output="sos"), sound, axis=0)


def low_pass(sound, cutoff_hz, order=2):
    return signal.sosfilt(signal.butter(order, cutoff_hz, "low", fs=RATE, output="sos"), sound, axis=0)


def saw(frequency_hz, phase):
    """Saw wave of a frequency curve; polyBLEP rounds each step off so that it hardly aliases."""
    step = frequency_hz / RATE
    place = (phase + np.cumsum(step)) % 1.0
    wave = 2.0 * place - 1.0
    after = place < step
    before = place > 1.0 - step
    t = place[after] / step[after]
    wave[after] -= 2.0 * t - t * t - 1.0
    t = (place[before] - 1.0) / step[before]
    wave[before] -= t * t + 2.0 * t + 1.0
    return wave


# --- drums -----------------------------------------------------------------------------------------------


def kick(velocity=1.0):
    """A sine that falls from 330 Hz to 47 Hz, with a click on top and some drive."""
    t = seconds(0.42)
    frequency = 47 + 62 * np.exp(-t / 0.045) + 220 * np.exp(-t / 0.009)
    body = np.sin(2 * np.pi * np.cumsum(frequency) / RATE) * np.exp(-((t / 0.19) ** 1.6))
    click = np.random.default_rng(1).standard_normal(len(t)) * np.exp(-t / 0.0022)
    click = band_pass(click, 1_500, 9_000)
    return velocity * fade_edges(np.tanh(1.9 * body + 0.30 * click), in_s=0.0005, out_s=0.03)


def snare(velocity=1.0, seed=2):
    """Two modes of the skin that fall a little, the wires as noise, and a thin layer of clap."""
    t = seconds(0.34)
    noise = np.random.default_rng(seed).standard_normal(len(t))
    body = 0.0
    for mode_hz, decay_s, gain in ((186, 0.085, 0.9), (283, 0.050, 0.5)):
        frequency = mode_hz * (1 + 0.35 * np.exp(-t / 0.012))
        body = body + gain * np.sin(2 * np.pi * np.cumsum(frequency) / RATE) * np.exp(-t / decay_s)
    wires = band_pass(noise, 1_600, 11_000) * (0.9 * np.exp(-t / 0.055) + 0.28 * np.exp(-t / 0.13))
    clap = band_pass(noise[::-1], 900, 3_200) * np.exp(-((t - 0.012) / 0.02) ** 2)
    return velocity * fade_edges(np.tanh(1.3 * (body + 0.95 * wires + 0.35 * clap)), in_s=0.0005, out_s=0.05)


def hat(velocity=1.0, open_s=0.0, seed=3):
    """Six square waves in no harmonic relation and noise, high-passed; `open_s` makes it ring."""
    t = seconds(0.10 + 2.2 * open_s)
    rng = np.random.default_rng(seed)
    metal = sum(np.sign(np.sin(2 * np.pi * f * t + rng.uniform(0, 6.28))) for f in (2_051, 3_157, 3_789, 4_549, 5_373, 6_731))
    sound = high_pass(0.16 * metal + 0.5 * rng.standard_normal(len(t)), 7_200, order=4)
    decay_s = open_s if open_s else 0.016 + 0.016 * velocity
    return velocity * fade_edges(sound * np.exp(-t / decay_s), in_s=0.0003, out_s=0.02)


def crash(velocity=1.0, length_s=3.2):
    """Stereo: a wash of filtered noise whose top dies first."""
    t = seconds(length_s)
    noise = np.random.default_rng(4).standard_normal((len(t), 2))
    bright = high_pass(noise, 5_000) * np.exp(-t / 0.35)[:, None]
    wash = band_pass(noise.T, 1_800, 9_000).T * np.exp(-t / 0.95)[:, None]
    return velocity * fade_edges(0.55 * bright + 0.6 * wash, in_s=0.001, out_s=0.2)


# --- tones -----------------------------------------------------------------------------------------------


def supersaw(note, length_s, seed, voices=7, detune_cents=11.0, attack_s=0.35, release_s=0.9):
    """Stereo: saws that drift slowly around the pitch, spread from left to right."""
    t = seconds(length_s + release_s)
    rng = np.random.default_rng(seed)
    sound = np.zeros((len(t), 2))
    for voice in range(voices):
        place = 2 * voice / (voices - 1) - 1
        drift = 2.0 * np.sin(2 * np.pi * rng.uniform(0.1, 0.45) * t + rng.uniform(0, 6.28))
        cents = detune_cents * place + drift
        wave = saw(hertz(note) * 2 ** (cents / 1200), rng.uniform())
        angle = np.pi / 4 * (1 + 0.85 * (place if voice % 2 else -place))
        sound += wave[:, None] * [np.cos(angle), np.sin(angle)]
    rise = 0.5 - 0.5 * np.cos(np.pi * np.clip(t / attack_s, 0, 1))
    fall = 0.5 + 0.5 * np.cos(np.pi * np.clip((t - length_s) / release_s, 0, 1))
    return sound * (rise * fall)[:, None] / voices


def pluck(note, velocity=1.0, bright=0.5, length_s=0.9):
    """Additive string: the higher a partial, the sooner it is gone. Harder plucks are brighter."""
    t = seconds(length_s)
    pitch = hertz(note)
    sound = np.zeros(len(t))
    for k in range(1, int(min(24, 11_000 // pitch)) + 1):
        stretch = np.sqrt(1 + 0.00018 * k * k)
        amplitude = np.sin(np.pi * k * 0.23) / k ** (1.75 - 0.85 * bright * velocity)
        decay_s = 0.38 / (1 + 0.42 * (k - 1) * (1.35 - bright))
        sound += amplitude * np.sin(2 * np.pi * pitch * k * stretch * t) * np.exp(-t / decay_s)
    return velocity * fade_edges(sound, in_s=0.0015, out_s=0.08)


def bell(note, velocity=1.0, length_s=2.6):
    """FM electric piano: a soft 1:1 pair, and a 1:7 pair for the tine that dies quickly."""
    t = seconds(length_s)
    turn = 2 * np.pi * hertz(note) * t
    warm = np.sin(turn + 1.1 * velocity * np.exp(-t / 0.5) * np.sin(turn))
    tine = np.sin(turn + 0.55 * velocity * np.exp(-t / 0.12) * np.sin(7 * turn))
    return velocity * fade_edges((0.6 * warm + 0.4 * tine) * np.exp(-t / 0.75), in_s=0.002, out_s=0.3)


def lead(note, velocity=1.0, length_s=0.5):
    """Stereo: two detuned saws built from partials, so that the filter envelope costs nothing; late vibrato."""
    t = seconds(length_s + 0.22)
    vibrato = 1 + 0.0035 * np.clip((t - 0.22) / 0.3, 0, 1) * np.sin(2 * np.pi * 5.4 * t)
    cutoff_hz = 1_500 + 4_200 * velocity * np.exp(-t / 0.16) + 500 * np.clip(t, 0, 1)
    sides = []
    for cents in (-5.0, 5.0):
        turn = 2 * np.pi * np.cumsum(hertz(note) * 2 ** (cents / 1200) * vibrato) / RATE
        side = 0.25 * np.sin(turn / 2)
        for k in range(1, int(min(20, 14_000 // hertz(note))) + 1):
            side = side + np.sin(k * turn + 0.7 * k) / k / (1 + (k * hertz(note) / cutoff_hz) ** 4)
        sides.append(side)
    left, right = sides
    envelope = (0.72 + 0.28 * np.exp(-t / 0.12)) * np.clip((length_s + 0.2 - t) / 0.2, 0, 1) ** 1.5
    both = np.stack((left + 0.35 * right, right + 0.35 * left), axis=1)
    return velocity * fade_edges(both * envelope[:, None], in_s=0.004, out_s=0.01)


def bass(note, velocity=1.0, length_s=0.3, growl=1.0):
    """A sine for the sub, and a plucked, driven low saw so that small speakers have something to play."""
    t = seconds(length_s + 0.06)
    turn = 2 * np.pi * hertz(note) * t
    sub = np.sin(turn)
    cutoff_hz = 130 + 700 * velocity * np.exp(-t / 0.07)
    middle = sum(np.sin(k * turn) / k / (1 + (k * hertz(note) / cutoff_hz) ** 3) for k in range(2, 20))
    envelope = np.clip(t / 0.006, 0, 1) * np.clip((length_s + 0.05 - t) / 0.05, 0, 1)
    return velocity * fade_edges(np.tanh(1.2 * (sub + 0.8 * growl * middle)) * envelope, in_s=0.002, out_s=0.01)
