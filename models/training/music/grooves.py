"""Genre-labelled music: 8 genres x 9 grooves of MMA (Musical MIDI Accompaniment), played by FluidSynth.

Three Debian packages, run as programs at training time only: `mma` (GPL), `fluidsynth` (LGPL), `fluid-soundfont-gm` (MIT).
Key, tempo and chords are random, from a seed of the groove's own name, so that no groove tells its genre by its chords.
"""

import hashlib
import re
import subprocess
from pathlib import Path

import numpy as np
from tqdm import tqdm

from .find import Recording, duration_s
from .split import GROOVES

SOUNDFONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
SECONDS = 40.0
RATE_HZ = 32_000
SEED = 8

GENRES = {
    "rock": "50sRock 60sRock BasicRock FolkRock SoftRock BubbleRock Twist casio:Rock1 casio:HeavyMetal",
    "jazz": "Jazz54 JazzCombo JazzGuitar MellowJazz ModernJazz NiteJazz Swing Bebop EasySwing",
    "latin": "Salsa BossaNova Mambo Samba Merengue ChaCha Rhumba Tango Beguine",
    "electronic": "casio:Techno casio:House casio:Rave casio:Trance1 casio:Dance1 casio:Dance2 casio:Ambient1 casio:TripHop "
    "Trance",
    "waltz": "Waltz FrenchWaltz VieneseWaltz CountryWaltz BroadwayWaltz FastWaltz LatinWaltz JazzWaltz RockWaltz",
    "country": "BlueGrass CountrySwing CountryBlues WesternSwing Zydeco HillCountry SlowCountry Folk BlueFolk",
    "ballad": "Ballad PianoBallad GuitarBallad R&B-Ballad RockBallad StringBallad PopBallad FolkBallad Ballad68",
    "march": "March BWMarch 68March DixieMarch Polka casio:GermanMarch casio:March1 RagTime Dixie",
}
TEMPO = {
    "rock": (110, 150),
    "jazz": (100, 170),
    "latin": (95, 135),
    "electronic": (110, 145),
    "waltz": (95, 160),
    "country": (95, 150),
    "ballad": (60, 90),
    "march": (100, 130),
}
# Four bars each, in C or A minor; `Transpose` moves them to any key.
PROGRESSIONS = (
    "Am F C G",
    "C G Am F",
    "C Am Dm G7",
    "Dm7 G7 CM7 Am7",
    "C F G7 C",
    "Am Dm E7 Am",
    "C Em F G7",
    "Am G F E7",
    "F G Em Am",
    "C7 F7 C7 G7",
)


def names() -> list[tuple[str, str]]:
    """All (genre, groove)."""
    return [(genre, groove) for genre, grooves in GENRES.items() for groove in grooves.split()]


def score(genre: str, groove: str, bars: int) -> str:
    """A piece in MMA's language. The same groove always gets the same tempo, key and chords."""
    seed = int.from_bytes(hashlib.sha256(f"{SEED} {groove}".encode()).digest()[:4])
    rng = np.random.default_rng(seed)
    tempo, key = int(rng.integers(*TEMPO[genre])), int(rng.integers(-5, 7))
    first, second = (PROGRESSIONS[i].split() for i in rng.choice(len(PROGRESSIONS), 2, replace=False))
    chords = first * 2 + second * 2
    lines = [f"RndSeed {seed}", f"Transpose {key}", f"Tempo {tempo}", f"Groove {groove}"]
    return "\n".join(lines + [f"{bar + 1} {chords[bar % len(chords)]}" for bar in range(bars)]) + "\n"


def _run(command: list[str], package: str, groove: str) -> str:
    try:
        result = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        raise RuntimeError(f"{command[0]} is not installed; on Debian: apt-get install {package}") from None
    if result.returncode != 0:
        raise RuntimeError(f"groove {groove}: {command[0]} failed: {(result.stderr + result.stdout).strip()}")
    return result.stdout + result.stderr


def compose(genre: str, groove: str, midi: Path) -> None:
    """Writes about 40 s of a groove as MIDI. MMA tells how long eight bars last, which fixes how many there must be."""
    text, bars = midi.with_suffix(".mma"), 8
    for _ in range(2):
        text.write_text(score(genre, groove, bars))
        said = _run(["mma", str(text), "-f", str(midi)], "mma", groove)
        length = re.search(r"([\d.]+) min", said)
        if not length:
            raise RuntimeError(f"groove {groove}: mma does not say how long the piece is: {said.strip()}")
        bars = max(4, round(bars * SECONDS / (60 * float(length.group(1)))))


def render(genre: str, groove: str, folder: Path) -> Path:
    """The groove's WAV file, made if it is not there yet."""
    name = groove.split(":")[-1].replace("&", "n")
    wav = folder / genre / f"{name}.wav"
    if not wav.exists():
        if not SOUNDFONT.is_file():
            raise FileNotFoundError(f"{SOUNDFONT}: no such sound font; on Debian: apt-get install fluid-soundfont-gm")
        wav.parent.mkdir(parents=True, exist_ok=True)
        compose(genre, groove, wav.with_suffix(".mid"))
        part = wav.with_suffix(".new")
        played = ["-ni", "-q", "-r", str(RATE_HZ), "-g", "0.5", "-T", "wav", "-F", str(part), str(SOUNDFONT)]
        _run(["fluidsynth", *played, str(wav.with_suffix(".mid"))], "fluidsynth", groove)
        part.replace(wav)
    return wav


def recordings(folder: Path) -> list[Recording]:
    """All grooves, rendered into `folder`/genre/groove.wav."""
    found = []
    for genre, groove in tqdm(names(), desc="grooves", unit="groove"):
        wav = render(genre, groove, folder)
        found.append(Recording(wav, wav.relative_to(folder).as_posix(), GROOVES, groove, genre, duration_s(wav)))
    return found
