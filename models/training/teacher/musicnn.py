"""musicnn in PyTorch: a music tagger with filters shaped like timbres and rhythms, 0.79 M parameters.

Pons and Serra, "musicnn: pre-trained convolutional neural networks for music audio tagging" (ISMIR late-breaking, 2019);
code and weights are ISC. The weights used here were trained on the Million Song Dataset with Last.fm's tags.
"""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from .frontend import LogMel

TAGS = tuple(
    "rock,pop,alternative,indie,electronic,female vocalists,dance,00s,alternative rock,jazz,beautiful,metal,chillout,"
    "male vocalists,classic rock,soul,indie rock,mellow,electronica,80s,folk,90s,chill,instrumental,punk,oldies,blues,"
    "hard rock,ambient,acoustic,experimental,female vocalist,guitar,hip-hop,70s,party,country,easy listening,sexy,catchy,"
    "funk,electro,heavy metal,progressive rock,60s,rnb,indie pop,sad,house,happy".split(",")
)
PENULTIMATE = 200
FRAMES = 187  # three seconds
EPSILON = 1e-3  # of TensorFlow's batch normalisation

# Filters of the front, (kernel's frames, mel bands, channels): two that see timbres, three that see rhythms.
TIMBRAL = ((7, 38, 204), (7, 67, 204))
TEMPORAL = ((128, 1, 51), (64, 1, 51), (32, 1, 51))
FRONT = sum(channels for _, _, channels in TIMBRAL + TEMPORAL)
MIDDLE = 64


class Normalise(nn.Module):
    """Batch normalisation with fixed statistics, as one product and one sum along dimension 1."""

    def __init__(self, channels: int):
        super().__init__()
        self.register_buffer("scale", torch.ones(channels))
        self.register_buffer("shift", torch.zeros(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shape = (1, -1) + (1,) * (x.dim() - 2)
        return x * self.scale.view(shape) + self.shift.view(shape)

    def largest_after_relu(self, x: torch.Tensor) -> torch.Tensor:
        """`self(relu(x)).amax(3)`, with only the maximum at full size; a channel with a negative scale takes its minimum."""
        highest = torch.where((self.scale < 0)[None, :, None], x.amin(3), x.amax(3))
        return self(F.relu(highest))


class Musicnn(nn.Module):
    """audio [b, 48000] at 16 kHz -> tags [b, 50] from 0 to 1, penultimate layer [b, 200]."""

    def __init__(self):
        super().__init__()
        self.front_end = LogMel()
        self.norm_input = Normalise(1)
        self.front = nn.ModuleList(nn.Conv2d(1, c, (frames, bands)) for frames, bands, c in TIMBRAL + TEMPORAL)
        self.norm_front = nn.ModuleList(Normalise(c.out_channels) for c in self.front)
        self.middle = nn.ModuleList(nn.Conv1d(width, MIDDLE, 7, padding=3) for width in (FRONT, MIDDLE, MIDDLE))
        self.norm_middle = nn.ModuleList(Normalise(MIDDLE) for _ in self.middle)
        pooled = 2 * (FRONT + 3 * MIDDLE)
        self.norm_pool, self.hidden = Normalise(pooled), nn.Linear(pooled, PENULTIMATE)
        self.norm_hidden, self.output = Normalise(PENULTIMATE), nn.Linear(PENULTIMATE, len(TAGS))

    def forward(self, audio: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        mel = self.front_end(audio)[:, None, :FRAMES]  # [b, 1, frames, bands]
        mel = self.norm_input(mel)
        found = []
        for convolution, norm in zip(self.front, self.norm_front, strict=True):
            frames = convolution.kernel_size[0]
            padded = F.pad(mel, (0, 0, (frames - 1) // 2, frames // 2))  # TensorFlow's "same"
            found.append(norm.largest_after_relu(convolution(padded)))
        layers = [torch.cat(found, dim=1)]  # [b, FRONT, frames]
        for i, (convolution, norm) in enumerate(zip(self.middle, self.norm_middle, strict=True)):
            new = norm(F.relu(convolution(layers[-1])))
            layers.append(new if i == 0 else new + layers[-1])
        joined = torch.cat(layers, dim=1)
        # Maximum and mean of each channel side by side: the order in which TensorFlow flattened them.
        pooled = torch.stack([joined.amax(2), joined.mean(2)], dim=2).flatten(1)
        penultimate = self.norm_hidden(F.relu(self.hidden(self.norm_pool(pooled))))
        return torch.sigmoid(self.output(penultimate)), penultimate

    def load_variables(self, variables: dict[str, np.ndarray]) -> "Musicnn":
        """Takes over TensorFlow's variables. Layers of a kind are numbered there in the order in which they were made."""
        used = set()

        def take(kind: str, number: int, name: str) -> torch.Tensor:
            key = f"{kind}_{number}/{name}" if number else f"{kind}/{name}"
            if key not in variables:
                raise KeyError(f"the checkpoint has no {key}; these are not musicnn's weights")
            used.add(key)
            return torch.from_numpy(variables[key].copy())

        def put(target: torch.Tensor, value: torch.Tensor, what: str) -> None:
            if target.shape != value.shape:
                raise ValueError(f"{what}: the checkpoint has {list(value.shape)}, the network {list(target.shape)}")
            target.data.copy_(value)

        norms = [self.norm_input, *self.norm_front, *self.norm_middle, self.norm_pool, self.norm_hidden]
        for i, norm in enumerate(norms):
            names = ("gamma", "beta", "moving_mean", "moving_variance")
            gamma, beta, mean, variance = (take("batch_normalization", i, name) for name in names)
            scale = gamma / torch.sqrt(variance + EPSILON)
            put(norm.scale, scale, f"normalisation {i}")
            put(norm.shift, beta - mean * scale, f"normalisation {i}")
        for i, convolution in enumerate([*self.front, *self.middle]):
            kernel = take("conv2d", i, "kernel")  # [frames, bands, in, out]
            # The middle's convolutions see all of the front's channels at once, as if they were bands.
            kernel = kernel.permute(3, 2, 0, 1) if i < len(self.front) else kernel[:, :, 0].permute(2, 1, 0)
            put(convolution.weight, kernel, f"convolution {i}")
            put(convolution.bias, take("conv2d", i, "bias"), f"convolution {i}")
        for i, layer in enumerate((self.hidden, self.output)):
            put(layer.weight, take("dense", i, "kernel").T, f"dense layer {i}")
            put(layer.bias, take("dense", i, "bias"), f"dense layer {i}")
        return self
