"""pack.toml: what a pack says about itself."""

from pathlib import Path

from .contract import EMBEDDING_DIM, IMAGE_PX, LATENT_DIM, SAMPLE_RATE_HZ, WINDOW_S
from .encoder import CONTROLS


def write_manifest(folder: Path) -> None:
    """Writes `pack.toml` into the pack's folder."""
    names = ", ".join(f'"{name}"' for name in CONTROLS)
    (folder / "pack.toml").write_text(
        f"""format = 1
name = "starter"
title = "Starter"
version = "0.1.0"
authors = ["The Klangbild authors"]
licence = "CC0-1.0"
description = "Starter: hand-made, not trained. Descriptors of the sound drive a painter made of sines."
thumbnail = "thumbnail.png"

[encoder]
file = "encoder.onnx"
sample_rate_hz = {SAMPLE_RATE_HZ}
window_s = {WINDOW_S}
input = "audio"            # float32 [1, {int(SAMPLE_RATE_HZ * WINDOW_S)}], mono
embedding = "embedding"    # float32 [1, {EMBEDDING_DIM}], length one
controls = "controls"      # float32 [1, {len(CONTROLS)}], each 0 to 1; all zero in silence
control_names = [{names}]

[generator]
file = "generator.onnx"
embedding = "embedding"    # float32 [1, {EMBEDDING_DIM}], length one
latent = "z"               # float32 [1, {LATENT_DIM}]
distribution = "normal"    # each entry of z from a standard normal distribution
image = "image"            # float32 [1, 3, {IMAGE_PX}, {IMAGE_PX}], sRGB-coded
range = [-1.0, 1.0]
width_px = {IMAGE_PX}
height_px = {IMAGE_PX}
"""
    )
