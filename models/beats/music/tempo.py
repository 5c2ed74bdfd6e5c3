"""Where beats lie in time. A map is the times [b] of successive beats; between them time runs evenly."""

import numpy as np

from .world import World


def steady(bpm: float, seconds: float) -> np.ndarray:
    return np.arange(0.0, seconds + 240 / bpm, 60 / bpm)


def from_bpm(bpm_at, seconds: float) -> np.ndarray:
    """Beats whose momentary tempo is `bpm_at(time_s)`, by steps of an eighth of a beat."""
    times, now, part = [0.0], 0.0, 0
    while times[-1] < seconds + 4.0:
        now += 60 / bpm_at(now) / 8
        part += 1
        if part % 8 == 0:
            times.append(now)
    return np.array(times)


def ramp(world: World, low_bpm: float, high_bpm: float, seconds: float) -> np.ndarray:
    """Faster, slower, or there and back, evenly in the logarithm, with a steady stretch at each end."""
    ratio = world.uniform(1.3, 2.0)
    start = np.exp(world.uniform(np.log(low_bpm), np.log(high_bpm / ratio)))
    goal = start * ratio
    if world.chance(0.5):
        start, goal = goal, start
    hold = world.uniform(0.1, 0.25) * seconds
    places, tempi = [0, hold, seconds - hold, seconds], [start, start, goal, goal]
    if world.chance(0.3):
        places, tempi = [0, hold, seconds / 2, seconds - hold, seconds], [start, start, goal, start, start]
    logs = np.log(tempi)
    return from_bpm(lambda t: np.exp(np.interp(t, places, logs)), seconds)


def jump(world: World, low_bpm: float, high_bpm: float, seconds: float, beats_per_bar: int) -> np.ndarray:
    """One jump on a bar line near the middle, by 12 to 50 percent up or down."""
    first = np.exp(world.uniform(np.log(low_bpm), np.log(high_bpm)))
    factor = world.uniform(1.12, 1.5)
    second = first * factor if world.chance(0.5) else first / factor
    before = round(world.uniform(0.4, 0.6) * seconds * first / 60 / beats_per_bar) * beats_per_bar
    times = np.arange(before + 1) * 60 / first
    after = np.arange(1, int((seconds - times[-1]) * second / 60) + 9) * 60 / second
    return np.concatenate([times, times[-1] + after])


def drifting(world: World, bpm: float, seconds: float, drift: float, jitter_s: float) -> np.ndarray:
    """Played by hand: the tempo wanders (`drift`, as a share), and each beat is a little off."""
    count = int((seconds + 4) * bpm / 60) + 8
    steps = world.rng.standard_normal(count)
    walk = np.zeros(count)
    for i in range(1, count):
        walk[i] = 0.93 * walk[i - 1] + 0.37 * steps[i]  # an AR(1) process of variance one
    times = np.concatenate([[0.0], np.cumsum(60 / bpm * np.exp(drift * walk))])
    return times + jitter_s * np.clip(world.rng.standard_normal(times.size), -2, 2)


def rubato(world: World, bpm: float, seconds: float, beats_per_bar: int) -> np.ndarray:
    """Phrases of two or four bars, each an arc: it hurries towards its middle and broadens at its end (Todd 1985)."""
    depth, times = world.uniform(0.12, 0.28), [0.0]
    while times[-1] < seconds + 4:
        beats = beats_per_bar * world.one((2, 4, 4))
        swell, peak = depth * world.uniform(0.6, 1.3), world.uniform(0.4, 0.65)
        for i in range(beats):
            at = (i + 0.5) / beats
            arc = 1 - ((at - peak) / max(peak, 1 - peak)) ** 2
            tempo = bpm * np.exp(swell * (arc - 0.6) + 0.04 * world.rng.standard_normal())
            times.append(times[-1] + 60 / tempo)
    return np.array(times)


def swung(at: np.ndarray, eighths: float, sixteenths: float) -> np.ndarray:
    """Positions in beats, warped so that the off-beat eighth lies at `eighths` of the beat (0.5 is straight, 0.667 triplets)
    and the off-beat sixteenth at `sixteenths` of each half."""
    at = np.asarray(at, dtype=np.float64)
    half = np.floor(at * 2 + 1e-9)
    inside = at * 2 - half
    bent = np.where(inside < 0.5, inside * 2 * sixteenths, sixteenths + (inside * 2 - 1) * (1 - sixteenths))
    inside = (half % 2 + bent) / 2
    swing = np.where(inside < 0.5, inside * 2 * eighths, eighths + (inside * 2 - 1) * (1 - eighths))
    return np.floor(half / 2) + swing


def seconds_at(beat_times: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Times of positions in beats."""
    return np.interp(at, np.arange(beat_times.size), beat_times)
