"""How good the network alone is on a set of annotated pieces: F of peaks, by group."""

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from scipy.io import wavfile

from .bands import BandPower
from .contract import ACTIVATIONS, FRAME_S
from .listen import band_power
from .model import BeatNetwork, sequence
from .picking import f_measure, peaks_s
from .store import to_rate
from .targets import Events, from_annotation

TOLERANCE_S = {"beat": 0.07, "downbeat": 0.07, "kick": 0.05, "snare": 0.05, "hat": 0.05, "onset": 0.05}
APART_S = {"beat": 0.2, "downbeat": 0.4, "kick": 0.05, "snare": 0.05, "hat": 0.05, "onset": 0.04}
THRESHOLD = {"beat": 0.3, "downbeat": 0.25, "kick": 0.4, "snare": 0.4, "hat": 0.4, "onset": 0.4}


@dataclass(frozen=True)
class Annotated:
    """One piece of a set: band powers [frames, 72] and what is annotated."""

    name: str
    group: str
    power: torch.Tensor
    events: Events


def read_wav(path: Path) -> tuple[np.ndarray, int]:
    """samples float32 [n] or [n, channels], full scale 1, and their rate in Hz."""
    rate_hz, samples = wavfile.read(path)
    if samples.dtype.kind == "f":
        return samples.astype(np.float32), rate_hz
    if samples.dtype == np.uint8:
        return (samples.astype(np.float32) - 128) / 128, rate_hz
    return samples.astype(np.float32) / (2.0 ** (8 * samples.dtype.itemsize - 1)), rate_hz


def read_set(folder: Path) -> list[Annotated]:
    """All pairs NAME.wav and NAME.json of a folder, analysed."""
    bands, pieces = BandPower(), []
    for path in sorted(folder.glob("*.json")):
        sound = path.with_suffix(".wav")
        if not sound.is_file():
            continue
        about = json.loads(path.read_text())
        events = from_annotation(np.array(about["beats"]), about.get("drums", {}), about.get("onsets"))
        power = band_power(to_rate(*read_wav(sound)), bands)
        pieces.append(Annotated(path.stem, about["group"], power, events))
    if not pieces:
        raise FileNotFoundError(f"{folder}: no pairs of .wav and .json; make them with `python -m models.beats.music`")
    return pieces


def activations(network: BeatNetwork, power: torch.Tensor) -> np.ndarray:
    """power [frames, 72] -> activations [frames, 6]."""
    with torch.no_grad():
        return sequence(network.eval(), power[None])[0].numpy()


def measure(network: BeatNetwork, pieces: list[Annotated]) -> dict[str, dict[str, float]]:
    """{group: {activation: mean F}}; as group `all` the means over groups, as group `false` hits a minute that are none.

    F is of pieces that have what is looked for; what is found in pieces that have none of it counts as false.
    """
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    false: dict[str, list[float]] = defaultdict(list)
    for piece in pieces:
        rows = activations(network, piece.power)
        for column, name in enumerate(ACTIVATIONS):
            truth = piece.events.times_s[name]
            if truth is None:
                continue
            peaks = peaks_s(rows[:, column], THRESHOLD[name], APART_S[name])
            if len(truth):
                found[piece.group][name].append(f_measure(peaks, truth, TOLERANCE_S[name]))
            else:
                false[name].append(60 * len(peaks) / (len(rows) * FRAME_S))
    means = {group: {name: float(np.mean(f)) for name, f in names.items()} for group, names in sorted(found.items())}
    overall = {}
    for name in ACTIVATIONS:
        values = [names[name] for names in means.values() if name in names]
        if values:
            overall[name] = float(np.mean(values))
    return {**means, "all": overall, "false": {name: float(np.mean(counts)) for name, counts in false.items()}}


def table(means: dict[str, dict[str, float]]) -> str:
    """The means as text, a row for each group."""
    lines = ["group            " + "".join(f"{name:>10}" for name in ACTIVATIONS)]
    for group, names in means.items():
        cells = "".join(f"{names[name]:10.3f}" if name in names else f"{'':>10}" for name in ACTIVATIONS)
        lines.append(f"{group:<17}{cells}")
    return "\n".join(lines)
