"""LAION's own CLAP files (`630k-audioset-best.pt`, `music_audioset_epoch_15_esc_90.14.pt`, ...): from their names of the audio
tower's weights to those of transformers, which is the same network.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from .checkpoint import read_torch, under
from .errors import ExportError

# LAION's own feature extraction; transformers' default lowest frequency is 0.
FMIN_HZ = 50.0
# What does not lead to the embedding: the front-end (made anew), masks, tables and the heads of AudioSet's classes.
LEFT_OUT = ("spectrogram_extractor.", "logmel_extractor.", "tscam_conv.", "head.")
RENAMED = (
    (".attn.proj.", ".attention.output.dense."),
    (".attn.", ".attention.self."),
    (".mlp.fc1.", ".intermediate.dense."),
    (".mlp.fc2.", ".output.dense."),
    (".norm1.", ".layernorm_before."),
    (".norm2.", ".layernorm_after."),
    ("bn0.", "batch_norm."),
)


@dataclass(frozen=True)
class Laion:
    """What is in the file, in the terms of transformers."""

    audio_config: dict[str, Any]
    weights: dict[str, torch.Tensor]  # audio_model.audio_encoder.*, audio_projection.*
    mel: torch.Tensor | None  # the filters [bins, bands] that the file keeps


def rename(key: str) -> str:
    """One name of LAION's audio branch, in transformers' terms."""
    for theirs, ours in RENAMED:
        key = key.replace(theirs, ours)
    return key


def read_laion(path: Path) -> Laion:
    """The audio tower in LAION's file; its size follows from the shapes."""
    state = read_torch(path)
    state = {key.removeprefix("module."): value for key, value in state.items()}
    branch, projection = under(state, "audio_branch"), under(state, "audio_projection")
    if "patch_embed.proj.weight" not in branch or "0.weight" not in projection:
        found = ", ".join(sorted({key.split(".")[0] for key in state})[:6]) or "nothing"
        raise ExportError(f"{path}: has no HTS-AT under audio_branch.* but {found}; give a CLAP of LAION's with amodel HTSAT")
    weights = {}
    for key, value in branch.items():
        if key.startswith(LEFT_OUT) or key.endswith(".attn_mask"):
            continue
        name = "audio_model.audio_encoder." + rename(key)
        if ".qkv." in name:
            # One matrix holds query, key and value, one below the other.
            for part, rows in zip(("query", "key", "value"), value.chunk(3), strict=True):
                weights[name.replace("qkv", part)] = rows
        else:
            weights[name] = value
    for key, value in projection.items():
        place, part = key.split(".")
        weights[f"audio_projection.linear{1 if place == '0' else 2}.{part}"] = value
    return Laion(audio_config(branch, projection), weights, branch.get("logmel_extractor.melW"))


def audio_config(branch: dict[str, torch.Tensor], projection: dict[str, torch.Tensor]) -> dict[str, Any]:
    """Sizes of the tower, for transformers' ClapAudioConfig."""
    places = {tuple(key.split(".")[1:4:2]) for key in branch if key.startswith("layers.") and ".blocks." in key}
    stages = sorted({int(stage) for stage, _ in places})
    heads = [branch[f"layers.{stage}.blocks.0.attn.relative_position_bias_table"].shape[1] for stage in stages]
    fused = any(key.startswith("patch_embed.mel_conv2d.") for key in branch)
    return {
        "patch_embeds_hidden_size": branch["patch_embed.proj.weight"].shape[0],
        "depths": tuple(sum(int(stage) == wanted for stage, _ in places) for wanted in stages),
        "num_attention_heads": tuple(heads),
        "num_hidden_layers": len(stages),
        "hidden_size": projection["0.weight"].shape[1],
        "projection_dim": projection["0.weight"].shape[0],
        "enable_fusion": fused,
        "fusion_type": "aff_2d" if fused else None,
    }
