"""Contact sheets: rows of pictures with a few words at their left, small enough to commit."""

import textwrap
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

CELL_PX, GAP_PX = 160, 4
LABEL_PX, LABEL_LETTERS = 150, 20
SHEET_BYTES = 420_000  # six sheets stay under 3 MB
GROUND, INK = (16, 16, 18), (220, 220, 224)


def to_bytes(picture: np.ndarray) -> np.ndarray:
    """A picture [H, W, 3], 0 to 1, as bytes; bytes stay."""
    return picture if picture.dtype == np.uint8 else (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)


def sheet(rows: list[tuple[str, list[np.ndarray]]], columns: list[str] | None = None) -> Image.Image:
    """Rows (label, pictures) under column headings."""
    font = ImageFont.load_default(13)
    count = max(len(pictures) for _, pictures in rows)
    head = 22 if columns else 0
    step = CELL_PX + GAP_PX
    whole = Image.new("RGB", (LABEL_PX + count * step, head + len(rows) * step), GROUND)
    draw = ImageDraw.Draw(whole)
    for column, words in enumerate(columns or []):
        draw.text((LABEL_PX + column * step + 2, 3), words, INK, font)
    for row, (label, pictures) in enumerate(rows):
        top = head + row * step
        draw.multiline_text((6, top + 6), wrap(label), INK, font, spacing=3)
        for column, picture in enumerate(pictures):
            cell = Image.fromarray(to_bytes(picture)).resize((CELL_PX, CELL_PX), Image.Resampling.LANCZOS)
            whole.paste(cell, (LABEL_PX + column * step, top))
    return whole


def wrap(text: str) -> str:
    """Breaks each line of a label into lines that fit beside the pictures."""
    return "\n".join("\n".join(textwrap.wrap(line, LABEL_LETTERS)) for line in text.split("\n"))


def save(picture: Image.Image, path: Path) -> None:
    """A JPEG in the best quality that keeps it small."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for quality in (90, 85, 80, 74, 68, 60, 50):
        picture.save(path, quality=quality, optimize=True, progressive=True)
        if path.stat().st_size <= SHEET_BYTES:
            return
