"""The pack `music2image`: a trained generator behind the encoder of another pack, in a folder that needs nothing else.

The model card is written by hand.
"""

import shutil
import tomllib
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from models.export.pack import Noted, write_manifest
from models.starter_pack.contract import SAMPLE_RATE_HZ, WINDOW_S

from .fixtures import write_fixtures
from .graph import IMAGE, INPUT, FoldedGenerator, write_onnx
from .networks import EMBEDDING_DIM, IMAGE_PX, NOISE_DIM, Music2ImageGenerator
from .thumbnail import write_thumbnail

PARITY = 1e-4  # largest difference to allow between ONNX Runtime and PyTorch, of a range of 2
LICENCE = """\
The music2image pack (encoder.onnx, generator.onnx, thumbnail.png and the fixtures) is dedicated to the public domain under
CC0 1.0 Universal: https://creativecommons.org/publicdomain/zero/1.0/

The Python code that makes it is licensed as the rest of this repository: MIT OR Apache-2.0.
"""


def trained_generator(checkpoint: dict) -> Music2ImageGenerator:
    """The averaged generator of a checkpoint."""
    generator = Music2ImageGenerator(checkpoint["settings"]["conv_dim"])
    generator.load_state_dict(checkpoint["averaged"])
    return generator.eval()


def read_encoder_section(encoder: Path) -> dict:
    """[encoder] of the pack that the encoder comes from; checked to be one that the fixtures' sounds fit."""
    manifest = encoder.parent / "pack.toml"
    if not encoder.is_file() or not manifest.is_file():
        raise SystemExit(f"{encoder} and {manifest} must both be there: --encoder names the encoder of a whole pack")
    section = tomllib.loads(manifest.read_text(encoding="utf-8"))["encoder"]
    found = (section["sample_rate_hz"], section["window_s"])
    if found != (SAMPLE_RATE_HZ, WINDOW_S):
        raise SystemExit(f"{manifest}: {found[0]} Hz and {found[1]} s, expected {SAMPLE_RATE_HZ} Hz and {WINDOW_S} s")
    return section | {"file": "encoder.onnx"}


def generator_section(embedding_norm: float) -> dict:
    """[generator]: one input float32 [1, 1024], the embedding at its length in training, then the noise."""
    return {
        "file": "generator.onnx",
        "joined": {"input": INPUT, "order": ["embedding", "latent"]},
        "embedding_dim": EMBEDDING_DIM,
        "embedding_norm": Noted(round(embedding_norm, 6), "the length that embeddings had in training"),
        "latent_dim": NOISE_DIM,
        "distribution": Noted("normal", "each entry of the noise from a standard normal distribution"),
        "image": Noted(IMAGE, f"float32 [1, 3, {IMAGE_PX}, {IMAGE_PX}], sRGB-coded"),
        "range": [-1.0, 1.0],
        "width_px": IMAGE_PX,
        "height_px": IMAGE_PX,
    }


def open_session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


@torch.no_grad()
def check_parity(folded: FoldedGenerator, path: Path, embedding_norm: float) -> float:
    """Largest difference between ONNX Runtime and PyTorch over a few inputs; an error where it is too large."""
    session, rng, worst = open_session(path), torch.Generator().manual_seed(2), 0.0
    for _ in range(8):
        joined = torch.randn(1, EMBEDDING_DIM + NOISE_DIM, generator=rng)
        joined[:, :EMBEDDING_DIM] *= embedding_norm / EMBEDDING_DIM**0.5
        painted = session.run([IMAGE], {INPUT: joined.numpy()})[0]
        worst = max(worst, float(np.abs(painted - folded(joined).numpy()).max()))
    if not worst < PARITY:
        raise SystemExit(f"{path}: ONNX Runtime differs from PyTorch by {worst:.1e}, expected less than {PARITY:.0e}")
    return worst


def make_pack(checkpoint: dict, encoder: Path, folder: Path) -> None:
    """Writes every file of the pack but the model card."""
    section = read_encoder_section(encoder)
    folder.mkdir(parents=True, exist_ok=True)
    settings = checkpoint["settings"]
    folded, norm = FoldedGenerator(trained_generator(checkpoint)), settings["embedding_norm"]
    shutil.copyfile(encoder, folder / "encoder.onnx")
    about = f"Music2ImageGenerator, conv_dim {settings['conv_dim']}: embedding (length {norm:.3f}) and noise to a picture. CC0."
    write_onnx(folded, folder / "generator.onnx", about)
    print(f"ONNX Runtime differs from PyTorch by at most {check_parity(folded, folder / 'generator.onnx', norm):.1e}")
    write_manifest(
        folder,
        name="music2image",
        title="Music2Image",
        licence="CC0-1.0",
        description=f"The GAN that Klangbild's idea comes from, trained on Klangbild's art: {IMAGE_PX} pixels, unconditional.",
        encoder=section,
        generator=generator_section(norm),
    )
    ear = open_session(folder / "encoder.onnx")
    write_fixtures(ear, section, folded, norm, folder)
    write_thumbnail(ear, section, folded, norm, folder / "thumbnail.png")
    (folder / "LICENSE").write_text(LICENCE, encoding="utf-8")
