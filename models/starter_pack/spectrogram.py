"""Spectrograms made of plain operators: reshape, concatenate, matrix product, sine.

ONNX has an STFT operator, but not every execution provider runs it. A short-time Fourier transform whose hop divides its
window is a reshape, a concatenation and one matrix product, and those run everywhere. The Fourier matrices are computed
inside the graph from two short ramps, so the file stays small; ONNX Runtime folds them into constants when it loads.
"""

import math

import torch
from torch import nn


def frames(signal: torch.Tensor, window: int, hop: int) -> torch.Tensor:
    """Cuts the newest part of `signal` [1, n] into overlapping frames [f, window]; `hop` must divide `window`."""
    assert window % hop == 0
    n = signal.shape[-1]
    blocks_kept = n // hop
    blocks = signal[:, n - blocks_kept * hop :].reshape(blocks_kept, hop)
    overlap = window // hop
    count = blocks_kept - overlap + 1
    return torch.cat([blocks[i : i + count] for i in range(overlap)], dim=1)


class PowerSpectrum(nn.Module):
    """Hann-windowed power spectrum of half-overlapping frames: signal [1, n] to [frames, window / 2 + 1].

    The bins come in two runs, even bins then odd bins (`order` says which is which). With a and b the two halves of a
    windowed frame, an even bin is a Fourier sum over a + b and an odd bin one over a - b: half the multiplications of the
    plain sum (the first step of the fast Fourier transform, decimation in frequency). The bins sum to the mean square.
    """

    def __init__(self, window: int):
        super().__init__()
        self.hop = window // 2
        even, odd = torch.arange(0, window // 2 + 1, 2), torch.arange(1, window // 2, 2)
        self.order = torch.cat([even, odd])
        self.register_buffer("turns_per_sample", torch.cat([even, odd])[None, :] / window)
        self.evens = len(even)
        self.register_buffer("n", torch.arange(self.hop, dtype=torch.float32)[:, None])
        hann = torch.hann_window(window, periodic=True)
        scale = math.sqrt(2.0 / (window * float((hann**2).sum())))  # Parseval
        self.register_buffer("taper", (hann * scale).reshape(2, self.hop))

    def forward(self, signal: torch.Tensor) -> torch.Tensor:
        count = signal.shape[-1] // self.hop
        blocks = signal[:, signal.shape[-1] - count * self.hop :].reshape(count, self.hop)
        a, b = blocks[:-1] * self.taper[:1], blocks[1:] * self.taper[1:]
        # Whole turns are taken off before the sine: the product is exact in float32, the sine of a large angle is not.
        turns = self.n * self.turns_per_sample
        angle = (turns - torch.floor(turns)) * (2.0 * math.pi)
        cosine, sine = torch.cos(angle), torch.sin(angle)
        power = []
        for half, columns in ((a + b, slice(0, self.evens)), (a - b, slice(self.evens, None))):
            real, imaginary = half @ cosine[:, columns], half @ sine[:, columns]
            power.append(real * real + imaginary * imaginary)
        return torch.cat(power, dim=1)


class NotePower(nn.Module):
    """Power at given pitches, each with a Gaussian window as long as that pitch needs to tell semitones apart."""

    def __init__(self, window: int, sample_rate_hz: float, pitches_hz: torch.Tensor):
        super().__init__()
        centre = torch.arange(window, dtype=torch.float32)[:, None] - (window - 1) / 2
        self.register_buffer("n", centre)
        self.register_buffer("turns_per_sample", (pitches_hz / sample_rate_hz)[None, :])
        # Two semitones away a pitch must be silent: sigma in samples such that the Gaussian's spectrum has died there.
        sigma = torch.clamp(0.36 * sample_rate_hz / (pitches_hz * (2 ** (1 / 12) - 1)) * 1.2, max=window / 5.0)
        self.register_buffer("inverse_sigma", (1.0 / sigma)[None, :])

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        scaled = self.n * self.inverse_sigma
        taper = torch.exp(-0.5 * scaled * scaled) * self.inverse_sigma
        turns = self.n * self.turns_per_sample
        angle = (turns - torch.floor(turns)) * (2.0 * math.pi)
        real = frames @ (torch.cos(angle) * taper)
        imaginary = frames @ (torch.sin(angle) * taper)
        return real * real + imaginary * imaginary


def mel_filters(bins: int, bands: int, sample_rate_hz: int, low_hz: float, high_hz: float) -> torch.Tensor:
    """Triangular mel filters [bins, bands] after O'Shaughnessy's formula, each summing to one: a band is a mean power."""

    def mel(hz):
        return 2595.0 * math.log10(1.0 + hz / 700.0)

    edges_mel = torch.linspace(mel(low_hz), mel(high_hz), bands + 2, dtype=torch.float64)
    edges_hz = 700.0 * (10.0 ** (edges_mel / 2595.0) - 1.0)
    bins_hz = torch.linspace(0, sample_rate_hz / 2, bins, dtype=torch.float64)[:, None]
    rising = (bins_hz - edges_hz[:-2]) / (edges_hz[1:-1] - edges_hz[:-2])
    falling = (edges_hz[2:] - bins_hz) / (edges_hz[2:] - edges_hz[1:-1])
    triangle = torch.clamp(torch.minimum(rising, falling), min=0.0)
    # The lowest filters are narrower than a bin: give such a one the bins nearest to its centre.
    nearest = torch.exp(-0.5 * ((bins_hz - edges_hz[1:-1]) / (sample_rate_hz / 2 / (bins - 1) * 0.6)) ** 2)
    triangle = torch.where(triangle.sum(0, keepdim=True) < 0.7, nearest, triangle)
    return (triangle / triangle.sum(0, keepdim=True)).float()
