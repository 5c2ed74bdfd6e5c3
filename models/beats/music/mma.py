"""Bands by MMA (Musical MIDI Accompaniment), played by FluidSynth. Beats and drums are read from the MIDI file that MMA writes."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import fluid, midi
from .by_midi import cut
from .general_midi import CLASS_OF_KEY, DRUM_OF_KEY, OTHER_DRUM
from .master import mastered
from .mix import with_kit
from .others import changed
from .piece import Piece, merged
from .score import CLASS_OF, CLASSES, Hit
from .world import World

QUIETEST = 25  # hits of a lower velocity are not heard, and not annotated


@dataclass(frozen=True)
class Band:
    """A kind of music that MMA plays. grooves: (world, name, slowest, fastest tempo in quarters a minute)."""

    grooves: tuple[tuple[str, str, float, float], ...]
    meter: tuple[int, int] = (4, 4)
    beats_per_bar: int = 4
    quarters_per_beat: int = 1


BANDS = {
    "mma_jazz": Band(
        (
            ("open", "Swing", 110, 220),
            ("open", "JazzCombo", 100, 190),
            ("open", "BigBand", 110, 200),
            ("open", "NiteJazz", 80, 130),
            ("keep", "ModernJazz", 100, 200),
            ("keep", "Bebop", 150, 240),
            ("keep", "JazzGuitar", 90, 170),
            ("keep", "EasySwing", 90, 150),
        )
    ),
    "mma_latin": Band(
        (
            ("open", "BossaNova", 100, 160),
            ("open", "Samba", 90, 130),
            ("open", "ChaCha", 100, 130),
            ("open", "Salsa", 90, 115),
            ("keep", "Rhumba", 90, 125),
            ("keep", "Mambo", 90, 120),
            ("keep", "Merengue", 110, 140),
            ("keep", "Beguine", 95, 125),
        )
    ),
    "mma_pop": Band(
        (
            ("open", "8Beat", 80, 140),
            ("open", "BasicRock", 90, 150),
            ("open", "casio:House", 115, 130),
            ("open", "Ballad", 60, 85),
            ("open", "casio:Pop", 90, 130),
            ("open", "Twist", 140, 175),
            ("keep", "SoftRock", 80, 125),
            ("keep", "casio:Dance1", 115, 140),
            ("keep", "60sRock", 110, 160),
            ("keep", "PopBallad", 62, 85),
            ("keep", "casio:Funk1", 90, 115),
        )
    ),
    "mma_folk": Band(
        (
            ("open", "BlueGrass", 90, 130),
            ("open", "March", 100, 130),
            ("open", "CountrySwing", 110, 170),
            ("open", "HillCountry", 90, 130),
            ("keep", "Polka", 100, 130),
            ("keep", "RagTime", 90, 140),
            ("keep", "WesternSwing", 110, 160),
            ("keep", "CountryBlues", 85, 130),
        )
    ),
    "mma_waltz": Band(
        (
            ("open", "Waltz", 95, 180),
            ("open", "CountryWaltz", 90, 150),
            ("open", "FrenchWaltz", 120, 180),
            ("keep", "JazzWaltz", 100, 180),
            ("keep", "VieneseWaltz", 130, 185),
            ("keep", "BroadwayWaltz", 95, 150),
        ),
        (3, 4),
        3,
    ),
}
# One chord a bar, in C or A minor; `Transpose` moves them.
CHORDS = (
    ("open", "C Am F G"),
    ("open", "Dm7 G7 CM7 CM7"),
    ("open", "Am F C G"),
    ("open", "C C F C G7 F C G7"),
    ("open", "Am Dm E7 Am"),
    ("keep", "CM7 A7 Dm7 G7"),
    ("keep", "F G Em Am"),
    ("keep", "C F G7 C"),
    ("keep", "Am G F E7"),
    ("keep", "C7 F7 C7 C7 F7 F7 C7 A7 Dm7 G7 C7 G7"),
)


def text(world: World, band: Band, seconds: float) -> tuple[str, str]:
    """A piece in MMA's language, and the name of its groove."""
    groove, low, high = world.pick(band.grooves)
    quarters = low + (high - low) * world.quantile()
    first, second = (world.pick(CHORDS).split() for _ in range(2))
    bar_s = band.beats_per_bar * band.quarters_per_beat * 60 / quarters
    bars = int(seconds / bar_s) + 3
    lines = [
        f"RndSeed {world.seed + 1}",
        f"Transpose {int(world.uniform(-5, 7))}",
        f"Tempo {quarters:.2f}",
        f"Groove {groove}",
    ]
    for bar in range(bars):
        chords = second if bar // 8 % 4 == 3 else first
        lines.append(f"{bar + 1} {chords[bar % len(chords)]}")
    return "\n".join(lines) + "\n", groove


def compose(group: str, seed: int, seconds: float, split: str, sample_rate_hz: int) -> Piece:
    """A piece of one of `BANDS`, in stereo. Needs mma, fluidsynth and fluid-soundfont-gm."""
    band, world = BANDS[group], World(split, group, seed)
    piece, groove = text(world, band, seconds + 8)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "piece.mma", Path(folder) / "piece.mid"
        source.write_text(piece)
        fluid.run(["mma", str(source), "-f", str(target)], "mma", f"groove {groove}")
        played = midi.read(target)
        # In training half of all drums are ours, or others than the groove has.
        ours = split == "train" and world.child("kit").chance(0.6)
        if ours:
            target.write_bytes(midi.without_channel(target.read_bytes(), midi.DRUM_CHANNEL))
        sound = fluid.play(target, sample_rate_hz, world.span(0.1, 0.7))
    # As in our own pieces: half begin with some silence, half anywhere in a bar.
    start = -world.uniform(0.02, 0.7) if world.chance(0.5) else world.uniform(0, 2.0)
    beats = np.array(played.quarter_s[:: band.quarters_per_beat])
    rows = np.stack([beats - start, np.arange(beats.size) % band.beats_per_bar + 1], axis=1)
    heard = [n for n in played.notes if n.velocity >= QUIETEST and 0 <= n.time_s - start < seconds]
    mix = cut(sound, start, seconds, sample_rate_hz)
    drums = [n._replace(time_s=n.time_s - start) for n in heard if n.channel == midi.DRUM_CHANNEL]
    onsets_s = [n.time_s - start for n in heard if n.channel != midi.DRUM_CHANNEL]
    if ours:
        struck = [Hit(n.time_s, DRUM_OF_KEY.get(n.key, OTHER_DRUM), n.velocity / 127) for n in drums]
        struck = changed(world.child("others"), struck)
        mix = with_kit(world.child("struck"), struck, mix, sample_rate_hz)
        hits = [(CLASS_OF.get(h.drum), h.time_s) for h in struck]
    else:
        hits = [(CLASS_OF_KEY.get(n.key), n.time_s) for n in drums]
    master = mastered(world.child("master"), mix, sample_rate_hz, wild=split == "train")
    return Piece(
        group,
        seed,
        master.mean(axis=0),
        sample_rate_hz,
        rows[(rows[:, 0] >= 0) & (rows[:, 0] < seconds)],
        {name: merged(np.array([t for kind, t in hits if kind == name])) for name in CLASSES},
        merged(np.array(onsets_s + [t for _, t in hits])),
        band.meter,
        None,
        master,
    )
