"""Checkpoints with random weights under the official names: to try the exporters and to test them without the real ones.

    python -m models.export.placeholder wav2clip random.pt
    python -m models.export.placeholder clap random-clap/
    python -m models.export.placeholder laion random-clap.pt

What they hear means nothing.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from .checkpoint import read_safetensors, under
from .laion import FMIN_HZ, RENAMED
from .resnet import ResNet18, Transform


def stir(module: nn.Module) -> None:
    """Gives normalisations and biases, which start as ones and zeros, values that a mistake would show on."""
    for name, value in module.state_dict().items():
        if name.endswith(("running_mean", "bias")):
            value.normal_(0.0, 0.1)
        elif name.endswith("running_var"):
            value.uniform_(0.5, 2.0)
        elif name.endswith("relative_position_bias_table"):
            value.normal_(0.0, 0.5)


def wav2clip(path: Path, seed: int = 0) -> None:
    """A state dict as in the official Wav2CLIP.pt: audio_encoder.*, audio_transform.*, image_transform.*."""
    torch.manual_seed(seed)
    state = {}
    for prefix, module in {"audio_encoder": ResNet18(), "audio_transform": Transform(), "image_transform": Transform()}.items():
        for layer in module.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
        stir(module)
        state |= {f"{prefix}.{key}": value for key, value in module.state_dict().items()}
    state["audio_encoder.spectrogram.window"] = torch.hann_window(512)
    torch.save(state, path)


def clap(folder: Path, seed: int = 0, fmin_hz: float = 0.0, fused: bool = False, **audio_config: Any) -> None:
    """A folder as of transformers' ClapModel; `audio_config` overrides the audio tower's sizes."""
    from transformers import ClapConfig, ClapFeatureExtractor, ClapModel

    torch.manual_seed(seed)
    small = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32, "vocab_size": 50}
    fusion = {"enable_fusion": True, "fusion_type": "aff_2d"} if fused else {}
    # The text tower is not exported: a tiny one will do.
    model = ClapModel(ClapConfig(text_config=small, audio_config=fusion | audio_config))
    for module in model.audio_model.modules():
        if isinstance(module, nn.Linear | nn.Conv2d):
            nn.init.kaiming_normal_(module.weight)
    stir(model.audio_model)
    model.save_pretrained(folder)
    truncation = "fusion" if fused else "rand_trunc"
    ClapFeatureExtractor(frequency_min=fmin_hz, truncation=truncation).save_pretrained(folder)


def laion(path: Path, seed: int = 0, fused: bool = False, **audio_config: Any) -> None:
    """The same network with the same weights as `clap` makes, as one of LAION's own files."""
    from transformers import ClapFeatureExtractor

    with tempfile.TemporaryDirectory() as folder:
        clap(Path(folder), seed, fused=fused, **audio_config)
        weights = read_safetensors(Path(folder) / "model.safetensors")
    tower, state = under(weights, "audio_model.audio_encoder"), {}
    for key, value in tower.items():
        if ".key." in key or ".value." in key:
            continue
        if ".query." in key:
            value = torch.cat([tower[key.replace("query", part)] for part in ("query", "key", "value")])
            key = key.replace("query", "qkv")
        for theirs, ours in RENAMED:
            key = key.replace(ours, theirs)
        state[f"module.audio_branch.{key}"] = value
    for place, linear in ((0, "linear1"), (2, "linear2")):
        for part in ("weight", "bias"):
            state[f"module.audio_projection.{place}.{part}"] = weights[f"audio_projection.{linear}.{part}"]
    mel = ClapFeatureExtractor(frequency_min=FMIN_HZ).mel_filters_slaney
    state["module.audio_branch.logmel_extractor.melW"] = torch.from_numpy(mel).float()
    state["module.audio_branch.head.bias"] = torch.zeros(527)
    torch.save({"epoch": 1, "loss": np.float64(0.5), "state_dict": state}, path)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.export.placeholder", description="Checkpoints with random weights.")
    parser.add_argument("kind", choices=("wav2clip", "clap", "laion"))
    parser.add_argument("path", type=Path, help="file (wav2clip, laion) or folder (clap) to write")
    options = parser.parse_args()
    {"wav2clip": wav2clip, "clap": clap, "laion": laion}[options.kind](options.path)


if __name__ == "__main__":
    main()
