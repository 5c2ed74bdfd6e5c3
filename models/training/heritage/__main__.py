"""Trains the heritage GAN, or makes a pack of it.

    python -m models.training.heritage --images images.npy --embeddings embeddings.npy -o RUN --minutes 60 [--resume]
    python -m models.training.heritage export --checkpoint RUN/checkpoint.pt --encoder models/default/encoder.onnx -o PACK
"""

import argparse
import sys
from dataclasses import fields
from pathlib import Path

import torch

from ..devices import choose
from .pairs import load_pairs
from .run import Plan, open_run, run
from .train import Settings, Trainer, read_checkpoint


def train_main(words: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training.heritage", description=__doc__.split("\n")[0])
    parser.add_argument("--images", type=Path, required=True, help="uint8 [N, S, S, 3] as .npy, S a multiple of 64")
    parser.add_argument("--embeddings", type=Path, required=True, help="float32 [N, 512] as .npy, row by row")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder of the run: checkpoint, log, sheets")
    parser.add_argument("--done", type=Path, help="bool [N] as .npy: train on these rows alone, while the rest are painted")
    parser.add_argument("--minutes", type=float, default=60.0, help="stop this run after so many minutes")
    parser.add_argument("--steps", type=int, help="stop earlier, after so many steps of all runs together")
    parser.add_argument("--resume", action="store_true", help="go on with the folder's checkpoint")
    parser.add_argument("--threads", type=int, help="CPU threads; PyTorch's choice where left out")
    parser.add_argument("--save-every-s", type=float, default=120.0, help="seconds between checkpoints")
    for field in fields(Settings):
        name = "--" + field.name.replace("_", "-")
        parser.add_argument(name, type=field.type, default=field.default, help=f"default {field.default:g}")
    args = parser.parse_args(words)
    if args.threads:
        torch.set_num_threads(args.threads)
    settings = Settings(**{field.name: getattr(args, field.name) for field in fields(Settings)})
    where = choose(settings.seed)
    trainer = Trainer(load_pairs(args.images, args.embeddings, args.done), settings, where)
    open_run(trainer, args.output, args.resume)
    precision = "bf16" if where.bf16 else "fp32"
    print(f"{len(trainer.pairs)} pairs, {where.device}, {precision}, conv_dim {settings.conv_dim}, step {trainer.steps}")
    run(trainer, args.output, Plan(args.minutes, args.steps, args.save_every_s))


def export_main(words: list[str]) -> None:
    from .pack import make_pack

    parser = argparse.ArgumentParser(prog="python -m models.training.heritage export", description="Make a pack.")
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True, help="encoder.onnx of a pack, its pack.toml beside it")
    parser.add_argument("-o", "--output", type=Path, default=Path("models/music2image"), help="the pack's folder")
    args = parser.parse_args(words)
    torch.set_num_threads(1)  # sums in one order: the same bytes each time
    make_pack(read_checkpoint(args.checkpoint), args.encoder, args.output)
    for file in sorted(p for p in args.output.rglob("*") if p.is_file()):
        print(f"{file.stat().st_size:>9}  {file}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["export"]:
        export_main(sys.argv[2:])
    else:
        train_main(sys.argv[1:])
