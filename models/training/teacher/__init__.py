"""The teacher: musicnn, from PyPI's package. It helps to train and to judge; none of its weights ship.

    teacher = load_teacher(Path("models/.cache/music/teacher"))
    tags, penultimate = teacher(audio)      # [b, 48000] -> [b, 50], [b, 200]

The package is downloaded with pip, unpacked, and read without TensorFlow.
"""

import subprocess
import sys
import zipfile
from pathlib import Path

from .checkpoint import load_checkpoint
from .musicnn import PENULTIMATE, TAGS, Musicnn

__all__ = ["PENULTIMATE", "TAGS", "Musicnn", "load_teacher"]

VERSION = "0.1.0"
MODEL = "MSD_musicnn"


def fetch(folder: Path) -> Path:
    """The folder with the checkpoint's files, out of the wheel that pip downloads into `folder`."""
    target = folder / "musicnn" / MODEL
    if not all((target / name).exists() for name in (".index", ".data-00000-of-00001")):
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", str(folder), f"musicnn=={VERSION}"]
        wheel = folder / f"musicnn-{VERSION}-py3-none-any.whl"
        if not wheel.exists():
            result = subprocess.run(command, capture_output=True, text=True)
            if result.returncode != 0 or not wheel.exists():
                hint = f"put {wheel.name} into {folder} by hand"
                raise RuntimeError(f"pip download musicnn failed: {result.stderr.strip()}; {hint}")
        with zipfile.ZipFile(wheel) as content:
            content.extractall(folder, [name for name in content.namelist() if name.startswith(f"musicnn/{MODEL}/.")])
    return target


def load_teacher(folder: Path) -> Musicnn:
    """musicnn with its weights, ready to listen; `folder` keeps the download."""
    variables = load_checkpoint(f"{fetch(folder)}/")
    return Musicnn().load_variables(variables).eval().requires_grad_(False)
