"""What is to be played, in seconds: hits and notes with their annotation, before any sound."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

# Whom a drum counts as in an annotation; the others are onsets only. Clap and side stick stand in for a snare.
CLASS_OF = {"kick": "kick", "snare": "snare", "clap": "snare", "rim": "snare", "hat": "hat", "open_hat": "hat"}
CLASSES = ("kick", "snare", "hat")


class Hit(NamedTuple):
    time_s: float
    drum: str
    velocity: float


class Note(NamedTuple):
    time_s: float
    length_s: float
    pitch: int  # MIDI number
    velocity: float
    layer: str  # bass, comp, pad, arp or lead; in a song with the section behind a colon


@dataclass
class Score:
    """A piece on paper. beats [b, 2] as in `piece.Piece`."""

    seconds: float
    meter: tuple[int, int] | None
    beats: np.ndarray
    hits: list[Hit] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    sections: list[tuple[float, str]] | None = None

    def drums(self) -> dict[str, np.ndarray]:
        """Times of kick, snare and hat; two of a kind at once (a clap on a snare) are one."""
        found = {name: sorted(h.time_s for h in self.hits if CLASS_OF.get(h.drum) == name) for name in CLASSES}
        return {
            name: np.array([t for i, t in enumerate(ts) if i == 0 or t - ts[i - 1] > 0.015]) for name, ts in found.items()
        }

    def onsets(self) -> list[float]:
        return [h.time_s for h in self.hits] + [n.time_s for n in self.notes]
