"""The last stage: from checkpoints to a pack's folder."""

import shutil
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from models.export.pack import encoder_section, generator_section, look_section, write_manifest
from models.starter_pack.contract import EMBEDDING_DIM, IMAGE_PX, LATENT_DIM, SAMPLE_RATE_HZ, WINDOW_S
from models.starter_pack.export import example_audio, export
from models.starter_pack.fixtures import write_fixtures
from models.starter_pack.thumbnail import to_bytes

from .clip.audio_tower import AudioTower
from .clip.data import Pairs
from .clip.picture_tower import PICTURE_PX, PictureTower
from .clip.train import embed
from .gan import front
from .gan.generator import Generator
from .look import FAMILIES, KNOBS, decided
from .synaesthesia import CONTROLS

PRODUCER = "klangbild"
# How much of the residual ships: where both of the report's distances to the art are below the painter's alone.
RESIDUAL_STRENGTH = 0.35


def load_towers(clip_folder: Path) -> tuple[AudioTower, PictureTower]:
    """The trained towers, ready to run."""
    stored = torch.load(clip_folder / "clip.pt", map_location="cpu", weights_only=True)
    audio, picture = AudioTower().eval(), PictureTower().eval()
    audio.load_state_dict(stored["audio"])
    picture.load_state_dict(stored["picture"])
    return audio, picture


def write_embeddings(pairs_folder: Path, music: Path, clip_folder: Path) -> np.ndarray:
    """Embeds every training window, for the generator's guidance and its front; kept as `train_embeddings.npy`."""
    audio, _ = load_towers(clip_folder)
    embeddings = embed(audio, Pairs(pairs_folder, music, "train"), torch.device("cpu")).numpy()
    np.save(clip_folder / "train_embeddings.npy", embeddings)
    return embeddings


def make_generator(gan_folder: Path, fitted: front.Front, residual: bool = True) -> Generator:
    """A fitted front, and the core from the checkpoint's average."""
    generator = Generator(residual=residual)
    stored = torch.load(gan_folder / "gan.pt", map_location="cpu", weights_only=True)
    generator.load_core(stored["average"])
    generator.front, generator.core.strength = fitted, RESIDUAL_STRENGTH
    if residual:
        generator.core.residual.widen()
    return generator.eval()


def export_picture_tower(tower: PictureTower, path: Path) -> None:
    """The picture tower for `models.evaluate`: image [n, 3, 64, 64] -> embedding [n, 512], features [n, 256]."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = torch.zeros(2, 3, PICTURE_PX, PICTURE_PX)
    about = "A picture to the place in the embedding space where its music would be. CC0."
    names = ["embedding", "features"]
    export(tower, {"image": image}, names, path, about, producer=PRODUCER, dynamic={name: {0: "n"} for name in ["image", *names]})


def thumbnail(generator: Generator, embeddings: torch.Tensor, path: Path) -> None:
    """Four pictures of four pieces of music far apart, two by two: 256 x 256 pixels."""
    chosen = [0]
    for _ in range(3):
        nearest = (embeddings @ embeddings[chosen].t()).amax(1)
        chosen.append(int(nearest.argmin()))
    z = torch.randn(4, 1, LATENT_DIM, generator=torch.Generator().manual_seed(11))
    with torch.no_grad():
        pictures = [to_bytes(generator(embeddings[i : i + 1], latent)[0]) for i, latent in zip(chosen, z)]
    sheet = np.concatenate([np.concatenate(pictures[:2], axis=1), np.concatenate(pictures[2:], axis=1)])
    Image.fromarray(sheet).resize((256, 256), Image.Resampling.LANCZOS).save(path, optimize=True)


def write_untaught(folder: Path, fitted: front.Front, inputs: dict[str, torch.Tensor], encoder: Path) -> None:
    """A pack of the painter as people wrote it, behind the same front: what adversarial training started from."""
    folder.mkdir(parents=True, exist_ok=True)
    generator = Generator(residual=False)
    generator.front = fitted
    export(generator.with_look(), inputs, ["image", "look"], folder / "generator.onnx", "The painter before training. CC0.", producer=PRODUCER)
    shutil.copyfile(encoder, folder / "encoder.onnx")
    describe(folder, "untaught", "The default pack's painter before adversarial training.")


def describe(folder: Path, name: str, description: str) -> None:
    """Writes the manifest of a trained pack."""
    write_manifest(
        folder,
        name=name,
        title=name.replace("-", " ").capitalize(),
        licence="CC0-1.0",
        description=description,
        encoder=encoder_section(SAMPLE_RATE_HZ, WINDOW_S, EMBEDDING_DIM, tuple(CONTROLS)),
        generator=generator_section(EMBEDDING_DIM, LATENT_DIM, IMAGE_PX),
        look=look_section([*KNOBS, *FAMILIES]),
        thumbnail="thumbnail.png" if (folder / "thumbnail.png").is_file() else None,
    )


def make_pack(pairs_folder: Path, music: Path, clip_folder: Path, gan_folder: Path, output: Path) -> None:
    """Writes graphs, manifest, fixtures and thumbnail; model card, report and licence are not touched.

    Beside the pack, in the work folder, lies what evaluation compares it with: the same generator without its residual, and
    a pack of the painter as it was before the adversary taught it.
    """
    output.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)  # sums in one order: the same bytes each time
    audio, picture = load_towers(clip_folder)
    kept = clip_folder / "train_embeddings.npy"
    embeddings = np.load(kept) if kept.is_file() else write_embeddings(pairs_folder, music, clip_folder)
    embeddings = torch.from_numpy(embeddings)

    about = "Mono sound at 16 kHz to an embedding of length one and controls from 0 to 1. Trained. CC0."
    export(audio, {"audio": example_audio()}, ["embedding", "controls"], output / "encoder.onnx", about, producer=PRODUCER)
    looks = decided(Pairs(pairs_folder, music, "train").soft_looks.numpy())
    fitted = front.train(embeddings, torch.from_numpy(looks).float())
    generator = make_generator(gan_folder, fitted)
    inputs = {"embedding": embeddings[:1], "z": torch.randn(1, LATENT_DIM, generator=torch.Generator().manual_seed(0))}
    about = "An embedding and a latent z to a picture, sRGB-coded, -1 to 1. Trained. CC0."
    export(generator.with_look(), inputs, ["image", "look"], output / "generator.onnx", about, producer=PRODUCER)
    bare = make_generator(gan_folder, fitted, residual=False)
    export(bare, inputs, ["image"], gan_folder / "decoder_only.onnx", about, producer=PRODUCER)
    write_untaught(gan_folder / "untaught", fitted, inputs, output / "encoder.onnx")
    export_picture_tower(picture, output / "picture_tower.onnx")
    thumbnail(generator, embeddings, output / "thumbnail.png")
    write_fixtures(audio, generator, output)
    if not (output / "pack.toml").is_file():
        name = output.resolve().name.lower().replace("_", "-").replace(" ", "-")
        describe(output, name, "Trained on pairs of music and pictures.")
