"""Band powers to activations: two convolutions over neighbouring bands and frames, two recurrent layers, six heads.

The design follows what published causal trackers have in common (Böck, Krebs, Widmer, "Joint beat and downbeat tracking with
recurrent neural networks", ISMIR 2016; Heydari, Cwitkowitz, Duan, "BeatNet", ISMIR 2021), made small: 0.2 million numbers. The
recurrent layers (Cho et al., "Learning phrase representations using RNN encoder-decoder", 2014) keep the period and the place in
the bar, so that the beat is said also where nothing sounds. Drums are heard from the last frames, so their heads see the
convolutions as well.
"""

from dataclasses import dataclass

import torch
from torch import nn

from .contract import ACTIVATIONS, BANDS
from .levelling import Levelling

FIRST, SECOND, DENSE, HIDDEN = 16, 32, 96, 128
# Each convolution leaves a third of the bands.
STRIDE = 3
# Frames before the present one that a convolution sees.
CONTEXT = 2


@dataclass(frozen=True)
class State:
    """What the network remembers between frames, B sequences at a time. All zeros before the first."""

    level: torch.Tensor  # [B, 1] mean square that the loudness follower is at
    features: torch.Tensor  # [B, 3, 72] of the last frames, oldest first
    coarse: torch.Tensor  # [B, 16, 2, 24] of the first convolution, last frames, oldest first
    hidden: torch.Tensor  # [2, B, 128] of the recurrent layers

    NAMES = ("level", "features", "coarse", "hidden")

    @staticmethod
    def zeros(batch: int = 1) -> "State":
        return State(
            torch.zeros(batch, 1),
            torch.zeros(batch, CONTEXT + 1, BANDS),
            torch.zeros(batch, FIRST, CONTEXT, BANDS // STRIDE),
            torch.zeros(2, batch, HIDDEN),
        )


class BeatNetwork(nn.Module):
    """power [B, T, 72], state -> logits [B, T, 6] in the order of `ACTIVATIONS`, next state.

    Frame t of the output depends on frames up to t only. A sequence may be given in parts, with the state carried along.
    """

    def __init__(self):
        super().__init__()
        self.levelling = Levelling()
        self.first = nn.Conv2d(2, FIRST, (CONTEXT + 1, 5), (1, STRIDE), (0, 1))
        self.second = nn.Conv2d(FIRST, SECOND, (CONTEXT + 1, 5), (1, STRIDE), (0, 1))
        self.dense = nn.Linear(SECOND * BANDS // STRIDE**2, DENSE)
        self.below = nn.GRU(DENSE, HIDDEN, batch_first=True)
        self.above = nn.GRU(HIDDEN, HIDDEN, batch_first=True)
        self.heads = nn.Linear(DENSE + 2 * HIDDEN, len(ACTIVATIONS))
        for layer in (self.first, self.second, self.dense):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        # Nothing falls in most frames: begin there.
        nn.init.constant_(self.heads.bias, -2.5)

    def forward(self, power: torch.Tensor, state: State) -> tuple[torch.Tensor, State]:
        levelled, level = self.levelling(power, state.level)
        heard = torch.cat([state.features, levelled], dim=1)
        rise = torch.relu(heard[:, 1:] - heard[:, :-1])
        first = torch.relu(self.first(torch.stack([heard[:, 1:], rise], dim=1)))
        coarse = torch.cat([state.coarse, first], dim=2)
        second = torch.relu(self.second(coarse))
        flat = second.permute(0, 2, 1, 3).reshape(power.shape[0], power.shape[1], -1)
        dense = torch.relu(self.dense(flat))
        below, hidden_below = self.recurrent(self.below, dense, state.hidden[:1])
        above, hidden_above = self.recurrent(self.above, below, state.hidden[1:])
        logits = self.heads(torch.cat([dense, below, above], dim=2))
        # As plain numbers, so that no shape arithmetic comes into the graph.
        frames = int(heard.shape[1])
        after = State(
            level,
            heard[:, frames - CONTEXT - 1 :],
            coarse[:, :, frames - CONTEXT - 1 :],
            torch.cat([hidden_below, hidden_above]),
        )
        return logits, after

    def recurrent(self, layer: nn.GRU, x: torch.Tensor, hidden: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """One recurrent layer; `stream.py` puts plain operators in its place."""
        return layer(x, hidden)


def sequence(network: BeatNetwork, power: torch.Tensor) -> torch.Tensor:
    """power [B, T, 72] from silence -> activations [B, T, 6], 0 to 1."""
    return torch.sigmoid(network(power, State.zeros(power.shape[0]))[0])
