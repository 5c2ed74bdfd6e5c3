"""A training run in a folder: progress bar, `log.csv`, sample sheets, and a checkpoint to resume from."""

import time
from dataclasses import dataclass
from pathlib import Path

from ..progress import Log
from .samples import write_sheet
from .train import Trainer

CHECKPOINT = "checkpoint.pt"


@dataclass(frozen=True)
class Plan:
    """When to stop and what to write. The run ends at the first of `minutes` (of this run) and `steps` (of all runs)."""

    minutes: float
    steps: int | None = None
    save_every_s: float = 120.0  # seconds between checkpoints, each with a sample sheet


def open_run(trainer: Trainer, folder: Path, resume: bool) -> None:
    """Loads the folder's checkpoint, or makes sure that there is none to overwrite."""
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = folder / CHECKPOINT
    if resume and checkpoint.exists():
        trainer.load(checkpoint)
    elif resume:
        raise SystemExit(f"{checkpoint} is not there: leave out --resume to start anew")
    elif checkpoint.exists():
        raise SystemExit(f"{checkpoint} is there already: --resume goes on with it, or name another folder")


def run(trainer: Trainer, folder: Path, plan: Plan) -> None:
    """Trains until the plan says stop. A keyboard interrupt still saves."""
    log = Log(folder, plan.minutes)
    before = time.monotonic()
    save_at = before + plan.save_every_s
    try:
        while log.fraction() < 1 and (plan.steps is None or trainer.steps < plan.steps):
            losses = trainer.step()
            now = time.monotonic()
            log.add(trainer.steps, **losses, images_per_s=trainer.settings.batch / (now - before))
            if now >= save_at:
                save(trainer, folder)
                save_at = time.monotonic() + plan.save_every_s
            before = time.monotonic()
    except KeyboardInterrupt:
        print("stopped by hand: saving")
    finally:
        log.close()
    save(trainer, folder)


def save(trainer: Trainer, folder: Path) -> None:
    """Writes the checkpoint and a sheet of what it paints."""
    trainer.save(folder / CHECKPOINT)
    write_sheet(trainer, folder / f"sample-{trainer.steps:07d}.png")
