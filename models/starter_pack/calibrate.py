"""Measures the descriptors on music and writes `calibration.json`.

    python -m models.starter_pack.calibrate FOLDER...

A descriptor's weight is the square root of its between-track share of variance: what stays put within a track and differs
from track to track counts; what flickers counts less.
"""

import argparse
import json

import numpy as np
import torch

from . import music
from .contract import SAMPLE_RATE_HZ, WINDOW_SAMPLES
from .descriptors import NAMES, Descriptors
from .encoder import CALIBRATION

WINDOWS_PER_TRACK = 40
SHORTEST_S = 25.0


def measure(folders: list[str]) -> list[np.ndarray]:
    """For each track: descriptors of windows spread over it [windows, len(NAMES)], quiet windows left out."""
    descriptors, tracks = Descriptors().eval(), []
    for path in music.find(folders):
        audio = music.decode(path)
        if len(audio) < SHORTEST_S * SAMPLE_RATE_HZ:
            continue
        starts = np.linspace(SAMPLE_RATE_HZ * 2, len(audio) - WINDOW_SAMPLES - SAMPLE_RATE_HZ * 2, WINDOWS_PER_TRACK)
        rows = []
        with torch.no_grad():
            for start in starts.astype(int):
                window = torch.from_numpy(audio[start : start + WINDOW_SAMPLES].copy())[None]
                if window.square().mean() > 1e-6:
                    rows.append(descriptors(window)[0][0].numpy())
        if len(rows) > WINDOWS_PER_TRACK // 2:
            tracks.append(np.array(rows))
            print(f"{path.name}: {len(rows)} windows", flush=True)
    return tracks


def constants(tracks: list[np.ndarray]) -> dict[str, dict[str, float]]:
    """Mean, deviation and weight of each descriptor; every track counts the same."""
    mean = np.mean([t.mean(0) for t in tracks], axis=0)
    within = np.mean([t.var(0) for t in tracks], axis=0)
    between = np.var([t.mean(0) for t in tracks], axis=0)
    weight = np.sqrt(between / (between + within))
    table = {}
    for i, name in enumerate(NAMES):
        values = {"mean": mean[i], "deviation": np.sqrt(between + within)[i], "weight": weight[i]}
        table[name] = {key: round(float(value), 5) for key, value in values.items()}
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the starter encoder's descriptors on music.")
    parser.add_argument("folders", nargs="+", help="folders of audio files")
    tracks = measure(parser.parse_args().folders)
    table = {"tracks": len(tracks), "windows": sum(len(t) for t in tracks), "descriptors": constants(tracks)}
    CALIBRATION.write_text(json.dumps(table, indent=1) + "\n")
    print(f"{len(tracks)} tracks -> {CALIBRATION}")


if __name__ == "__main__":
    main()
