"""Writes sets: pairs of NAME.wav and NAME.json."""

import json
from pathlib import Path

import numpy as np
from scipy.io import wavfile

from . import by_midi, composer, mma
from .groups import GROUPS, LONG_S
from .master import FAULTS
from .piece import Piece, annotation

SET_GROUPS = (*GROUPS, *mma.BANDS)
RATES_HZ = {"96k": 96_000, "22k": 22_050}
AT_LEAST = {"masters": len(FAULTS)}  # pieces of a group, so that each fault is there


def make(group: str, seed: int, seconds: float, split: str) -> Piece:
    """A piece of a set: MMA's bands by FluidSynth; of our own scores every other one by FluidSynth, the rest by our own instruments.

    44,100 Hz in stereo but for a few, which are mono or have the rate that their fault names.
    """
    if group in mma.BANDS:
        return mma.compose(group, seed, seconds, split, 44_100)
    rate_hz = next((RATES_HZ[f] for f in composer.faults_of(group, seed) if f in RATES_HZ), 44_100)
    seconds = max(seconds, LONG_S.get(group, 0.0))
    if GROUPS[group].by_midi and seed % 2 == 1:
        return by_midi.compose(group, seed, seconds, split, rate_hz)
    return composer.compose(
        group, seed, seconds, split, rate_hz, channels=1 if seed % 4 == 2 and not composer.faults_of(group, seed) else 2
    )


def save(piece: Piece, split: str, stem: Path) -> None:
    """16-bit WAV and annotation; the JSON file comes last, so that a piece without one is not there yet."""
    sound = piece.samples[None] if piece.stereo is None else piece.stereo
    pcm = np.round(np.clip(sound.T, -1, 1) * 32767).astype(np.int16)
    wavfile.write(stem.with_suffix(".wav"), piece.sample_rate_hz, pcm)
    part = stem.with_suffix(".new")
    part.write_text(json.dumps(annotation(piece, split)) + "\n")
    part.replace(stem.with_suffix(".json"))


def write_set(folder: Path, split: str, per_group: int, seconds: float, groups: tuple[str, ...] = SET_GROUPS) -> list[Path]:
    """All pieces of a split, into `folder`; those that are there already stay. Gives their paths without an ending."""
    folder.mkdir(parents=True, exist_ok=True)
    stems = []
    for group in groups:
        for seed in range(max(per_group, AT_LEAST.get(group, 0))):
            stem = folder / f"{group}-{seed:03d}"
            if not stem.with_suffix(".json").exists():
                save(make(group, seed, seconds, split), split, stem)
            stems.append(stem)
    return stems
