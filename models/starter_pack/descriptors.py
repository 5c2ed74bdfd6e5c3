"""What the starter encoder says about three seconds of sound: descriptors with names, from the textbook.

Every descriptor is computed from spectra divided by the window's own mean power, so a louder master gives the same
values. Each is one number; `encoder.py` standardises them.
"""

import math

import torch
from torch import nn

from .contract import SAMPLE_RATE_HZ
from .spectrogram import NotePower, PowerSpectrum, frames, mel_filters

WINDOW, HOP = 512, 256  # 32 ms, 16 ms
MELS = 64
LOW_HZ, HIGH_HZ = 30.0, 8000.0
CEPSTRUM = 8
NOTE_DECIMATION = 4  # notes are listened for at 4 kHz
NOTE_WINDOW, NOTE_HOP = 1024, 256
NOTES = 48  # four octaves from A2
LOWEST_NOTE_HZ = 110.0

# Shares of power: name and upper edge in hertz.
BANDS = [("bass", 150.0), ("warmth", 600.0), ("middle", 2000.0), ("presence", 5000.0), ("air", 8001.0)]
# Rates of loudness change: name and range in hertz.
RATES = [("sway", 0.3, 2.0), ("pulse", 2.0, 5.0), ("drive", 5.0, 11.0), ("roughness", 11.0, 30.0)]

NAMES = (
    [f"timbre_{i + 1}" for i in range(CEPSTRUM)]
    + ["brightness", "spread"]
    + [name for name, _ in BANDS]
    + ["noisiness", "edge", "flux", "kick", "hat", "attack", "dynamics", "crest"]
    + [name for name, _, _ in RATES]
    + ["motion", "fifths_cos", "fifths_sin", "diatonicity", "thirds", "chord_focus"]
)

# Below about -80 dBFS a window counts as silence.
SILENCE_POWER = 1e-8


def _log(x: torch.Tensor) -> torch.Tensor:
    return torch.log(x + 1e-9)


class Descriptors(nn.Module):
    """Mono audio [1, 48000] at 16 kHz to descriptors [1, len(NAMES)] and presence [1, 1] (0 in silence, else near 1)."""

    def __init__(self):
        super().__init__()
        bins = WINDOW // 2 + 1
        self.spectrum = PowerSpectrum(WINDOW)
        order = self.spectrum.order
        self.register_buffer("mel", mel_filters(bins, MELS, SAMPLE_RATE_HZ, LOW_HZ, HIGH_HZ)[order])

        count = (int(3.0 * SAMPLE_RATE_HZ) // HOP) - WINDOW // HOP + 1
        self.register_buffer("weight", self._recency(count))
        self.register_buffer("weight_between", self._recency(count - 1))

        band = (torch.arange(MELS) + 0.5) / MELS
        ripples = torch.arange(1, CEPSTRUM + 1)
        self.register_buffer("cosines", torch.cos(math.pi * band[:, None] * ripples[None, :]) / MELS)
        self.register_buffer("pitch", (band * 2 - 1)[:, None])

        hz = torch.linspace(0, SAMPLE_RATE_HZ / 2, bins)[order]
        edges = [0.0] + [edge for _, edge in BANDS]
        shares = torch.stack([(hz >= low) & (hz < high) for low, high in zip(edges, edges[1:])], dim=1)
        self.register_buffer("shares", shares.float())
        audible = ((hz > 150) & (hz < 7000)).float()[:, None]
        self.register_buffer("audible", audible / audible.sum())
        low = (torch.arange(MELS) < 8).float()[:, None]
        high = (torch.arange(MELS) >= 44).float()[:, None]
        self.register_buffer("kick_bands", low / low.sum())
        self.register_buffer("hat_bands", high / high.sum())

        # Loudness modulation: a Fourier matrix for the slow rates only, tapered so that a shift in time changes little.
        seconds = torch.arange(count) * HOP / SAMPLE_RATE_HZ
        rate_hz = torch.arange(1, 91) / 3.0
        angle = 2 * math.pi * seconds[:, None] * rate_hz[None, :]
        taper = torch.hann_window(count, periodic=False)[:, None]
        self.register_buffer("rate_cos", torch.cos(angle) * taper)
        self.register_buffer("rate_sin", torch.sin(angle) * taper)
        rates = torch.stack([(rate_hz >= a) & (rate_hz < b) for _, a, b in RATES], dim=1).float()
        self.register_buffer("rate_bands", rates / rates.sum(0, keepdim=True))

        # Notes: low-pass to 1.9 kHz, keep every fourth sample, listen at 48 semitones, fold into 12.
        taps = 63
        t = torch.arange(taps, dtype=torch.float64) - (taps - 1) / 2
        lowpass = torch.sinc(t * 0.225) * 0.225 * torch.hann_window(taps, periodic=False, dtype=torch.float64)
        self.register_buffer("lowpass", (lowpass / lowpass.sum()).float()[None, None, :])
        notes_hz = LOWEST_NOTE_HZ * 2.0 ** (torch.arange(NOTES, dtype=torch.float32) / 12)
        self.notes = NotePower(NOTE_WINDOW, SAMPLE_RATE_HZ / NOTE_DECIMATION, notes_hz)
        octave = torch.zeros(NOTES, 12)
        octave[torch.arange(NOTES), torch.arange(NOTES) % 12] = 1.0
        self.register_buffer("octave", octave)
        # The 12-point Fourier transform of chroma: its 5th coefficient is the place on the circle of fifths, the 3rd and
        # 4th tell how much the notes stand in thirds (Amiot, "Music Through Fourier Space", 2016).
        step = torch.arange(12, dtype=torch.float32)[:, None]
        turn = 2 * math.pi * step * torch.tensor([[5.0, 4.0, 3.0]]) / 12
        self.register_buffer("circle_cos", torch.cos(turn))
        self.register_buffer("circle_sin", torch.sin(turn))

    @staticmethod
    def _recency(count: int) -> torch.Tensor:
        """Weights over time [1, count]: newer sound counts more, and both ends fade so that nothing jumps in or out."""
        t = (torch.arange(count, dtype=torch.float32) + 0.5) / count
        fade_out = 0.5 - 0.5 * torch.cos(math.pi * torch.clamp((1 - t) / 0.12, max=1.0))
        weight = torch.sin(math.pi * t / 2) * fade_out
        return (weight / weight.sum())[None, :]

    def forward(self, audio: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        power = self.spectrum(audio)  # [t, bins]
        frame_power = power.sum(1, keepdim=True)  # [t, 1]
        mean_power = self.weight @ frame_power  # [1, 1]
        presence = mean_power / (mean_power + SILENCE_POWER)
        power = power / (mean_power + 1e-12)
        frame_power = frame_power / (mean_power + 1e-12)

        mean_spectrum = self.weight @ power  # [1, bins]
        bands = power @ self.mel  # [t, mels]
        # The floor lies 50 dB under a flat spectrum of the window's own level.
        decibels = torch.log(bands + 1e-5 / 257) * (1.0 / math.log(10.0))  # in bels
        mean_bands = self.weight @ decibels  # [1, mels]
        timbre = mean_bands @ self.cosines

        band_power = self.weight @ bands
        band_power = band_power / (band_power.sum(1, keepdim=True) + 1e-9)
        brightness = band_power @ self.pitch
        spread = torch.sqrt(band_power @ (self.pitch * self.pitch) - brightness * brightness + 1e-6)
        shares = _log((mean_spectrum @ self.shares) + 1e-4)

        level = torch.log(power + 1e-7)
        noisiness = (self.weight @ level) @ self.audible - torch.log(mean_spectrum @ self.audible + 1e-7)
        bend = decibels[:, 2:] - 2.0 * decibels[:, 1:-1] + decibels[:, :-2]
        edge = self.weight @ torch.abs(bend).mean(1, keepdim=True)

        rise = torch.relu(decibels[1:] - decibels[:-1])  # [t - 1, mels]
        rise_all = rise.mean(1, keepdim=True)
        flux = self.weight_between @ rise_all
        kick = self.weight_between @ (rise @ self.kick_bands)
        hat = self.weight_between @ (rise @ self.hat_bands)
        attack = torch.log(self.weight_between @ (rise_all * rise_all) + 1e-5) - 2.0 * torch.log(flux + 1e-3)

        loudness = decibels.mean(1, keepdim=True)  # [t, 1]
        loudness = loudness - self.weight @ loudness
        dynamics = torch.log(self.weight @ (loudness * loudness) + 1e-4)
        crest = torch.log(self.weight @ (frame_power * frame_power) + 1e-3)
        even, odd = loudness.t() @ self.rate_cos, loudness.t() @ self.rate_sin
        rates = torch.log((even * even + odd * odd) @ self.rate_bands + 1e-2)
        centroid = torch.relu(decibels + 6.0) @ self.pitch / MELS
        centroid = centroid - self.weight @ centroid
        motion = torch.log(self.weight @ (centroid * centroid) + 1e-5)

        low = nn.functional.conv1d(audio.reshape(1, 1, -1), self.lowpass, stride=NOTE_DECIMATION).reshape(1, -1)
        notes = self.notes(frames(low, NOTE_WINDOW, NOTE_HOP))
        # The square root of power: chords count, not just the loudest note.
        notes = torch.sqrt(notes / (mean_power + 1e-12) + 1e-9).mean(0, keepdim=True)
        chroma = notes @ self.octave
        chroma = chroma / chroma.sum(1, keepdim=True)
        even, odd = chroma @ self.circle_cos, chroma @ self.circle_sin
        circle = torch.sqrt(even * even + odd * odd + 1e-6)
        focus = torch.log((chroma * chroma).sum(1, keepdim=True))

        values = [timbre, brightness, spread, shares, noisiness, edge, flux, kick, hat, attack, dynamics, crest, rates, motion]
        values += [even[:, :1], odd[:, :1], circle[:, :1], circle[:, 1:2] + circle[:, 2:3], focus]
        return torch.cat(values, dim=1), presence
