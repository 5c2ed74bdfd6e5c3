"""From weights to a pack's folder: the second painter behind the encoder that ships.

    python -m models.training.latent.pack --from models/default -o packs/candidate

Encoder, its fixtures and the licence are taken over; generator, its fixtures, manifest and thumbnail are made anew. Model card
and report are not touched.
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from models.export import half
from models.export.pack import encoder_section, generator_section, look_section, size_section, write_manifest
from models.starter_pack.contract import EMBEDDING_DIM, LATENT_DIM, SAMPLE_RATE_HZ, WINDOW_S
from models.starter_pack.export import export
from models.starter_pack.fixtures import IMAGE_STEP
from models.starter_pack.thumbnail import to_bytes

from ..look import FAMILIES, KNOBS
from ..synaesthesia import CONTROLS
from . import eight_bits, hearing, remember, shipped, train_autoencoder, train_finer, train_refiner, weights
from .finer import Finer
from .generator import FINER_PX, FURTHER_PX, HEIGHT_PX, WIDTH_PX, LatentGenerator
from .share import WEIGHTS, share

ABOUT = "An embedding and a latent z to a picture, sRGB-coded, -1 to 1, and its look. Trained. CC0."
DESCRIPTION = "Trained from scratch: an encoder in the manner of CLIP, and a painter that chooses, from a memory of our own art, what the music looks like."
TAKEN_OVER = ("encoder.onnx", "LICENSE")


def load_generator(folder: Path = weights.FOLDER, memory: Path | None = None, front: Path = shipped.GENERATOR) -> LatentGenerator:
    """The generator of the weights in `folder`; the front is that of a graph that ships, and so is the memory where none was
    filled since. Without a refiner's weights borders stay as they are."""
    later = folder / remember.FILE
    filled = remember.load(memory or (later if later.is_file() else front))
    generator = LatentGenerator(0, held=filled.held)
    generator.memory = filled
    generator.front = shipped.front(front)
    weights.load(folder / train_autoencoder.FILE, decoder=generator.decoder)
    if (folder / train_refiner.FILE).is_file():
        weights.load(folder / train_refiner.FILE, refiner=generator.refiner)
    else:
        generator.refiner = None
    return generator.eval().requires_grad_(False)


def thumbnail(generator: LatentGenerator, path: Path) -> None:
    """Four pictures of four pieces of music far apart, two by two, the middle of each: 256 x 256 pixels."""
    embeddings = torch.from_numpy(hearing.load()["test"])
    chosen = [0]
    for _ in range(3):
        chosen.append(int((embeddings @ embeddings[chosen].t()).amax(1).argmin()))
    z = torch.randn(4, 1, LATENT_DIM, generator=torch.Generator().manual_seed(11))
    left = (WIDTH_PX - HEIGHT_PX) // 2
    with torch.no_grad():
        pictures = [to_bytes(generator(embeddings[i : i + 1], latent)[0])[:, left : left + HEIGHT_PX] for i, latent in zip(chosen, z)]
    sheet = np.concatenate([np.concatenate(pictures[:2], axis=1), np.concatenate(pictures[2:], axis=1)])
    Image.fromarray(sheet).resize((256, 256), Image.Resampling.LANCZOS).save(path, optimize=True)


def renew_fixtures(generator: LatentGenerator, folder: Path) -> None:
    """Paints the pictures of the generator's cases anew, from their stored embeddings and latents."""
    index = json.loads((folder / "index.json").read_text())

    def stored(entry: dict) -> torch.Tensor:
        return torch.from_numpy(np.fromfile(folder / entry["file"], "<f4").reshape(entry["shape"]))

    for case in index["generator"]:
        image = generator(stored(case["embedding"]), stored(case["z"]))[:, :, ::IMAGE_STEP, ::IMAGE_STEP]
        (folder / case["image"]["file"]).write_bytes(image.contiguous().numpy().astype("<f4").tobytes())
        case["image"]["shape"], case["image_step"] = list(image.shape), IMAGE_STEP
    (folder / "index.json").write_text(json.dumps(index, indent=1) + "\n")


def load_finer(folder: Path) -> Finer | None:
    """What makes pictures finer, of the weights in `folder`; none where it was not trained."""
    if not (folder / train_finer.FILE).is_file():
        return None
    weights.load(folder / train_finer.FILE, finer=(finer := Finer()))
    return finer.eval().requires_grad_(False)


def make_pack(
    generator: LatentGenerator, source: Path, output: Path, name: str = "default", version: str = "0.3.0", finer: Finer | None = None
) -> None:
    """Writes the pack, at large sizes too where there is something that makes pictures finer. `source` is a pack with the encoder that
    the memory's keys belong to; it may be `output` itself."""
    torch.set_num_threads(1)  # sums in one order: the same bytes each time
    output.mkdir(parents=True, exist_ok=True)
    if source.resolve() != output.resolve():
        for name_of_file in TAKEN_OVER:
            shutil.copyfile(source / name_of_file, output / name_of_file)
        shutil.copytree(source / "fixtures", output / "fixtures", dirs_exist_ok=True)
    embeddings = torch.from_numpy(hearing.load()["train"][:1])
    inputs = {"embedding": embeddings, "z": torch.randn(1, LATENT_DIM, generator=torch.Generator().manual_seed(0))}
    sizes = {(WIDTH_PX, HEIGHT_PX): generator} | {size: generator.sized(*size) for size in FURTHER_PX}
    if finer is not None:
        sizes |= {size: generator.sized(*size, finer) for size in FINER_PX}
    graphs = {}
    for (width, height), sized in sizes.items():
        graph = output / (f"generator.{width}x{height}.onnx" if graphs else "generator.onnx")
        export(sized.with_look(), inputs, ["image", "look"], graph, ABOUT, producer="klangbild")
        eight_bits.quantise(graph, eight_bits.beside(graph))
        half.write(graph)
        graphs[width, height] = graph
    share([beside for graph in graphs.values() for beside in (graph, eight_bits.beside(graph), half.beside(graph))], output / WEIGHTS)
    thumbnail(generator, output / "thumbnail.png")
    renew_fixtures(generator, output / "fixtures")
    write_manifest(
        output,
        name=name,
        title=name.replace("-", " ").capitalize(),
        version=version,
        licence="CC0-1.0",
        description=DESCRIPTION,
        encoder=encoder_section(SAMPLE_RATE_HZ, WINDOW_S, EMBEDDING_DIM, tuple(CONTROLS)),
        generator=generator_section(EMBEDDING_DIM, LATENT_DIM, (WIDTH_PX, HEIGHT_PX), on_processor=eight_bits.FILE, half=half.beside(output / "generator.onnx").name),
        sizes=tuple(
            size_section(size, graph.name, eight_bits.beside(graph).name, half.beside(graph).name) for size, graph in list(graphs.items())[1:]
        ),
        look=look_section([*KNOBS, *FAMILIES]),
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training.latent.pack", description="Writes a pack of the second painter.")
    parser.add_argument("--weights", type=Path, default=weights.FOLDER)
    parser.add_argument("--memory", type=Path, help="a memory other than the one beside the weights")
    parser.add_argument("--from", dest="source", type=Path, default=Path("models/default"), help="the pack whose encoder is taken over")
    parser.add_argument("-o", "--output", type=Path, required=True)
    a = parser.parse_args()
    make_pack(load_generator(a.weights, a.memory, a.source / "generator.onnx"), a.source, a.output, finer=load_finer(a.weights))


if __name__ == "__main__":
    main()
