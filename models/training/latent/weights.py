"""Weights that stay: safetensors in float16, so that a fresh clone goes on from them instead of from nothing."""

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn

FOLDER = Path(__file__).parent / "weights"


def save(path: Path, **modules: nn.Module) -> None:
    """Writes the modules' parameters and buffers, floats in float16, under the modules' names."""
    tensors = {}
    for name, module in modules.items():
        for key, value in module.state_dict().items():
            tensors[f"{name}.{key}"] = (value.half() if value.is_floating_point() else value).contiguous().cpu()
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".new")
    save_file(tensors, unfinished)
    unfinished.replace(path)


def load(path: Path, **modules: nn.Module) -> None:
    """Fills the modules from a file of `save`."""
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no weights there; train them first (models/README.md)")
    tensors = load_file(path)
    for name, module in modules.items():
        own = module.state_dict()
        found = {key: tensors[f"{name}.{key}"] for key in own if f"{name}.{key}" in tensors}
        if len(found) < len(own):
            missing = ", ".join(sorted(set(own) - set(found))[:3])
            raise ValueError(f"{path}: no {missing} of `{name}`: it is from another version of the network")
        module.load_state_dict({key: value.to(own[key].dtype) for key, value in found.items()})
