"""Trains the core of the generator against the art.

    python -m models.training gan --minutes 60

Non-saturating loss (Goodfellow et al. 2014) with a lazy gradient penalty on real pictures (R1, Mescheder et al. 2018, every
16th step), an averaged generator (EMA), and two losses that keep the pictures true to their music: the discriminator reads the
look back, and, once the towers are trained, the picture tower must find a picture's own music among the batch's.
"""

import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from models.starter_pack.contract import LATENT_DIM

from ..clip.data import Pairs, to_tensor
from ..clip.picture_tower import PICTURE_PX, PictureTower
from ..clip.train import contrast
from ..devices import Device, choose
from ..progress import Log, save_sheet
from .augment import augment
from .core import RESIDUAL_PX, Core, centred
from .discriminator import Discriminator

BATCH = 16
RATES = {"generator": 3e-4, "discriminator": 8e-4}
# The painter is good before the adversary knows anything: at first the adversary learns alone, then the generator step by step.
ALONE_STEPS, EASE_STEPS = 120, 300
PENALTY, PENALTY_EVERY = 0.3, 16
LOOK_SHARE, MUSIC_SHARE = 0.3, 0.25
MUSIC_SCALE = torch.tensor(2.7)  # the logarithm of how sharply music is told apart
EMA = 0.998
SHEET_EVERY_S = 120.0
CHECKPOINT = "gan.pt"


@dataclass
class Music:
    """A frozen picture tower, and the embedding of each training picture's window."""

    tower: PictureTower
    embeddings: torch.Tensor  # [N, 512]

    def loss(self, image: torch.Tensor, indices: np.ndarray) -> torch.Tensor:
        small = functional.interpolate(image, size=(PICTURE_PX, PICTURE_PX), mode="area")
        seen, _ = self.tower(small)
        return contrast(self.embeddings[indices].to(image.device), seen, MUSIC_SCALE.to(image.device))


class Trainer:
    """Generator, discriminator, averages and optimisers, as one thing that can be saved and resumed."""

    def __init__(self, pairs: Pairs, place: Device, music: Music | None):
        self.pairs, self.place, self.music = pairs, place, music
        self.looks = torch.from_numpy(pairs.looks)
        layout = {"device": place.device, "memory_format": torch.channels_last}
        self.generator, self.discriminator = Core(RESIDUAL_PX).to(**layout), Discriminator().to(**layout)
        self.average = copy.deepcopy(self.generator).eval()
        self.optimisers = {
            name: torch.optim.Adam(getattr(self, name).parameters(), rate, betas=(0.0, 0.99)) for name, rate in RATES.items()
        }
        self.step = 0

    def state(self) -> dict:
        parts = {name: getattr(self, name).state_dict() for name in ("generator", "discriminator", "average")}
        return parts | {"step": self.step} | {f"optimiser_{name}": o.state_dict() for name, o in self.optimisers.items()}

    def load(self, state: dict) -> None:
        for name in ("generator", "discriminator", "average"):
            getattr(self, name).load_state_dict(state[name])
        for name, optimiser in self.optimisers.items():
            optimiser.load_state_dict(state[f"optimiser_{name}"])
        self.step = state["step"]

    def art(self, indices: np.ndarray) -> torch.Tensor:
        image = to_tensor(self.pairs.small(RESIDUAL_PX)[indices])
        flip = torch.rand(len(image)) < 0.5
        image[flip] = image[flip].flip(3)
        return image.to(self.place.device, memory_format=torch.channels_last)

    def train_step(self, rng: np.random.Generator) -> dict[str, float]:
        real_of, fake_of = rng.choice(len(self.pairs), BATCH, replace=False), rng.choice(len(self.pairs), BATCH, replace=False)
        device = self.place.device
        real_look, fake_look = self.looks[real_of].to(device), self.looks[fake_of].to(device)
        real = self.art(real_of)
        z = torch.randn(BATCH, LATENT_DIM, device=device)
        losses = {}

        fake = self.generator(fake_look, z)
        both = augment(torch.cat([real, fake.detach()])).contiguous(memory_format=torch.channels_last)
        with self.place.autocast():
            logit, look = self.discriminator(both, torch.cat([real_look, fake_look]))
        logit, look = logit.float(), look.float()
        adversary = functional.softplus(-logit[:BATCH]).mean() + functional.softplus(logit[BATCH:]).mean()
        reading = functional.mse_loss(look[:BATCH], centred(real_look))
        self._descend("discriminator", adversary + LOOK_SHARE * reading, self._penalty(real, real_look))
        losses |= {"d": adversary.item(), "reads": reading.item()}

        if self.step >= ALONE_STEPS:
            losses |= self._train_generator(fake, fake_look, fake_of)
        self.step += 1
        keep = min(EMA, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for mean, value in zip(self.average.parameters(), self.generator.parameters()):
                mean.lerp_(value, 1 - keep)
        return losses

    def _train_generator(self, fake: torch.Tensor, look: torch.Tensor, indices: np.ndarray) -> dict[str, float]:
        self.discriminator.requires_grad_(False)
        with self.place.autocast():
            logit, read = self.discriminator(augment(fake), look)
        fooled = functional.softplus(-logit.float()).mean()
        faithful = functional.mse_loss(read.float(), centred(look))
        total = fooled + LOOK_SHARE * faithful
        losses = {"g": fooled.item(), "look": faithful.item()}
        if self.music:
            music = self.music.loss(fake, indices)
            total = total + MUSIC_SHARE * music
            losses["music"] = music.item()
        # The tone curve of the exported picture ends at -1 and 1: what would be clipped there is lost.
        total = total + 2.0 * functional.relu(fake.abs() - 1.0).mean()
        self._descend("generator", total)
        self.discriminator.requires_grad_(True)
        return losses

    def _penalty(self, real: torch.Tensor, look: torch.Tensor) -> torch.Tensor | None:
        if self.step % PENALTY_EVERY:
            return None
        image = augment(real).detach().requires_grad_(True)
        logit, _ = self.discriminator(image, look)
        (slope,) = torch.autograd.grad(logit.sum(), image, create_graph=True)
        return slope.square().sum((1, 2, 3)).mean() * (PENALTY / 2 * PENALTY_EVERY)

    def _descend(self, name: str, *losses: torch.Tensor | None) -> None:
        module, optimiser = getattr(self, name), self.optimisers[name]
        optimiser.zero_grad(set_to_none=True)
        for loss in losses:
            if loss is not None:
                loss.backward()
        self.place.average(module)
        nn.utils.clip_grad_norm_(module.parameters(), 5.0)
        optimiser.step()


def load_music(clip_folder: Path, device: torch.device) -> Music | None:
    """The trained picture tower and the windows' embeddings, if the towers have been trained."""
    checkpoint, embeddings = clip_folder / "clip.pt", clip_folder / "train_embeddings.npy"
    if not (checkpoint.is_file() and embeddings.is_file()):
        return None
    tower = PictureTower().to(device).eval().requires_grad_(False)
    tower.load_state_dict(torch.load(checkpoint, map_location=device, weights_only=True)["picture"])
    return Music(tower, torch.from_numpy(np.load(embeddings)))


def train(pairs_folder: Path, music: Path, clip: Path, output: Path, minutes: float, resume=False, seed=0, threads=1) -> None:
    """Trains for `minutes`; writes `gan.pt` and sample sheets (painter alone above, with the residual below) into `output`."""
    torch.set_num_threads(threads)
    place = choose(seed)
    pairs = Pairs(pairs_folder, music, "train")
    trainer = Trainer(pairs, place, load_music(clip, place.device))
    if resume and (output / CHECKPOINT).is_file():
        trainer.load(torch.load(output / CHECKPOINT, map_location=place.device, weights_only=True))
    place.alike(trainer.generator, trainer.discriminator, trainer.average)
    rng = np.random.default_rng([seed, place.rank, trainer.step])
    log = Log(output, minutes, quiet=place.rank > 0)
    shown = torch.linspace(0, len(pairs) - 1, 24).long()
    shown_z = torch.randn(24, LATENT_DIM, generator=torch.Generator().manual_seed(3))

    def save() -> None:
        if place.rank:
            return
        torch.save(trainer.state(), output / (CHECKPOINT + ".new"))
        (output / (CHECKPOINT + ".new")).replace(output / CHECKPOINT)
        with torch.no_grad():
            rows = []
            for part in (slice(0, 12), slice(12, 24)):
                look, z = trainer.looks[shown[part]].to(place.device), shown_z[part].to(place.device)
                _, plan = trainer.average.compose(look, z)
                rows += [trainer.art(shown[part].numpy()), trainer.average.painter(*plan)[0], trainer.average(look, z)]
        save_sheet(rows, output / "sheet.png")

    next_sheet = 0.0
    while log.fraction() < 1:
        for name, optimiser in trainer.optimisers.items():
            # The last third of the time is for settling down.
            eased = min(1.0, (trainer.step - ALONE_STEPS) / EASE_STEPS) if name == "generator" else 1.0
            optimiser.param_groups[0]["lr"] = RATES[name] * min(eased, 3.0 * (1.02 - log.fraction()))
        log.add(trainer.step, **trainer.train_step(rng))
        if log.fraction() * log.seconds >= next_sheet:
            next_sheet += SHEET_EVERY_S
            save()
            # The towers may be trained at the same time: they guide from when they are ready.
            trainer.music = trainer.music or load_music(clip, place.device)
    save()
    log.close()
