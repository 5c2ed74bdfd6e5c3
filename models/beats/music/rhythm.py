"""Rhythms of bass and chords, and melodies that come back."""

from .grid import VELOCITY
from .world import World

# (world, feel, steps) for 4/4; "even" suits any style, "off" sits between the beats, "broken" is syncopated.
BASS = (
    ("open", "even", "X.......X......."),
    ("open", "even", "X.x.x.x.x.x.x.x."),
    ("open", "even", "X...x...x...x..."),
    ("open", "off", "..X...X...X...X."),
    ("open", "off", ".xxx.xxx.xxx.xxx"),
    ("open", "broken", "X..x..x.X..x..x."),
    ("open", "broken", "X.....xxx.....x."),
    ("open", "broken", "X..x.x....x..x.x"),
    ("keep", "even", "X...x.x.X...x.x."),
    ("keep", "even", "X...........x.x."),
    ("keep", "off", "..Xx..Xx..Xx..Xx"),
    ("keep", "broken", "X..x....x..x..x."),
    ("keep", "broken", "X.x..x....x..xx."),
)
COMP = (
    ("open", "even", "X..............."),
    ("open", "even", "X...x...x...x..."),
    ("open", "even", "X.x.x.x.x.x.x.x."),
    ("open", "off", "..X...X...X...X."),
    ("open", "off", "....X.......X..."),
    ("open", "broken", "X..x..x...x.x..."),
    ("open", "broken", "X.....x........."),
    ("keep", "even", "X.......X......."),
    ("keep", "even", "X...x.x.X...x.x."),
    ("keep", "off", "..x...X...x...X."),
    ("keep", "broken", "X.....X.....X..."),
    ("keep", "broken", "...X..X...X..x.."),
)
Steps = list[tuple[float, float]]  # places in the bar (0 to 1) with velocities


def four(world: World, table: tuple, feel: str) -> Steps:
    """A rhythm of a 4/4 bar: mostly of this feel."""
    wanted = world.one({"any": ("even", "off", "broken"), "even": ("even",)}.get(feel, (feel, feel, "even")))
    steps = world.pick([(row[0], row[2]) for row in table if row[1] == wanted])
    return [(i / 16, VELOCITY[c]) for i, c in enumerate(steps) if c != "."]


def other(world: World, beats_per_bar: int, part: str, accents: tuple[int, ...]) -> Steps:
    """A rhythm of any other bar: the bass on its accents, the chords on the other beats, or both on all."""
    beats = range(beats_per_bar)
    strong = [b for b in beats if b in accents]
    weak = [b for b in beats if b not in accents] or [b for b in beats if b]
    if beats_per_bar == 2:  # two dotted quarters: thirds between them
        steps = (
            world.one(((0, 3), (0, 2, 3, 5), (0, 1, 2, 3, 4, 5))) if part == "comp" else world.one(((0, 3), (0, 2, 3), (0,)))
        )
        return [(s / 6, 1.0 if s == 0 else 0.85 if s == 3 else 0.55) for s in steps]
    chosen = world.one((strong, strong, list(beats))) if part == "bass" else world.one((weak, list(beats), strong))
    return [(b / beats_per_bar, 1.0 if b == 0 else 0.75) for b in chosen]


class Motif:
    """Two bars of melody, said again and again with another end, moved to the chord of the bar."""

    def __init__(self, world: World, beats_per_bar: int, parts_per_beat: int, busy: float):
        self.bars: list[
            list[tuple[float, float, int]]
        ] = []  # place in the bar, length as a share of the bar, step of the scale
        steps, step = beats_per_bar * parts_per_beat, 0
        for _ in range(2):
            places = []
            for s in range(steps):
                on_beat = s % parts_per_beat == 0
                likely = busy * (1.0 if s == 0 else 0.8 if on_beat else 0.4)
                if world.chance(likely):
                    places.append(s)
            bar = []
            for i, s in enumerate(places):
                end = places[i + 1] if i + 1 < len(places) else steps
                step = max(-4, min(7, step + world.one((-2, -1, -1, 0, 1, 1, 2))))
                # Chord tones where the beat is.
                tone = step - step % 2 if s % parts_per_beat == 0 else step
                bar.append((s / steps, min(end - s, 2 * parts_per_beat) / steps, tone))
            self.bars.append(bar)
        self.turn = world.one((0, 0, 1, 2))

    def bar(self, index: int) -> list[tuple[float, float, int]]:
        shift = self.turn if index % 4 == 3 else 0
        return [(place, length, step + shift) for place, length, step in self.bars[index % 2]]
