"""Writes a set: python -m models.beats.music SET_DIR --split tune|keep|all --per-group N --seconds S."""

import argparse
from pathlib import Path

from .write import SET_GROUPS, write_set


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.beats.music", description="Writes annotated pieces.")
    parser.add_argument("folder", type=Path, help="where the pieces go; with --split all into its folders tune and keep")
    parser.add_argument("--split", choices=("tune", "keep", "all"), default="all")
    parser.add_argument("--per-group", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=32.0)
    parser.add_argument("--group", action="append", choices=SET_GROUPS, help="only this one; may be given again")
    args = parser.parse_args()
    for split in ("tune", "keep") if args.split == "all" else (args.split,):
        folder = args.folder / split if args.split == "all" else args.folder
        stems = write_set(folder, split, args.per_group, args.seconds, tuple(args.group or SET_GROUPS))
        print(f"{folder}: {len(stems)} pieces")


if __name__ == "__main__":
    main()
