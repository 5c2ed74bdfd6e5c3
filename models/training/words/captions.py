"""Captions from a grammar, and which pictures each of them fits.

A caption is a text and, for each condition (a family, a colour, a quality), how much it asks for it. A condition gives every picture
a membership, 0 to 1 (fuzzy sets, Zadeh 1965); what a caption asks for together is their product. So no caption is of one picture:
it is a distribution over all of them, which is what the teacher learns (`teacher.py`).
"""

from dataclasses import dataclass

import numpy as np

from ..look import FAMILIES, KNOBS
from . import lexicon

# Hue of each colour in OKLab, in degrees, and how wide it is.
HUES_DEG = {"red": (27, 14), "orange": (58, 15), "yellow": (97, 17), "green": (140, 21), "teal": (192, 25), "blue": (257, 26), "violet": (300, 16), "pink": (346, 18)}  # fmt: skip
# Quality -> what it is measured by, and whether much or little of it is meant. All are ranks, 0 to 1.
MEASURES = {
    "dark": ("light", -1), "bright": ("light", 1), "grey": ("chroma", -1), "vivid": ("chroma", 1), "simple": ("complexity", -1), "busy": ("complexity", 1),
    "smooth": ("roughness", -1), "rough": ("roughness", 1), "ordered": ("symmetry", 1), "free": ("symmetry", -1), "glowing": ("glow", 1), "matt": ("glow", -1),
    "many": ("spread", 1), "one": ("spread", -1), "harsh": ("contrast", 1), "hazy": ("contrast", -1),
}  # fmt: skip
CONDITIONS = (*FAMILIES, *HUES_DEG, *MEASURES)
# What rules each other out.
OPPOSITES = {frozenset(pair) for pair in (("dark", "bright"), ("grey", "vivid"), ("simple", "busy"), ("smooth", "rough"), ("ordered", "free"), ("glowing", "matt"), ("many", "one"), ("harsh", "hazy"), ("grey", "many"), ("one", "many"))}  # fmt: skip
# The least membership: a picture that a caption does not fit is unlikely, not impossible.
LEAST = 0.002
# A mood hints at what a colour word says.
HINT = 0.6


@dataclass(frozen=True)
class Caption:
    """What someone might say, and how much of each of `CONDITIONS` it asks for."""

    text: str
    asks: np.ndarray  # float32 [len(CONDITIONS)]


def memberships(looks: np.ndarray, hue_rad: np.ndarray, chroma: np.ndarray, light: np.ndarray) -> np.ndarray:
    """Logarithms of memberships [len(CONDITIONS), n]: of looks [n, 20] whose colour was measured (`seen.py`), chroma and light as ranks."""
    knobs = list(KNOBS)
    measured = {name: looks[:, knobs.index(name)] for name in knobs[2:]} | {"chroma": chroma, "light": light}
    rows = [looks[:, len(KNOBS) + k] for k in range(len(FAMILIES))]
    for centre, width in HUES_DEG.values():
        off = (np.degrees(hue_rad) - centre + 180) % 360 - 180
        rows.append(np.exp(-0.5 * (off / width) ** 2) / (1 + np.exp(-(chroma - 0.3) / 0.07)))
    for name, way in MEASURES.values():
        rows.append(1 / (1 + np.exp(-way * (measured[name] - 0.5 - way * 0.2) / 0.08)))
    return np.log(np.maximum(np.stack(rows), LEAST)).astype(np.float32)


def _pick(rng: np.random.Generator, words):
    return words[rng.integers(len(words))]


def _adjective(noun: str, adjective: str) -> str:
    """`a mandala` and `red` to `a red mandala`; nouns without an article are led by the adjective."""
    first, _, rest = noun.partition(" ")
    if first in ("a", "an") and rest:
        return f"{'an' if adjective[0].lower() in 'aeio' else 'a'} {adjective} {rest}"
    return f"the {adjective} {rest}" if first == "the" and rest else f"{adjective} {noun}"


class Grammar:
    """Draws captions."""

    def __init__(self, rng: np.random.Generator):
        self.rng = rng

    def draw(self) -> Caption:
        """One caption: of a scene, a family, a colour, a mood or the weather, with more of them around it."""
        kind = self.rng.choice(["scene", "family", "colour", "mood", "weather"], p=[0.22, 0.42, 0.2, 0.09, 0.07])
        asks: dict[str, float] = {}
        text = getattr(self, f"_{kind}")(asks)
        for _ in range(self.rng.choice(4, p=[0.34, 0.36, 0.22, 0.08])):
            text = self._more(text, asks)
        text = _pick(self.rng, lexicon.FRAMES).format(text)
        if self.rng.random() < 0.12:
            text = text.capitalize() + _pick(self.rng, (".", "!", "..."))
        vector = np.zeros(len(CONDITIONS), np.float32)
        for name, much in asks.items():
            vector[CONDITIONS.index(name)] = much
        return Caption(text, vector)

    def _ask(self, asks: dict[str, float], names, much: float = 1.0) -> bool:
        """Adds conditions, if none is against what is asked for already. One family, one or two colours."""
        for name in names:
            if any(frozenset((name, other)) in OPPOSITES for other in asks) or (name in FAMILIES and any(other in FAMILIES for other in asks)):
                return False
            if name in HUES_DEG and any(other in HUES_DEG or other == "grey" for other in asks) or name == "grey" and any(other in HUES_DEG for other in asks):
                return False
        # Two colours of one mood share what one has: otherwise no picture fits both.
        hues = sum(name in HUES_DEG for name in names) or 1
        asks.update({name: much / hues if name in HUES_DEG else much for name in names})
        return True

    def _family(self, asks) -> str:
        family = _pick(self.rng, FAMILIES)
        self._ask(asks, [family])
        return _pick(self.rng, lexicon.FAMILIES[family])

    def _scene(self, asks) -> str:
        text = _pick(self.rng, list(lexicon.SCENES))
        self._ask(asks, lexicon.SCENES[text])
        return text

    def _colour(self, asks) -> str:
        colour = _pick(self.rng, list(lexicon.COLOURS))
        self._ask(asks, [colour])
        words, things = lexicon.COLOURS[colour]
        if self.rng.random() < 0.25:
            return _pick(self.rng, words)
        return _pick(self.rng, things)

    def _mood(self, asks) -> str:
        text = _pick(self.rng, list(lexicon.MOODS))
        self._ask(asks, lexicon.MOODS[text], HINT)
        return text

    def _weather(self, asks) -> str:
        text = _pick(self.rng, list(lexicon.WEATHER))
        self._ask(asks, lexicon.WEATHER[text], HINT)
        return text

    def _more(self, text: str, asks) -> str:
        """The text with one thing more said of it, where that fits."""
        kind = self.rng.choice(["colour", "quality", "behind", "mood", "weather", "thing"], p=[0.3, 0.28, 0.18, 0.08, 0.08, 0.08])
        if kind in ("colour", "thing"):
            colour = _pick(self.rng, list(lexicon.COLOURS))
            if not self._ask(asks, [colour]):
                return text
            words, things = lexicon.COLOURS[colour]
            if kind == "thing":
                return f"{text}, {_pick(self.rng, ('the colour of', 'like', 'with'))} {_pick(self.rng, things)}"
            word = _pick(self.rng, words)
            return _adjective(text, word) if self.rng.random() < 0.7 else f"{text} in {word}"
        if kind in ("quality", "behind"):
            quality = _pick(self.rng, list(lexicon.QUALITIES))
            if not self._ask(asks, [quality]):
                return text
            before, behind = lexicon.QUALITIES[quality]
            return _adjective(text, _pick(self.rng, before)) if kind == "quality" else f"{text} {_pick(self.rng, behind)}"
        table = lexicon.MOODS if kind == "mood" else lexicon.WEATHER
        found = _pick(self.rng, list(table))
        if not self._ask(asks, table[found], HINT):
            return text
        return f"{text}, {found}" if kind == "mood" else f"{text} in {found}" if self.rng.random() < 0.5 else f"{found} and {text}"


def draw(count: int, seed: int) -> list[Caption]:
    """`count` captions; the same seed gives the same."""
    grammar = Grammar(np.random.default_rng(seed))
    return [grammar.draw() for _ in range(count)]


def named(known: list[str], count: int, seed: int) -> list[Caption]:
    """Words of the lexicon among words that mean nothing here, drawn from `known`: what is named counts, whatever stands around it."""
    rng = np.random.default_rng(seed)
    meant = [(text, [name]) for name, words in lexicon.FAMILIES.items() for text in words]
    colours = [(text, [name]) for name, (before, things) in lexicon.COLOURS.items() for text in (*before, *before, *things)]
    found = []
    for _ in range(count):
        text, names = _pick(rng, meant if rng.random() < 0.45 else colours)
        word, patterns = _pick(rng, known), ("{0}", "{0} {1}", "{1} {0}", "a {0} {1}", "{0} of a {1}", "{1} with {0}", "the {1} of {0}", "{0}, {1}")
        vector = np.zeros(len(CONDITIONS), np.float32)
        vector[[CONDITIONS.index(name) for name in names]] = 1
        found.append(Caption(_pick(rng, patterns).format(text, word), vector))
    return found
