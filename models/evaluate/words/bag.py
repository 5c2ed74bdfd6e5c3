"""The baseline: a bag of words, which knows what captions have each word and nothing of any other."""

import re

import numpy as np

from models.training.words.captions import CONDITIONS, draw
from models.training.words.seen import Space

from .shown import KEY_ROUNDED, Shown

COUNT, SEED = 20_000, 11
RIDGE = 3.0


def words(text: str) -> set[str]:
    """Words in lower case."""
    return set(re.findall(r"[^\W\d_]+", text.lower()))


class BagOfWords:
    """Fitted to captions: how much of each condition each word brings."""

    def __init__(self, count: int = COUNT):
        captions = draw(count, SEED)
        bags = [words(caption.text) for caption in captions]
        self.number = {word: at for at, word in enumerate(sorted(set().union(*bags)))}
        x = np.zeros((count, len(self.number)), np.float32)
        for row, bag in enumerate(bags):
            x[row, [self.number[word] for word in bag]] = 1
        y = np.stack([caption.asks for caption in captions])
        self.weights = np.linalg.solve(x.T @ x + RIDGE * np.eye(x.shape[1], dtype=np.float32), x.T @ y)

    def known(self, text: str) -> set[str]:
        """The words of a text that some caption has."""
        return words(text) & self.number.keys()

    def asks(self, text: str) -> np.ndarray:
        """How much of each condition the text's words bring [conditions]."""
        return sum((self.weights[self.number[word]] for word in self.known(text)), np.zeros(len(CONDITIONS), np.float32)).clip(0, 1)

    def embed(self, text: str, shown: Shown, space: Space) -> np.ndarray:
        """The place of the picture that fits best [512]."""
        best = int((self.asks(text) @ shown.fits).argmax())
        return space.place(shown.memory.keys[best].numpy().astype(np.float32) / KEY_ROUNDED)
