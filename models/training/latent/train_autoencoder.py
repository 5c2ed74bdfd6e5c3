"""Trains the autoencoder.

    python -m models.training.latent.train_autoencoder --art models/.cache/latent/art --minutes 60 [--resume]

Crops of art, likeness first; then an adversary joins in (hinge loss, Lim and Ye 2017), which asks for the texture that means
of possible textures lack; what it looks at must be alike too, which keeps a line one line (feature matching, Wang et al. 2018). With `--decoder-only` the encoder stays as it is, and with it every latent of a filled memory:
steps cost less, and memory and refiner need not be made anew. `--resume` goes on from the weights in the repository or from a later checkpoint in the work folder.
"""

import argparse
import copy
import math
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from ..devices import choose
from ..progress import Log, save_sheet
from . import art_set, weights
from .autoencoder import CHANNELS, Decoder, Encoder, Patches, likeness_loss

BATCH, CROP_PX = 12, 128
RATE, RATE_OF_ADVERSARY = 8e-4, 3e-4
WARM_STEPS = 100
ADVERSARY_SHARE, ADVERSARY_EASE_STEPS = 0.04, 300
FEATURES_SHARE = 0.15
LATENT_NOISE = 0.05  # a memory rounds latents to 1/42; what lies beside a latent must decode too
EMA = 0.998
HELD_OUT = 40
SAVE_EVERY_S = 180.0
FILE = "autoencoder.safetensors"


def crops(pictures: np.ndarray, rng: np.random.Generator, count: int = BATCH, size_px: int = CROP_PX) -> torch.Tensor:
    """Random crops, mirrored at random: [count, 3, size_px, size_px], -1 to 1."""
    found = []
    for n in rng.integers(0, len(pictures), count):
        top, left = (int(rng.integers(0, side - size_px + 1)) for side in pictures.shape[1:3])
        crop = pictures[n, top : top + size_px, left : left + size_px]
        crop = crop[:, :: rng.choice((-1, 1))][:: rng.choice((-1, 1))]
        found.append(np.ascontiguousarray(crop if rng.random() < 0.5 else crop.transpose(1, 0, 2)))
    return torch.from_numpy(np.stack(found)).permute(0, 3, 1, 2).float() / 127.5 - 1


class Trainer:
    """Both halves, their averages, the adversary and the optimisers."""

    def __init__(self, place, decoder_only: bool = False):
        self.place, self.decoder_only = place, decoder_only
        layout = {"device": place.device, "memory_format": torch.channels_last}
        self.encoder, self.decoder, self.patches = (m().to(**layout) for m in (Encoder, Decoder, Patches))
        self.averages = [copy.deepcopy(m).eval() for m in (self.encoder, self.decoder)]
        self.encoder.requires_grad_(not decoder_only)
        self.halves = [*([] if decoder_only else self.encoder.parameters()), *self.decoder.parameters()]
        self.optimiser = torch.optim.Adam(self.halves, RATE, betas=(0.9, 0.99))
        self.optimiser_of_adversary = torch.optim.Adam(self.patches.parameters(), RATE_OF_ADVERSARY, betas=(0.5, 0.99))
        self.step = self.adversary_steps = 0

    def load(self, path: Path) -> None:
        weights.load(path, encoder=self.encoder, decoder=self.decoder, patches=self.patches)
        for average, module in zip(self.averages, (self.encoder, self.decoder)):
            average.load_state_dict(module.state_dict())

    def save(self, path: Path) -> None:
        encoder, decoder = self.averages
        weights.save(path, encoder=encoder, decoder=decoder, patches=self.patches)

    def train_step(self, real: torch.Tensor, rate: float, adversary: bool) -> dict[str, float]:
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        real = real.to(self.place.device).contiguous(memory_format=torch.channels_last)
        with self.place.autocast():
            latent = self.encoder(real)
            made = self.decoder(latent + LATENT_NOISE * torch.randn_like(latent))
        made = made.float()
        loss = likeness_loss(made, real)
        losses = {"likeness": loss.item()}
        if adversary:
            self.patches.requires_grad_(False)
            with self.place.autocast():
                *of_made, seen = self.patches.looks(made)
                with torch.no_grad():
                    of_real = self.patches.looks(real)
            self.patches.requires_grad_(True)
            alike = sum((a.float() - b.float()).abs().mean() for a, b in zip(of_made, of_real)) / len(of_made)
            losses["features"] = alike.item()
            ease = min(1.0, self.adversary_steps / ADVERSARY_EASE_STEPS)
            loss = loss + ease * (FEATURES_SHARE * alike - ADVERSARY_SHARE * seen.float().mean())
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.halves, 1.0)
        self.optimiser.step()
        if adversary:
            losses |= self._teach_adversary(real, made.detach())
        self.step += 1
        keep = min(EMA, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for average, module in zip(self.averages, (self.encoder, self.decoder)):
                for mean, value in zip(average.parameters(), module.parameters()):
                    mean.lerp_(value, 1 - keep)
        return losses

    def _teach_adversary(self, real: torch.Tensor, made: torch.Tensor) -> dict[str, float]:
        with self.place.autocast():
            of_real, of_made = self.patches(torch.cat([real, made])).float().chunk(2)
        loss = functional.relu(1 - of_real).mean() + functional.relu(1 + of_made).mean()
        self.optimiser_of_adversary.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser_of_adversary.step()
        self.adversary_steps += 1
        return {"adversary": loss.item()}


@torch.no_grad()
def held_out_error(encoder: Encoder, decoder: Decoder, pictures: np.ndarray) -> float:
    """Mean absolute error of whole pictures [n, H, W, 3], of a range of 2."""
    found = []
    for picture in pictures:
        image = torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 127.5 - 1
        found.append((decoder(encoder(image)) - image).abs().mean().item())
    return float(np.mean(found))


def train(
    art: Path,
    output: Path,
    minutes: float,
    resume: bool = False,
    seed: int = 0,
    threads: int = 1,
    adversary_from: float = 0.5,
    decoder_only: bool = False,
) -> None:
    """Trains for `minutes`; writes `autoencoder.safetensors`, a log and a sheet (art above, below it what came back)."""
    torch.set_num_threads(threads)
    place = choose(seed)
    trainer = Trainer(place, decoder_only)
    if resume:
        later = output / FILE
        trainer.load(later if later.is_file() else weights.FOLDER / FILE)
    pictures, _ = art_set.load(art)
    shown, pictures = pictures[:HELD_OUT], pictures[HELD_OUT:]
    rng = np.random.default_rng([seed, place.rank, len(pictures), int(resume)])
    log = Log(output, minutes, quiet=place.rank > 0)
    saved = 0.0

    def save() -> None:
        if place.rank:
            return
        trainer.save(output / FILE)
        encoder, decoder = trainer.averages
        first = torch.from_numpy(shown[:15, :256, 128:384]).permute(0, 3, 1, 2).float().to(place.device) / 127.5 - 1
        with torch.no_grad():
            back = decoder(encoder(first))
        save_sheet([first[:5], back[:5], first[5:10], back[5:10], first[10:15], back[10:15]], output / "reconstructions.png")
        log.bar.write(f"step {trainer.step}: held-out error {held_out_error(encoder, decoder, shown[:20]):.4f}")

    while log.fraction() < 1:
        left = 0.5 * (1 + math.cos(math.pi * log.fraction()))
        rate = RATE * min(1.0, (trainer.step + 1) / WARM_STEPS) * (0.05 + 0.95 * left)
        log.add(trainer.step, **trainer.train_step(crops(pictures, rng), rate, log.fraction() > adversary_from))
        if log.fraction() * log.seconds - saved > SAVE_EVERY_S:
            saved = log.fraction() * log.seconds
            save()
    save()
    log.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training.latent.train_autoencoder", description="Trains the autoencoder.")
    parser.add_argument("--art", type=Path, default=Path("models/.cache/latent/art"))
    parser.add_argument("-o", "--output", type=Path, default=Path("models/.cache/latent/autoencoder"))
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--resume", action="store_true", help="go on from the newest weights")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--adversary-from", type=float, default=0.5, help="share of the time after which the adversary joins in")
    parser.add_argument("--decoder-only", action="store_true", help="leave the encoder, and so all latents, as they are; with --resume")
    a = parser.parse_args()
    if a.decoder_only and not a.resume:
        parser.error("--decoder-only needs an encoder that was trained: add --resume")
    train(a.art, a.output, a.minutes, a.resume, a.seed, a.threads, a.adversary_from, a.decoder_only)


if __name__ == "__main__":
    main()
