"""Trains the refiner, in latents: no picture is decoded, so a step is cheap.

    python -m models.training.latent.train_refiner --minutes 20 [--resume]

Blends of the memory for real music and random z against the latents that it holds: the relativistic loss with gradient penalties on both
sides (Huang et al., "The GAN is dead; long live the GAN!", R3GAN, 2024).
"""

import argparse
import copy
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from models.starter_pack.contract import LATENT_DIM

from ..devices import choose
from ..progress import Log
from . import hearing, remember, shipped, weights
from .memory import Memory
from .refiner import Adversary, Refiner

# Blends cost more than a step learns from one: a pool of them is drawn from, and renewed a few at a time.
POOL, RENEWED = 768, 2
BATCH, CROP = 16, (24, 32)  # cells: as wide as the refiner sees
RATE = 3e-4
PENALTY, PENALTY_EVERY = 0.5, 8
# What is added where the memory is sure is wrong by this much of its square.
KEEP_SHARE = 0.5
EMA = 0.998
SAVE_EVERY_S = 120.0
FILE = "refiner.safetensors"


class Trainer:
    """Refiner, its average, the adversary; blends and latents to learn from."""

    def __init__(self, place, memory: Memory, latents: torch.Tensor, embeddings: np.ndarray):
        self.place, self.memory, self.latents = place, memory.to(place.device), latents
        self.embeddings = torch.from_numpy(embeddings)
        layout = {"device": place.device, "memory_format": torch.channels_last}
        self.refiner, self.adversary = Refiner().to(**layout), Adversary().to(**layout)
        self.average = copy.deepcopy(self.refiner).eval()
        self.optimisers = [torch.optim.Adam(m.parameters(), RATE, betas=(0.0, 0.99)) for m in (self.refiner, self.adversary)]
        self.step = 0
        self.pool = torch.cat([self.blends(16) for _ in range(POOL // 16)])

    def load(self, path: Path) -> None:
        weights.load(path, refiner=self.refiner, adversary=self.adversary)
        self.average.load_state_dict(self.refiner.state_dict())

    def save(self, path: Path) -> None:
        weights.save(path, refiner=self.average, adversary=self.adversary)

    def crop(self, latent: torch.Tensor) -> torch.Tensor:
        """One window of all, at random."""
        top, left = (int(torch.randint(0, have - want + 1, ())) if have > want else 0 for have, want in zip(latent.shape[2:], CROP))
        return latent[:, :, top : top + CROP[0], left : left + CROP[1]].contiguous(memory_format=torch.channels_last)

    @torch.no_grad()
    def blends(self, count: int) -> torch.Tensor:
        """What the memory gives for music and noise, and how sure it is [count, 7, h, w]."""
        pick = torch.randint(0, len(self.embeddings), (count,))
        z = torch.randn(count, LATENT_DIM)
        return torch.cat(self.memory(self.embeddings[pick].to(self.place.device), z.to(self.place.device)), dim=1)

    def blended(self) -> tuple[torch.Tensor, torch.Tensor]:
        """A batch of the pool."""
        at = int(torch.randint(0, POOL - RENEWED + 1, ()))
        self.pool[at : at + RENEWED] = self.blends(RENEWED)
        cropped = self.crop(self.pool[torch.randint(0, POOL, (BATCH,))])
        return cropped[:, :-1], cropped[:, -1:]

    def real(self) -> torch.Tensor:
        latent = self.crop(self.latents[torch.randint(0, len(self.latents), (BATCH,))].to(self.place.device))
        # Rounded, as the memory's are: the adversary must not tell them by their noise.
        return latent + 0.02 * torch.randn_like(latent)

    def train_step(self) -> dict[str, float]:
        latent, sure = self.blended()
        real = self.real()
        with self.place.autocast():
            made = self.refiner(latent, sure).float()
        penalised = self.step % PENALTY_EVERY == 0
        losses = self._teach_adversary(real, made.detach() + 0.02 * torch.randn_like(made), penalised)
        self.adversary.requires_grad_(False)
        with self.place.autocast():
            of_made, of_real = self.adversary(made).float(), self.adversary(real).float()
        self.adversary.requires_grad_(True)
        fooled = functional.softplus(of_real - of_made).mean()
        kept = ((made - latent).square() * sure).mean()
        self.optimisers[0].zero_grad(set_to_none=True)
        (fooled + KEEP_SHARE * kept).backward()
        torch.nn.utils.clip_grad_norm_(self.refiner.parameters(), 5.0)
        self.optimisers[0].step()
        self.step += 1
        keep = min(EMA, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for mean, value in zip(self.average.parameters(), self.refiner.parameters()):
                mean.lerp_(value, 1 - keep)
        return losses | {"g": fooled.item(), "kept": kept.item(), "change": (made - latent).abs().mean().item()}

    def _teach_adversary(self, real: torch.Tensor, made: torch.Tensor, penalised: bool) -> dict[str, float]:
        real, made = real.detach().requires_grad_(penalised), made.requires_grad_(penalised)
        if penalised:
            of_real, of_made = self.adversary(real), self.adversary(made)
            slopes = torch.autograd.grad(of_real.sum() + of_made.sum(), (real, made), create_graph=True)
            penalty = sum(s.square().sum((1, 2, 3)).mean() for s in slopes) / of_real[0].numel()
        else:
            with self.place.autocast():
                of_real, of_made = self.adversary(real).float(), self.adversary(made).float()
            penalty = real.new_zeros(())
        loss = functional.softplus(of_made - of_real).mean()
        self.optimisers[1].zero_grad(set_to_none=True)
        (loss + PENALTY * PENALTY_EVERY / 2 * penalty).backward()
        self.optimisers[1].step()
        return {"d": loss.item()} | ({"penalty": penalty.item()} if penalised else {})


def train(memory: Path, output: Path, minutes: float, resume: bool = False, seed: int = 0, threads: int = 1) -> None:
    """Trains for `minutes` on a filled memory; writes `refiner.safetensors` and a log."""
    torch.set_num_threads(threads)
    place = choose(seed)
    filled = remember.load(memory)
    trainer = Trainer(place, filled, filled.latents(), hearing.load()["train"])
    if resume:
        trainer.load(output / FILE if (output / FILE).is_file() else weights.FOLDER / FILE)
    log = Log(output, minutes, quiet=place.rank > 0)
    saved = 0.0
    while log.fraction() < 1:
        log.add(trainer.step, **trainer.train_step())
        if log.fraction() * log.seconds - saved > SAVE_EVERY_S:
            saved = log.fraction() * log.seconds
            trainer.save(output / FILE)
    trainer.save(output / FILE)
    log.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training.latent.train_refiner", description="Trains the refiner.")
    parser.add_argument("--memory", type=Path, default=shipped.GENERATOR, help="a filled memory, or a graph that holds one")
    parser.add_argument("-o", "--output", type=Path, default=Path("models/.cache/latent/refiner"))
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--resume", action="store_true", help="go on from the newest weights")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    a = parser.parse_args()
    train(a.memory, a.output, a.minutes, a.resume, a.seed, a.threads)


if __name__ == "__main__":
    main()
