"""What is handed out: samples with everything that is known about them."""

from dataclasses import dataclass, field

import numpy as np

MERGED_S = 0.025  # onsets closer together than this are one


@dataclass
class Piece:
    """One annotated piece. All times in seconds from the first sample.

    beats [b, 2]: time and position in the bar (1 is the first beat). drums: times of "kick", "snare" (clap and side stick too)
    and "hat" (closed, open, pedal). onsets: beginnings of any note or hit, None where nobody could tell them.
    """

    group: str
    seed: int
    samples: np.ndarray  # float32 [n]: mono
    sample_rate_hz: int
    beats: np.ndarray
    drums: dict[str, np.ndarray]
    onsets: np.ndarray | None
    meter: tuple[int, int] | None
    sections: list[tuple[float, str]] | None = None
    stereo: np.ndarray | None = field(default=None, repr=False)  # float32 [2, n], where it was asked for

    @property
    def seconds(self) -> float:
        return self.samples.size / self.sample_rate_hz

    @property
    def tempo_bpm(self) -> float | None:
        """Median over beats; None without a beat."""
        return tempo_bpm(self.beats)


def tempo_bpm(beats: np.ndarray) -> float | None:
    """60 over the median distance of beats [b, 2]; None for fewer than two."""
    return float(60 / np.median(np.diff(beats[:, 0]))) if len(beats) > 1 else None


def merged(times_s: np.ndarray) -> np.ndarray:
    """Sorted times, without those that follow a kept one within 25 ms."""
    kept: list[float] = []
    for time in np.sort(np.asarray(times_s, dtype=np.float64)):
        if not kept or time - kept[-1] > MERGED_S:
            kept.append(float(time))
    return np.array(kept)


def annotation(piece: Piece, split: str) -> dict:
    """The piece's annotation as it stands in a set's JSON file."""
    tempo = piece.tempo_bpm
    table = {
        "group": piece.group,
        "split": split,
        "seed": piece.seed,
        "seconds": round(piece.seconds, 3),
        "beats": [[round(float(time), 5), int(position)] for time, position in piece.beats],
        "meter": list(piece.meter) if piece.meter else None,
        "tempo_bpm": None if tempo is None else round(tempo, 3),
        "drums": {name: [round(float(t), 5) for t in times] for name, times in piece.drums.items()},
    }
    if piece.onsets is not None:
        table["onsets"] = [round(float(t), 5) for t in piece.onsets]
    if piece.sections:
        table["sections"] = [[round(float(t), 4), name] for t, name in piece.sections]
    return table
