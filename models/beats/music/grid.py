"""Patterns as text: a lane for each drum, a character for each step, `|` between bars.

X accent, x hit, o ghost, . rest. A lane's length divides its bar evenly, whatever the meter: 16 steps of a 4/4 bar are
sixteenths, 12 are triplets.
"""

from dataclasses import dataclass

VELOCITY = {"X": 1.0, "x": 0.78, "o": 0.38}
LANES = {
    "k": "kick",
    "s": "snare",
    "c": "clap",
    "r": "rim",
    "h": "hat",
    "H": "open_hat",
    "d": "ride",
    "t": "low_tom",
    "T": "high_tom",
    "b": "low_conga",
    "B": "high_conga",
    "m": "shaker",
    "w": "cowbell",
    "g": "tambourine",
    "C": "crash",
}


@dataclass(frozen=True)
class Groove:
    """One drum pattern. bars: for each bar its hits (place in the bar from 0 to 1, drum, velocity)."""

    style: str
    name: str
    bars: tuple[tuple[tuple[float, str, float], ...], ...]
    tempo_bpm: tuple[float, float]  # where it is played
    swing: tuple[float, float]  # of eighths, of sixteenths


def parse(text: str) -> list[tuple[str, Groove]]:
    """Rows (world, groove) of a text: a head `world style name low-high [swing8 swing16]`, then its lanes, then an empty line."""
    rows = []
    for block in text.strip().split("\n\n"):
        head, *lanes = [line.split() for line in block.strip().splitlines()]
        world, style, name, tempo = head[:4]
        low, high = (float(v) for v in tempo.split("-"))
        swing = (float(head[4]), float(head[5])) if len(head) > 4 else (0.5, 0.5)
        bars: list[list] = [[] for _ in range(max(lane[1].count("|") + 1 for lane in lanes))]
        for letter, steps in lanes:
            parts = steps.split("|")
            for i, bar in enumerate(bars):
                part = parts[i % len(parts)]
                bar += [(s / len(part), LANES[letter], VELOCITY[c]) for s, c in enumerate(part) if c != "."]
        rows.append((world, Groove(style, name, tuple(tuple(sorted(bar)) for bar in bars), (low, high), swing)))
    return rows
