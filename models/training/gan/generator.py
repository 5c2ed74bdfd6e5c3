"""The generator that ships: front and core as one graph."""

import torch
from torch import nn

from models.starter_pack.contract import IMAGE_PX

from .core import Core
from .front import Front


class Generator(nn.Module):
    """embedding [B, 512], z [B, 64] -> image [B, 3, size_px, size_px], sRGB-coded, -1 to 1."""

    def __init__(self, size_px: int = IMAGE_PX, residual: bool = True):
        super().__init__()
        self.front, self.core = Front(), Core(size_px, residual)

    def forward(self, embedding: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        return self.core(self.front(embedding), z)

    def with_look(self) -> "WithLook":
        """What is exported: the same, and the look [B, 20] that the picture is painted by."""
        return WithLook(self)

    def load_core(self, state: dict[str, torch.Tensor]) -> None:
        """Takes the weights of a core that was trained at another size: what depends on the size is computed, not learned."""
        own = self.core.state_dict()
        learned = {name: value for name, value in state.items() if name in own and own[name].shape == value.shape}
        missing = [name for name, _ in self.core.named_parameters() if name not in learned]
        if missing:
            raise ValueError(f"the checkpoint has no weights for {', '.join(missing[:5])}: it is from another version of the core")
        for name in list(learned):
            # Buffers of the painter are grids and tables of this size.
            if name.startswith("painter.") and name not in dict(self.core.named_parameters()):
                del learned[name]
        self.core.load_state_dict(learned, strict=False)


class WithLook(nn.Module):
    """embedding [B, 512], z [B, 64] -> image [B, 3, size_px, size_px] and look [B, 20], in the order of `look.KNOBS` and `FAMILIES`."""

    def __init__(self, generator: Generator):
        super().__init__()
        self.generator = generator

    def forward(self, embedding: torch.Tensor, z: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        look = self.generator.front(embedding)
        return self.generator.core(look, z), look
