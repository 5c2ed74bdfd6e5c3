"""How a generator's pictures compare with the art, with one another, and with what they were asked for.

Distances are Euclidean between features, each feature in deviations of the held-out art, and at most four of them away from
its mean: kernels of the third degree must not hang on a few odd numbers.
"""

import numpy as np

K_NEAREST = 3
FARTHEST = 4.0  # deviations


class Scale:
    """Puts features into deviations of the held-out art's own. Features that hardly vary there are not blown up."""

    def __init__(self, art: np.ndarray):
        deviation = art.std(0)
        self.mean, self.deviation = art.mean(0), np.maximum(deviation, 0.1 * deviation.mean() + 1e-8)

    def __call__(self, features: np.ndarray) -> np.ndarray:
        return np.clip((features - self.mean) / self.deviation, -FARTHEST, FARTHEST).astype(np.float64)


def distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Euclidean distances [len(a), len(b)]."""
    squared = (a * a).sum(1)[:, None] + (b * b).sum(1)[None, :] - 2 * (a @ b.T)
    return np.sqrt(np.maximum(squared, 0))


def kid(one: np.ndarray, other: np.ndarray, subset: int, subsets: int, rng: np.random.Generator) -> dict[str, float]:
    """Kernel inception distance of features [n, F] and [m, F]: the unbiased squared maximum mean discrepancy with the kernel
    (x y / F + 1)^3 (Binkowski et al., "Demystifying MMD GANs", 2018), mean and deviation over random subsets."""
    size = min(subset, len(one), len(other))
    found = []
    for _ in range(subsets):
        x = one[rng.choice(len(one), size, replace=False)]
        y = other[rng.choice(len(other), size, replace=False)]
        within = [(_kernel(v, v).sum() - np.trace(_kernel(v, v))) / (size * (size - 1)) for v in (x, y)]
        found.append(sum(within) - 2 * _kernel(x, y).mean())
    return {"mean": float(np.mean(found)), "deviation": float(np.std(found))}


def _kernel(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return (x @ y.T / x.shape[1] + 1) ** 3


def precision_recall(real: np.ndarray, made: np.ndarray, k: int = K_NEAREST) -> dict[str, float]:
    """Share of made features within the real ones' manifold, and of real ones within the made ones' (Kynkaanniemi et al.,
    "Improved precision and recall metric for assessing generative models", 2019). A manifold is the union of balls around
    its features, each as wide as the way to the k-th nearest other. Equally many of both, or the figures are not alike."""
    size = min(len(real), len(made))
    real, made = real[:size], made[:size]

    def radii(features: np.ndarray) -> np.ndarray:
        return np.partition(distances(features, features), min(k, size - 1), axis=1)[:, min(k, size - 1)]

    across = distances(real, made)
    return {
        "precision": float((across <= radii(real)[:, None]).any(axis=0).mean()),
        "recall": float((across <= radii(made)[None, :]).any(axis=1).mean()),
    }


def diversity(features: np.ndarray) -> float:
    """Mean distance of two different rows."""
    count = len(features)
    return float(distances(features, features).sum() / (count * (count - 1)))


def pixel_diversity(pictures: np.ndarray) -> float:
    """Mean absolute difference of two different pictures [n, H, W, 3], 0 to 1."""
    flat = pictures.reshape(len(pictures), -1)
    total = sum(np.abs(flat[i + 1 :] - flat[i]).mean(axis=1).sum() for i in range(len(flat) - 1))
    return float(total / (len(flat) * (len(flat) - 1) / 2))


def conditioning(base: dict, other_embedding: dict, other_noise: dict) -> dict[str, dict[str, float]]:
    """How far pictures move when the embedding is swapped, and when the noise is. Each argument has `features` [n, F] and
    `pixels` [n, H, W, 3], row by row of one experiment."""
    table = {}
    for name in ("features", "pixels"):

        def moved(to: dict) -> float:
            change = (to[name] - base[name]).reshape(len(base[name]), -1)
            return float(np.sqrt((change**2).sum(1)).mean() if name == "features" else np.abs(change).mean())

        embedding, noise = moved(other_embedding), moved(other_noise)
        table[name] = {"embedding": embedding, "noise": noise, "ratio": embedding / max(noise, 1e-12)}
    return table


def witness(pictures: np.ndarray) -> np.ndarray:
    """Plain statistics of pictures [n, S, S, 3], 0 to 1, that no training saw: [n, 48]. A histogram of brightness; for
    each of three octaves of detail its size and its tails in each colour channel, and how much of it runs in each of four
    directions; of what is left, mean and deviation of each channel."""
    found = []
    for picture in pictures.astype(np.float64):
        row: list[float] = list(np.histogram(picture.mean(2), bins=12, range=(0, 1))[0] / picture[..., 0].size)
        level = picture
        for _ in range(3):
            half = level.reshape(level.shape[0] // 2, 2, level.shape[1] // 2, 2, 3).mean((1, 3))
            row += _octave(level - half.repeat(2, axis=0).repeat(2, axis=1), level.mean(2))
            level = half
        row += list(level.mean((0, 1))) + list(level.std((0, 1)))
        found.append(row)
    return np.array(found)


def _octave(detail: np.ndarray, grey: np.ndarray) -> list[float]:
    deviation = detail.std((0, 1))
    size = np.log(deviation + 1e-3)
    tails = np.mean(np.abs(detail), axis=(0, 1)) / (deviation + 1e-6)
    dy, dx = np.diff(grey, axis=0)[:, :-1], np.diff(grey, axis=1)[:-1]
    ways = [np.abs(dx), np.abs(dy), np.abs(dx + dy), np.abs(dx - dy)]
    return [*size, *tails, *(np.log(np.mean(way) + 1e-3) for way in ways)]
