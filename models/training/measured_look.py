"""The look of any picture, measured: how a folder of anyone's pictures is paired with music.

Art painted here knows its look. Of other pictures only what can be measured is known: colour, light, contrast, how busy, rough,
symmetrical and glowing they are. Each measure's rank among the folder's pictures is its knob, so the folder's brightest picture
goes to the brightest music. A picture's family is its subfolder, if there are any.
"""

from pathlib import Path

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter

from .look import FAMILIES, KNOBS

EXTENSIONS = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"}
# Inverses of the two matrices of OKLab (Ottosson 2020).
RGB_TO_CONES = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]]
)
CONES_TO_LAB = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099], [0.0259040371, 0.7827717662, -0.8086757660]]
)


def oklab(picture: np.ndarray) -> np.ndarray:
    """sRGB uint8 [S, S, 3] to OKLab [S, S, 3]."""
    code = picture.astype(np.float64) / 255
    linear = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    return np.cbrt(linear @ RGB_TO_CONES.T) @ CONES_TO_LAB.T


def measure(picture: np.ndarray) -> dict[str, float]:
    """Measures of one square picture, uint8 [S, S, 3]; only their order among pictures matters, but for the hue."""
    lab = oklab(picture)
    light, a, b = lab[..., 0], lab[..., 1], lab[..., 2]
    chroma = np.hypot(a, b)
    hue = np.array([a.mean(), b.mean()]) / (chroma.mean() + 1e-6)
    gradient = np.hypot(*np.gradient(light))
    fine = light - gaussian_filter(light, 1.0)
    turned = [light[:, ::-1], light[::-1], light[::-1, ::-1]]
    centre = light - light.mean()
    alike = max(float((centre * (t - light.mean())).mean()) for t in turned) / (float((centre**2).mean()) + 1e-6)
    bright = np.clip(light - np.percentile(light, 80), 0, None)
    return {
        "hue_cos": float(hue[0]), "hue_sin": float(hue[1]), "spread": 1 - float(np.hypot(*hue)), "chroma": float(chroma.mean()),
        "light": float(light.mean()), "contrast": float(np.percentile(light, 95) - np.percentile(light, 5)),
        "complexity": float((gradient > 0.04).mean()), "roughness": float(np.abs(fine).mean() / (gradient.mean() + 1e-3)),
        "symmetry": alike, "glow": float(gaussian_filter(bright, 3).std() / (bright.mean() + 1e-3)),
    }  # fmt: skip


def looks(measures: list[dict[str, float]], families: list[int]) -> np.ndarray:
    """Measures of all pictures to looks [N, 20]: ranks, hues of length one, one family each."""
    table = np.array([[m[name] for name in KNOBS] for m in measures], dtype=np.float64)
    ranks = (table.argsort(0).argsort(0) + 0.5) / len(table)
    ranks[:, :2] = table[:, :2] / (np.hypot(table[:, 0], table[:, 1])[:, None] + 1e-6)
    return np.concatenate([ranks, np.eye(len(FAMILIES))[families]], axis=1).astype(np.float32)


def read_folder(folder: Path, size_px: int) -> tuple[np.ndarray, np.ndarray]:
    """Every picture below a folder, cropped to its middle square: uint8 [N, S, S, 3], and looks [N, 20].

    Subfolders in order of their names are the families; more than ten share the ten by turns.
    """
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in EXTENSIONS)
    if len(paths) < 64:
        raise SystemExit(f"{folder}: {len(paths)} pictures found; a generator needs at least 64, and better thousands")
    groups = sorted({p.parent for p in paths})
    pictures, measures, families = [], [], []
    for path in paths:
        try:
            picture = Image.open(path).convert("RGB")
        except OSError as error:
            raise SystemExit(f"{path}: not a picture that can be read ({error}); remove it or convert it") from error
        side = min(picture.size)
        left, top = (picture.width - side) // 2, (picture.height - side) // 2
        square = picture.crop((left, top, left + side, top + side)).resize((size_px, size_px), Image.Resampling.LANCZOS)
        pictures.append(np.asarray(square))
        measures.append(measure(pictures[-1]))
        families.append(groups.index(path.parent) % len(FAMILIES))
    return np.stack(pictures), looks(measures, families)
