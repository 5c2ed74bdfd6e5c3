"""The picture tower: sees a picture of 64 pixels and says where in the embedding space its music would be.

It trains the encoder, guides the generator, and measures both (`models/evaluate`); it is not part of a pack.
"""

import torch
from torch import nn

from models.starter_pack.contract import EMBEDDING_DIM

from ..look import LOOK_DIM

PICTURE_PX = 64
CHANNELS = (24, 48, 96, 160)
FEATURES = 256


class PictureTower(nn.Module):
    """image [B, 3, 64, 64], -1 to 1 -> embedding [B, 512] of length one, features [B, 256]."""

    def __init__(self):
        super().__init__()
        layers, inputs = [], 3
        for i, outputs in enumerate(CHANNELS):
            layers += [nn.Conv2d(inputs, outputs, 5 if i == 0 else 3, 2, 2 if i == 0 else 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
            layers += [nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()] if i else []
            inputs = outputs
        self.layers = nn.Sequential(*layers)
        self.features = nn.Linear(2 * CHANNELS[-1], FEATURES)
        self.embedding = nn.Linear(FEATURES, EMBEDDING_DIM)
        self.look = nn.Linear(FEATURES, LOOK_DIM)  # for training: what it sees, in words

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        x = self.layers(image)
        # What there is, and how unevenly it lies: mean and spread over the picture.
        mean = x.mean((2, 3))
        spread = torch.sqrt((x - mean[:, :, None, None]).square().mean((2, 3)) + 1e-4)
        features = self.features(torch.cat([mean, spread], dim=1))
        point = self.embedding(torch.relu(features))
        return point / torch.sqrt((point * point).sum(1, keepdim=True) + 1e-6), features
