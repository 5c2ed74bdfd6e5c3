"""The memory: latents of art, and how music and z choose among them.

Each picture has a key, where the picture tower sees it in the space that the encoder hears into. The music's embedding asks
(attention, Graves et al. 2014), z has its own taste, and every place of the frame answers for itself: on the way between
two pictures one grows over the other along a winding border. So there is never a whole picture that shines through another.
Everything is a smooth function of embedding and z.
"""

import math

import numpy as np
import torch
from torch import nn

from models.starter_pack.contract import EMBEDDING_DIM, LATENT_DIM

from .autoencoder import CHANNELS, REACH
from .lens import lively

# Latents and keys are held in 8 bits: how many steps to one.
ROUNDED, KEY_ROUNDED = 127 / REACH, 127 / 0.3
# The bias may outweigh this much of cosine: pictures that no music asks for stay rare.
LARGEST_BIAS = 0.08
TASTES = 8  # numbers that say how a picture stands to each wave of the border
# Only the most wanted pictures are looked at, place by place: all others together had less than a millionth of any place, measured
# on the embeddings of music that are kept and any z, down to 48.
NEAREST = 64
SEED = 23


def border_waves(rows: int, columns: int) -> torch.Tensor:
    """Slow waves over the frame [M, rows * columns], of mean square one: what borders are drawn from."""
    if rows > columns:  # an upright frame has those of one that lies, turned
        return border_waves(columns, rows).reshape(-1, columns, rows).transpose(1, 2).flatten(1)
    v = (torch.arange(rows) + 0.5) / rows * math.pi
    u = (torch.arange(columns) + 0.5) / columns * math.pi
    found = []
    for a in range(4):
        for b in range(3):
            if 0 < a * a + 2.2 * b * b < 12:
                wave = torch.cos(a * u)[None, :] * torch.cos(b * v)[:, None]
                found.append(wave / wave.square().mean().sqrt() / (a * a + 2.2 * b * b) ** 0.5)
    waves = torch.stack(found).flatten(1)
    return waves / waves.square().sum(0).mean().sqrt()


def figures(cells: torch.Tensor) -> torch.Tensor:
    """How far each place of pictures [..., 6, P], in steps of 8 bits, stands out from its ground [..., P]: mean 0, about -1 to 3."""
    off = cells - cells.mean(-1, keepdim=True)
    away = torch.sqrt((off * off).sum(-2) + 1e-3 * ROUNDED**2)
    return (away / away.mean(-1, keepdim=True) - 1).clamp(-1.0, 3.0)


class Memory(nn.Module):
    """embedding [B, 512], z [B, 64] -> latent [B, 6, rows, columns] and, for each place, how sure it is [B, 1, rows, columns].

    It may hold more of each picture than a frame shows, `held` rows and columns: then frames of any shape that fits see the middle of
    the same memory, and nothing is stretched.
    """

    def __init__(self, count: int, rows: int = 36, columns: int = 64, held: tuple[int, int] | None = None):
        super().__init__()
        self.rows, self.columns = rows, columns
        self.held = held or (rows, columns)
        if rows > self.held[0] or columns > self.held[1]:
            raise ValueError(f"a frame of {rows} x {columns} cells sees more than the {self.held[0]} x {self.held[1]} that are held")
        self.register_buffer("held_cells", torch.tensor(self.held))
        self.register_buffer("cells", torch.zeros(count, CHANNELS, self.held[0] * self.held[1], dtype=torch.int8))
        self.register_buffer("keys", torch.zeros(count, EMBEDDING_DIM, dtype=torch.int8))  # centred, of length one
        self.register_buffer("usual", torch.zeros(EMBEDDING_DIM))  # the mean embedding of music
        self.register_buffer("bias", torch.zeros(count))  # what lets every picture be seen equally often
        # How much the music decides, how much z does, how far places go their own ways, and how strongly a form holds its ground.
        self.register_buffer("sharpness", torch.tensor([180.0, 12.0, 5.0, 1.2]))
        generator = torch.Generator().manual_seed(SEED)
        taste = torch.randn(LATENT_DIM, count, generator=generator)
        self.register_buffer("taste", taste / taste.norm(dim=0), persistent=False)
        stand = torch.randn(TASTES, count, generator=generator)
        self.register_buffer("stand", stand / stand.norm(dim=0), persistent=False)
        waves = border_waves(rows, columns)
        self.register_buffer("waves", waves, persistent=False)
        of_z = torch.randn(LATENT_DIM, len(waves) * TASTES, generator=generator) / LATENT_DIM**0.5
        self.register_buffer("of_z", of_z, persistent=False)

    @property
    def count(self) -> int:
        return len(self.keys)

    @torch.no_grad()
    def fill(self, latents: torch.Tensor, keys: torch.Tensor, usual: torch.Tensor) -> None:
        """Latents [N, 6, *held], the pictures' embeddings [N, 512], and the mean embedding of music [512]."""
        self.cells.copy_((latents.clamp(-REACH, REACH) * ROUNDED).round().to(torch.int8).flatten(2))
        centred = keys - keys.mean(0)
        self.keys.copy_((centred / centred.norm(dim=1, keepdim=True) * KEY_ROUNDED).round().clamp(-127, 127).to(torch.int8))
        self.usual.copy_(usual)

    def framed(self, rows: int, columns: int) -> "Memory":
        """The same memory, seen through a frame of so many cells."""
        other = Memory(self.count, rows, columns, self.held)
        other.load_state_dict(self.state_dict())
        return other

    def seen(self) -> torch.Tensor:
        """What the frame shows of each picture [N, 6, rows * columns], in steps of 8 bits."""
        if (self.rows, self.columns) == self.held:
            return self.cells
        top, left = (self.held[0] - self.rows) // 2, (self.held[1] - self.columns) // 2
        cells = self.cells.reshape(-1, CHANNELS, *self.held)[:, :, top : top + self.rows, left : left + self.columns]
        return cells.flatten(2)

    def latents(self) -> torch.Tensor:
        """All latents that the frame shows [N, 6, rows, columns]."""
        return (self.seen().float() / ROUNDED).reshape(self.count, CHANNELS, self.rows, self.columns)

    def scores(self, embedding: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        """How much each picture is wanted [B, N]."""
        asked = embedding - self.usual
        asked = asked / torch.sqrt((asked * asked).sum(1, keepdim=True) + 1e-4)
        like = asked @ (self.keys.float() / KEY_ROUNDED).t()
        return like * self.sharpness[0] + lively(z @ self.taste) * self.sharpness[1] + self.bias

    def shares(self, embedding: torch.Tensor, z: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """The pictures that are wanted most [B, K], how much of each is seen at each place [B, K, rows * columns], and their cells
        [B, K, 6, rows * columns] in steps of 8 bits.

        Forms hold their ground longer than what lies behind them, so a border follows an outline where there is one.
        """
        wanted, chosen = self.scores(embedding, z).topk(min(NEAREST, self.count), dim=1)
        # Bytes become floats first: ONNX Runtime does that when it loads, and graphics cards know no bytes.
        cells = self.seen().float()[chosen]
        waves = lively(z @ self.of_z).reshape(-1, len(self.waves), TASTES).transpose(1, 2)
        own = self.stand.t()[chosen] @ waves @ self.waves  # [B, K, P]
        own = own * self.sharpness[2] + figures(cells) * self.sharpness[3]
        return chosen, torch.softmax(wanted[:, :, None] + own, dim=1), cells

    def forward(self, embedding: torch.Tensor, z: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        _, shares, cells = self.shares(embedding, z)
        # The sum over pictures, as a product: ONNX Runtime is nine times as quick with it.
        sum_up = torch.full((1, cells.shape[1]), 1 / ROUNDED, device=cells.device)
        latent = sum_up @ (shares[:, :, None] * cells).flatten(2)
        sure = (shares * shares).sum(1, keepdim=True)
        return tuple(part.reshape(len(z), -1, self.rows, self.columns) for part in (latent, sure))


@torch.no_grad()
def calibrate(memory: Memory, embeddings: np.ndarray, rounds: int = 30, batch: int = 256, strength: float = 0.02) -> np.ndarray:
    """Sets the bias so that music and z drawn at random see every picture about equally often; gives the final usage [N].

    Nearest neighbours in many dimensions have hubs (Radovanovic et al. 2010): without this some pictures answer everything.
    """
    generator = torch.Generator().manual_seed(5)
    rng = np.random.default_rng(5)
    usage = torch.full((memory.count,), 1 / memory.count)
    most = LARGEST_BIAS * float(memory.sharpness[0])
    for step in range(rounds):
        e = torch.from_numpy(embeddings[rng.integers(0, len(embeddings), batch)])
        z = torch.randn(batch, LATENT_DIM, generator=generator)
        # Where places go their own ways, the spread of a score is wider: stand in for it with noise of that deviation.
        noise = torch.randn(batch, memory.count, generator=generator) * memory.sharpness[2]
        seen = torch.softmax(memory.scores(e, z) + noise, dim=1).mean(0)
        usage = seen if step == 0 else 0.6 * usage + 0.4 * seen
        # A step is a share of the scores' own scale, and grows smaller: the average over draws must settle.
        memory.bias -= strength * memory.sharpness[0] * (1 - step / rounds) ** 0.5 * torch.log(usage * memory.count + 0.05)
        memory.bias -= memory.bias.mean()
        memory.bias.clamp_(-most, most)
    return usage.numpy()
