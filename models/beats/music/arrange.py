"""From a recipe to a score: blocks of bars, each with drums, bass, chords, arpeggio and melody over one harmony."""

from dataclasses import dataclass

import numpy as np

from . import patterns, tempo
from .groups import Recipe
from .grid import Groove
from .harmony import Harmony
from .rhythm import BASS, COMP, Motif, Steps, four, other
from .score import Hit, Note, Score
from .world import World

OCTAVE = {"bass": 2, "comp": 3, "pad": 3, "arp": 4, "lead": 5}


@dataclass
class Setting:
    """What a kind of section plays."""

    label: str
    groove: Groove | None
    harmony: Harmony
    layers: frozenset[str]
    bass: Steps
    comp: Steps
    comp_hold: float  # length of a chord as a share of the time to the next
    motif: Motif
    arp: tuple[int, ...]
    arp_parts: int  # notes of the arpeggio in a beat
    energy: float = 1.0  # how hard it is played
    own_sounds: bool = False  # instruments of its own, beside the bass


@dataclass
class Block:
    """Some bars of a setting. drums: "all", "none", or "hats" (without kick and snare)."""

    setting: Setting
    bars: int
    drums: str = "all"
    new: bool = False  # does a section begin here?


def setting(world: World, recipe: Recipe, label: str, groove: Groove | None, tonic: int | None = None) -> Setting:
    optional = [layer for layer in recipe.layers if layer not in recipe.need]
    layers = set(recipe.need) | {layer for layer in optional if world.chance(0.5)}
    four_four = recipe.beats_per_bar == 4
    triplets = groove is not None and groove.style == "swing" or recipe.meter == (6, 8)
    parts = 3 if triplets else 1 if recipe.meter[1] == 8 else 2
    if four_four:
        bass, comp = four(world, BASS, recipe.bass), four(world, COMP, recipe.comp)
        if bass[0][0] > 0 and comp[0][0] > 0:
            bass = [(0.0, 1.0), (0.5, 0.8)]  # somebody has to say where the bar begins
        if triplets:
            bass = [(b / 4, 0.9 if b == 0 else 0.75) for b in range(4)]  # it walks
            comp = world.one(
                ([(0, 0.9), (5 / 12, 0.8)], [(0, 0.9)], [(1 / 4, 0.7), (3 / 4, 0.7)], [(2 / 12, 0.7), (8 / 12, 0.9)])
            )
    else:
        bass, comp = (other(world, recipe.beats_per_bar, part, recipe.accents) for part in ("bass", "comp"))
    if not recipe.styles and not any(place == 0 for place, _ in comp):
        comp = [(b / recipe.beats_per_bar, 0.9 if b == 0 else 0.7) for b in range(recipe.beats_per_bar)]
    return Setting(
        label,
        groove,
        Harmony(world, tonic),
        frozenset(layers),
        bass,
        comp,
        world.one((0.25, 0.5, 0.95)),
        Motif(world, recipe.beats_per_bar, parts, world.uniform(0.35, 0.8)),
        world.one(((0, 1, 2, 3), (0, 2, 1, 2), (3, 2, 1, 0), (0, 1, 2, 1), (0, 2, 3, 1))),
        3 if triplets else world.one((1, 2)) if recipe.meter[1] == 8 else world.one((2, 2, 4)),
    )


def groove_for(world: World, recipe: Recipe, bpm: float) -> Groove | None:
    """A pattern of the recipe's styles that is played at this tempo, or nearly."""
    if not recipe.styles:
        return None
    rows = patterns.of(world.one(recipe.styles))
    fitting = [
        row for row in rows if row[0] == world.name and row[1].tempo_bpm[0] * 0.95 <= bpm <= row[1].tempo_bpm[1] * 1.05
    ]
    groove = world.pick(fitting or rows)
    return varied(world, groove, world.pick(fitting or rows)) if world.split == "train" and world.chance(0.6) else groove


def varied(world: World, one: Groove, two: Groove) -> Groove:
    """For training, patterns that no table has: cymbals and percussion of one on the drums of another; accents moved."""
    core = ("kick", "snare", "clap", "rim")
    if one.swing != two.swing:
        two = one
    bars = []
    for i in range(max(len(one.bars), len(two.bars))):
        first, second = one.bars[i % len(one.bars)], two.bars[i % len(two.bars)]
        hits = [h for h in first if h[1] in core] + [h for h in second if h[1] not in core]
        places = sorted({h[0] for h in first + second})
        hits = [h for h in hits if h[2] > 0.9 or not world.chance(0.15)]
        for drum in ("kick", "snare"):
            if (
                one.style not in ("house", "offbeat", "sparse")
                and world.chance(0.3)
                and (0.0, drum) not in [h[:2] for h in hits]
            ):
                hits.append((world.one(places), drum, world.one((0.38, 0.78))))
        bars.append(tuple(sorted({h[:2]: h for h in hits}.values())))
    return Groove(one.style, f"{one.name} {two.name}", tuple(bars), one.tempo_bpm, one.swing)


def blocks(world: World, recipe: Recipe, bpm: float, bars: int) -> list[Block]:
    """The form of a piece."""
    groove = groove_for(world, recipe, bpm)
    if recipe.form == "song":
        return song(world, recipe, bpm, bars)
    first = setting(world, recipe, "A", groove)
    if recipe.form == "steady":
        return [Block(first, bars)]
    second = setting(world, recipe, "B", groove, first.harmony.tonic)
    out: list[Block] = []
    length = world.one((4, 8)) if recipe.form == "blocks" else 4
    while sum(b.bars for b in out) < bars:
        i = len(out)
        drums = "all"
        if recipe.form == "breakdown":
            drums = ("all", "none" if world.chance(0.6) else "hats")[i % 2]
        elif i == 0 and world.chance(0.2):
            drums = world.one(("none", "hats"))
        # What lacks drums lasts 4 or 8 bars, or 2 where bars are long.
        quiet = 2 if bpm < 50 * recipe.beats_per_bar / 2 else world.one((4, 8)) if i else 4
        out.append(Block(second if i % 4 >= 2 else first, length if drums == "all" else quiet, drums))
    return out


def song(world: World, recipe: Recipe, bpm: float, bars: int) -> list[Block]:
    """Verse, chorus and bridge: other chords, instruments, drums and energy, in 8 bars each; the chorus comes back."""
    tonic = int(world.uniform(0, 12))
    verse, chorus, bridge = (setting(world, recipe, label, groove_for(world, recipe, bpm), tonic) for label in "ABC")
    verse.layers, chorus.layers, bridge.layers = (
        frozenset({"bass", "comp"}),
        frozenset(recipe.layers),
        frozenset({"pad", "arp"}),
    )
    verse.energy, bridge.energy = 0.8, 0.65
    for part in (verse, chorus, bridge):
        part.own_sounds = True
    if world.chance(0.5):
        bridge.harmony = Harmony(world, (tonic + 5) % 12)
    order = world.one(
        (
            (verse, chorus, verse, chorus, bridge, chorus),
            (chorus, verse, chorus, bridge, chorus),
            (verse, bridge, chorus, verse, chorus),
        )
    )
    out = []
    for i in range(-(-bars // 8)):
        part = order[i % len(order)]
        out.append(
            Block(part, 8, "none" if part is bridge else "all", new=i == 0 or part is not order[(i - 1) % len(order)])
        )
    return out


def fill(world: World, beats_per_bar: int, parts: int) -> tuple[float, list[tuple[float, str, float]]]:
    """Where a fill begins (as a share of the bar), and what it plays: `parts` hits or fewer in a beat."""
    beats = world.one((1, 1, 2)) if beats_per_bar > 2 else 1
    start = 1 - beats / beats_per_bar
    steps = parts * beats
    drums = world.one((("snare",), ("snare", "high_tom", "low_tom"), ("high_tom", "low_tom"), ("snare", "kick")))
    hits = []
    for s in range(steps):
        if s == 0 or world.chance(0.85):
            drum = drums[min(len(drums) - 1, s * len(drums) // steps)]
            hits.append((start + s / steps * (1 - start), drum, 0.55 + 0.4 * s / steps))
    return start, hits


def drum_bar(world: World, block: Block, bar: int, beats_per_bar: int, last: bool) -> list[tuple[float, str, float]]:
    """The hits of one bar: the pattern with small changes, a fill at the end of a phrase, a crash at the start of one."""
    groove = block.setting.groove
    if groove is None or block.drums == "none":
        return []
    hits = [
        h
        for h in groove.bars[bar % len(groove.bars)]
        if block.drums == "all" or h[1] not in ("kick", "snare", "clap", "rim")
    ]
    # Now and then a weak hit is left out, or one is added where nothing is.
    hits = [h for h in hits if h[2] > 0.9 or not world.chance(0.04)]
    if block.drums == "all" and groove.style not in ("sparse", "swing") and world.chance(0.12):
        hits.append(
            (
                world.one((0.4375, 0.6875, 0.9375)) if beats_per_bar == 4 else 1 - 0.5 / beats_per_bar,
                world.one(("kick", "snare")),
                0.4,
            )
        )
    busy = groove.style not in ("sparse", "offbeat")
    if block.drums == "all" and busy and (last or bar % 4 == 3 and world.chance(0.35)) and world.chance(0.75):
        parts = {"swing": 3, "six": world.one((3, 6)), "seven": 2}.get(groove.style, world.one((4, 4, 2)))
        start, extra = fill(world, beats_per_bar, parts)
        hits = [h for h in hits if h[0] < start - 1e-6 or h[1] == "kick" and groove.style == "house"] + extra
    if bar == 0 and block.drums == "all" and busy and world.chance(0.5):
        hits.append((0.0, "crash", 0.8))
    return sorted(hits)


def line(world: World, block: Block, bar: int, beats_per_bar: int) -> list[tuple[float, float, int, float, str]]:
    """The notes of one bar: place, length (shares of the bar), pitch, velocity, layer."""
    s, notes = block.setting, []
    suffix = f":{s.label}" if s.own_sounds else ""
    swing = s.groove is not None and s.groove.style == "swing"
    if "bass" in s.layers:
        for i, (place, velocity) in enumerate(s.bass):
            degree = s.harmony.degree(bar, place)
            end = s.bass[i + 1][0] if i + 1 < len(s.bass) else 1.0
            step = (0, 2, 4, 2)[i % 4] if swing else 4 if i and i % 4 == 3 else 7 if i % 8 == 5 else 0
            notes.append((place, 0.85 * (end - place), s.harmony.pitch(degree + step, 1), velocity, "bass"))
    if "comp" in s.layers:
        for i, (place, velocity) in enumerate(s.comp):
            end = s.comp[i + 1][0] if i + 1 < len(s.comp) else 1.0
            for pitch in s.harmony.chord(s.harmony.degree(bar, place), OCTAVE["comp"]):
                notes.append((place, s.comp_hold * (end - place), pitch, velocity, "comp" + suffix))
    if "pad" in s.layers:
        for half in (0.0, 0.5) if any(isinstance(c, tuple) for c in s.harmony.bars) else (0.0,):
            length = 0.5 if any(isinstance(c, tuple) for c in s.harmony.bars) else 1.0
            for pitch in s.harmony.chord(s.harmony.degree(bar, half), OCTAVE["pad"]):
                notes.append((half, length, pitch + 12, 0.7, "pad" + suffix))
    if "arp" in s.layers:
        count = beats_per_bar * s.arp_parts
        for i in range(count):
            tones = s.harmony.chord(s.harmony.degree(bar, i / count), OCTAVE["arp"])
            tones = [*tones, tones[0] + 12]
            strong = 0.95 if i == 0 else 0.8 if i % s.arp_parts == 0 else 0.55
            notes.append((i / count, 0.8 / count, tones[s.arp[i % len(s.arp)] % len(tones)], strong, "arp" + suffix))
    if "lead" in s.layers and bar % 8 != 7:
        for place, length, step in s.motif.bar(bar):
            pitch = s.harmony.pitch(s.harmony.degree(bar, place) + step, OCTAVE["lead"] - 1)
            notes.append((place, 0.9 * length, pitch, 0.9 if place == 0 else 0.75, "lead" + suffix))
    return [(place, length, pitch, velocity * s.energy, layer) for place, length, pitch, velocity, layer in notes]


def beat_times(world: World, recipe: Recipe, seconds: float) -> tuple[np.ndarray, float]:
    """The tempo map of a piece that begins at 0, and the tempo that it stands for."""
    low, high = recipe.tempo_bpm
    bpm = float(np.exp(np.log(low) + (np.log(high) - np.log(low)) * world.quantile()))
    # Trackers halve 144, 150 and 180: more of them.
    if recipe.motion == "steady" and high >= 190 and world.chance(0.3):
        bpm = world.one((144.0, 150.0, 160.0, 174.0, 180.0, 190.0))
    if recipe.motion == "ramp":
        times = tempo.ramp(world, low, high, seconds)
    elif recipe.motion == "jump":
        times = tempo.jump(world, low, high, seconds, recipe.beats_per_bar)
    elif recipe.motion == "live":
        times = tempo.drifting(world, bpm, seconds, world.uniform(0.008, 0.03), world.uniform(0.002, 0.008))
    elif recipe.motion == "rubato":
        times = tempo.rubato(world, bpm, seconds, recipe.beats_per_bar)
    else:
        times = tempo.steady(bpm, seconds)
    return times, float(60 / np.median(np.diff(times)))


def arrange(world: World, recipe: Recipe, seconds: float) -> Score:
    """Writes a piece of a group."""
    bar_beats = recipe.beats_per_bar
    # Half of all pieces begin with a moment of silence, the others anywhere in a bar, as if tuned in.
    times, bpm = beat_times(world, recipe, seconds + 8.0)
    lead = (
        -world.uniform(0.02, 0.7) if recipe.form == "song" or world.chance(0.5) else world.uniform(0, bar_beats * 60 / bpm)
    )
    times = times - lead
    bars = int(np.searchsorted(times, seconds) / bar_beats) + 1
    human = {"live": world.uniform(0.004, 0.010), "rubato": 0.006}.get(recipe.motion, world.one((0.0, 0.0, 0.003)))
    late = {drum: world.uniform(-0.006, 0.010) * (human > 0.002) for drum in ("snare", "hat", "ride")}
    hits: list[Hit] = []
    notes: list[Note] = []
    sections: list[tuple[float, str]] = []
    bar = 0
    for block in blocks(world, recipe, bpm, bars):
        eighths, sixteenths = block.setting.groove.swing if block.setting.groove else (0.5, 0.5)
        if block.new and bar * bar_beats < times.size:
            sections.append((max(0.0, float(times[bar * bar_beats])), block.setting.label))
        for i in range(block.bars):
            start = (bar + i) * bar_beats
            if start >= times.size - bar_beats:
                break

            def clock(places: list[float], start: int = start) -> np.ndarray:
                at = tempo.swung(start + np.array(places) * bar_beats, eighths, sixteenths)  # noqa: B023
                return tempo.seconds_at(times, at)

            played = drum_bar(world, block, i, bar_beats, i == block.bars - 1)
            off = human * np.clip(world.rng.standard_normal(len(played)), -2.2, 2.2)
            loud = 1 + 0.08 * np.clip(world.rng.standard_normal(len(played)), -2, 2)
            for (_, drum, velocity), time, o, g in zip(played, clock([h[0] for h in played]), off, loud, strict=True):
                hits.append(
                    Hit(float(time + o + late.get(drum, 0.0)), drum, float(min(1.0, velocity * g * block.setting.energy)))
                )
            written = line(world, block, i, bar_beats)
            begin, end = clock([n[0] for n in written]), clock([n[0] + n[1] for n in written])
            off = 0.7 * human * np.clip(world.rng.standard_normal(len(written)), -2.2, 2.2)
            for (_, _, pitch, velocity, layer), b, e, o in zip(written, begin, end, off, strict=True):
                notes.append(Note(float(b + o), float(max(0.03, e - b)), int(pitch), velocity, layer))
        bar += block.bars
    number = np.arange(times.size)
    inside = (times >= 0) & (times < seconds)
    beats = np.stack([times, number % bar_beats + 1], axis=1)[inside]
    score = Score(seconds, recipe.meter, beats, sections=[s for s in sections if s[0] < seconds] or None)
    score.hits = sorted(h for h in hits if 0 <= h.time_s < seconds)
    score.notes = sorted(n for n in notes if 0 <= n.time_s < seconds)
    return score
