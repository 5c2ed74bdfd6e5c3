"""The adversary: tells art from generated pictures, given the look that they should have."""

import torch
from torch import nn
from torch.nn import functional

from ..look import LOOK_DIM
from .core import centred

CHANNELS = (48, 96, 128, 128)
GROUP = 4  # pictures whose spread is compared


class Block(nn.Module):
    """Halves the size; two convolutions beside a shortcut."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.first = nn.Conv2d(inputs, inputs, 3, 1, 1)
        self.second = nn.Conv2d(inputs, outputs, 4, 2, 1)
        self.shortcut = nn.Conv2d(inputs, outputs, 1, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = functional.leaky_relu(self.first(x), 0.2)
        y = functional.leaky_relu(self.second(y), 0.2)
        return (y + self.shortcut(functional.avg_pool2d(x, 2))) * 0.7071


class Discriminator(nn.Module):
    """image [B, 3, 128, 128], look [B, 20] -> logit [B] (high for art), the look as it sees it [B, 20], centred.

    The look enters by projection (Miyato and Koyama, 2018). Beside the whole picture's logit stands the mean of local ones
    (Isola et al. 2017), which watch texture; the spread within a group of pictures shows a collapse (Karras et al. 2018).
    """

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, CHANNELS[0], 8, 4, 2)
        self.blocks = nn.ModuleList([Block(a, b) for a, b in zip(CHANNELS[:-1], CHANNELS[1:])])
        width = CHANNELS[-1]
        self.local = nn.Conv2d(CHANNELS[1], 1, 1)
        self.last = nn.Conv2d(width + 1, width, 3, 1, 1)
        self.features = nn.Linear(width * 16, width)
        self.out = nn.Linear(width, 1)
        self.project = nn.Sequential(nn.Linear(LOOK_DIM, 128), nn.LeakyReLU(0.2), nn.Linear(128, width))
        self.look = nn.Linear(width, LOOK_DIM)

    def forward(self, image: torch.Tensor, look: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        x = functional.leaky_relu(self.stem(image), 0.2)
        local = 0.0
        for i, block in enumerate(self.blocks):
            x = block(x)
            if i == 0:
                local = self.local(x).mean((1, 2, 3))
        group = GROUP if len(x) % GROUP == 0 else 1
        spread = x.reshape(group, -1, *x.shape[1:])
        spread = (spread.var(0, unbiased=False) + 1e-8).sqrt().mean((1, 2, 3)).repeat(group)
        x = torch.cat([x, spread.reshape(-1, 1, 1, 1).expand(-1, 1, *x.shape[2:])], dim=1)
        x = functional.leaky_relu(self.last(x), 0.2)
        x = functional.leaky_relu(self.features(functional.adaptive_avg_pool2d(x, 4).flatten(1)), 0.2)
        match = (x * self.project(centred(look))).sum(1) / x.shape[1] ** 0.5
        return self.out(x)[:, 0] + match + local, self.look(x)
