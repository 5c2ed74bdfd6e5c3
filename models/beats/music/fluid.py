"""Plays MIDI files by FluidSynth with the sound font FluidR3 (MIT). Both are run at need, and nothing of them ships."""

import subprocess
import tempfile
import warnings
from pathlib import Path

import numpy as np
from scipy.io import wavfile

SOUNDFONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")

LATENCY_S = 0.003  # the font's drums begin 2 to 5 ms after their event: measured, and taken off


def run(command: list[str], package: str, what: str) -> str:
    """Runs a program of a Debian package. Raises RuntimeError, which says what to do."""
    try:
        result = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        raise RuntimeError(f"{command[0]} is not installed; on Debian: apt-get install {package}") from None
    if result.returncode != 0:
        raise RuntimeError(f"{what}: {command[0]} failed: {(result.stderr + result.stdout).strip()}")
    return result.stdout


def play(midi: Path, rate_hz: int, wet: float = 0.3) -> np.ndarray:
    """float32 [2, n]. `wet`: how much of its room is heard, 0 to 1."""
    if not SOUNDFONT.is_file():
        raise FileNotFoundError(f"{SOUNDFONT}: no such sound font; on Debian: apt-get install fluid-soundfont-gm")
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "played.wav"
        options = ["-ni", "-q", "-r", str(rate_hz), "-g", "0.4", "-T", "wav", "-O", "float", "-C", "0"]
        options += ["-o", f"synth.reverb.level={wet:.3f}", "-o", "synth.cpu-cores=1", "-F", str(wav)]
        run(["fluidsynth", *options, str(SOUNDFONT), str(midi)], "fluidsynth", str(midi))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", wavfile.WavFileWarning)  # of the chunk that tells the peak
            sound = wavfile.read(wav)[1].T.astype(np.float32)
    return sound[:, round(LATENCY_S * rate_hz) :]
