"""The autoencoder: pictures to latents an eighth as wide, and back.

All that the second painter can show goes through its decoder, which runs live: it is wide where there are few cells and thin
at full size. Space-to-depth at both ends (Shi et al. 2016) spares convolutions on single pixels; ReLUs and channels in
sixteens are what ONNX Runtime fuses into its fast convolutions. No norms: zero-initialised branches instead (Zhang et al.,
"Fixup initialization", 2019), so that no picture's colour hangs on its own statistics.
"""

import torch
from torch import nn
from torch.nn import functional

DOWN = 8
CHANNELS = 6  # of a latent
REACH = 3.0  # latents lie within -3 to 3, so that a memory holds them in 8 bits


class Residual(nn.Module):
    """Two convolutions beside a shortcut. The same shape in and out."""

    def __init__(self, channels: int):
        super().__init__()
        self.first, self.second = nn.Conv2d(channels, channels, 3, 1, 1), nn.Conv2d(channels, channels, 3, 1, 1)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(x + self.second(torch.relu(self.first(x))))


class Up(nn.Module):
    """Twice as large: nearest neighbour, then a convolution, which leaves no checkerboard (Odena et al. 2016)."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, 1, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.conv(functional.interpolate(x, scale_factor=2.0, mode="nearest")))


class Encoder(nn.Module):
    """image [B, 3, H, W], -1 to 1 -> latent [B, 6, H / 8, W / 8], -3 to 3. H and W in eights."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.PixelUnshuffle(4), nn.Conv2d(48, 64, 3, 1, 1), nn.ReLU(), Residual(64),
            nn.Conv2d(64, 96, 4, 2, 1), nn.ReLU(), Residual(96), Residual(96), nn.Conv2d(96, CHANNELS, 3, 1, 1),
        )  # fmt: skip

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return torch.tanh(self.layers(image) / REACH) * REACH


class Decoder(nn.Module):
    """latent [B, 6, h, w] -> image [B, 3, 8 h, 8 w], about -1 to 1; exactly so when it does not train."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(CHANNELS, 80, 3, 1, 1), nn.ReLU(), Residual(80), Residual(80),
            Up(80, 48), Residual(48), Up(48, 16), Residual(16), nn.Conv2d(16, 12, 3, 1, 1), nn.PixelShuffle(2),
        )  # fmt: skip

    def forward(self, latent: torch.Tensor) -> torch.Tensor:
        image = self.layers(latent)
        return image if self.training else image.clamp(-1.0, 1.0)


class Patches(nn.Module):
    """The adversary: image [B, 3, H, W] -> how real each patch looks [B, 1, h, w] (PatchGAN, Isola et al. 2017)."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.PixelUnshuffle(2), nn.Conv2d(12, 32, 3, 1, 1), nn.LeakyReLU(0.2), nn.Conv2d(32, 64, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.Conv2d(64, 96, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(96, 1, 3, 1, 1),
        )  # fmt: skip

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.layers(image)

    def looks(self, image: torch.Tensor) -> list[torch.Tensor]:
        """What it looks at on the way, after each of its layers but the first; the last one is what `forward` gives."""
        found = []
        for layer in self.layers:
            image = layer(image)
            if isinstance(layer, nn.LeakyReLU):
                found.append(image)
        return [*found, image]


def likeness_loss(made: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
    """Mean absolute error of values and of their steps to the right and downwards, at three sizes: steps keep edges crisp."""
    total = made.new_zeros(())
    for octave in range(3):
        if octave:
            made, real = functional.avg_pool2d(made, 2), functional.avg_pool2d(real, 2)
        error = made - real
        total = total + error.abs().mean()
        total = total + (error[..., 1:] - error[..., :-1]).abs().mean() + (error[..., 1:, :] - error[..., :-1, :]).abs().mean()
    return total
