"""Sound without a beat: noise, drones, bursts like speech, bells at random, applause, a slow pad."""

import numpy as np

from .harmony import Harmony
from .piece import merged
from .synth.metal import Metal
from .synth.noise import band, seconds
from .synth.tone import Tone, hertz
from .world import World

KINDS = (
    ("open", "noise"),
    ("open", "drone"),
    ("open", "speech"),
    ("open", "bells"),
    ("keep", "waves"),
    ("keep", "crowd"),
    ("keep", "babble"),
    ("keep", "free"),
)


def _slow(world: World, size: int, rate_hz: int, knots_per_s: float) -> np.ndarray:
    """A curve that wanders between 0 and 1."""
    count = max(4, int(size / rate_hz * knots_per_s))
    return np.interp(np.linspace(0, count - 1, size), np.arange(count), world.rng.random(count)).astype(np.float32)


def _random_times(world: World, seconds_: float, low_s: float, high_s: float) -> list[float]:
    """Times whose distances are drawn from a wide range, so that no pulse comes of them."""
    times, now = [], world.uniform(0, 1)
    while now < seconds_ - 0.1:
        times.append(now)
        now += float(np.exp(world.uniform(np.log(low_s), np.log(high_s))))
    return times


def speech(world: World, size: int, rate_hz: int, sound: np.ndarray) -> list[float]:
    """Syllables of uneven length with pauses between phrases; consonants of noise before vowels."""
    voice = Tone(world, "lead", "voice")
    pitch, now, onsets = world.span(43, 60), world.uniform(0, 0.5), []
    while now < size / rate_hz - 0.5:
        for _ in range(int(world.uniform(2, 9))):
            length = float(np.exp(world.uniform(np.log(0.06), np.log(0.32))))
            start = int(now * rate_hz)
            if start >= size:
                break
            if world.chance(0.6):
                hiss = band(int(0.05 * rate_hz), rate_hz, 2500, 8000, world.rng) * np.hanning(int(0.05 * rate_hz))
                sound[start : start + hiss.size] += 0.15 * hiss[: size - start]
            note = voice._render(hertz(pitch + world.uniform(-3, 4)), length, rate_hz, int(world.uniform(0, 4)))[
                : size - start
            ]
            sound[start : start + note.size] += 0.4 * world.uniform(0.4, 1) * note
            onsets.append(now)
            now += length + float(np.exp(world.uniform(np.log(0.01), np.log(0.1))))
        now += world.uniform(0.2, 1.4)
    return onsets


def make(world: World, seconds_: float, rate_hz: int) -> tuple[np.ndarray, np.ndarray | None]:
    """float32 [1, n], and onsets where they can be told."""
    kind = world.pick(KINDS)
    size = int(round(seconds_ * rate_hz))
    sound = np.zeros(size, dtype=np.float32)
    onsets: list[float] | None = None
    if kind in ("noise", "waves", "crowd"):
        low, high = world.log_span(40, 800), world.log_span(1500, 12000)
        sound += band(size, rate_hz, low, high, world.rng, 1) * (
            0.3 + 0.7 * _slow(world, size, rate_hz, {"noise": 0.1, "waves": 0.25}.get(kind, 2))
        )
        if kind == "crowd":
            grains = np.zeros(size, dtype=np.float32)
            at = world.rng.integers(0, size, int(60 * seconds_))
            grains[at] = world.rng.random(at.size)
            t = seconds(0.05, rate_hz)
            clap = band(t.size, rate_hz, 800, 3500, world.rng) * np.exp(-t / 0.01)
            sound = 0.2 * sound + np.convolve(grains, clap)[:size].astype(np.float32)
    elif kind == "drone":
        harmony = Harmony(world)
        t = np.arange(size) / rate_hz
        for pitch in harmony.chord(0, 2) + harmony.chord(0, 3):
            for n in range(1, 7):
                sound += (
                    _slow(world, size, rate_hz, 0.3)
                    / n
                    * np.sin(2 * np.pi * hertz(pitch) * n * t * (1 + 0.001 * world.uniform(-1, 1)))
                ).astype(np.float32)
    elif kind in ("speech", "babble"):
        onsets = speech(world, size, rate_hz, sound)
        if kind == "babble":
            for _ in range(2):
                onsets += speech(world.child(f"voice {len(onsets)}"), size, rate_hz, sound)
    else:
        harmony, tone = Harmony(world), Tone(world, "arp")
        tone.lead_s, tone.tau = 0.0, 1.5
        bell = Metal(world, (1500, 4000), (0.3, 0.8))
        onsets = _random_times(world, seconds_, 0.12, 3.0)
        for time in onsets:
            note = tone.note(harmony.pitch(int(world.uniform(0, 14)), 4), 1.0, rate_hz)
            if kind == "bells" and world.chance(0.15):
                note = bell.render(0.7, rate_hz, world.rng)
            start = int(time * rate_hz)
            sound[start : start + note.size] += world.uniform(0.2, 1) * note[: size - start]
    return sound[None], None if onsets is None else merged(np.array(onsets))
