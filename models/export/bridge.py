"""The bridge: a matrix from a foreign encoder's embedding to the one that a generator was trained on.

Klangbild scales the foreign embedding to length one, multiplies, and scales the product to length one. There is no constant
term. But embeddings of real encoders lie in a cone around their mean m, so m.x hardly varies, and a constant b can be folded
into the matrix as b c^T, where c.x is as near to one as it gets. Ridge regression (Hoerl and Kennard, 1970), in closed form.
"""

from dataclasses import dataclass

import numpy as np

RIDGES = tuple(10.0 ** np.arange(-5.0, 1.01, 0.5))  # in units of an entry's mean variance
HELD_OUT = 5  # every fifth track
SEED = 512


@dataclass(frozen=True)
class Fit:
    """A bridge, and how well it does on tracks that it was not fitted on."""

    matrix: np.ndarray  # float32 [to, from]
    ridge: float
    folded: bool  # with the constant folded in
    cosine: float  # mean cosine between bridged and own embeddings, held out
    mean_cosine: float  # the same for a bridge that always gives the mean: what has to be beaten
    spread: float  # how far bridged embeddings differ from each other, over how far our own do
    tracks: tuple[int, int]  # fitted, held out
    windows: tuple[int, int]


def orthonormal(to_dim: int, from_dim: int, seed: int = SEED) -> np.ndarray:
    """A seeded map float32 [to, from] that keeps angles as well as the dimensions allow, and knows nothing of music."""
    draw = np.random.default_rng(seed).standard_normal((max(to_dim, from_dim), min(to_dim, from_dim)))
    q, r = np.linalg.qr(draw)
    q = q * np.sign(np.diag(r))
    return (q if to_dim >= from_dim else q.T).astype(np.float32)


def unit_rows(x: np.ndarray) -> np.ndarray:
    """Rows scaled to length one."""
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)


def fit(x: np.ndarray, y: np.ndarray, track: np.ndarray) -> Fit:
    """Foreign embeddings x [n, from] to ours y [n, to], rows of length one; `track` [n] numbers the track of each.

    Ridge and the handling of the mean are chosen by the cosine on held-out tracks; the matrix is then fitted on all.
    """
    x, y = x.astype(np.float64), y.astype(np.float64)
    numbers = np.unique(track)
    if len(numbers) < 2 or len(x) < 10:
        raise ValueError(f"{len(numbers)} tracks and {len(x)} windows are too few to fit and to test: at least 2 and 10")
    held = np.isin(track, numbers[HELD_OUT - 1 :: HELD_OUT] if len(numbers) >= HELD_OUT else numbers[-1:])
    solve = _Solver(x[~held], y[~held])
    choices = [(ridge, folded) for folded in (True, False) for ridge in RIDGES]
    cosine, ridge, folded = max((_cosine(solve(*choice), x[held], y[held]), *choice) for choice in choices)
    spread = _spread(unit_rows(x[held] @ solve(ridge, folded).T)) / max(_spread(y[held]), 1e-12)
    mean = unit_rows(y[~held].mean(0, keepdims=True))
    held_tracks = len(np.unique(track[held]))
    return Fit(
        matrix=_Solver(x, y)(ridge, folded).astype(np.float32),
        ridge=float(ridge),
        folded=folded,
        cosine=float(cosine),
        mean_cosine=float((y[held] @ mean.T).mean()),
        spread=float(spread),
        tracks=(len(numbers) - held_tracks, held_tracks),
        windows=(int((~held).sum()), int(held.sum())),
    )


class _Solver:
    """Closed-form solutions for many ridges from one eigendecomposition of each covariance."""

    def __init__(self, x: np.ndarray, y: np.ndarray):
        self.x, self.y, self.x_mean, self.y_mean = x, y, x.mean(0), y.mean(0)
        # An entry's mean variance about the mean: the ridge's unit in both cases, so that they compare.
        self.unit = max(float(np.trace(np.cov(x.T, bias=True))) / x.shape[1] * len(x), 1e-12)
        centred = x - self.x_mean
        self.centred = np.linalg.eigh(centred.T @ centred)
        self.plain = np.linalg.eigh(x.T @ x)

    def __call__(self, ridge: float, folded: bool) -> np.ndarray:
        """The matrix [to, from]."""
        penalty = ridge * self.unit
        if not folded:
            return self._solve(self.plain, self.x.T @ self.y, penalty).T
        cross = (self.x - self.x_mean).T @ (self.y - self.y_mean)
        slope = self._solve(self.centred, cross, penalty)
        almost_one = self._solve(self.plain, self.x.sum(0)[:, None], penalty)[:, 0]
        return slope.T + np.outer(self.y_mean - self.x_mean @ slope, almost_one)

    @staticmethod
    def _solve(eigen: tuple[np.ndarray, np.ndarray], right: np.ndarray, penalty: float) -> np.ndarray:
        values, vectors = eigen
        return vectors @ ((vectors.T @ right) / (np.maximum(values, 0.0)[:, None] + penalty))


def _cosine(matrix: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    """Mean cosine between what Klangbild makes of x and y."""
    return float((unit_rows(x @ matrix.T) * y).sum(1).mean())


def _spread(rows: np.ndarray) -> float:
    """Mean squared distance from the mean, of rows of length one."""
    return float(1.0 - (rows.mean(0) ** 2).sum())
