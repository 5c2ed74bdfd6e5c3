"""Keys, chords, and lines that follow them. Pitches are MIDI numbers."""

from .world import World

MODES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10), "dorian": (0, 2, 3, 5, 7, 9, 10)}
# Scale degrees from 0, one chord a bar; (a, b) is two in a bar.
PROGRESSIONS = (
    ("open", "major", (0, 4, 5, 3)),
    ("open", "major", (0, 5, 3, 4)),
    ("open", "major", (0, 3, 0, 4)),
    ("open", "major", (1, 4, 0, 0)),
    ("open", "minor", (0, 5, 2, 6)),
    ("open", "minor", (0, 3, 4, 0)),
    ("open", "minor", (0, 6, 5, 6)),
    ("open", "minor", (0, 0, 3, 4)),
    ("open", "dorian", (0, 3, 0, 3)),
    ("open", "dorian", (0, 0, 0, 0)),
    ("keep", "major", (0, 2, 3, 4)),
    ("keep", "major", (3, 4, 2, 5)),
    ("keep", "major", ((0, 5), (1, 4), (2, 5), (1, 4))),
    ("keep", "minor", (0, 2, 6, 3)),
    ("keep", "minor", (5, 6, 0, 0)),
    ("keep", "minor", (0, 4, 5, (3, 4))),
    ("keep", "dorian", (0, 6, 3, 0)),
)


class Harmony:
    """A key and a progression."""

    def __init__(self, world: World, tonic: int | None = None, mode: str | None = None):
        rows = [row for row in PROGRESSIONS if mode in (None, row[1])]
        self.mode, self.bars = world.pick(rows)
        self.tonic = int(world.uniform(0, 12)) if tonic is None else tonic
        self.sevenths = world.chance(0.4)

    def degree(self, bar: int, place: float = 0.0) -> int:
        """The chord's scale degree in a bar, `place` of the way through it."""
        chord = self.bars[bar % len(self.bars)]
        return chord if isinstance(chord, int) else chord[int(place * len(chord))]

    def pitch(self, step: int, octave: int) -> int:
        """The scale's step (0 is the tonic, 7 an octave above)."""
        scale = MODES[self.mode]
        return 12 * (octave + 1) + self.tonic + 12 * (step // 7) + scale[step % 7]

    def chord(self, degree: int, octave: int) -> list[int]:
        """The chord's tones, all within the octave above `octave`'s C, as a player's hand would stay in place."""
        steps = (0, 2, 4, 6) if self.sevenths else (0, 2, 4)
        floor = 12 * (octave + 1)
        return sorted(floor + (self.pitch(degree + s, octave) - floor) % 12 for s in steps)
