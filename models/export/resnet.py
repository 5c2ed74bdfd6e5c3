"""Wav2CLIP's network: a ResNet-18 on one channel, and its transform, under the official names of their weights.

After Wu et al., "Wav2CLIP: Learning Robust Audio Representations From CLIP" (ICASSP 2022), and He et al., "Deep Residual
Learning for Image Recognition" (2016). The names are those of the `wav2clip` package (MIT), so that its checkpoint loads.
"""

import torch
from torch import nn


class BasicBlock(nn.Module):
    """Two 3x3 convolutions beside a shortcut."""

    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        else:
            self.downsample = nn.Identity()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(y)) + self.downsample(x))


class ResNet18(nn.Module):
    """Standardised log-power spectrogram [B, 1, bins, frames] -> features [B, 512]."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 64, 7, 2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.maxpool = nn.MaxPool2d(3, 2, padding=1)
        for layer, (inputs, outputs) in enumerate([(64, 64), (64, 128), (128, 256), (256, 512)], start=1):
            first = BasicBlock(inputs, outputs, 1 if layer == 1 else 2)
            setattr(self, f"layer{layer}", nn.Sequential(first, BasicBlock(outputs, outputs, 1)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return x.mean((2, 3))


class Transform(nn.Module):
    """Features [B, 512] -> embedding [B, 512] in CLIP's space."""

    def __init__(self):
        super().__init__()
        self.sequential = nn.Sequential(nn.Linear(512, 512), nn.ReLU(), nn.Dropout(0.1), nn.Linear(512, 512))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.sequential(x)
