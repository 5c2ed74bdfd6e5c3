"""The kinds of music that there are. A recipe says what a group's pieces have in common; chance says the rest."""

from dataclasses import dataclass

ALL_LAYERS = ("bass", "comp", "pad", "arp", "lead")


@dataclass(frozen=True)
class Recipe:
    """How pieces of a group are made. Tempi in beats a minute, the beat being what is annotated."""

    styles: tuple[str, ...] = ("rock", "house", "funk")  # of drums; none: no drums
    meter: tuple[int, int] = (4, 4)
    beats_per_bar: int = 4
    tempo_bpm: tuple[float, float] = (60.0, 200.0)
    motion: str = "steady"  # steady, ramp, jump, live, rubato
    bass: str = "even"  # its rhythm: even, off, broken, any
    comp: str = "even"  # that of the chords
    layers: tuple[str, ...] = ALL_LAYERS
    need: tuple[str, ...] = ("bass",)  # layers that always play
    accents: tuple[int, ...] = (0, 2)  # beats that bass and chords lean on
    loudness: tuple[tuple[str, float], ...] = ()  # decibels added to drums, bass, comp, pad, arp, lead, kick, hat
    form: str = "blocks"  # blocks, breakdown, song, steady
    sound: str = "any"  # any, master (see `master.py`), piano, vocal
    by_midi: bool = True  # may a set's piece be played by FluidSynth?
    share: float = 1.0  # of training pieces, beside the others


GROUPS: dict[str, Recipe] = {
    "four_on_floor": Recipe(styles=("house",), tempo_bpm=(60, 200), bass="any", comp="any", share=1.5),
    "rock": Recipe(styles=("rock",), tempo_bpm=(65, 195), comp="any", share=1.5),
    "offbeat_hats": Recipe(
        styles=("offbeat",), tempo_bpm=(95, 160), comp="off", loudness=(("kick", -6), ("hat", 5)), share=1.5
    ),
    "funk": Recipe(styles=("funk",), tempo_bpm=(80, 120), bass="broken", comp="broken", share=1.5),
    "trap": Recipe(styles=("trap",), tempo_bpm=(62, 100), bass="broken"),
    "breaks": Recipe(styles=("breaks",), tempo_bpm=(105, 182), bass="broken", comp="any"),
    "swing": Recipe(styles=("swing",), tempo_bpm=(65, 235)),
    "waltz": Recipe(styles=("waltz",), meter=(3, 4), beats_per_bar=3, tempo_bpm=(80, 195), accents=(0,)),
    "six_eight": Recipe(styles=("six",), meter=(6, 8), beats_per_bar=2, tempo_bpm=(42, 110), accents=(0,)),
    "five_four": Recipe(styles=("five",), meter=(5, 4), beats_per_bar=5, tempo_bpm=(80, 185), accents=(0, 3)),
    "seven_eight": Recipe(styles=("seven",), meter=(7, 8), beats_per_bar=7, tempo_bpm=(150, 235), accents=(0, 2, 4)),
    "latin": Recipe(styles=("latin",), tempo_bpm=(68, 150), comp="off"),
    "ramp": Recipe(
        styles=("rock", "house", "funk", "breaks"), tempo_bpm=(60, 200), motion="ramp", bass="any", comp="any", share=1.5
    ),
    "jump": Recipe(styles=("rock", "house", "funk", "latin"), tempo_bpm=(65, 190), motion="jump"),
    "live": Recipe(styles=("rock", "funk", "swing", "latin"), tempo_bpm=(65, 190), motion="live"),
    "rubato": Recipe(
        styles=(),
        tempo_bpm=(50, 110),
        motion="rubato",
        layers=("bass", "comp", "arp", "lead"),
        need=("bass", "comp"),
        sound="piano",
    ),
    "no_drums": Recipe(styles=(), tempo_bpm=(60, 160), need=("comp", "arp")),
    "masters": Recipe(styles=("rock", "house", "funk", "breaks"), tempo_bpm=(70, 180), sound="master"),
    "breakdown": Recipe(
        styles=("house", "rock", "breaks"), tempo_bpm=(85, 178), bass="any", form="breakdown", need=("pad", "arp")
    ),
    "sparse": Recipe(styles=("sparse",), tempo_bpm=(60, 110), layers=("bass", "pad", "arp"), need=("pad",)),
    "dense": Recipe(
        styles=("rock", "funk", "house"),
        tempo_bpm=(75, 180),
        need=("bass", "comp", "pad", "lead"),
        sound="vocal",
        loudness=(("drums", -4),),
    ),
    "no_beat": Recipe(styles=(), meter=(0, 0), by_midi=False, share=0.6),
    "steady": Recipe(styles=("rock", "house", "funk"), tempo_bpm=(80, 160), form="steady", share=0.3),
    "sections": Recipe(
        styles=("rock", "house", "funk", "breaks"), tempo_bpm=(85, 165), form="song", bass="any", comp="any", share=0.5
    ),
}
TRAINING_GROUPS = tuple(GROUPS)
LONG_S = {"steady": 75.0, "sections": 80.0}  # these need longer than other pieces to say anything
