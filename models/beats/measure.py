"""What the network alone says of a set of annotated pieces: `python -m models.beats.measure SET_DIR`.

Prints F of plain peaks by group. `--activations FOLDER` also writes NAME.npy, float32 [frames, 6], for each piece: row t is about
(t + 1 - DELAY_FRAMES) * 20 ms.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from .network.measure import activations, measure, read_set, table
from .network.train import load_network


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.beats.measure", description=__doc__)
    parser.add_argument("set", type=Path, help="a folder of NAME.wav and NAME.json")
    parser.add_argument("--checkpoint", type=Path, default=Path("models/.cache/beats/checkpoint.pt"))
    parser.add_argument("--activations", type=Path, help="a folder to write them to")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    network, pieces = load_network(arguments.checkpoint), read_set(arguments.set)
    if arguments.activations:
        arguments.activations.mkdir(parents=True, exist_ok=True)
        for piece in pieces:
            np.save(arguments.activations / f"{piece.name}.npy", activations(network, piece.power))
    print(table(measure(network, pieces)))


if __name__ == "__main__":
    main()
