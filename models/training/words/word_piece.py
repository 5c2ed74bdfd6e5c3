"""Texts to tokens as BERT does it (Devlin et al. 2018): lower case, accents off, the longest pieces of a vocabulary that fit.

The engine does the same in Rust (`engine/src/words/word_piece.rs`); a fixture holds the two together.
"""

import unicodedata
from pathlib import Path

UNKNOWN = "[UNK]"
# A longer word is unknown.
LONGEST_WORD = 64


def split(text: str) -> list[str]:
    """Words and marks, in lower case without accents. What is no letter, digit or combining mark stands alone."""
    words, word = [], ""
    for letter in unicodedata.normalize("NFD", text.lower()):
        category = unicodedata.category(letter)
        if category == "Mn":
            continue
        if category[0] in "LN":
            word += letter
            continue
        if word:
            words.append(word)
            word = ""
        if category[0] not in "ZC":
            words.append(letter)
    return [*words, word] if word else words


class WordPiece:
    """A vocabulary: one piece a line; pieces that go on a word begin with `##`."""

    def __init__(self, pieces: list[str]):
        self.pieces = pieces
        self.number = {piece: at for at, piece in enumerate(pieces)}

    @classmethod
    def read(cls, path: Path) -> "WordPiece":
        return cls(path.read_text(encoding="utf-8").splitlines())

    def word(self, word: str) -> list[int] | None:
        """The numbers of a word's pieces; none where the vocabulary has no such pieces."""
        if len(word) > LONGEST_WORD:
            return None
        found, start = [], 0
        while start < len(word):
            for end in range(len(word), start, -1):
                number = self.number.get(("##" if start else "") + word[start:end])
                if number is not None:
                    break
            else:
                return None
            found.append(number)
            start = end
        return found

    def numbers(self, text: str) -> list[int]:
        """The numbers of a text's pieces; unknown words are left out."""
        return [number for word in split(text) for number in self.word(word) or ()]
