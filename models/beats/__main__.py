"""Trains the beat network on music that is composed here.

    python -m models.beats                        # as shipped: compose, train an hour, models/beats/beats.onnx
    python -m models.beats --minutes 600 --resume # longer
    python -m models.beats --start models/beats/beats.onnx   # on from what ships
    python -m models.beats.export CHECKPOINT -o models/beats/beats.onnx

What lies in `--work` (pieces, checkpoint, log.csv, measured.txt, beats.onnx) is kept, so a training can be stopped and resumed.
"""

import argparse
import shutil
from pathlib import Path

import torch

from .network.measure import read_set
from .network.practice import Practice
from .network.store import Store
from .network.train import Plan, train

# Training begins with these.
FIRST_PIECES = 240


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.beats", description="Train the beat network.")
    parser.add_argument("--work", type=Path, default=Path("models/.cache/beats"), help="where everything on the way is kept")
    parser.add_argument("-o", "--output", type=Path, default=Path("models/beats/beats.onnx"))
    parser.add_argument("--pieces", type=int, default=4000, help="how many pieces of 20 s are composed, in all")
    parser.add_argument("--fluid", type=float, default=0.4, help="share that FluidSynth and MMA play; 0 where they are missing")
    parser.add_argument("--tune", type=Path, help="a set made with --split tune: measured on the way")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--start", type=Path, help="an exported graph whose weights the training begins with")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    arguments = parse()
    torch.set_num_threads(arguments.threads)
    store = Store(arguments.work / "pieces")
    practice = Practice(store, arguments.fluid)
    while practice.pieces < min(FIRST_PIECES, arguments.pieces):
        practice.add()

    def grow(step: int) -> None:
        """A new piece every other step: composing goes on while the network learns from what is there."""
        if step % 2 == 0 and practice.pieces < arguments.pieces:
            practice.add()

    tune = read_set(arguments.tune) if arguments.tune else []
    plan = Plan(arguments.minutes, seed=arguments.seed)
    train(store, arguments.work, plan, tune, arguments.resume, grow=grow, start=arguments.start)
    shutil.copyfile(arguments.work / "beats.onnx", arguments.output)


if __name__ == "__main__":
    main()
