"""The front of the generator: from an embedding to the look that its music should have.

It is trained after the towers, by regression on the looks of training windows. Regression shrinks: where the embedding leaves
a knob open, the answer is the middle, and pictures would be more alike than the music. So every knob is stretched again by
what was measured on the training windows, and eased at its ends.
"""

import torch
from torch import nn
from torch.nn import functional

from models.starter_pack.contract import EMBEDDING_DIM

from ..look import KNOBS, LOOK_DIM

WIDTH = 256
HUES = 2
STEPS = 2000
# The core learned one family at a time: on average the strongest one gets this much, and mixtures are for the way between.
LEAD = 0.9
# A stage is dark and its pictures shine: there the looks of the music are shown more vivid, darker and of more contrast than
# art on a wall. Each named knob runs between these.
STAGED = {"chroma": (0.35, 1.0), "light": (0.0, 0.72), "contrast": (0.42, 1.0)}


class Front(nn.Module):
    """embedding [B, 512] of length one -> look [B, 20]: hue within the unit circle, knobs 0 to 1, family weights of sum one."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(EMBEDDING_DIM, WIDTH), nn.SiLU(), nn.Linear(WIDTH, LOOK_DIM))
        # Typical length of an embedding's entries is 1 / sqrt(512): bring them to one.
        with torch.no_grad():
            self.layers[0].weight.mul_(EMBEDDING_DIM**0.5 / 3)
        knobs = len(KNOBS) - HUES
        self.register_buffer("middle", torch.full((knobs,), 0.5))
        self.register_buffer("stretch", torch.ones(knobs))
        self.register_buffer("sharpness", torch.tensor(1.0))
        ends = torch.tensor([STAGED.get(name, (0.0, 1.0)) for name in list(KNOBS)[HUES:]])
        self.register_buffer("low", ends[:, 0])
        self.register_buffer("span", ends[:, 1] - ends[:, 0])

    def raw(self, embedding: torch.Tensor) -> torch.Tensor:
        """What regression says [B, 20]; families as logits."""
        return self.layers(embedding)

    def forward(self, embedding: torch.Tensor) -> torch.Tensor:
        raw = self.raw(embedding)
        knobs = 0.5 + (raw[:, HUES : len(KNOBS)] - self.middle) * self.stretch
        knobs = torch.sigmoid(4.4 * (knobs - 0.5))  # slope about one in the middle, soft towards 0 and 1
        knobs = self.low + self.span * knobs
        families = torch.softmax(raw[:, len(KNOBS) :] * self.sharpness, dim=1)
        return torch.cat([raw[:, :HUES], knobs, families], dim=1)


def train(embeddings: torch.Tensor, looks: torch.Tensor, seed: int = 0, steps: int | None = None) -> Front:
    """Fits the front to embeddings [N, 512] and soft looks [N, 20] of training windows."""
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    front = Front()
    steps = steps or STEPS
    optimiser = torch.optim.AdamW(front.parameters(), 1e-3, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(steps):
        pick = torch.randint(0, len(embeddings), (256,), generator=generator)
        # Noise of a tenth of the length: nearby embeddings have nearby looks.
        noise = torch.randn(256, EMBEDDING_DIM, generator=generator) * (0.1 / EMBEDDING_DIM**0.5)
        raw = front.raw(functional.normalize(embeddings[pick] + noise))
        knobs = functional.mse_loss(raw[:, : len(KNOBS)], looks[pick, : len(KNOBS)])
        families = functional.cross_entropy(raw[:, len(KNOBS) :], looks[pick, len(KNOBS) :])
        loss = knobs + 0.1 * families
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return stretch(front.eval(), embeddings, looks)


@torch.no_grad()
def stretch(front: Front, embeddings: torch.Tensor, looks: torch.Tensor) -> Front:
    """Gives every knob the middle and spread that it has among the training windows, and the strongest family its lead."""
    raw, places = front.raw(embeddings), slice(HUES, len(KNOBS))
    front.middle.copy_(raw[:, places].median(0).values - (looks[:, places].median(0).values - 0.5))
    front.stretch.copy_((looks[:, places].std(0) / raw[:, places].std(0)).clamp(1.0, 2.5))
    candidates = torch.linspace(1.0, 8.0, 71)
    leads = torch.stack([torch.softmax(raw[:, len(KNOBS) :] * c, dim=1).amax(1).mean() for c in candidates])
    front.sharpness.copy_(candidates[(leads - LEAD).abs().argmin()])
    return front
