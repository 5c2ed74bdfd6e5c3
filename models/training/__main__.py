"""Trains a pack: music in, pictures in, `encoder.onnx` and `generator.onnx` out.

    python -m models.training                       # edition one of the default pack: Debian's game music, our own art
    python -m models.training --music DIR --images DIR -o my-pack      # from your own music and pictures
    python -m models.training clip --minutes 60 --resume               # one stage, longer
    torchrun --nproc-per-node 4 -m models.training gan --minutes 600   # on four GPUs

Each stage leaves its work under `--work` (checkpoints, log.csv, TensorBoard, sheets) and can be stopped and resumed.
"""

import argparse
from pathlib import Path

from . import pairs
from .clip import train as clip
from .gan import train as gan
from .music import __main__ as music
from .music import debian, grooves
from .music.find import from_folders
from .pack import make_pack

STAGES = ("music", "pairs", "clip", "gan", "pack")
MINUTES = {"clip": 30.0, "gan": 60.0}


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.training", description="Train a pack from music and pictures.")
    parser.add_argument("stages", nargs="*", metavar="STAGE", help=f"of {', '.join(STAGES)}; all of them if none is named")
    parser.add_argument("--music", type=Path, action="append", help="a folder of music of your own; may be repeated")
    parser.add_argument("--images", type=Path, help="a folder of pictures of your own, instead of our art")
    parser.add_argument("--work", type=Path, default=Path("models/.cache"), help="where everything on the way is kept")
    parser.add_argument("-o", "--output", type=Path, default=Path("packs/my-pack"), help="the pack's folder")
    parser.add_argument("--minutes", type=float, help="how long clip and gan train, each")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--pairs", type=int, nargs=3, default=[12000, 400, 900], metavar=("TRAIN", "VALIDATION", "TEST"))
    parser.add_argument("--threads", type=int, default=2, help="CPU threads of training, processes of painting")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    unknown = [stage for stage in arguments.stages if stage not in STAGES]
    if unknown:
        parser.error(f"no stage `{unknown[0]}`; there are {', '.join(STAGES)}")
    return arguments


def recordings(cache: Path, folders: list[Path] | None):
    """The user's own music, or Debian's and the rendered grooves."""
    return from_folders(folders) if folders else debian.recordings(cache) + grooves.recordings(cache / "grooves")


def main() -> None:
    arguments = parse()
    work = arguments.work
    cache, pair_folder = work / "music", work / "pairs"
    common = {"resume": arguments.resume, "seed": arguments.seed, "threads": arguments.threads}
    for stage in arguments.stages or STAGES:
        minutes = arguments.minutes or MINUTES.get(stage, 0.0)
        if stage == "music":
            music.make(cache, recordings(cache, arguments.music), {"clean", "features", "degraded"})
        elif stage == "pairs":
            pairs.make(
                cache, pair_folder, arguments.pairs, workers=arguments.threads, seed=arguments.seed, pictures=arguments.images
            )
        elif stage == "clip":
            clip.train(pair_folder, cache, work / "clip", minutes, **common)
        elif stage == "gan":
            gan.train(pair_folder, cache, work / "clip", work / "gan", minutes, **common)
        else:
            make_pack(pair_folder, cache, work / "clip", work / "gan", arguments.output)


if __name__ == "__main__":
    main()
