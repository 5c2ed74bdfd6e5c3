"""Trains both towers.

    python -m models.training clip --minutes 30

The loss is InfoNCE between windows and pictures (van den Oord et al. 2018, in the symmetric form of CLIP). Beside it the audio
tower learns what the teacher says (tags and its last hidden layer), the look, and the controls; the picture tower learns the
look that its picture was painted from.
"""

from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from ..devices import choose
from ..look import KNOBS
from ..progress import Log
from .audio_tower import AudioTower
from .data import Pairs
from .picture_tower import PictureTower

BATCH = 48
LEARNING_RATE = 1.5e-3
WEIGHT_DECAY = 0.02
# Beside the contrastive loss: how much each of the others counts.
SHARES = {"tags": 0.5, "penultimate": 0.5, "look": 1.0, "control": 0.5}
CHECKPOINT = "clip.pt"
EVALUATE_EVERY = 100


def contrast(audio: torch.Tensor, picture: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """Symmetric InfoNCE of embeddings [B, 512]; `scale` is the logarithm of how sharply pairs are told apart."""
    likeness = audio @ picture.t() * scale.exp().clamp(max=60.0)
    target = torch.arange(len(audio), device=audio.device)
    return (functional.cross_entropy(likeness, target) + functional.cross_entropy(likeness.t(), target)) / 2


def look_loss(seen: torch.Tensor, look: torch.Tensor) -> torch.Tensor:
    """Of a head's output [B, 20] (families as logits) against looks [B, 20]."""
    knobs = len(KNOBS)
    families = functional.cross_entropy(seen[:, knobs:], look[:, knobs:])
    return 2 * functional.mse_loss(seen[:, :knobs], look[:, :knobs]) + 0.2 * families


def side_losses(heard: dict[str, torch.Tensor], pairs: Pairs, indices, scale: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """What the audio tower should say about each window, beside its embedding."""
    device = heard["tags"].device
    wanted = (pairs.penultimate[indices].to(device) - scale["mean"].to(device)) / scale["deviation"].to(device)
    return {
        "tags": functional.binary_cross_entropy_with_logits(heard["tags"], pairs.tags[indices].to(device)),
        "penultimate": functional.mse_loss(heard["penultimate"], wanted.clamp(-4, 4)),
        "look": look_loss(heard["look"], pairs.soft_looks[indices].to(device)),
        "control": functional.mse_loss(torch.sigmoid(heard["control"]), pairs.controls[indices].to(device)) * 4,
    }


@torch.no_grad()
def embed(tower: AudioTower, pairs: Pairs, device: torch.device) -> torch.Tensor:
    """Embeddings of every window of a split, unaltered: [N, 512]."""
    tower.eval()
    parts = [tower.hear(pairs.sounds(np.arange(i, min(i + 64, len(pairs)))).to(device))["embedding"] for i in range(0, len(pairs), 64)]
    return torch.cat(parts).cpu()


@torch.no_grad()
def see(tower: PictureTower, pairs: Pairs, device: torch.device) -> torch.Tensor:
    """Embeddings of every picture of a split: [N, 512]."""
    tower.eval()
    parts = [tower(pairs.pictures(np.arange(i, min(i + 128, len(pairs)))).to(device))[0] for i in range(0, len(pairs), 128)]
    return torch.cat(parts).cpu()


def recall(audio: torch.Tensor, picture: torch.Tensor, of: int = 150) -> dict[int, float]:
    """R@1, R@5, R@10 of picture retrieval, the mean over groups of `of` pairs."""
    found = {1: [], 5: [], 10: []}
    of = min(of, len(audio))
    for start in range(0, len(audio) - of + 1, of):
        likeness = audio[start : start + of] @ picture[start : start + of].t()
        rank = (likeness > likeness.diag()[:, None]).sum(1)
        for k in found:
            found[k].append((rank < k).float().mean().item())
    return {k: float(np.mean(values)) for k, values in found.items()}


def train(pairs_folder: Path, music: Path, output: Path, minutes: float, resume: bool = False, seed: int = 0, threads: int = 1) -> None:
    """Trains for `minutes` and writes `clip.pt` into `output`: audio tower, picture tower, figures."""
    torch.set_num_threads(threads)
    place = choose(seed)
    pairs, held_out = Pairs(pairs_folder, music, "train"), Pairs(pairs_folder, music, "validation")
    audio, picture = AudioTower().to(place.device), PictureTower().to(place.device)
    scale = nn.Parameter(torch.tensor(2.7, device=place.device))
    spread = {"mean": pairs.penultimate.mean(0), "deviation": pairs.penultimate.std(0) + 1e-3}
    parameters = [*audio.parameters(), *picture.parameters(), scale]
    optimiser = torch.optim.AdamW(parameters, LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    step = 0
    if resume and (output / CHECKPOINT).is_file():
        stored = torch.load(output / CHECKPOINT, map_location=place.device, weights_only=True)
        audio.load_state_dict(stored["audio"])
        picture.load_state_dict(stored["picture"])
        optimiser.load_state_dict(stored["optimiser"])
        scale.data.copy_(stored["scale"])
        step = stored["step"]
    place.alike(audio, picture)
    rng = np.random.default_rng([seed, place.rank, step])
    painted = torch.from_numpy(pairs.looks)
    log = Log(output, minutes, quiet=place.rank > 0)

    def save() -> None:
        if place.rank == 0:
            state = {"audio": audio.state_dict(), "picture": picture.state_dict(), "optimiser": optimiser.state_dict()}
            torch.save(state | {"scale": scale.data, "step": step, "penultimate": spread}, output / (CHECKPOINT + ".new"))
            (output / (CHECKPOINT + ".new")).replace(output / CHECKPOINT)

    while log.fraction() < 1:
        for group in optimiser.param_groups:
            # Warms up, then falls in a straight line to 2 %.
            group["lr"] = LEARNING_RATE * min(1.0, (step + 1) / 50) * max(0.02, 1 - log.fraction())
        audio.train()
        picture.train()
        indices = rng.choice(len(pairs), BATCH, replace=False)
        sounds, images = pairs.sounds(indices, rng).to(place.device), pairs.pictures(indices).to(place.device)
        flip = torch.rand(len(images), device=place.device) < 0.5
        images[flip] = images[flip].flip(3)
        with place.autocast():
            heard = audio.hear(sounds)
            seen, features = picture(images)
        heard = {name: value.float() for name, value in heard.items()}
        losses = {"contrast": contrast(heard["embedding"], seen.float(), scale)}
        losses |= side_losses(heard, pairs, indices, spread)
        losses["sees"] = look_loss(picture.look(features.float()), painted[indices].to(place.device))
        total = sum(SHARES.get(name, 1.0) * loss for name, loss in losses.items())
        optimiser.zero_grad(set_to_none=True)
        total.backward()
        place.average(audio, picture)
        nn.utils.clip_grad_norm_(parameters, 5.0)
        optimiser.step()
        step += 1
        log.add(step, **{name: loss.item() for name, loss in losses.items()})
        if step % EVALUATE_EVERY == 0 and place.rank == 0:
            found = recall(embed(audio, held_out, place.device), see(picture, held_out, place.device))
            log.bar.write(f"step {step}: validation R@1 {found[1]:.3f}  R@5 {found[5]:.3f}  R@10 {found[10]:.3f}")
            save()
    save()
    log.close()
