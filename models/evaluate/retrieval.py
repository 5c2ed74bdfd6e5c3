"""Finding the right one: pictures from sound, genres from neighbours, tracks from windows.

All similarities are cosines of rows of length one.
"""

from collections import Counter

import numpy as np

from .packs import normalise

RANKS = (1, 5, 10)


def ranks(similarity: np.ndarray) -> np.ndarray:
    """For each query (row) the rank of its own item (the diagonal), 1 is first; ties count against it."""
    own = np.diag(similarity)[:, None]
    return (similarity >= own).sum(axis=1)


def recall(similarity: np.ndarray) -> dict[str, float]:
    """Share of queries whose own item is among the first 1, 5 and 10."""
    found = ranks(similarity)
    return {f"R@{k}": float((found <= k).mean()) for k in RANKS}


def chance(count: int) -> dict[str, float]:
    """What guessing would reach among `count` items."""
    return {f"R@{k}": min(1.0, k / count) for k in RANKS}


def drawn_recall(queries: np.ndarray, items: np.ndarray, size: int, draws: int, rng: np.random.Generator) -> dict:
    """Recall among `size` drawn pairs, both ways, as mean and deviation over draws."""
    size = min(size, len(queries))
    there, back = [], []
    for _ in range(draws):
        picked = rng.choice(len(queries), size, replace=False)
        similarity = queries[picked] @ items[picked].T
        there.append(list(recall(similarity).values()))
        back.append(list(recall(similarity.T).values()))

    def summary(values: list[list[float]]) -> dict:
        mean, deviation = np.mean(values, axis=0), np.std(values, axis=0)
        return {f"R@{k}": {"mean": float(m), "deviation": float(d)} for k, m, d in zip(RANKS, mean, deviation)}

    return {"size": size, "draws": draws, "there": summary(there), "back": summary(back), "chance": chance(size)}


def standardised(vectors: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Each column by the mean and deviation that it has in `reference`, then rows of length one: for plain features."""
    mean, deviation = reference.mean(0), reference.std(0)
    return normalise((vectors - mean) / (deviation + 1e-5 * np.abs(mean) + 1e-8))


def neighbour_vote(
    vectors: np.ndarray, labels: list[str], groups: list[str], queries: np.ndarray, k: int = 5
) -> tuple[float, int]:
    """k nearest neighbours: share of the queries (indices) whose label wins the vote of the nearest `k` rows of other
    groups, and how many queries there were. A tie goes to the label that is nearer in sum."""
    group = np.array(groups)
    right = 0
    for query in queries:
        similarity = np.where(group == group[query], -np.inf, vectors @ vectors[query])
        near = np.argsort(-similarity, kind="stable")[:k]
        votes: Counter = Counter()
        for place in near:
            votes[labels[place]] += 1 + 1e-3 * float(similarity[place])
        right += votes.most_common(1)[0][0] == labels[query]
    return right / max(len(queries), 1), len(queries)


def same_track(vectors: np.ndarray, tracks: list[str]) -> tuple[float, float]:
    """Share of windows whose nearest other window is of the same track, and what guessing would reach."""
    track = np.array(tracks)
    similarity = vectors @ vectors.T
    np.fill_diagonal(similarity, -np.inf)
    counts = Counter(tracks)
    guess = np.mean([(counts[name] - 1) / (len(tracks) - 1) for name in tracks])
    return float((track[similarity.argmax(1)] == track).mean()), float(guess)
