"""A contact sheet: rows of one sound each, columns of one latent each, and a last row that walks slowly through z.

    python -m models.starter_pack.contact_sheet SHEET.png [FOLDER...]

With folders of music a row is a track; without, it is one of the fixtures' sounds.
"""

import argparse
import math

import numpy as np
import torch
from PIL import Image

from . import music
from .contract import LATENT_DIM, WINDOW_SAMPLES
from .encoder import Encoder
from .fixtures import sounds
from .generator import Generator
from .thumbnail import to_bytes

ROWS, COLUMNS = 6, 8
WALK_STEP_RAD = 0.03


def windows(folders: list[str]) -> list[torch.Tensor]:
    """Three seconds out of the middle of each of a few tracks spread over the folders."""
    if not folders:
        return list(sounds().values())
    paths = music.find(folders)
    tracks = [music.decode(path) for path in paths[:: max(1, len(paths) // ROWS)][:ROWS]]
    tracks = [t for t in tracks if len(t) > WINDOW_SAMPLES]
    return [torch.from_numpy(t[(len(t) - WINDOW_SAMPLES) // 2 :][:WINDOW_SAMPLES].copy())[None] for t in tracks]


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description="Paint a contact sheet of the starter pack.")
    parser.add_argument("sheet", help="PNG to write")
    parser.add_argument("folders", nargs="*", help="folders of audio files")
    arguments = parser.parse_args()
    encoder, generator = Encoder().eval(), Generator().eval()
    latents = torch.randn(COLUMNS, 1, LATENT_DIM, generator=torch.Generator().manual_seed(1))
    embeddings = [encoder(window)[0] for window in windows(arguments.folders)]
    rows = [[generator(embedding, z) for z in latents] for embedding in embeddings]
    angles = [WALK_STEP_RAD * i for i in range(COLUMNS)]
    rows.append([generator(embeddings[0], latents[0] * math.cos(a) + latents[1] * math.sin(a)) for a in angles])
    picture = np.concatenate([np.concatenate([to_bytes(image[0]) for image in row], axis=1) for row in rows])
    Image.fromarray(picture).save(arguments.sheet)


if __name__ == "__main__":
    main()
