"""What happens to a mix before anybody hears it: compression, equaliser, tape, noise, level, clipping, narrow bands."""

import numpy as np

from .synth.noise import band
from .world import World

# Ways of mistreating a piece, by name; a set's group "masters" goes through them in turn.
FAULTS = ("quiet", "clipped", "lowpass", "hiss", "vinyl", "phone", "out_of_phase", "96k", "22k", "mono")


def _smoothed(level: np.ndarray, up: float, down: float) -> np.ndarray:
    """Follows a level, faster up than down, by these shares a step."""
    out, now = np.empty_like(level), float(level[0])
    for i, value in enumerate(level.tolist()):
        now += (up if value > now else down) * (value - now)
        out[i] = now
    return out


def compressed(sound: np.ndarray, rate_hz: int, threshold_db: float, ratio: float, release_s: float) -> np.ndarray:
    """A compressor on the sum of the channels, gains worked out every 5 ms."""
    hop = rate_hz // 200
    count = sound.shape[1] // hop
    power = np.mean(sound[:, : count * hop].reshape(-1, count, hop) ** 2, axis=(0, 2))
    level = _smoothed(np.sqrt(power), 0.5, 0.005 / release_s)
    over = np.maximum(0, 20 * np.log10(level + 1e-6) - threshold_db)
    gain = 10 ** (-over * (1 - 1 / ratio) / 20)
    at = np.arange(sound.shape[1], dtype=np.float32) / hop
    return sound * np.interp(at, np.arange(count) + 0.5, gain).astype(np.float32)


def equalised(sound: np.ndarray, rate_hz: int, curve_db) -> np.ndarray:
    """Zero-phase: `curve_db(hz)` in decibels."""
    size = sound.shape[1]
    hz = np.fft.rfftfreq(size, 1 / rate_hz)
    gain = 10 ** (curve_db(hz) / 20)
    return np.fft.irfft(np.fft.rfft(sound, axis=1) * gain, size, axis=1).astype(np.float32)


def tilt(world: World):
    """A shelf at each end and a bell."""
    low, high, bell = world.span(-6, 5), world.span(-6, 5), world.span(-5, 5)
    low_hz, high_hz, bell_hz = world.log_span(80, 300), world.log_span(2000, 7000), world.log_span(200, 4000)

    def curve(hz: np.ndarray) -> np.ndarray:
        octave = np.log2(hz + 1)
        shelves = low / (1 + np.exp(3 * (octave - np.log2(low_hz)))) + high / (1 + np.exp(-3 * (octave - np.log2(high_hz))))
        return shelves + bell * np.exp(-0.5 * ((octave - np.log2(bell_hz)) / 0.8) ** 2)

    return curve


def passing(low_hz: float, high_hz: float):
    """What lies between two edges; 24 dB an octave beyond, so that a loud hat is still heard."""

    def curve(hz: np.ndarray) -> np.ndarray:
        hz = hz + 1e-3
        return -10 * np.log10(1 + (low_hz / hz) ** 8) - 10 * np.log10(1 + (hz / high_hz) ** 8)

    return curve


def crackle(world: World, size: int, rate_hz: int) -> np.ndarray:
    """A record's clicks, and its rumble."""
    clicks = np.zeros(size, dtype=np.float32)
    count = world.rng.poisson(world.span(4, 14) * size / rate_hz)
    clicks[world.rng.integers(0, size, count)] = world.rng.standard_normal(count) * world.rng.random(count) ** 2
    return clicks + 0.05 * band(size, rate_hz, 20, 120, world.rng)


def mastered(world: World, mix: np.ndarray, rate_hz: int, faults: tuple[str, ...] = (), wild: bool = False) -> np.ndarray:
    """A mix [channels, n] as it is published. `wild`: any fault may happen, as training wants it."""
    size = mix.shape[1]
    rms = np.sqrt(np.mean(mix**2)) + 1e-9
    sound = mix * np.float32(0.12 / rms)
    faults = set(faults)
    if wild:
        odds = (("quiet", 0.12), ("clipped", 0.1), ("lowpass", 0.12), ("hiss", 0.12), ("vinyl", 0.06), ("phone", 0.05))
        faults |= {name for name, share in odds if world.chance(share)}
    if world.chance(0.6):
        sound = compressed(sound, rate_hz, world.span(-28, -16), world.span(1.5, 5), world.span(0.05, 0.3))
    edges = None
    if "lowpass" in faults:
        edges = passing(20, world.log_span(3500, 10000))
    if "phone" in faults:
        edges = passing(world.log_span(150, 350), world.log_span(3000, 5000))
    curves = [c for c in (edges, tilt(world) if world.chance(0.7) else None) if c]
    if curves:
        sound = equalised(sound, rate_hz, lambda hz: sum(c(hz) for c in curves))
    peak = np.abs(sound).max() + 1e-9
    if world.chance(0.3):
        drive = world.span(1, 3)
        sound = np.tanh(drive * sound / peak) * np.float32(peak)
    level = 10 ** (world.uniform(-9, -0.5) / 20)
    if "clipped" in faults:
        level = 10 ** (world.uniform(5, 13) / 20)
    if "quiet" in faults:
        level = 10 ** (world.uniform(-38, -24) / 20)
    sound = sound * np.float32(level / peak)
    if "hiss" in faults:
        loud = np.sqrt(np.mean(sound**2))
        noise = band(size, rate_hz, world.log_span(50, 500), 9000, world.rng, 1)
        sound = sound + np.float32(loud * 10 ** (-world.uniform(8, 26) / 20)) * noise
    if "vinyl" in faults:
        loud = np.sqrt(np.mean(sound**2))
        sound = sound + np.float32(loud * world.uniform(0.5, 2.0)) * crackle(world, size, rate_hz)
    if "out_of_phase" in faults and sound.shape[0] == 2:
        # The right channel is the left one turned over, and a tenth of itself.
        sound = np.stack([sound[0], 0.1 * sound[1] - 0.9 * sound[0]])
    if "mono" in faults and sound.shape[0] == 2:
        sound = np.repeat(sound.mean(axis=0, keepdims=True), 2, axis=0)
    return np.clip(sound, -1, 1).astype(np.float32)
