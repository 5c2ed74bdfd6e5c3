"""Plays a score on our own instruments."""

import numpy as np
from scipy.signal import fftconvolve

from .groups import Recipe
from .score import Hit, Score
from .synth.kit import Kit
from .synth.noise import band
from .synth.tone import Tone
from .world import World

LEVEL_DB = {"bass": -9.0, "comp": -18.0, "pad": -21.0, "arp": -16.0, "lead": -14.0}


def _add(bus: np.ndarray, start: int, sound: np.ndarray, gains: np.ndarray) -> None:
    """Adds a sound to a bus [channels, n] from sample `start`."""
    end = min(bus.shape[1], start + sound.size)
    if end > start >= 0:
        for channel, gain in zip(bus, gains, strict=True):
            channel[start:end] += np.float32(gain) * sound[: end - start]


def rms(sound: np.ndarray) -> np.float32:
    return np.sqrt(np.mean(sound**2)) + np.float32(1e-6)


def _panned(pan: float, channels: int) -> np.ndarray:
    """Gains of the channels for -1 (left) to 1 (right), equal power."""
    return np.array([1.0]) if channels == 1 else np.sqrt([1 - pan, 1 + pan])


def room(dry: np.ndarray, world: World, rate_hz: int) -> np.ndarray:
    """What comes back from the walls: noise that decays, darker later, after a short gap."""
    length_s = world.log_span(0.15, 2.2)
    size = int(1.2 * length_s * rate_hz)
    t = np.arange(size) / rate_hz
    high = world.log_span(2500, 9000)
    out = np.zeros_like(dry)
    gap = int(world.span(0.003, 0.03) * rate_hz)
    for channel in range(dry.shape[0]):
        echo = band(size, rate_hz, 150, high, world.rng, 1) * np.exp(-6.9 * t / length_s)
        echo /= np.sqrt(np.sum(echo**2)) + 1e-9
        wet = fftconvolve(dry[channel], echo.astype(np.float32))[: dry.shape[1] - gap]
        out[channel, gap:] = wet
    return out


def ducked(size: int, kicks_s: list[float], depth: float, release_s: float, rate_hz: int) -> np.ndarray:
    """A gain [size] that dips at every kick, as a compressor keyed by it would."""
    gain = np.ones(size, dtype=np.float32)
    length = int(3 * release_s * rate_hz)
    shape = 1 - depth * np.exp(-np.arange(length) / (release_s * rate_hz))
    for time in kicks_s:
        start = int(time * rate_hz)
        end = min(size, start + length)
        gain[start:end] = np.minimum(gain[start:end], shape[: end - start])
    return gain


def instruments(world: World, recipe: Recipe, score: Score) -> dict[str, Tone]:
    """An instrument for each layer of the score."""
    makes = {}
    if recipe.sound == "piano":
        make = "keys" if world.name == "open" else world.one(("string", "fm"))
        makes = dict.fromkeys(("bass", "comp", "arp", "lead"), make)
    if recipe.sound == "vocal":
        makes = {"lead": "voice"}
    found = {}
    for layer in sorted({n.layer for n in score.notes}):
        base = layer.split(":")[0]
        found[layer] = Tone(world, base, makes.get(base, ""))
        if recipe.sound == "piano":
            found[layer].attack, found[layer].lead_s = 0.002, 0.0
    if world.split == "train":
        picked(world.child("picks"), found)
    return found


def picked(world: World, tones: dict[str, Tone]) -> None:
    """For training: some instruments, basses more often than others, are struck or picked, so that their notes begin like a drum."""
    for layer, tone in tones.items():
        if tone.lead_s == 0.0 and world.chance(0.5 if layer.startswith("bass") else 0.2):
            tone.pick, tone.pick_hz = world.uniform(0.2, 2.0), float(np.exp(world.uniform(np.log(300), np.log(8000))))


def strike(kit: Kit, hits: list[Hit], extra_db: dict[str, float], drums: np.ndarray, rate_hz: int) -> None:
    """Adds hits to `drums`, float32 [channels, n]; some drums are louder than a kit has them by `extra_db`."""
    for take, hit in enumerate(hits):
        gain = 10 ** (extra_db.get(hit.drum.replace("open_", ""), 0.0) / 20)
        sound = kit.sound(hit.drum, hit.velocity, take, rate_hz)
        _add(drums, round(hit.time_s * rate_hz), sound, gain * _panned(kit.pan[hit.drum], drums.shape[0]))


def with_kit(world: World, hits: list[Hit], music: np.ndarray, rate_hz: int) -> np.ndarray:
    """For training: music of others [channels, n] with hits that a kit of ours plays, the two about as loud as each other."""
    drums = np.zeros_like(music)
    strike(Kit(world, True), [h for h in hits if h.time_s >= 0], {}, drums, rate_hz)
    gain = 10 ** (world.uniform(-6, 7) / 20) * rms(music) / rms(drums) if hits and music.any() else 1.0
    wet = np.float32(10 ** (world.span(-28, -10) / 20))
    drums = np.float32(gain) * drums
    return music + drums + wet * room(drums, world, rate_hz)


def play(
    world: World, recipe: Recipe, score: Score, rate_hz: int, channels: int = 1, sampled: bool = False
) -> np.ndarray:
    """The score as float32 [channels, n], not mastered yet. `sampled`: see `Kit`."""
    size = int(round(score.seconds * rate_hz))
    drums, music = (np.zeros((channels, size), dtype=np.float32) for _ in range(2))
    extra = dict(recipe.loudness)
    strike(Kit(world, sampled), score.hits, extra, drums, rate_hz)
    tones = instruments(world, recipe, score)
    level, pan = {}, {}
    for layer in tones:
        base = layer.split(":")[0]
        level[layer] = 10 ** ((LEVEL_DB[base] + extra.get(base, 0.0) + world.uniform(-4, 4)) / 20)
        pan[layer] = 0.0 if base == "bass" else world.uniform(-0.6, 0.6)
    for take, note in enumerate(score.notes):
        tone = tones[note.layer]
        start = max(0, round((note.time_s - tone.lead_s) * rate_hz))
        gains = level[note.layer] * note.velocity * _panned(pan[note.layer], channels)
        _add(music, start, tone.note(note.pitch, note.length_s, rate_hz, take), gains)
    balance_db = world.uniform(-5, 6) + extra.get("drums", 0.0)
    if score.hits and score.notes:
        music *= np.float32(10 ** (-balance_db / 20)) * rms(drums) / rms(music)
    kicks = [h.time_s for h in score.hits if h.drum == "kick"]
    if kicks and world.chance(0.35):
        music *= ducked(size, kicks, world.span(0.2, 0.8), world.span(0.05, 0.2), rate_hz)
    mixed = drums + music
    if world.chance(0.8):
        wet = 10 ** (world.span(-26, -8) / 20)
        mixed += np.float32(wet) * room(music + np.float32(world.span(0.1, 0.9)) * drums, world, rate_hz)
    return mixed
