"""pack.toml: what the starter pack says about itself."""

from pathlib import Path

from models.export import pack

from .contract import EMBEDDING_DIM, IMAGE_PX, LATENT_DIM, SAMPLE_RATE_HZ, WINDOW_S
from .encoder import CONTROLS


def write_manifest(folder: Path) -> None:
    """Writes `pack.toml` into the pack's folder."""
    pack.write_manifest(
        folder,
        name="starter",
        title="Starter",
        licence="CC0-1.0",
        description="Starter: hand-made, not trained. Descriptors of the sound drive a painter made of sines.",
        encoder=pack.encoder_section(SAMPLE_RATE_HZ, WINDOW_S, EMBEDDING_DIM, tuple(CONTROLS)),
        generator=pack.generator_section(EMBEDDING_DIM, LATENT_DIM, IMAGE_PX),
    )
