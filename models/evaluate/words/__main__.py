"""Do pictures follow words? Of hand-written phrases, in how many does what is meant lead, at an amount of 1?

    python -m models.evaluate.words                 # a minute; the first time also five minutes of painting
    python -m models.evaluate.words --phrases models/evaluate/words/phrases.txt     # an older list, which steered the table

What leads is read off the generator's memory: the family, or the palette, that has most of the frame, over eight points z. Beside the
table that ships stand a bag of words and chance (each phrase with the pictures of another). With --amounts also less words and more
music: how often what is meant still leads, and how much the pictures still follow the music.
"""

import argparse
from pathlib import Path

import numpy as np

from models.training.latent import hearing
from models.training.words.seen import Space
from models.training.words.table import Table

from . import shown as shown_
from .bag import BagOfWords

# Words of no meaning, which phrases and captions share.
EMPTY = set("a an the of in on at and with to from over under by for its is s like as into".split())


def blend(music: np.ndarray, word: np.ndarray, amount: float) -> np.ndarray:
    """What the engine does (`engine/src/words/said.rs`): music [n, 512] drawn towards a word's place [512]."""
    found = music + (1 - (1 - amount) ** 1.5) * (word - music)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def with_music(shown, meant: list[str], places: np.ndarray, amount: float) -> tuple[float, float]:
    """With other music to each phrase: in how many what is meant leads, and how much of the frame two musics to one phrase do not share."""
    rng = np.random.default_rng(3)
    heard = hearing.load()["test"]
    pairs = heard[rng.integers(0, len(heard), (2, len(places)))]
    first, second = (np.concatenate([blend(own[None], word, amount) for own, word in zip(music, places)]) for music in pairs)
    one, other = shown.shares(first), shown.shares(second)
    return float(shown_.hits(shown, meant, one).mean()), float(0.5 * np.abs(one - other).sum(1).mean())


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.evaluate.words", description=__doc__.splitlines()[0])
    parser.add_argument("--table", type=Path, default=Path("models/default/words.safetensors"))
    parser.add_argument("--work", type=Path, default=Path("models/.cache/words"))
    parser.add_argument("--phrases", type=Path, default=shown_.FRESH)
    parser.add_argument("--amounts", action="store_true", help="also with music, at amounts of 0.25 to 1")
    parser.add_argument("--missed", action="store_true", help="name the phrases that something else leads; who reads them can no longer measure by that list")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    shown = shown_.load(arguments.work / "memory_art", arguments.work / "memory.npz")
    table, bag = Table(arguments.table), BagOfWords()
    space = Space(table.tensors["music"], table.tensors["pictures"], float(table.tensors["reach"][0]))
    meant, phrases = shown_.phrases(arguments.phrases)
    places = np.stack([table.embed(phrase) for phrase in phrases])
    palette = np.array([name.startswith("palette:") for name in meant])
    shares = shown.shares(places)
    hits = shown_.hits(shown, meant, shares)
    bags = shown_.hits(shown, meant, shown.shares(np.stack([bag.embed(phrase, shown, space) for phrase in phrases])))
    strange = np.array([not (bag.known(phrase) - EMPTY) for phrase in phrases])
    taught = shown_.taught()
    new = np.array([shown_.bare(phrase) not in taught for phrase in phrases])
    print(f"{len(phrases)} phrases: {(~new).sum()} that the lexicon has whole, {strange.sum()} without a word that any caption has")
    print(f"{'':14}  all    families  palettes  not in the lexicon  without known words")
    for name, found in (("table", hits), ("bag of words", bags)):
        row = [found.mean(), found[~palette].mean(), found[palette].mean(), found[new].mean(), found[strange].mean()]
        print(f"{name:14}" + "".join(f"  {share:6.3f}" for share in row))
    print(f"{'chance':14}  {shown_.chance(shown, meant, shares):6.3f}")
    if arguments.amounts:
        print("amount  what is meant leads  of the frame, two musics differ in")
        for amount in (0.0, 0.25, 0.5, 0.75, 1.0):
            leads, differ = with_music(shown, meant, places, amount)
            print(f"{amount:6.2f}  {leads:19.3f}  {differ:.3f}")
    if arguments.missed:
        family, colour = shown.leads(shares)
        for at in np.flatnonzero(~hits):
            leads = shown_.PALETTES[colour[at]] if palette[at] else shown_.FAMILIES[family[at]]
            print(f"{meant[at]}: {phrases[at]} -> {leads}")


if __name__ == "__main__":
    main()
