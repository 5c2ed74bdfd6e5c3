"""Makes the starter pack.

    python -m models.starter_pack -o models/starter
"""

import argparse
from pathlib import Path

import torch

from .encoder import Encoder
from .export import export_encoder, export_generator
from .fixtures import write_fixtures
from .generator import Generator
from .manifest import write_manifest
from .thumbnail import write_thumbnail


def make_pack(folder: Path) -> None:
    """Writes every generated file of the pack; the model card and the licence are written by hand."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)  # sums in one order: the same bytes each time
    encoder, generator = Encoder().eval(), Generator().eval()
    export_encoder(encoder, folder / "encoder.onnx")
    export_generator(generator, folder / "generator.onnx")
    write_manifest(folder)
    write_fixtures(encoder, generator, folder)
    write_thumbnail(encoder, generator, folder / "thumbnail.png")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the starter pack.")
    parser.add_argument("-o", "--output", type=Path, default=Path("models/starter"), help="the pack's folder")
    output = parser.parse_args().output
    make_pack(output)
    for file in sorted(p for p in output.rglob("*") if p.is_file()):
        print(f"{file.stat().st_size:>9}  {file}")


if __name__ == "__main__":
    main()
