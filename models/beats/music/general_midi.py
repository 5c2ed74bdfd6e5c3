"""General MIDI: which sounds a split may use, and what drum keys mean."""

from .groups import Recipe
from .midi import DRUM_CHANNEL, MidiNote
from .score import Score
from .world import World

KEY_OF = {
    "kick": 36,
    "snare": 38,
    "clap": 39,
    "rim": 37,
    "hat": 42,
    "open_hat": 46,
    "ride": 51,
    "crash": 49,
    "low_tom": 45,
    "high_tom": 48,
    "low_conga": 64,
    "high_conga": 63,
    "shaker": 70,
    "cowbell": 56,
    "tambourine": 54,
}
# Side stick and clap count as a snare, the pedal as a hat: they do the same in a bar.
CLASS_OF_KEY = {35: "kick", 36: "kick", 37: "snare", 38: "snare", 39: "snare", 40: "snare", 42: "hat", 44: "hat", 46: "hat"}
# All keys that a drum may be.
KEYS = {
    "kick": (35, 36),
    "snare": (38, 40),
    "clap": (39,),
    "rim": (37,),
    "hat": (42, 44),
    "ride": (51, 53, 59),
    "crash": (49, 57),
    "low_tom": (41, 43, 45),
    "high_tom": (47, 48, 50),
    "low_conga": (61, 64),
    "high_conga": (60, 62, 63),
    "shaker": (69, 70),
    "cowbell": (56,),
    "tambourine": (54,),
}
OPEN_HAT = 46
# Which of our drums plays what stands in a file for another, where our kit plays it.
DRUM_OF_KEY = {key: drum for drum, keys in KEYS.items() for key in keys} | {OPEN_HAT: "open_hat", 52: "crash", 55: "crash", 82: "shaker"}
OTHER_DRUM = "cowbell"
# (world, programs), counted from 0.
PROGRAMS = {
    "bass": (("open", (33, 35, 38)), ("keep", (32, 34, 36, 39))),
    "comp": (("open", (0, 4, 25, 27, 16)), ("keep", (1, 5, 24, 30, 18, 7))),
    "pad": (("open", (48, 50, 90)), ("keep", (51, 52, 62))),
    "arp": (("open", (0, 12, 46, 80)), ("keep", (11, 6, 24, 81, 108))),
    "lead": (("open", (56, 66, 73, 80)), ("keep", (65, 71, 81, 22))),
    "voice": (("open", (85,)), ("keep", (54,))),
    "piano": (("open", (0, 4)), ("keep", (1, 6))),
    "kit": (("open", (0, 16, 25, 32)), ("keep", (8, 24, 40))),
}
# Programs that swell: a player begins them this much before the beat, in seconds (measured at a third of their level).
LEAD_S = {
    48: 0.06,
    50: 0.025,
    90: 0.03,
    51: 0.03,
    52: 0.06,
    73: 0.05,
    71: 0.035,
    65: 0.02,
    66: 0.012,
    22: 0.02,
    34: 0.02,
    33: 0.01,
}
VOLUME = {"bass": 95, "comp": 72, "pad": 62, "arp": 80, "lead": 88}


def orchestrated(
    world: World, recipe: Recipe, score: Score
) -> tuple[list[MidiNote], dict[int, int], dict[int, int], dict[int, int]]:
    """A score for General MIDI: notes, then programs, volumes and places of the channels."""
    extra = dict(recipe.loudness)

    def volume(base: float, db: float) -> int:
        # A channel's volume goes by the square: 40 log10.
        return max(1, min(127, round(base * 10 ** ((db + world.uniform(-3, 3)) / 40))))

    programs = {DRUM_CHANNEL: world.one(world.pick(PROGRAMS["kit"]))}
    volumes, pans = {DRUM_CHANNEL: volume(88, extra.get("drums", 0.0))}, {DRUM_CHANNEL: 64}
    channels: dict[str, int] = {}
    piano = world.one(world.pick(PROGRAMS["piano"]))
    for layer in sorted({n.layer for n in score.notes}):
        base = layer.split(":")[0]
        channel = len(channels) + (len(channels) >= DRUM_CHANNEL)
        channels[layer] = channel
        sound = "voice" if recipe.sound == "vocal" and base == "lead" else base
        programs[channel] = piano if recipe.sound == "piano" else world.one(world.pick(PROGRAMS[sound]))
        volumes[channel] = volume(VOLUME[base], extra.get(base, 0.0))
        pans[channel] = 64 if base == "bass" else round(world.uniform(24, 104))
    notes = []
    for hit in score.hits:
        db = extra.get(hit.drum.replace("open_", ""), 0.0)
        velocity = max(20, min(127, round(118 * hit.velocity**0.6 * 10 ** (db / 40))))
        notes.append(MidiNote(hit.time_s, 0.1, DRUM_CHANNEL, KEY_OF[hit.drum], velocity))
    for note in score.notes:
        channel = channels[note.layer]
        start = max(0.0, note.time_s - LEAD_S.get(programs[channel], 0.0))
        length = note.time_s + note.length_s - start
        notes.append(MidiNote(start, length, channel, note.pitch, max(20, round(112 * note.velocity))))
    return notes, programs, volumes, pans
