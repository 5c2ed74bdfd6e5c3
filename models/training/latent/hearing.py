"""What music says to the memory: the encoder's embeddings of real music, kept so that training needs no music at hand.

    python -m models.training.latent.hearing ~/Music -o models/.cache/latent/embeddings.npz

Windows every ten seconds; every fifth track is held out, by the order of their names.
"""

import argparse
from pathlib import Path

import numpy as np
from tqdm import tqdm

from models.evaluate.packs import session
from models.starter_pack.contract import SAMPLE_RATE_HZ, WINDOW_SAMPLES

from ..music.decode import decode
from ..music.find import audio_files
from . import weights

HOP_S = 10.0
HELD_OUT_EVERY = 5
KEPT = weights.FOLDER / "embeddings.npz"


def embed(folders: list[Path], encoder: Path) -> dict[str, np.ndarray]:
    """`train` and `test`: embeddings [n, 512] float16; `train_track` and `test_track`: which track each is of, int16 [n]."""
    hear = session(encoder)
    found: dict[str, list] = {name: [] for name in ("train", "test", "train_track", "test_track")}
    tracks = sorted(file for folder in folders for file in audio_files(folder))
    for number, file in enumerate(tqdm(tracks, desc="embeddings of music")):
        sound = decode(file).astype(np.float32) / 32768
        split = "test" if number % HELD_OUT_EVERY == HELD_OUT_EVERY - 1 else "train"
        for end in range(WINDOW_SAMPLES, len(sound), round(HOP_S * SAMPLE_RATE_HZ)):
            window = sound[end - WINDOW_SAMPLES : end]
            if np.abs(window).max() > 1e-3:
                (embedding,) = hear.run(["embedding"], {"audio": window[None]})
                found[split].append(embedding[0].astype(np.float16))
                found[f"{split}_track"].append(number)
    return {name: np.array(rows, np.int16 if name.endswith("track") else np.float16) for name, rows in found.items()}


def load(path: Path = KEPT) -> dict[str, np.ndarray]:
    """The kept embeddings, float32."""
    with np.load(path) as kept:
        return {name: kept[name].astype(np.float32 if kept[name].ndim == 2 else np.int64) for name in kept.files}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training.latent.hearing", description=__doc__.splitlines()[0])
    parser.add_argument("music", type=Path, nargs="+")
    parser.add_argument("-o", "--output", type=Path, default=KEPT)
    parser.add_argument("--encoder", type=Path, default=Path("models/default/encoder.onnx"))
    arguments = parser.parse_args()
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(arguments.output, **embed(arguments.music, arguments.encoder))


if __name__ == "__main__":
    main()
