"""Weights from files, into modules, with nothing left over and nothing missing."""

import pickle
import re
import zipfile
from pathlib import Path

import numpy as np
import torch
from torch import nn

from .errors import ExportError

# Buffers that hold no knowledge: counters, and tables that follow from the architecture.
WITHOUT_KNOWLEDGE = ("num_batches_tracked", "relative_position_index")

# NumPy's scalars, under the names that older versions of it wrote as well.
NUMPY_NUMBERS = [
    np.dtype,
    *{type(np.dtype(kind)) for kind in ("f4", "f8", "i4", "i8", "?")},
    *((np._core.multiarray.scalar, f"numpy.{core}.multiarray.scalar") for core in ("core", "_core")),
]


def read_torch(path: Path) -> dict[str, torch.Tensor]:
    """The state dict in a `.pt` or `.bin`; one that PyTorch Lightning wrote may have it under `state_dict`."""
    if not path.is_file():
        raise ExportError(f"{path}: no such file; give the checkpoint's own path")
    try:
        # weights_only: tensors alone, so that a downloaded file cannot run code. LAION's files also keep NumPy's numbers.
        with torch.serialization.safe_globals(NUMPY_NUMBERS):
            state = torch.load(path, map_location="cpu", weights_only=True)
    except (RuntimeError, EOFError, pickle.UnpicklingError, zipfile.BadZipFile, ValueError, KeyError) as error:
        if foreign := re.search(r"Unsupported global: GLOBAL (\S+)", str(error)):
            raise ExportError(f"{path}: holds a {foreign[1]} beside tensors; save model.state_dict() alone") from None
        cure = "download it again, unpacked and whole"
        raise ExportError(f"{path}: not a PyTorch state dict ({type(error).__name__}); {cure}") from None
    if isinstance(state, dict) and isinstance(state.get("state_dict"), dict):
        state = state["state_dict"]
    if not isinstance(state, dict) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise ExportError(f"{path}: holds {type(state).__name__}, not a state dict of tensors; save model.state_dict()")
    return state


def read_safetensors(path: Path) -> dict[str, torch.Tensor]:
    """The tensors in a `.safetensors` file."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        reason = str(error).strip().split("\n")[0][:120]
        raise ExportError(f"{path}: not a safetensors file ({reason}); download it again") from None


def under(state: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    """The entries below `prefix.`, without it."""
    return {key[len(prefix) + 1 :]: value for key, value in state.items() if key.startswith(prefix + ".")}


def load_strictly(module: nn.Module, state: dict[str, torch.Tensor], path: Path, prefix: str, what: str) -> None:
    """Loads `state` into `module`; tells the first key that is missing, unexpected, or of another shape."""
    wanted = module.state_dict()
    missing = [key for key in wanted if key not in state and not key.endswith(WITHOUT_KNOWLEDGE)]
    unexpected = [key for key in state if key not in wanted and not key.endswith(WITHOUT_KNOWLEDGE)]
    for problem, keys in (("lacks", missing), ("has the unexpected", unexpected)):
        if keys:
            more = f" and {len(keys) - 1} more" if len(keys) > 1 else ""
            cure = f"it is not {what}, or another version of it"
            raise ExportError(f"{path}: {problem} {prefix}.{keys[0]}{more}; {cure}: give the official checkpoint")
    for key, value in wanted.items():
        if key in state and state[key].shape != value.shape:
            shapes = f"{list(state[key].shape)}, expected {list(value.shape)}"
            raise ExportError(f"{path}: {prefix}.{key} has the shape {shapes}; it is not {what}: give the official checkpoint")
    module.load_state_dict({key: value.float() for key, value in state.items() if key in wanted}, strict=False)
