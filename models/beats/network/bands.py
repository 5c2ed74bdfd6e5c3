"""Samples to the power of 72 bands, of plain operators: two Fourier transforms as small matrix products.

Bass needs a long window to tell notes apart, treble a short one to tell times apart. So the bands below 300 Hz come from
93 ms, those above from 46 ms. Both tapers rise slowly and fall fast (the newest quarter), as in low-delay codecs: an attack is
seen some 10 ms after it was heard, where a symmetrical window of that length would take twice as long.

A transform of N = A * B samples is A transforms of B, a twist, and B transforms of A (Cooley and Tukey, "An algorithm for the
machine calculation of complex Fourier series", 1965). As matrix products that is a tenth of the multiplications of the plain
sum, and the matrices fit the cache.
"""

import math

import torch
from torch import nn

from .contract import BANDS, SAMPLE_RATE_HZ, WINDOW

SHORT = 1024
# The newest quarter of a window falls, the rest rises.
FALL = 0.25
SPLIT_HZ, LOW_HZ, HIGH_HZ = 300.0, 30.0, 10_800.0
LOW_BANDS = 20
# Music has less power up there, but as much to say: bands gain 3 dB an octave above this.
TILT_FROM_HZ = 200.0


def taper(window: int) -> torch.Tensor:
    """Rises as half a Hann window over three quarters, falls as another over the newest quarter; its power sums to one."""
    fall = int(window * FALL)
    rise = window - fall
    up = torch.sin(0.5 * math.pi * (torch.arange(rise, dtype=torch.float64) + 0.5) / rise) ** 2
    down = torch.cos(0.5 * math.pi * (torch.arange(fall, dtype=torch.float64) + 0.5) / fall) ** 2
    both = torch.cat([up, down])
    return both / both.pow(2).sum().sqrt()


class Spectrum(nn.Module):
    """frames [..., window] -> power [..., bins], windowed; the bins come in the order of `bin_of`.

    With n = columns * i + j and k = p + rows * q: `rows` Fourier sums down the columns, a twist by jp / window, and one sum
    along each row for each q that is wanted. Real input: row rows - p tells nothing that row p does not, but for its own q.
    """

    def __init__(self, window: int, rows: int, wanted_rows: int, wanted_q: list[int]):
        super().__init__()
        columns = window // rows
        self.rows, self.columns, self.wanted_rows = rows, columns, wanted_rows
        p, i, j = torch.arange(wanted_rows)[:, None], torch.arange(rows)[None], torch.arange(columns)[None]
        q = torch.tensor(wanted_q)[None]

        def turned(turns: torch.Tensor, whole: int) -> tuple[torch.Tensor, torch.Tensor]:
            angle = (turns % whole).double() * (2.0 * math.pi / whole)
            return torch.cos(angle).float(), -torch.sin(angle).float()

        self.register_buffer("taper", taper(window).float().reshape(rows, columns))
        self.register_buffer("down", torch.cat(turned(p * i, rows)))
        cosine, sine = turned(p * j, window)
        self.register_buffer("twist_cosine", cosine)
        self.register_buffer("twist_sine", sine)
        cosine, sine = turned(j.T * q, columns)
        # [real, imaginary] times this is [real, imaginary]: a complex product as a real one.
        self.register_buffer("along", torch.cat([torch.cat([cosine, sine], 1), torch.cat([-sine, cosine], 1)]))
        self.bin_of = (p + rows * q).reshape(-1).tolist()

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        grid = frames.reshape(-1, self.rows, self.columns) * self.taper
        sums = self.down @ grid
        real, imaginary = sums[:, : self.wanted_rows], sums[:, self.wanted_rows :]
        twisted = torch.cat(
            [
                real * self.twist_cosine - imaginary * self.twist_sine,
                real * self.twist_sine + imaginary * self.twist_cosine,
            ],
            dim=2,
        )
        bins = twisted @ self.along
        half = bins.shape[2] // 2
        power = bins[:, :, :half] * bins[:, :, :half] + bins[:, :, half:] * bins[:, :, half:]
        return power.reshape(-1, self.wanted_rows * half)


def centres_hz() -> torch.Tensor:
    """Centres of the bands [72]: a bin of the long window apart where an eighth of an octave is less; above 300 Hz 10 an octave."""
    step_hz = SAMPLE_RATE_HZ / WINDOW
    low = [LOW_HZ]
    while len(low) < LOW_BANDS:
        low.append(low[-1] + max(step_hz, low[-1] * (2 ** (1 / 8) - 1)))
    high = torch.logspace(math.log10(low[-1]), math.log10(HIGH_HZ), BANDS - LOW_BANDS + 1, dtype=torch.float64)
    return torch.cat([torch.tensor(low, dtype=torch.float64), high[1:]])


def triangles(bin_of: list[int], window: int, centres: torch.Tensor, first: int, last: int) -> torch.Tensor:
    """Triangular filters [bins, last - first] of the bands `first` to `last`, each at least two bins wide."""
    step_hz = SAMPLE_RATE_HZ / window
    folded = torch.tensor([min(k, window - k) for k in bin_of], dtype=torch.float64)[:, None] * step_hz
    around = torch.cat([centres[:1] - step_hz, centres, centres[-1:] * 2 ** (1 / 10)])
    below = torch.minimum(around[:-2], centres - step_hz)[None, first:last]
    above = torch.maximum(around[2:], centres + step_hz)[None, first:last]
    middle = centres[None, first:last]
    weights = torch.minimum((folded - below) / (middle - below), (above - folded) / (above - middle)).clamp(min=0.0)
    # A bin that the order holds twice (as itself and mirrored) counts once.
    seen, once = set(), []
    for k in bin_of:
        own = min(k, window - k)
        once.append(0.0 if own in seen else 1.0)
        seen.add(own)
    tilt = (middle / TILT_FROM_HZ).clamp(min=1.0)
    return (weights * torch.tensor(once, dtype=torch.float64)[:, None] * tilt).float()


class BandPower(nn.Module):
    """frames [n, 2048] of samples at 22,050 Hz, newest last -> power [n, 72] of log-spaced bands, 30 Hz to 11 kHz.

    A power is relative to a mean square of one (so full scale is about 1), plus 3 dB an octave above 200 Hz.
    """

    def __init__(self):
        super().__init__()
        centres = centres_hz()
        # All that lies below 340 Hz are the first 64 bins: one sum along each row, with q = 0.
        self.long = Spectrum(WINDOW, 64, 36, [0])
        self.short = Spectrum(SHORT, 32, 17, list(range(32)))
        self.register_buffer("low", triangles(self.long.bin_of, WINDOW, centres, 0, LOW_BANDS))
        self.register_buffer("high", triangles(self.short.bin_of, SHORT, centres, LOW_BANDS, BANDS))

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        low = self.long(frames) @ self.low
        high = self.short(frames[:, WINDOW - SHORT :]) @ self.high
        # Each bin stands for its mirror image too, hence 2. The taper's power sums to one: white noise has its mean square in a bin.
        return torch.cat([low * (2.0 / WINDOW), high * (2.0 / SHORT)], dim=1)
