"""The encoder's ear: log mel spectrogram, relative to the window's own level, in training and inside the exported graph."""

import torch
from torch import nn

from models.starter_pack.contract import SAMPLE_RATE_HZ, WINDOW_SAMPLES
from models.starter_pack.spectrogram import PowerSpectrum, mel_filters

WINDOW, HOP = 512, 256  # 32 ms, every 16 ms
MELS = 80
LOW_HZ, HIGH_HZ = 30.0, 8000.0
FRAMES = WINDOW_SAMPLES // HOP - 1
FLOOR = 1e-4  # 40 dB below the window's mean power in a band: below lies hiss, which must not count
SILENCE_POWER = 1e-8  # mean square, about -80 dBFS


class LogMel(nn.Module):
    """audio [B, 48000] -> log mel [B, 1, FRAMES, MELS] about -1 to 1, and presence [B, 1]: 0 in silence, else near 1."""

    def __init__(self):
        super().__init__()
        self.spectrum = PowerSpectrum(WINDOW)
        mel = mel_filters(WINDOW // 2 + 1, MELS, SAMPLE_RATE_HZ, LOW_HZ, HIGH_HZ)
        self.register_buffer("mel", mel * (WINDOW // 2 + 1) / 4, persistent=False)
        self.register_buffer("mel_in_order", mel[self.spectrum.order] * (WINDOW // 2 + 1) / 4, persistent=False)
        taper = torch.hann_window(WINDOW, periodic=True)
        self.register_buffer("taper", taper * (2.0 / (WINDOW * float((taper**2).sum()))) ** 0.5, persistent=False)

    def power(self, audio: torch.Tensor) -> torch.Tensor:
        """Power in mel bands [B, FRAMES, MELS]. One window goes through matrix products, as in the graph; a batch by FFT."""
        if len(audio) == 1:
            return (self.spectrum(audio) @ self.mel_in_order)[None]
        newest = audio[:, audio.shape[1] % HOP :]
        spectrum = torch.stft(newest, WINDOW, HOP, window=self.taper, center=False, return_complex=True)
        power = spectrum.real.square() + spectrum.imag.square()
        return power.transpose(1, 2) @ self.mel

    def forward(self, audio: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        power = self.power(audio)
        level = power.mean(dim=(1, 2), keepdim=True)
        presence = level[:, :, 0] / (level[:, :, 0] + SILENCE_POWER)
        relative = power / (level + 0.1 * SILENCE_POWER)
        return (torch.log(relative + FLOOR) * 0.2 + 0.6)[:, None], presence
