"""A pack from a foreign encoder and the generator of a pack that there is: export, parity, bridge, manifest, card."""

import argparse
import shutil
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from torch import nn

from models.starter_pack.export import export

from . import bridge, parity
from .card import bridge_text, card
from .errors import ExportError
from .pack import bridge_section, encoder_section, write_manifest
from .windows import WINDOWS, Ear, listen

STEPS = 5
DEFAULT_GENERATOR = Path("models/default")


@dataclass(frozen=True)
class Foreign:
    """An encoder that others trained."""

    name: str
    title: str
    module: nn.Module  # audio [1, n] -> embedding [1, embedding_dim]
    reference: Callable[[np.ndarray], np.ndarray]  # the same in the reference implementation: [n] -> [embedding_dim]
    sample_rate_hz: int
    window_s: float
    embedding_dim: int
    authors: tuple[str, ...]
    source: str  # for the card: where it comes from
    licence_file: Path | None = None  # the licence's text

    @property
    def samples(self) -> int:
        return round(self.window_s * self.sample_rate_hz)


@dataclass(frozen=True)
class Base:
    """The pack whose generator is used."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def ear(self) -> Ear:
        """Its own encoder."""
        says = self.manifest["encoder"]
        encode = parity.open_encoder(self.folder / says["file"], says["input"], says["embedding"])
        return Ear(encode, says["sample_rate_hz"], says["window_s"])


def step(number: int, what: str) -> None:
    """One line of progress."""
    print(f"[{number}/{STEPS}] {what}", flush=True)


def add_options(parser: argparse.ArgumentParser, licence: str | None) -> None:
    """The options that all exporters share. Without a `licence` it is the checkpoint's own."""
    generator = "pack whose generator paints (%(default)s)"
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="PACK", help="the new pack's folder")
    parser.add_argument("--generator", type=Path, default=DEFAULT_GENERATOR, metavar="PACK", help=generator)
    parser.add_argument("--music", type=Path, metavar="DIR", help="folder of music to fit the bridge on; else it is arbitrary")
    parser.add_argument("--windows", type=int, default=WINDOWS, help="windows of music to fit on, about (%(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="threads for the fit's encoders (%(default)s)")
    said = licence or "what the checkpoint's README.md says, else unknown"
    parser.add_argument("--licence", default=licence, metavar="SPDX", help=f"licence of the encoder's weights ({said})")


def read_base(folder: Path) -> Base:
    """The pack `folder`, or one line about what is wrong with it."""
    path = folder / "pack.toml"
    if not path.is_file():
        raise ExportError(f"{path}: no such file; name a pack that has a generator with --generator, such as models/starter")
    try:
        manifest = tomllib.loads(path.read_text(encoding="utf-8"))
        files = [manifest["encoder"]["file"], manifest["generator"]["file"]]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise ExportError(f"{path}: not a manifest of a pack ({error}); try `klangbild pack check {folder}`") from None
    for file in files:
        if not (folder / file).is_file():
            raise ExportError(f"{folder / file}: no such file, but pack.toml names it; make the pack {folder} anew")
    if "bridge" in manifest:
        raise ExportError(f"{path}: has a bridge, so its encoder is a foreign one too; name the pack that it was made from")
    if "embedding" not in manifest["generator"] and "joined" not in manifest["generator"]:
        raise ExportError(f"{path}: its generator takes no embedding, so there is nothing to lead one to; name another pack")
    return Base(folder, manifest)


def build(foreign: Foreign, options: argparse.Namespace) -> None:
    """Writes the pack. pack.toml comes last, so a pack that is not whole does not look like one."""
    base, folder = read_base(options.generator), options.output
    if folder.resolve() == base.folder.resolve():
        raise ExportError(f"{folder}: is the generator's own pack; give another folder with -o")
    if options.music and not options.music.is_dir():
        raise ExportError(f"{options.music}: not a folder; give a folder of music with --music")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.toml").unlink(missing_ok=True)
    torch.set_num_threads(1)
    encoder = folder / "encoder.onnx"
    step(2, f"exporting {encoder}")
    export_encoder(foreign, encoder)
    print(f"      {encoder.stat().st_size / 1e6:.1f} MB, {foreign.samples} samples a window", flush=True)
    step(3, "comparing ONNX Runtime with PyTorch")
    parity.check(encoder, foreign.reference, foreign.samples, foreign.sample_rate_hz)
    fit = write_bridge(foreign, base, folder, options)
    step(5, f"writing {folder / 'pack.toml'}")
    write_rest(foreign, base, folder, options, fit)
    print(f"done: try `klangbild pack check {folder}`, then `klangbild render SONG -o video.mp4 --pack {folder}`", flush=True)


def export_encoder(foreign: Foreign, path: Path) -> None:
    """audio [1, samples] -> embedding [1, embedding_dim], at a fixed length."""
    about = f"{foreign.title}: mono sound at {foreign.sample_rate_hz} Hz to an embedding of length one."
    sound = parity.sounds(foreign.samples, foreign.sample_rate_hz)["drums"][None]
    export(foreign.module, {"audio": torch.from_numpy(sound)}, ["embedding"], path, about, "klangbild models.export", fold=True)


def write_bridge(foreign: Foreign, base: Base, folder: Path, options: argparse.Namespace) -> bridge.Fit | None:
    """bridge.npy: fitted on music, or arbitrary."""
    own = base.ear
    fit = None
    if options.music:
        step(4, f"fitting the bridge on {options.music}")
        encode = parity.open_encoder(folder / "encoder.onnx", threads=options.threads)
        heard = listen(options.music, Ear(encode, foreign.sample_rate_hz, foreign.window_s), own, options.windows)
        fit = bridge.fit(*heard)
        figures = f"cosine {fit.cosine:.3f} (always the mean: {fit.mean_cosine:.3f}), spread {fit.spread:.2f}"
        print(f"      on held-out tracks: {figures}", flush=True)
        matrix = fit.matrix
    else:
        step(4, "no --music: a seeded orthonormal bridge, which knows nothing of music")
        silence = np.zeros(round(own.window_s * own.sample_rate_hz), np.float32)
        matrix = bridge.orthonormal(len(own.encode(silence)), foreign.embedding_dim)
    np.save(folder / "bridge.npy", np.ascontiguousarray(matrix, dtype="<f4"))
    return fit


def generator_files(base: Base) -> list[str]:
    """All that the generator is made of: a graph for each size, precision and kind of machine, and the files of weights that they name."""
    says = base.manifest["generator"]
    graphs = [section[key] for section in (says, *says.get("size", ())) for key in ("file", "on_processor", "half") if key in section]
    tensors = [tensor for graph in graphs for tensor in onnx.load(base.folder / graph, load_external_data=False).graph.initializer]
    weights = {entry.value for tensor in tensors for entry in tensor.external_data if entry.key == "location"}
    return [*graphs, *sorted(weights)]


def write_rest(foreign: Foreign, base: Base, folder: Path, options: argparse.Namespace, fit: bridge.Fit | None) -> None:
    """Generator, thumbnail, card and manifest."""
    says, generator = base.manifest, dict(base.manifest["generator"])
    for file in generator_files(base):
        shutil.copyfile(base.folder / file, folder / file)
    sizes = tuple(generator.pop("size", ()))
    thumbnail = says.get("thumbnail")
    if thumbnail:
        shutil.copyfile(base.folder / thumbnail, folder / "thumbnail.png")
    for file, copy in ((foreign.licence_file, "LICENSE-encoder"), (base.folder / "LICENSE", "LICENSE-generator")):
        (folder / copy).unlink(missing_ok=True)
        if file and file.is_file():
            shutil.copyfile(file, folder / copy)
    to_dim, from_dim = np.load(folder / "bridge.npy", mmap_mode="r").shape
    how = f"fitted on {sum(fit.windows)} windows of music" if fit else "arbitrary (orthonormal, fitted on no music)"
    licence = "unknown" if options.licence == "unknown" else f"{options.licence} AND {says['licence']}"
    write_manifest(
        folder,
        name=f"{foreign.name}-{says['name']}"[:64],
        title=f"{foreign.title} + {says['title']}",
        licence=licence,
        description=f"{foreign.title} hears, {says['title']} paints. The bridge between them is {how}.",
        encoder=encoder_section(foreign.sample_rate_hz, foreign.window_s, foreign.embedding_dim),
        generator=generator,
        sizes=sizes,
        bridge=bridge_section(from_dim, to_dim),
        authors=(*foreign.authors, *(f"{author} (generator)" for author in says.get("authors", ()))),
        thumbnail="thumbnail.png" if thumbnail else None,
    )
    sound = f"{foreign.window_s:g} s of mono sound at {foreign.sample_rate_hz / 1000:g} kHz"
    lines = f"""| `encoder.onnx` | `audio` float32 [1, {foreign.samples}]: {sound} | `embedding` [1, {from_dim}], length one |
| `bridge.npy` | that embedding | the generator's embedding [{to_dim}], then scaled to length one |"""
    text = card(
        f"{foreign.title} + {says['title']}",
        foreign.source,
        lines,
        says["title"],
        says["licence"],
        options.licence,
        bridge_text(fit, options.music.name if options.music else ""),
    )
    (folder / "MODEL_CARD.md").write_text(text, encoding="utf-8")
