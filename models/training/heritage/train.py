"""The training: plain GAN loss and Adam, as the original, kept steady by a few later findings that leave the networks alone.

Original: binary cross entropy, the generator's in its non-saturating form (Goodfellow et al. 2014); Adam with betas 0.5 and
0.999, rate 2e-4 (Radford et al. 2015: assumed). Added: labels of 0.9 for real pictures (Salimans et al. 2016), mild DiffAug
(`augment.py`), and a moving average of the generator's weights (Karras et al. 2018), which is what gets exported.
"""

import copy
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from ..devices import Device
from .augment import augment
from .networks import NOISE_DIM, FakeImageDiscriminator, Music2ImageGenerator, join, to_fastest_layout
from .pairs import Pairs

FORMAT = 1
SETTLE_BATCHES = 16


@dataclass(frozen=True)
class Settings:
    """What a checkpoint must agree with to be resumed."""

    conv_dim: int = 32
    batch: int = 32
    rate_generator: float = 2e-4
    rate_discriminator: float = 2e-4
    beta1: float = 0.5
    beta2: float = 0.999
    real_label: float = 0.9
    average: float = 0.995  # how much of the averaged weights is kept at each step
    # The embedding's length in the joined input. The root of 512 makes its entries as large as the noise's, on average.
    embedding_norm: float = 512**0.5
    seed: int = 1


class Trainer:
    """Both networks, their optimisers, the averaged generator, and the random state: all that a checkpoint holds."""

    def __init__(self, pairs: Pairs, settings: Settings, where: Device):
        torch.manual_seed(settings.seed)
        self.pairs, self.settings, self.where, self.device = pairs, settings, where, where.device
        device = where.device
        self.generator = to_fastest_layout(Music2ImageGenerator(settings.conv_dim).to(device))
        self.discriminator = to_fastest_layout(FakeImageDiscriminator(settings.conv_dim).to(device))
        self.averaged = copy.deepcopy(self.generator).requires_grad_(False)
        betas = (settings.beta1, settings.beta2)
        self.optimise_generator = torch.optim.Adam(self.generator.parameters(), settings.rate_generator, betas)
        self.optimise_discriminator = torch.optim.Adam(self.discriminator.parameters(), settings.rate_discriminator, betas)
        self.rng = torch.Generator().manual_seed(settings.seed)
        self.steps = 0

    def draw(self, rng: torch.Generator, count: int) -> tuple[np.ndarray, torch.Tensor]:
        """Rows of the data in order [count], and the generator's input for them [count, 1024]."""
        picks = torch.randint(0, len(self.pairs), (count,), generator=rng).sort().values
        rows = self.pairs.rows[picks.numpy()]
        noise = torch.randn(count, NOISE_DIM, generator=rng).to(self.device)
        return rows, join(self.pairs.heard(rows, self.device), noise, self.settings.embedding_norm)

    def judge(self, image: torch.Tensor) -> torch.Tensor:
        with self.where.autocast():
            return self.discriminator.logit(augment(image, self.rng)).float()

    def step(self) -> dict[str, float]:
        """One step of each network. Returns what the log holds."""
        rows, joined = self.draw(self.rng, self.settings.batch)
        real = self.pairs.pictures(rows, self.device)
        with self.where.autocast():
            fake = self.generator(joined)
        fake = fake.float()

        on_real, on_fake = self.judge(real), self.judge(fake.detach())
        loss_real = F.binary_cross_entropy_with_logits(on_real, torch.full_like(on_real, self.settings.real_label))
        loss_d = loss_real + F.binary_cross_entropy_with_logits(on_fake, torch.zeros_like(on_fake))
        self.optimise_discriminator.zero_grad(set_to_none=True)
        loss_d.backward()
        self.optimise_discriminator.step()

        self.discriminator.requires_grad_(False)
        on_fake_again = self.judge(fake)
        loss_g = F.binary_cross_entropy_with_logits(on_fake_again, torch.ones_like(on_fake_again))
        self.optimise_generator.zero_grad(set_to_none=True)
        loss_g.backward()
        self.optimise_generator.step()
        self.discriminator.requires_grad_(True)

        self.steps += 1
        self.follow()
        with torch.no_grad():
            log = {"loss_d": loss_d, "loss_g": loss_g, "p_real": on_real.sigmoid().mean(), "p_fake": on_fake.sigmoid().mean()}
            # How much painted pictures differ from each other, over how much real ones do: near 0 is collapse.
            log["variety"] = fake.std(0).mean() / real.std(0).mean()
        log = {name: value.item() for name, value in log.items()}
        if not np.isfinite(list(log.values())).all():
            raise FloatingPointError(f"training diverged at step {self.steps}: {log}. Start anew with a lower rate.")
        return log

    @torch.no_grad()
    def follow(self) -> None:
        """Moves the averaged weights towards the newest ones; faster at the start, when those are far from any good."""
        keep = min(self.settings.average, (1 + self.steps) / (10 + self.steps))
        for slow, fast in zip(self.averaged.parameters(), self.generator.parameters()):
            slow.lerp_(fast, 1 - keep)

    @torch.no_grad()
    def settle(self) -> None:
        """Measures the averaged generator's batch norms anew: averaged weights have statistics of their own."""
        rng = torch.Generator().manual_seed(self.settings.seed + 1)
        for norm in self.averaged.norms:
            norm.reset_running_stats()
            norm.momentum = None  # a plain mean over the batches
        self.averaged.train()
        for _ in range(SETTLE_BATCHES):
            self.averaged(self.draw(rng, 64)[1])
        self.averaged.eval()

    def parts(self) -> dict[str, nn.Module | torch.optim.Optimizer]:
        return {
            "generator": self.generator,
            "discriminator": self.discriminator,
            "averaged": self.averaged,
            "optimise_generator": self.optimise_generator,
            "optimise_discriminator": self.optimise_discriminator,
        }

    def save(self, path: Path) -> None:
        """Writes a checkpoint, the averaged generator settled; an interrupted write leaves the old one whole."""
        self.settle()
        state = {name: part.state_dict() for name, part in self.parts().items()}
        state |= {"format": FORMAT, "settings": asdict(self.settings), "steps": self.steps, "rng": self.rng.get_state()}
        beside = path.with_suffix(".part.pt")
        torch.save(state, beside)
        beside.replace(path)

    def load(self, path: Path) -> None:
        """Goes on where a checkpoint stopped, to the bit on the same machine."""
        state = read_checkpoint(path)
        if state["settings"] != asdict(self.settings):
            kept = ", ".join(f"{k} {v}" for k, v in state["settings"].items() if asdict(self.settings).get(k) != v)
            raise SystemExit(f"{path} was trained with other settings ({kept}): give those, or train into another folder")
        for name, part in self.parts().items():
            part.load_state_dict(state[name])
        self.steps = state["steps"]
        self.rng.set_state(state["rng"])


def read_checkpoint(path: Path) -> dict:
    """A checkpoint's contents, on the CPU."""
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise SystemExit(f"{path} is not there: train first, or name another --checkpoint") from error
    if state.get("format") != FORMAT:
        raise SystemExit(f"{path} has format {state.get('format')}, expected {FORMAT}: train anew")
    return state
