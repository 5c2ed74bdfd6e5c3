"""The audio tower: a small residual network on a log mel spectrogram. This is what ships as encoder.onnx."""

import math

import torch
from torch import nn

from models.starter_pack.contract import EMBEDDING_DIM

from ..look import LOOK_DIM
from ..synaesthesia import CONTROLS
from .spectrogram import MELS, LogMel

CHANNELS = (24, 40, 80, 144)
BANDS = math.ceil(MELS / 2 ** len(CHANNELS))
FEATURES = 256
TAGS, PENULTIMATE = 50, 200


class Block(nn.Module):
    """Two 3x3 convolutions beside a shortcut; halves time and frequency where `stride` is 2."""

    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norms = nn.ModuleList([nn.BatchNorm2d(outputs), nn.BatchNorm2d(outputs)])
        self.shortcut = nn.Conv2d(inputs, outputs, 1, bias=False)
        self.stride = stride

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = torch.relu(self.norms[0](self.first(x)))
        y = self.norms[1](self.second(y))
        if self.stride == 2:
            x = nn.functional.avg_pool2d(x, 2, ceil_mode=True)
        return torch.relu(y + self.shortcut(x))


class AudioTower(nn.Module):
    """audio [B, 48000] -> embedding [B, 512] of length one, controls [B, 10] from 0 to 1.

    `hear` gives more, for training: what the teacher would say, and the look.
    """

    def __init__(self):
        super().__init__()
        self.ear = LogMel()
        # Each band has its own typical level; the batch statistics of the first layer take it out.
        self.level = nn.BatchNorm1d(MELS)
        self.stem = nn.Conv2d(1, CHANNELS[0], 5, 2, 2, bias=False)
        self.stem_norm = nn.BatchNorm2d(CHANNELS[0])
        pairs = zip(CHANNELS[:-1], CHANNELS[1:])
        self.blocks = nn.Sequential(*[Block(a, b, 2) for a, b in pairs])
        self.squeeze = nn.Conv1d(CHANNELS[-1] * BANDS, FEATURES, 1)
        self.features = nn.Sequential(nn.Linear(2 * FEATURES, FEATURES), nn.ReLU(), nn.Dropout(0.1))
        self.embedding = nn.Linear(FEATURES, EMBEDDING_DIM)
        self.control = nn.Linear(FEATURES, len(CONTROLS))
        self.tags = nn.Linear(FEATURES, TAGS)
        self.penultimate = nn.Linear(FEATURES, PENULTIMATE)
        self.look = nn.Linear(FEATURES, LOOK_DIM)
        # The embedding of silence: where a window goes as it fades out.
        self.register_buffer("rest", nn.functional.normalize(torch.randn(1, EMBEDDING_DIM, generator=torch.Generator().manual_seed(4))))

    def describe(self, audio: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Features [B, 256] and presence [B, 1]."""
        mel, presence = self.ear(audio)
        mel = self.level(mel[:, 0].transpose(1, 2)).transpose(1, 2)[:, None]
        x = torch.relu(self.stem_norm(self.stem(mel)))
        x = self.blocks(x)  # [B, C, time, bands]
        x = torch.relu(self.squeeze(x.transpose(2, 3).flatten(1, 2)))  # [B, 256, time]
        # Both ends fade, so that nothing jumps in or out of the window; newer sound counts a little more.
        t = (torch.arange(x.shape[2], dtype=x.dtype, device=x.device) + 0.5) / x.shape[2]
        weight = (0.5 + t) * torch.sin(math.pi * t).clamp(min=0).sqrt()
        weight = weight / weight.sum()
        mean = (x * weight).sum(2)
        loud = (x * x * weight).sum(2)  # what rings out now and then, without the jumps of a maximum
        return self.features(torch.cat([mean, torch.sqrt(loud + 1e-4)], dim=1)), presence

    def place(self, features: torch.Tensor, presence: torch.Tensor) -> torch.Tensor:
        """Features to the embedding, of length one; silence goes to one fixed place."""
        point = self.embedding(features)
        point = point / torch.sqrt((point * point).sum(1, keepdim=True) + 1e-6)
        point = point * presence + self.rest * (1.0 - presence)
        return point / torch.sqrt((point * point).sum(1, keepdim=True) + 1e-6)

    def forward(self, audio: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        features, presence = self.describe(audio)
        return self.place(features, presence), torch.sigmoid(self.control(features)) * presence

    def hear(self, audio: torch.Tensor) -> dict[str, torch.Tensor]:
        """Everything that training asks for; tags and controls as logits."""
        features, presence = self.describe(audio)
        heads = {name: getattr(self, name)(features) for name in ("control", "tags", "penultimate", "look")}
        return heads | {"embedding": self.place(features, presence)}
