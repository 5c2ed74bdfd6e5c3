"""A checkpoint of the beat network as ONNX: `python -m models.beats.export CHECKPOINT -o models/beats/beats.onnx`."""

import argparse
from pathlib import Path

from .network.stream import export_stream
from .network.train import load_network


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.beats.export", description=__doc__)
    parser.add_argument("checkpoint", type=Path, nargs="?", default=Path("models/.cache/beats/checkpoint.pt"))
    parser.add_argument("-o", "--output", type=Path, default=Path("models/beats/beats.onnx"))
    arguments = parser.parse_args()
    export_stream(load_network(arguments.checkpoint), arguments.output)
    print(f"{arguments.output}: {arguments.output.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
