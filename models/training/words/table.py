"""The table that ships: token vectors and a small network that say what the teacher says, without its layers.

After model2vec (van Dongen and Tulkens 2024): a phrase is the sum of its tokens' vectors, of which the length says how much a word
counts. They begin as what MiniLM says of each token alone, cut to its main directions, and are then trained to answer as the teacher
does to captions and to any words. The engine reads the file (`engine/src/words/table.rs`).
"""

from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional

from .seen import Space
from .teacher import Projection, Shelf, shown_loss
from .word_piece import WordPiece

VECTOR, HIDDEN = 96, 256
LEARNING_RATE, BATCH = 2e-3, 512
# A word may be missing: so that no phrase hangs on one.
FORGOTTEN = 0.1
LICENCE = "Apache-2.0: distilled from sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), taught with pictures and captions of Klangbild's own (CC0-1.0)."


def kept(pieces: list[str]) -> list[int]:
    """The pieces that are kept, by number: no reserved ones, and of letters only those of Latin words."""
    latin = lambda letter: letter < "\u0250" or not letter.isalpha()  # noqa: E731
    return [at for at, piece in enumerate(pieces) if not (piece.startswith("[") and piece.endswith("]") and len(piece) > 1) and all(map(latin, piece))]


class Student(nn.Module):
    """Tokens -> coordinates [n, 64] on the teacher's basis."""

    def __init__(self, vectors: torch.Tensor, dimensions: int):
        super().__init__()
        self.vectors = nn.EmbeddingBag.from_pretrained(vectors, freeze=False, mode="sum")
        self.hidden, self.out = nn.Linear(vectors.shape[1], HIDDEN), nn.Linear(HIDDEN, dimensions)

    def forward(self, tokens: torch.Tensor, offsets: torch.Tensor) -> torch.Tensor:
        pooled = functional.normalize(self.vectors(tokens, offsets), dim=1)
        return self.out(functional.silu(self.hidden(pooled)))


def beginning(words: list[str], read: torch.Tensor, inputs: torch.Tensor, tokens: WordPiece, numbers: list[int]) -> torch.Tensor:
    """First vectors [V, VECTOR]: of whole words what MiniLM reads [n, 384], of other pieces what its input vectors [30522, 384] tell of
    that."""
    middle = read.mean(0)
    axes = torch.linalg.svd(read - middle, full_matrices=False).Vh[:VECTOR]
    wanted = (read - middle) @ axes.t()
    own = inputs[[tokens.number[word] for word in words]]
    ridge = own.t() @ own + own.square().mean() * 50 * torch.eye(own.shape[1])
    vectors = inputs[numbers] @ torch.linalg.solve(ridge, own.t() @ wanted)
    place = {number: at for at, number in enumerate(numbers)}
    for word, vector in zip(words, wanted):
        vectors[place[tokens.number[word]]] = vector
    # Common words count less (SIF, Arora et al. 2017): BERT's vocabulary is ordered by how common words are.
    rank = torch.tensor(numbers, dtype=torch.float32)
    return vectors * (1 - 0.8 * torch.exp(-(rank - 1996).clamp(min=0) / 400))[:, None]


def bags(texts: list[str], tokens: WordPiece) -> list[np.ndarray]:
    """The numbers of each text's tokens."""
    return [np.array(tokens.numbers(text), dtype=np.int64) for text in texts]


def gather(chosen: list[np.ndarray], rng: np.random.Generator | None = None) -> tuple[torch.Tensor, torch.Tensor]:
    """Tokens one after the other, and where each text begins; with `rng` some are left out."""
    if rng is not None:
        thinned = [bag[rng.random(len(bag)) >= FORGOTTEN] for bag in chosen]
        chosen = [thin if len(thin) else bag for thin, bag in zip(thinned, chosen)]
    starts = np.cumsum([0] + [len(bag) for bag in chosen[:-1]])
    return torch.from_numpy(np.concatenate(chosen)), torch.from_numpy(starts)


def train(
    student: Student, phrases: list[np.ndarray], wanted: torch.Tensor, captions: tuple[list[np.ndarray], torch.Tensor, torch.Tensor],
    shelf: Shelf, steps: int, seed: int = 0,
) -> None:  # fmt: skip
    """Teaches what the teacher says: of phrases and its coordinates [n, 64], and of captions, theirs and what they ask for [m, C]."""
    torch.manual_seed(seed)
    rng, generator = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
    known = [at for at, bag in enumerate(phrases) if len(bag)]
    bags_of, teach, asks = captions
    optimiser = torch.optim.Adam(student.parameters(), LEARNING_RATE)
    # What is kept is the mean of the last steps: words that came seldom have then heard more than one caption.
    mean = torch.optim.swa_utils.AveragedModel(student, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.998))
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = LEARNING_RATE * min(1, (step + 1) / 50) * max(0.02, 1 - step / steps)
        free, own = rng.choice(known, BATCH), rng.integers(0, len(bags_of), BATCH)
        found = student(*gather([phrases[at] for at in free] + [bags_of[at] for at in own], rng))
        target = torch.cat([wanted[free], teach[own]])
        # What the teacher is sure of counts more.
        sure = target.norm(dim=1)
        off = ((1 - functional.cosine_similarity(found, target)) * sure).sum() / sure.sum()
        shown = shown_loss(found[BATCH:], asks[own], shelf, generator)
        loss = 20 * off + shown
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        mean.update_parameters(student)
        if step % 500 == 0:
            print(f"table, step {step}: {off.item():.4f} off the teacher, of the memory {shown.item():.3f}")
    student.load_state_dict(mean.module.state_dict())


def save(path: Path, student: Student, axes: torch.Tensor, space: Space, pieces: list[str]) -> None:
    """Writes the table in 8 bits; `axes` [64, 512] is the teacher's basis."""
    vectors = student.vectors.weight.detach()
    scales = vectors.abs().amax(1).clamp(min=1e-6) / 127
    text = np.frombuffer("\n".join(pieces).encode("utf-8"), dtype=np.uint8)
    tensors = {
        "vectors": (vectors / scales[:, None]).round().clamp(-127, 127).to(torch.int8),
        "scales": scales,
        "vocabulary": torch.from_numpy(text.copy()),
        "hidden.weight": student.hidden.weight.detach(),
        "hidden.bias": student.hidden.bias.detach(),
        "out.weight": axes.t() @ student.out.weight.detach(),
        "out.bias": axes.t() @ student.out.bias.detach(),
        "music": torch.from_numpy(space.music),
        "pictures": torch.from_numpy(space.pictures),
        "reach": torch.tensor([space.reach]),
    }
    save_file({name: value.contiguous() for name, value in tensors.items()}, path, {"licence": LICENCE})


class Table:
    """A table as it was saved: what the engine does, in numpy."""

    def __init__(self, path: Path):
        with safe_open(path, "np") as stored:
            self.tensors = {name: stored.get_tensor(name) for name in stored.keys()}
        self.tokens = WordPiece(self.tensors["vocabulary"].tobytes().decode("utf-8").split("\n"))

    def embed(self, text: str) -> np.ndarray | None:
        """A phrase's embedding [512] of length one; none where no word is known."""
        numbers = self.tokens.numbers(text)
        if not numbers:
            return None
        t = self.tensors
        pooled = (t["vectors"][numbers].astype(np.float32) * t["scales"][numbers, None]).sum(0)
        hidden = t["hidden.weight"] @ (pooled / np.linalg.norm(pooled)) + t["hidden.bias"]
        way = t["out.weight"] @ (hidden / (1 + np.exp(-hidden))) + t["out.bias"]
        place = t["music"] + t["reach"] * way / np.linalg.norm(way)
        return place / np.linalg.norm(place)
