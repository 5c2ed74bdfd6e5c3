"""Phrases beyond the grammar, for the table that ships: words of the teacher's own vocabulary, alone, in pairs and with captions.

Nobody says what they look like; the teacher guesses, and the table learns its guesses. So a word that no caption has still lands
where its meaning is.
"""

import numpy as np

from . import captions, lexicon
from .word_piece import WordPiece

PATTERNS = (
    "{a}", "a {a}", "the {a}", "{a} {b}", "{a} and {b}", "{a} in the {b}", "the {a} of {b}", "a {a} with {b}", "{a} of the {b}", "{a}, {b}", "a {a} {b}", "under the {a} {b}",
    "{a} {b} {c}", "a {a} near a {b}", "{q} {a}", "{q} {a} {b}", "{h} {a}", "{h} {a} and {b}", "{a} like {f}", "{f} and {a}", "{a} {f}", "{q} {h} {a}", "a {q} {a} at {b}", "{a} over {b}",
)  # fmt: skip


def words(tokens: WordPiece) -> list[str]:
    """Whole words of plain letters."""
    return [piece for piece in tokens.pieces if len(piece) > 2 and piece.isascii() and piece.isalpha()]


def draw(tokens: WordPiece, count: int, seed: int) -> list[str]:
    """Every whole word once, and then `count` phrases in which each is as likely as any other; one in four is a caption."""
    rng = np.random.default_rng(seed)
    known = words(tokens)
    qualities = [word for before, _ in lexicon.QUALITIES.values() for word in before]
    colours = [word for before, _ in lexicon.COLOURS.values() for word in before]
    families = [name for names in lexicon.FAMILIES.values() for name in names]
    grammar = captions.Grammar(rng)
    found = list(known)
    for _ in range(count):
        if rng.random() < 0.25:
            found.append(grammar.draw().text)
            continue
        a, b, c = (known[at] for at in rng.integers(len(known), size=3))
        q, h, f = (some[rng.integers(len(some))] for some in (qualities, colours, families))
        found.append(PATTERNS[rng.integers(len(PATTERNS))].format(a=a, b=b, c=c, q=q, h=h, f=f))
    return found
