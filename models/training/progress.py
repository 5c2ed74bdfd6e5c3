"""What a long training leaves behind: a progress bar, a CSV log, TensorBoard where it is installed, sample sheets."""

import csv
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from tqdm import tqdm


class Log:
    """Writes running means of losses to `log.csv` (and TensorBoard), and shows them on a progress bar by minutes."""

    EVERY_S = 15.0

    def __init__(self, folder: Path, minutes: float, quiet: bool = False):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.seconds, self.start = folder, minutes * 60, time.monotonic()
        self.bar = tqdm(total=round(self.seconds), unit="s", disable=quiet, desc=folder.name)
        self.means: dict[str, float] = {}
        self.next = self.start + self.EVERY_S
        try:
            from torch.utils.tensorboard import SummaryWriter

            self.board = SummaryWriter(folder / "tensorboard")
        except ImportError:  # an extra: the CSV has the same numbers
            self.board = None

    def fraction(self) -> float:
        """How much of the time is over, 0 to 1."""
        return min(1.0, (time.monotonic() - self.start) / max(self.seconds, 1e-9))

    def add(self, step: int, **losses: float) -> None:
        for name, value in losses.items():
            self.means[name] = self.means.get(name, value) * 0.95 + 0.05 * value
        now = time.monotonic()
        self.bar.n = min(round(now - self.start), self.bar.total)
        if now < self.next:
            return
        self.next = now + self.EVERY_S
        self.bar.set_postfix_str(f"step {step} " + " ".join(f"{k} {v:.3f}" for k, v in self.means.items()))
        path = self.folder / "log.csv"
        fresh = not path.is_file()
        with path.open("a", newline="") as file:
            writer = csv.writer(file)
            # A line for each loss: some come in only later.
            if fresh:
                writer.writerow(["seconds", "step", "name", "value"])
            writer.writerows([round(now - self.start), step, name, round(value, 5)] for name, value in self.means.items())
        if self.board:
            for name, value in self.means.items():
                self.board.add_scalar(name, value, step)

    def close(self) -> None:
        self.bar.close()
        if self.board:
            self.board.close()


def save_sheet(rows: list[torch.Tensor], path: Path) -> None:
    """Rows of pictures [B, 3, S, S], -1 to 1, as one PNG."""
    strips = []
    for row in rows:
        pictures = ((row.detach().float().cpu().clamp(-1, 1) + 1) * 127.5 + 0.5).byte().permute(0, 2, 3, 1).numpy()
        strips.append(np.concatenate(list(pictures), axis=1))
    Image.fromarray(np.concatenate(strips)).save(path)
