"""pack.toml: what a pack says about itself. The format is that of `engine/src/pack/manifest.rs`.

The only place that writes one, for exported encoders, trained packs and the starter pack alike.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FORMAT = 1


@dataclass(frozen=True)
class Noted:
    """A value with a comment behind it."""

    value: Any
    note: str


def encoder_section(
    sample_rate_hz: int, window_s: float, embedding_dim: int, control_names: tuple[str, ...] = (), file: str = "encoder.onnx"
) -> dict[str, Any]:
    """[encoder]: audio [1, samples] -> embedding [1, embedding_dim], and controls [1, K] where `control_names` has some."""
    section = {
        "file": file,
        "sample_rate_hz": sample_rate_hz,
        "window_s": float(window_s),
        "input": Noted("audio", f"float32 [1, {round(sample_rate_hz * window_s)}], mono"),
        "embedding": Noted("embedding", f"float32 [1, {embedding_dim}], length one"),
    }
    if control_names:
        section["controls"] = Noted("controls", f"float32 [1, {len(control_names)}], each 0 to 1; all zero in silence")
        section["control_names"] = list(control_names)
    return section


def generator_section(
    embedding_dim: int,
    latent_dim: int,
    image_px: int | tuple[int, int],
    joined: bool = False,
    file: str = "generator.onnx",
    on_processor: str | None = None,
    half: str | None = None,
) -> dict[str, Any]:
    """[generator]: embedding and z -> image [1, 3, height, width] from -1 to 1; `image_px` is a square's side, or width and height.

    `on_processor` names a graph that paints the same in 8 bits, `half` one in half precision. With `joined` the graph has one input, `joined` [1, latent_dim + embedding_dim]: first the latent, then the embedding.
    """
    inputs: dict[str, Any] = {
        "embedding": Noted("embedding", f"float32 [1, {embedding_dim}], length one"),
        "latent": Noted("z", f"float32 [1, {latent_dim}]"),
    }
    if joined:
        order = {"input": "joined", "order": ["latent", "embedding"]}
        inputs = {
            "joined": Noted(order, f"float32 [1, {latent_dim + embedding_dim}]"),
            "latent_dim": latent_dim,
            "embedding_dim": embedding_dim,
        }
    width_px, height_px = (image_px, image_px) if isinstance(image_px, int) else image_px
    return {
        "file": file,
        **({"on_processor": Noted(on_processor, "the same in 8 bits: what processors run")} if on_processor else {}),
        **({"half": Noted(half, "in half precision: what GPUs run that gain by it")} if half else {}),
        **inputs,
        "distribution": Noted("normal", "each entry of z from a standard normal distribution"),
        "image": Noted("image", f"float32 [1, 3, {height_px}, {width_px}], sRGB-coded"),
        "range": [-1.0, 1.0],
        "width_px": width_px,
        "height_px": height_px,
    }


def size_section(image_px: tuple[int, int], file: str, on_processor: str | None = None, half: str | None = None) -> dict[str, Any]:
    """[[generator.size]]: graphs of the same generator for pictures of another width and height."""
    return {"width_px": image_px[0], "height_px": image_px[1], "file": file, "on_processor": on_processor, "half": half}


def bridge_section(from_dim: int, to_dim: int, file: str = "bridge.npy") -> dict[str, Any]:
    """[bridge]: a float32 matrix [to_dim, from_dim] from the encoder's embedding to the one the generator was trained on."""
    return {"file": file, "from": from_dim, "to": to_dim}


def look_section(names: list[str]) -> dict[str, Any]:
    """[look]: the generator's output `look` [1, len(names)], what the music looks like by these names."""
    return {"output": Noted("look", f"float32 [1, {len(names)}]"), "names": names}


def write_manifest(
    folder: Path,
    *,
    name: str,
    title: str,
    licence: str,
    description: str,
    encoder: dict[str, Any],
    generator: dict[str, Any],
    sizes: tuple[dict[str, Any], ...] = (),
    bridge: dict[str, Any] | None = None,
    look: dict[str, Any] | None = None,
    version: str = "0.1.0",
    authors: tuple[str, ...] = ("The Klangbild authors",),
    thumbnail: str | None = "thumbnail.png",
) -> None:
    """Writes `pack.toml` into the pack's folder. `name`: lower-case letters, digits, hyphens; `licence`: SPDX."""
    head = {
        "format": FORMAT,
        "name": name,
        "title": title,
        "version": version,
        "authors": list(authors),
        "licence": licence,
        "description": description,
        "thumbnail": thumbnail,
    }
    parts = [_lines(head), "[encoder]\n" + _lines(encoder), "[generator]\n" + _lines(generator)]
    parts.extend("[[generator.size]]\n" + _lines(size) for size in sizes)
    if bridge:
        parts.append("[bridge]\n" + _lines(bridge))
    if look:
        parts.append("[look]\n" + _lines(look))
    (folder / "pack.toml").write_text("\n".join(parts), encoding="utf-8")


def _lines(fields: dict[str, Any]) -> str:
    """One `key = value` a line, comments below each other. None is left out, as TOML has no such value."""
    rows = []
    for key, field in fields.items():
        value, note = (field.value, field.note) if isinstance(field, Noted) else (field, "")
        if value is not None:
            rows.append((f"{key} = {_toml(value)}", note))
    column = 4 + max((len(text) for text, note in rows if note), default=0)
    return "".join((f"{text:<{column}}# {note}" if note else text) + "\n" for text, note in rows)


def _toml(value: Any) -> str:
    """One value in TOML; tables stand inline."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            # JSON's escapes are TOML's, but for DEL.
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case list() | tuple():
            return "[" + ", ".join(_toml(entry) for entry in value) + "]"
        case dict():
            return "{ " + ", ".join(f"{key} = {_toml(entry)}" for key, entry in value.items()) + " }"
    raise TypeError(f"pack.toml cannot hold {value!r}")
