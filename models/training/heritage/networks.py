"""Music2ImageGenerator and FakeImageDiscriminator, as the research code had them: a DCGAN (Radford et al. 2015) at 64 pixels.

What its description leaves open and is assumed here: the embedding comes before the noise, and convolutions have no bias, as
is usual for a DCGAN. `conv_dim` is 64 in the original; every width scales with it.
"""

import torch
from torch import nn
from torch.nn import functional as F

NOISE_DIM = 512
EMBEDDING_DIM = 512
IMAGE_PX = 64
CONV_DIM = 64
LEAK = 0.01  # slope of the leaky ReLU
WEIGHT_DEVIATION = 0.02


def reset_weights(module: nn.Module) -> None:
    """Weights of convolutions and of the last layer from N(0, 0.02); biases zero; batch norm starts as the identity."""
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(module.weight, 0.0, WEIGHT_DEVIATION)
        if module.bias is not None:
            nn.init.zeros_(module.bias)


class FirstBlock(nn.ConvTranspose2d):
    """The transposed convolution of one pixel to 4x4: a matrix product, and six times as fast when computed as one."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (x.flatten(1) @ self.weight.reshape(self.in_channels, -1)).view(-1, self.out_channels, 4, 4)


class Music2ImageGenerator(nn.Module):
    """embedding and noise joined [B, 1024] -> picture [B, 3, 64, 64], -1 to 1."""

    def __init__(self, conv_dim: int = CONV_DIM):
        super().__init__()
        self.conv_dim = conv_dim
        widths = [EMBEDDING_DIM + NOISE_DIM, conv_dim * 8, conv_dim * 4, conv_dim * 2, conv_dim, 3]
        first = FirstBlock(widths[0], widths[1], 4, stride=1, padding=0, bias=False)
        rest = [nn.ConvTranspose2d(a, b, 4, stride=2, padding=1, bias=False) for a, b in zip(widths[1:], widths[2:])]
        self.blocks = nn.ModuleList([first, *rest])
        self.norms = nn.ModuleList([nn.BatchNorm2d(width) for width in widths[1:-1]])
        self.apply(reset_weights)

    def forward(self, joined: torch.Tensor) -> torch.Tensor:
        x = joined[:, :, None, None]
        for block, norm in zip(self.blocks, self.norms):
            x = F.leaky_relu(norm(block(x)), LEAK)
        return torch.tanh(self.blocks[-1](x))


class FakeImageDiscriminator(nn.Module):
    """picture [B, 3, 64, 64] -> probability [B] that it is real. It never sees the embedding."""

    def __init__(self, conv_dim: int = CONV_DIM):
        super().__init__()
        widths = [3, conv_dim, conv_dim * 2, conv_dim * 4, conv_dim * 8, conv_dim * 8]
        strided = [nn.Conv2d(a, b, 4, stride=2, padding=1, bias=False) for a, b in zip(widths[:4], widths[1:5])]
        last = nn.Conv2d(widths[4], widths[5], 4, stride=1, padding=0, bias=False)
        self.blocks = nn.ModuleList([*strided, last])
        self.norms = nn.ModuleList([nn.Identity(), *[nn.BatchNorm2d(width) for width in widths[2:5]], nn.Identity()])
        self.judge = nn.Linear(widths[5], 1)
        self.apply(reset_weights)

    def logit(self, image: torch.Tensor) -> torch.Tensor:
        """What the sigmoid takes: the loss is steadier when computed from it."""
        x = image
        for block, norm in zip(self.blocks, self.norms):
            x = F.relu(norm(block(x)))
        return self.judge(x.flatten(1))[:, 0]

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.logit(image))


def join(embedding: torch.Tensor, noise: torch.Tensor, embedding_norm: float) -> torch.Tensor:
    """Embeddings [B, 512] brought to one length, then noise [B, 512], as the generator takes them: [B, 1024]."""
    return torch.cat([F.normalize(embedding) * embedding_norm, noise], dim=1)


def to_fastest_layout(module: nn.Module) -> nn.Module:
    """Channels last for every convolution but the first block, whose weight is used as a matrix."""
    for part in module.modules():
        if isinstance(part, (nn.Conv2d, nn.ConvTranspose2d)) and not isinstance(part, FirstBlock):
            part.to(memory_format=torch.channels_last)
    return module
