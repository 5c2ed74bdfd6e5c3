"""Music for calibration and checks: any folder of audio files, decoded by ffmpeg to mono at 16 kHz. Never shipped."""

import subprocess
from pathlib import Path

import numpy as np

from .contract import SAMPLE_RATE_HZ

EXTENSIONS = {".ogg", ".opus", ".mp3", ".flac", ".wav", ".m4a"}


def find(folders: list[str]) -> list[Path]:
    """Audio files under the folders, in a fixed order."""
    return sorted(p for folder in folders for p in Path(folder).rglob("*") if p.suffix.lower() in EXTENSIONS)


def decode(path: Path) -> np.ndarray:
    """One file as float32 mono at the encoder's sample rate."""
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(path), "-ac", "1", "-ar", str(SAMPLE_RATE_HZ), "-f", "f32le", "-"]
    raw = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return np.frombuffer(raw, dtype="<f4")
