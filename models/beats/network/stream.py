"""The whole network as one ONNX graph that takes 20 ms at a time.

    name             shape           meaning
    samples          [1, 441]        the newest 20 ms, mono, 22,050 Hz, full scale 1
    state_samples    [1, 1607]       what came before them
    state_level      [1, 1]          mean square that the loudness follower is at
    state_features   [1, 3, 72]      levelled bands of the last frames
    state_coarse     [1, 16, 2, 24]  first convolution of the last frames
    state_hidden     [2, 1, 128]     the recurrent layers
    activations      [1, 6]          0 to 1: beat, downbeat, kick, snare, hat, any onset
    next_state_*                     the same shapes: what goes in with the next 20 ms

All float32. Every state is zeros at the start and after a gap. Metadata: `sample_rate_hz`, `hop`, `frame_rate_hz`,
`delay_frames`, `activations`. Activations of frame t (from 0) are about (t + 1 - delay_frames) * 20 ms. A downbeat is a beat as
well: the first activation is high at both, the second at the first beat of a bar only. An onset is the beginning of any note or hit.
"""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

from models.starter_pack.export import export

from .bands import BandPower
from .contract import ACTIVATIONS, DELAY_FRAMES, FRAME_RATE_HZ, HOP, SAMPLE_RATE_HZ, WINDOW
from .model import BeatNetwork, State

ABOUT = "20 ms of mono sound at 22,050 Hz to beat, downbeat and drum activations; memory in and out. MIT OR Apache-2.0."
STATES = ("samples", *State.NAMES)


class PlainRecurrence(BeatNetwork):
    """The same network with its recurrent layers written out for one frame: two matrix products and some arithmetic."""

    def recurrent(self, layer: nn.GRU, x: torch.Tensor, hidden: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        size = layer.hidden_size
        ours = x[:, 0] @ layer.weight_ih_l0.T + layer.bias_ih_l0
        before = hidden[0]
        theirs = before @ layer.weight_hh_l0.T + layer.bias_hh_l0
        gates = torch.sigmoid(ours[:, : 2 * size] + theirs[:, : 2 * size])
        reset, keep = gates[:, :size], gates[:, size:]
        new = torch.tanh(ours[:, 2 * size :] + reset * theirs[:, 2 * size :])
        after = new + keep * (before - new)
        return after[:, None], after[None]


class Stream(nn.Module):
    """samples [1, 441] and five states -> activations [1, 6] and the five next states."""

    def __init__(self, network: BeatNetwork):
        super().__init__()
        self.power = BandPower()
        self.network = PlainRecurrence()
        self.network.load_state_dict(network.state_dict())

    def forward(self, samples, state_samples, level, features, coarse, hidden):
        heard = torch.cat([state_samples, samples], dim=1)
        logits, state = self.network(self.power(heard)[:, None], State(level, features, coarse, hidden))
        return (
            torch.sigmoid(logits[:, 0]),
            heard[:, HOP:],
            state.level,
            state.features,
            state.coarse,
            state.hidden,
        )


def first_states() -> dict[str, torch.Tensor]:
    """Every `state_*` input as it is before the first frame."""
    state = State.zeros()
    tensors = [torch.zeros(1, WINDOW - HOP), *(getattr(state, name) for name in State.NAMES)]
    return {f"state_{name}": tensor for name, tensor in zip(STATES, tensors, strict=True)}


def export_stream(network: BeatNetwork, path: Path) -> None:
    """Writes the graph to `path`, whole or not at all."""
    part = path.with_name(path.name + ".part")
    samples = 0.1 * torch.randn(1, HOP, generator=torch.Generator().manual_seed(0))
    outputs = ["activations", *(f"next_state_{name}" for name in STATES)]
    inputs = {"samples": samples, **first_states()}
    export(Stream(network).eval(), inputs, outputs, part, ABOUT, producer="klangbild beats", fold=True)
    graph = onnx.load(part)
    facts = {
        "sample_rate_hz": SAMPLE_RATE_HZ,
        "hop": HOP,
        "frame_rate_hz": FRAME_RATE_HZ,
        "delay_frames": DELAY_FRAMES,
        "activations": ",".join(ACTIVATIONS),
    }
    onnx.helper.set_model_props(graph, {name: str(value) for name, value in facts.items()})
    part.write_bytes(graph.SerializeToString(deterministic=True))
    part.rename(path)


class Listener:
    """The exported graph in ONNX Runtime on one thread."""

    def __init__(self, path: Path):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.outputs = [output.name for output in self.session.get_outputs()]
        self.forget()

    def forget(self) -> None:
        """As before the first frame."""
        self.states = {name: tensor.numpy() for name, tensor in first_states().items()}

    def frame(self, samples: np.ndarray) -> np.ndarray:
        """samples [441] -> activations [6]."""
        found = self.session.run(None, {"samples": samples.reshape(1, HOP).astype(np.float32), **self.states})
        named = dict(zip(self.outputs, found, strict=True))
        self.states = {name: named[f"next_{name}"] for name in self.states}
        return named["activations"][0]

    def hear(self, samples: np.ndarray) -> np.ndarray:
        """samples [n] from the start -> activations [n // 441, 6]."""
        self.forget()
        return np.stack([self.frame(samples[t * HOP : (t + 1) * HOP]) for t in range(len(samples) // HOP)])
