"""Networks read back from the graphs that ship: no checkpoint is needed to build on them."""

from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import nn

from models.starter_pack.half_weights import widen

from ..clip.picture_tower import PictureTower
from ..gan.front import Front

TOWER = Path("models/default/picture_tower.onnx")
GENERATOR = Path("models/default/generator.onnx")


def initialisers(graph: Path, prefix: str = "") -> dict[str, torch.Tensor]:
    """A graph's weights whose names begin with `prefix`, without it; what the graph is wrapped in does not count."""
    stored = onnx.load(graph)
    widen(stored)
    found = {i.name.removeprefix("generator."): numpy_helper.to_array(i).copy() for i in stored.graph.initializer}
    found = {name.removeprefix(prefix): torch.from_numpy(value) for name, value in found.items() if name.startswith(prefix)}
    if not found:
        raise ValueError(f"{graph}: no weights that begin with `{prefix}`; it is from another version of the generator")
    return found


def fill(module: nn.Module, graph: Path, prefix: str = "") -> nn.Module:
    """Fills a module from a graph's initialisers of the same names. Heads that were not exported keep what they have."""
    own = module.state_dict()
    state = {name: value.reshape(own[name].shape) for name, value in initialisers(graph, prefix).items() if name in own}
    module.load_state_dict(state, strict=False)
    return module.eval().requires_grad_(False)


def picture_tower(graph: Path = TOWER) -> PictureTower:
    """The picture tower of the default pack."""
    return fill(PictureTower(), graph)


def front(graph: Path = GENERATOR) -> Front:
    """The front of the generator that ships: embedding to look."""
    return fill(Front(), graph, "front.")
