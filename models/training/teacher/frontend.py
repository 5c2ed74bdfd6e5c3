"""The teacher's ear: 96 mel bands as librosa makes them, which is what it was trained on."""

import numpy as np
import torch
from torch import nn

RATE_HZ, WINDOW, HOP, MELS = 16_000, 512, 256, 96
COMPRESSION = 10_000.0


def slaney_mel(hz: np.ndarray) -> np.ndarray:
    """Hertz to mel after Slaney's Auditory Toolbox (1998): linear below 1 kHz, logarithmic above."""
    hz = np.asarray(hz, dtype=np.float64)
    return np.where(hz < 1000, hz * 3 / 200, 15 + 27 * np.log(np.maximum(hz, 1000) / 1000) / np.log(6.4))


def slaney_hz(mel: np.ndarray) -> np.ndarray:
    mel = np.asarray(mel, dtype=np.float64)
    return np.where(mel < 15, mel * 200 / 3, 1000 * 6.4 ** ((np.maximum(mel, 15) - 15) / 27))


def mel_matrix() -> np.ndarray:
    """Triangular filters of equal area, float32 [WINDOW / 2 + 1, MELS]."""
    edges_hz = slaney_hz(np.linspace(0, slaney_mel(RATE_HZ / 2), MELS + 2))
    bins_hz = np.arange(WINDOW // 2 + 1)[:, None] * RATE_HZ / WINDOW
    low, centre, high = edges_hz[:-2], edges_hz[1:-1], edges_hz[2:]
    triangle = np.minimum((bins_hz - low) / (centre - low), (high - bins_hz) / (high - centre))
    return (np.maximum(triangle, 0) * 2 / (high - low)).astype(np.float32)


class LogMel(nn.Module):
    """audio [b, n] at 16 kHz, -1..1 -> log-mel [b, frames, 96]; frames are 16 ms apart, the first centred on the start."""

    def __init__(self):
        super().__init__()
        self.register_buffer("window", torch.hann_window(WINDOW, periodic=True), persistent=False)
        self.register_buffer("mel", torch.from_numpy(mel_matrix()), persistent=False)

    def forward(self, audio: torch.Tensor) -> torch.Tensor:
        turned = torch.stft(audio, WINDOW, HOP, window=self.window, center=True, pad_mode="reflect", return_complex=True)
        power = turned.real.square() + turned.imag.square()  # [b, bins, frames]
        return torch.log10(1 + COMPRESSION * (power.transpose(1, 2) @ self.mel))
