"""What a generator with a memory shows of an embedding: which of its pictures it looks at, of which family and palette they are."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from models.starter_pack.contract import LATENT_DIM
from models.training.latent import art_set, remember, shipped
from models.training.latent.memory import KEY_ROUNDED
from models.training.look import FAMILIES, KNOBS
from models.training.words import lexicon, seen
from models.training.words.captions import HUES_DEG, memberships

# Nothing was made with a look at these; who made the table read what it missed of `phrases.txt`.
FRESH = Path(__file__).with_name("fresh.txt")
# Points z for each phrase: music wanders through all of them.
POINTS = 8
# The memory's pictures are among so many of the art set: even ones were left out.
PAINTED = 950
# Where one palette ends and the next begins lies half way between their hues.
PALETTES = tuple(HUES_DEG)


@dataclass(frozen=True)
class Shown:
    """The memory of the generator that ships, with what is known of its pictures."""

    memory: remember.Memory
    family: np.ndarray  # of each picture, a number of FAMILIES [n]
    palette: np.ndarray  # a number of PALETTES [n]
    fits: np.ndarray  # how well each fits every condition of captions, as logarithms [conditions, n]

    @torch.no_grad()
    def shares(self, embeddings: np.ndarray, seed: int = 9) -> np.ndarray:
        """How much of the frame each picture has [n, pictures], the mean over POINTS draws of z."""
        generator = torch.Generator().manual_seed(seed)
        found = np.zeros((len(embeddings), self.memory.count), np.float32)
        for row, embedding in enumerate(embeddings.astype(np.float32)):
            z = torch.randn(POINTS, LATENT_DIM, generator=generator)
            chosen, shares, _ = self.memory.shares(torch.from_numpy(embedding).repeat(POINTS, 1), z)
            for own, share in zip(chosen.numpy(), shares.mean(2).numpy()):
                found[row, own] += share / POINTS
        return found

    def leads(self, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The family and the palette that have most of the frame [n], as numbers."""
        of = lambda kinds, count: (shares @ np.eye(count, dtype=np.float32)[kinds]).argmax(1)  # noqa: E731
        return of(self.family, len(FAMILIES)), of(self.palette, len(PALETTES))


def palettes(hue_rad: np.ndarray) -> np.ndarray:
    """The palette whose hue is nearest [n]."""
    off = (np.degrees(hue_rad)[:, None] - np.array([centre for centre, _ in HUES_DEG.values()]) + 180) % 360 - 180
    return np.abs(off).argmin(1)


def load(art: Path, cache: Path) -> Shown:
    """The memory; its pictures are painted again into `art` once, and found there by their keys."""
    memory = remember.load(shipped.GENERATOR)
    known = memory.keys.float().numpy() / KEY_ROUNDED
    if not (cache.is_file() and _is_of(cache, known)):
        art_set.make(art, PAINTED, seed=1)
        squares, looks = art_set.load(art, PAINTED)
        chosen = remember.choose(squares, looks, memory.count)
        # What a wide frame shows of them: keys were made of that too.
        pictures, looks = art_set.wide(squares[chosen]), looks[chosen]
        keys = seen.embed(pictures)
        centred = keys - keys.mean(0)
        like = (centred / np.linalg.norm(centred, axis=1, keepdims=True) * known).sum(1)
        if like.min() < 0.98:
            raise SystemExit(f"{art}: these are not the pictures of the memory (likeness {like.min():.2f}): it was filled from other art")
        hue, chroma, light = seen.colours(pictures)
        fits = memberships(looks, hue, seen.ranks(chroma), seen.ranks(light))
        np.savez(cache, known=known, family=looks[:, len(KNOBS) :].argmax(1), palette=palettes(hue), fits=fits)
    with np.load(cache) as kept:
        return Shown(memory, kept["family"], kept["palette"], kept["fits"])


def _is_of(cache: Path, known: np.ndarray) -> bool:
    """Whether the cache was made for the memory with these keys."""
    with np.load(cache) as kept:
        return "known" in kept and np.array_equal(kept["known"], known)


def phrases(path: Path = FRESH) -> tuple[list[str], list[str]]:
    """What is meant (a family, or `palette:` and a colour), and the phrase."""
    lines = [line.split(": ", 1) for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [meant for meant, _ in lines], [phrase for _, phrase in lines]


def bare(phrase: str) -> str:
    """In lower case and without an article."""
    return re.sub(r"^(an?|the) ", "", phrase.lower())


def taught() -> set[str]:
    """What the lexicon has whole, bare: captions and the table's training say what it means."""
    found = [word for words in lexicon.FAMILIES.values() for word in words]
    found += [word for before, things in lexicon.COLOURS.values() for word in (*before, *things)]
    found += [word for words in (lexicon.SCENES, lexicon.MOODS, lexicon.WEATHER) for word in words]
    return {bare(word) for word in found}


def hits(shown: Shown, meant: list[str], shares: np.ndarray) -> np.ndarray:
    """Whether what is meant leads [n]."""
    family, palette = shown.leads(shares)
    wanted = [
        PALETTES[palette[at]] == name.removeprefix("palette:") if name.startswith("palette:") else FAMILIES[family[at]] == name
        for at, name in enumerate(meant)
    ]
    return np.array(wanted)


def chance(shown: Shown, meant: list[str], shares: np.ndarray, rounds: int = 50) -> float:
    """The same where each phrase has the pictures of another one, drawn at random."""
    family, palette = shown.leads(shares)
    rng = np.random.default_rng(1)
    found = []
    for _ in range(rounds):
        order = rng.permutation(len(meant))
        found += [
            PALETTES[palette[order[at]]] == name.removeprefix("palette:") if name.startswith("palette:") else FAMILIES[family[order[at]]] == name
            for at, name in enumerate(meant)
        ]
    return float(np.mean(found))
