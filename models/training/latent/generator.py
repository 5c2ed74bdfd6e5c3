"""The second painter as one graph: music and z choose from the memory, borders are mended, the decoder paints, the lens moves."""

import torch
from torch import nn

from ..gan.front import Front
from ..look import FAMILIES, KNOBS
from .autoencoder import DOWN, Decoder
from .finer import Finer
from .lens import Lens
from .memory import Memory
from .refiner import Refiner

WIDTH_PX, HEIGHT_PX = 512, 288
# For upright and for square frames; each shows what lies there of the pictures in the memory, which are square.
FURTHER_PX = ((288, 512), (384, 384))
# For large frames on quick machines: the decoder's picture, made finer.
FINER_PX = ((1024, 576),)
# Families whose straight lines and circles a flow would bend: how much of it is held back.
CALM = {"constructivist": 0.8, "mandala": 0.55, "glass": 0.3}


class LatentGenerator(nn.Module):
    """embedding [B, 512], z [B, 64] -> image [B, 3, height, width], sRGB-coded, -1 to 1."""

    def __init__(self, count: int, height: int = HEIGHT_PX, width: int = WIDTH_PX, held: tuple[int, int] | None = None):
        super().__init__()
        self.front, self.memory = Front(), Memory(count, height // DOWN, width // DOWN, held)
        self.refiner: Refiner | None = Refiner()  # none: borders stay as the memory draws them
        self.decoder, self.lens = Decoder(), Lens(height, width)
        self.finer: Finer | None = None  # one: pictures of twice the decoder's size
        calm = torch.tensor([[CALM.get(name, 0.0)] for name in FAMILIES])
        self.register_buffer("calm", calm, persistent=False)

    def sized(self, width: int, height: int, finer: Finer | None = None) -> "LatentGenerator":
        """The same networks and the same memory, for frames of another size; with `finer` the decoder paints half of that size."""
        other = LatentGenerator(0, height, width, tuple(max(height, width) // DOWN for _ in range(2)))
        other.front, other.refiner, other.decoder, other.finer = self.front, self.refiner, self.decoder, finer
        cell_px = DOWN * (1 if finer is None else 2)
        other.memory = self.memory.framed(height // cell_px, width // cell_px)
        return other.eval().requires_grad_(False)

    def latent(self, embedding: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        """What is decoded [B, 6, h, w]."""
        latent, sure = self.memory(embedding, z)
        return latent if self.refiner is None else self.refiner(latent, sure)

    def paint(self, embedding: torch.Tensor, look: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        image = self.decoder(self.latent(embedding, z))
        if self.finer is not None:
            image = self.finer(image)
        return self.lens(image, z, look[:, len(KNOBS) :] @ self.calm)

    def forward(self, embedding: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        return self.paint(embedding, self.front(embedding), z)

    def with_look(self) -> "WithLook":
        """What is exported: the same, and the look [B, 20]."""
        return WithLook(self)


class WithLook(nn.Module):
    """embedding [B, 512], z [B, 64] -> image [B, 3, height, width] and look [B, 20], in the order of `look.KNOBS` and `FAMILIES`."""

    def __init__(self, generator: LatentGenerator):
        super().__init__()
        self.generator = generator

    def forward(self, embedding: torch.Tensor, z: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        look = self.generator.front(embedding)
        return self.generator.paint(embedding, look, z), look
