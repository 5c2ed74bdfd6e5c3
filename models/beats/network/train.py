"""Training: sequences from silence, a loss for each activation, as long as one likes; it can be stopped and resumed."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from models.training.progress import Log

from .batches import batch
from .contract import ACTIVATIONS
from .measure import Annotated, measure, table
from .model import BeatNetwork, State
from .store import Store
from .stream import export_stream
from .weights import weights_of

# The beat is what the tracker lives on.
WEIGHT = {"beat": 2.0, "downbeat": 1.5, "kick": 0.7, "snare": 0.7, "hat": 0.7, "onset": 0.7}
# How slowly the exported weights follow the trained ones, in steps.
AVERAGED_STEPS = 300


@dataclass(frozen=True)
class Plan:
    """How to train. `minutes` counts those of earlier runs that are resumed."""

    minutes: float
    batch: int = 32
    first_frames: int = 400
    last_frames: int = 600
    learning_rate: float = 3e-3
    seed: int = 1
    measure_every_steps: int = 250

    def frames(self, fraction: float) -> int:
        """Length of the sequences when `fraction` of the training is over. Short ones teach the sounds and cost less."""
        return round(self.first_frames + (self.last_frames - self.first_frames) * fraction**2)


def loss(logits: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Weighted cross entropy of logits and targets [B, T, 6]; NaN targets are left out. Means are over frames."""
    known = ~torch.isnan(wanted)
    each = nn.functional.binary_cross_entropy_with_logits(logits, torch.where(known, wanted, 0.0), reduction="none")
    weight = torch.tensor([WEIGHT[name] for name in ACTIVATIONS])
    return (each * known * weight).sum() / (logits.shape[0] * logits.shape[1])


class Trainer:
    """A network on its way: weights, their running mean, and the optimiser. `start`: an exported graph whose weights it begins with."""

    def __init__(self, plan: Plan, start: Path | None = None):
        torch.manual_seed(plan.seed)
        self.plan = plan
        self.network = BeatNetwork()
        if start:
            self.network.load_state_dict(weights_of(start))
        self.averaged = BeatNetwork()
        self.averaged.load_state_dict(self.network.state_dict())
        # The layout that convolutions of few channels are fastest in.
        self.network.to(memory_format=torch.channels_last)
        weights = self.network.parameters()
        self.optimiser = torch.optim.AdamW(weights, plan.learning_rate, betas=(0.9, 0.99), weight_decay=1e-3)
        self.steps = 0
        self.spent_s = 0.0

    def step(self, power: torch.Tensor, wanted: torch.Tensor, fraction: float = 0.0) -> float:
        """One step on power [B, T, 72] and targets [B, T, 6] when `fraction` of the training is over; returns the loss."""
        warm = min(1.0, (self.steps + 1) / 50)
        rate = self.plan.learning_rate * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * fraction)))
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.network.train()
        logits, _ = self.network(power, State.zeros(len(power)))
        found = loss(logits, wanted)
        self.optimiser.zero_grad(set_to_none=True)
        found.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self.steps += 1
        share = 1.0 / min(self.steps, AVERAGED_STEPS)
        with torch.no_grad():
            for slow, fast in zip(self.averaged.parameters(), self.network.parameters(), strict=True):
                slow.lerp_(fast, share)
        return float(found.detach())

    def save(self, path: Path) -> None:
        part = path.with_suffix(".part")
        kept = {
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "steps": self.steps,
            "spent_s": self.spent_s,
        }
        torch.save(kept, part)
        part.rename(path)

    def load(self, path: Path) -> None:
        kept = torch.load(path, weights_only=True)
        self.network.load_state_dict(kept["network"])
        self.averaged.load_state_dict(kept["averaged"])
        self.optimiser.load_state_dict(kept["optimiser"])
        self.steps, self.spent_s = kept["steps"], kept["spent_s"]


def load_network(path: Path) -> BeatNetwork:
    """The averaged weights of a checkpoint."""
    network = BeatNetwork()
    network.load_state_dict(torch.load(path, weights_only=True)["averaged"])
    return network.eval()


def train(
    store: Store,
    work: Path,
    plan: Plan,
    tune: list[Annotated],
    resume: bool = False,
    quiet: bool = False,
    grow: Callable[[int], None] = lambda step: None,
    start: Path | None = None,
) -> Path:
    """Trains until `plan.minutes` are over; returns the checkpoint.

    Every while it measures on `tune` and exports to `work`. `grow` gets the number of each step, and may add to the store. `start`:
    an exported graph to begin with.
    """
    work.mkdir(parents=True, exist_ok=True)
    checkpoint = work / "checkpoint.pt"
    trainer = Trainer(plan, start)
    if resume and checkpoint.is_file():
        trainer.load(checkpoint)
    before_s = trainer.spent_s
    log = Log(work, plan.minutes - before_s / 60, quiet)
    rng = np.random.default_rng([plan.seed, trainer.steps])

    def keep() -> None:
        trainer.save(checkpoint)
        export_stream(trainer.averaged, work / "beats.onnx")
        if tune:
            text = table(measure(trainer.averaged, tune))
            with (work / "measured.txt").open("a") as file:
                file.write(f"step {trainer.steps}, {trainer.spent_s / 60:.1f} minutes, {len(store)} pieces\n{text}\n\n")

    while log.fraction() < 1.0:
        trainer.spent_s = before_s + log.fraction() * log.seconds
        fraction = trainer.spent_s / (60 * plan.minutes)
        found = trainer.step(*batch(rng, store, plan.batch, plan.frames(fraction)), fraction)
        log.add(trainer.steps, loss=found)
        grow(trainer.steps)
        if trainer.steps % plan.measure_every_steps == 0:
            keep()
    keep()
    log.close()
    return checkpoint
