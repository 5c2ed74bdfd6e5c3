"""Pitched instruments: wavetables whose brightness decays; plucked strings; frequency modulation; voices."""

import numpy as np
from scipy.signal import lfilter

from ..world import World
from .noise import band, decay, faded, seconds

TABLE = 2048
# (world, make) for each layer.
MAKES = {
    "bass": (("open", "saw"), ("open", "square"), ("open", "soft"), ("keep", "fm"), ("keep", "string"), ("keep", "pulse")),
    "comp": (
        ("open", "keys"),
        ("open", "organ"),
        ("open", "saw"),
        ("open", "square"),
        ("keep", "fm"),
        ("keep", "string"),
        ("keep", "reed"),
    ),
    "pad": (("open", "saw"), ("open", "soft"), ("open", "organ"), ("keep", "pulse"), ("keep", "reed")),
    "arp": (("open", "keys"), ("open", "square"), ("open", "bell"), ("keep", "string"), ("keep", "fm"), ("keep", "pulse")),
    "lead": (("open", "square"), ("open", "saw"), ("open", "soft"), ("keep", "pulse"), ("keep", "reed"), ("keep", "fm")),
}
# Formants of sung vowels in Hz, with levels (after the tables in Csound's manual, appendix D).
VOWELS = {
    "a": ((800, 1.0), (1150, 0.5), (2900, 0.08)),
    "e": ((400, 1.0), (1700, 0.2), (2600, 0.12)),
    "o": ((450, 1.0), (800, 0.28), (2830, 0.05)),
    "u": ((325, 1.0), (700, 0.16), (2700, 0.02)),
    "i": ((270, 1.0), (2140, 0.25), (2950, 0.1)),
}


def hertz(pitch: float) -> float:
    return 440.0 * 2 ** ((pitch - 69) / 12)


class Tone:
    """One instrument. `lead_s`: how long before its beat a note begins, so that a slow attack is felt on the beat."""

    def __init__(self, world: World, layer: str, make: str = ""):
        self.make = make or world.pick(MAKES[layer])
        self.rng = world.rng
        sustained = layer in ("pad", "lead") or self.make in ("organ", "reed", "voice")
        slow = layer == "pad"
        self.attack = world.log_span(0.03, 0.12) if slow else world.log_span(0.001, 0.015 if not sustained else 0.03)
        self.lead_s = 0.5 * self.attack if self.attack > 0.01 else 0.0
        self.tau = 9.0 if sustained else world.log_span(0.12, 1.4)
        self.release = world.log_span(0.1, 0.5) if slow else world.log_span(0.02, 0.2)
        self.bright = world.span(0.7, 1.7)  # harmonics fall with this power
        self.dull = self.bright + world.span(0.4, 1.6)
        self.dim = world.log_span(0.04, 0.5)  # how fast brightness goes
        self.voices = (
            (3 if slow else 2) if self.make in ("saw", "pulse", "square") and world.chance(0.6) and layer != "bass" else 1
        )
        self.detune = world.span(0.002, 0.009)
        self.vibrato = world.span(0.002, 0.007) if layer == "lead" else 0.0
        self.vibrato_hz = world.span(4.5, 6.5)
        self.width = world.span(0.1, 0.4)
        self.ratio = world.one((1.0, 2.0, 3.0, 0.5, 1.41 if layer != "bass" else 1.0))
        self.index = world.span(0.8, 4.0)
        self.vowels = [world.one(tuple(VOWELS)) for _ in range(4)]
        if self.make == "bell":
            self.tau, self.attack = world.log_span(0.3, 1.2), 0.001
        if self.make == "voice":
            self.attack, self.vibrato = world.span(0.02, 0.05), world.span(0.006, 0.014)
            self.lead_s = 0.5 * self.attack
        self.pick, self.pick_hz = 0.0, 1000.0  # how loud, and up to where, its notes begin with a noise
        self.sounds: dict[tuple, np.ndarray] = {}

    def harmonics(self, hz: float, rate_hz: int, slope: float, vowel: str = "") -> np.ndarray:
        """Amplitudes [h] of the harmonics below 0.45 of the rate."""
        n = np.arange(1, max(2, min(TABLE // 2 - 1, int(0.45 * rate_hz / hz)) + 1), dtype=np.float64)
        amplitude = n**-slope
        if self.make in ("square", "organ", "reed"):
            amplitude = np.where(n % 2 == 1, amplitude, amplitude * (0.05 if self.make == "square" else 0.3))
        if self.make == "organ":
            amplitude = amplitude * np.isin(n, (1, 2, 3, 4, 6, 8))
        if self.make == "pulse":
            amplitude = amplitude * np.abs(np.sin(np.pi * n * self.width)) * 1.5
        if self.make == "soft":
            amplitude = amplitude * n**-0.8
        if vowel:
            at = n * hz
            amplitude = n**-0.5 * sum(level / (1 + ((at - f) / (60 + 0.06 * f)) ** 2) for f, level in VOWELS[vowel])
        return amplitude

    def table(self, hz: float, rate_hz: int, slope: float, vowel: str = "") -> np.ndarray:
        bins = np.zeros(TABLE // 2 + 1, dtype=np.complex128)
        amplitude = self.harmonics(hz, rate_hz, slope, vowel)
        bins[1 : amplitude.size + 1] = amplitude * np.exp(
            1j * (np.arange(amplitude.size) ** 2 * 0.37 if self.make == "voice" else -np.pi / 2)
        )
        wave = np.fft.irfft(bins, TABLE)
        return (wave / (np.sqrt(np.mean(wave**2)) + 1e-9)).astype(np.float32)

    def note(self, pitch: int, length_s: float, rate_hz: int, take: int = 0) -> np.ndarray:
        """A note, about as loud as any other. float32 [n]."""
        length_s = max(0.03, round(length_s, 2))
        key = (pitch, length_s, rate_hz, take % 4 if self.make == "voice" else 0)
        if key not in self.sounds:
            self.sounds[key] = self._render(hertz(pitch), length_s, rate_hz, take)
        return self.sounds[key]

    def _render(self, hz: float, length_s: float, rate_hz: int, take: int) -> np.ndarray:
        tail = min(self.release * 4, 1.2)
        ring = length_s + tail if self.tau > 5 else min(length_s + tail, 6 * self.tau)
        t = seconds(ring, rate_hz)
        if self.make == "string":
            sound = self._string(hz, t.size, rate_hz)
        elif self.make == "fm":
            depth = self.index * np.exp(-t / self.dim)
            sound = 1.2 * np.sin(2 * np.pi * hz * t + depth * np.sin(2 * np.pi * hz * self.ratio * t))
        elif self.make == "bell":
            sound = sum(
                a * np.sin(2 * np.pi * hz * m * t) * np.exp(-t * m / self.tau)
                for m, a in ((1, 1), (2.76, 0.5), (5.4, 0.25))
                if hz * m < 0.45 * rate_hz
            )
        else:
            sound = self._waves(hz, t, rate_hz, take)
        shape = np.minimum(1.0, t / np.float32(self.attack))
        if self.make not in ("string", "bell"):
            shape = shape * np.exp(-t / np.float32(self.tau))
        if self.pick:
            size = min(t.size, int(0.02 * rate_hz))
            noise = band(size, rate_hz, 0.3 * self.pick_hz, self.pick_hz, self.rng) * decay(t[:size], 0.004)
            sound[:size] += np.float32(self.pick) * noise
        gone = np.exp(-(t - length_s).clip(0) / self.release)
        return faded((sound * shape * gone).astype(np.float32), 0.08)

    def _waves(self, hz: float, t: np.ndarray, rate_hz: int, take: int) -> np.ndarray:
        if self.make == "voice":
            one = self.table(hz, rate_hz, 1, self.vowels[take % 4])
            two = self.table(hz, rate_hz, 1, self.vowels[(take + 1) % 4])
            blend = np.clip((t - 0.08) / 0.12, 0, 1)
        else:
            one, two = self.table(hz, rate_hz, self.bright), self.table(hz, rate_hz, self.dull)
            blend = 1 - np.exp(-t / np.float32(self.dim))
        sound = np.zeros(t.size, dtype=np.float32)
        for voice in range(self.voices):
            phase = hz * (1 + self.detune * (voice - (self.voices - 1) / 2)) * t.astype(np.float64)
            if self.vibrato:
                phase += (
                    hz
                    * self.vibrato
                    / (2 * np.pi * self.vibrato_hz)
                    * np.sin(2 * np.pi * self.vibrato_hz * t)
                    * np.minimum(1, t / 0.3)
                )
            index = ((phase + 0.09 * voice) * TABLE).astype(np.int64) & (TABLE - 1)
            sound += one[index] * (1 - blend) + two[index] * blend
        return sound / np.sqrt(self.voices)

    def _string(self, hz: float, size: int, rate_hz: int) -> np.ndarray:
        """A plucked string (Karplus & Strong 1983): noise that runs through a loop with a two-point mean."""
        period = max(4, int(rate_hz / hz - 0.5))
        burst = np.zeros(size, dtype=np.float32)
        count = min(size, period)
        burst[:count] = self.rng.standard_normal(count)
        loss = 0.5 * 10 ** (-3 * period / rate_hz / max(0.4, 4 * min(self.tau, 1.0)))
        feedback = np.zeros(period + 2)
        feedback[0], feedback[period], feedback[period + 1] = 1.0, -loss, -loss
        return 1.5 * lfilter([1.0], feedback, burst).astype(np.float32)
