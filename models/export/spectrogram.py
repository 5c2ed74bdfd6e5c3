"""The short-time Fourier transform of PyTorch and librosa as one convolution: any hop, centred, reflected at the ends.

ONNX has an STFT operator and a reflecting Pad, but not every execution provider runs them. A convolution with the windowed
sines and cosines gives the same numbers to within float32, and only those bins that are asked for.
"""

import math

import torch
from torch import nn


class PowerStft(nn.Module):
    """audio [1, n] -> power [1, bins, 1 + n // hop], as |torch.stft(center=True, pad_mode="reflect")|^2."""

    def __init__(self, window: torch.Tensor, hop: int, first_bin: int = 0, last_bin: int | None = None):
        """`window` [n_fft] tapers each frame; `first_bin` to `last_bin` (inclusive) are computed."""
        super().__init__()
        n_fft = len(window)
        last_bin = n_fft // 2 if last_bin is None else last_bin
        self.n_fft, self.hop, self.bins = n_fft, hop, last_bin - first_bin + 1
        # Whole turns are taken off in integers, and the rest in float64: exact angles, rounded to float32 at the very end.
        turns = (torch.arange(first_bin, last_bin + 1)[:, None] * torch.arange(n_fft)[None, :]) % n_fft
        angle = turns.double() * (2.0 * math.pi / n_fft)
        kernel = torch.cat([torch.cos(angle), -torch.sin(angle)]) * window.double()
        self.register_buffer("kernel", kernel.float()[:, None, :])
        # Reversing the order of samples is a matrix product with ones on the other diagonal.
        self.register_buffer("reverse", torch.eye(n_fft // 2).flip(1))

    def forward(self, audio: torch.Tensor) -> torch.Tensor:
        half, samples = self.n_fft // 2, int(audio.shape[1])  # a plain number: no shape arithmetic in the graph
        before, after = audio[:, 1 : half + 1], audio[:, samples - half - 1 : samples - 1]
        padded = torch.cat([before @ self.reverse, audio, after @ self.reverse], dim=1)
        spectrum = nn.functional.conv1d(padded[:, None], self.kernel, stride=self.hop)
        real, imaginary = spectrum[:, : self.bins], spectrum[:, self.bins :]
        return real * real + imaginary * imaginary


def unit_length(vectors: torch.Tensor) -> torch.Tensor:
    """Rows scaled to length one; a row of zeros stays."""
    return vectors / torch.sqrt((vectors * vectors).sum(1, keepdim=True) + 1e-24)
