"""A slow walk as Klangbild takes it (`engine/src/motion`), and how smoothly the pictures go with it.

Onsets are left out: their push is meant to be seen. What is measured is the path between them.
"""

import math

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

from .data import Piece
from .packs import Encoder, Generator, normalise, run_all

EMBEDDINGS_PER_S = 4
PICTURES_PER_S = 30
# How slowly the picture follows the embedding. The engine takes 3.5 s and more: this walk is the harder one.
FOLLOW_S = 1.2
WANDER_SHARE = 0.62  # of the point; the rest is the place that the embedding points at
# Waypoints a second at medium loudness (0.6) and level: 0.04 + 0.16 x 0.6^1.4 + 0.10 x 0.6.
WAYPOINTS_PER_S = 0.18
# As the engine does, but for wider limits: how much pictures change per radian, in linear light, sets the stride.
PROBE_RAD, USUAL_CHANGE_PER_RAD, STRIDES = 0.02, 1.75, (0.4, 6.0)


def linear_light(coded: np.ndarray) -> np.ndarray:
    """sRGB code values 0 to 1 to linear light (IEC 61966-2-1)."""
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


def on_sphere(z: np.ndarray) -> np.ndarray:
    """Rows at length sqrt(Z)."""
    return normalise(z) * np.float32(math.sqrt(z.shape[-1]))


def stride(generator: Generator, embeddings: np.ndarray, rng: np.random.Generator) -> float:
    """How much longer or shorter steps are for this generator; probed at four places."""
    change = []
    for embedding in embeddings[:4]:
        z, aside = on_sphere(rng.standard_normal((2, generator.latent_dim), dtype=np.float32))
        near = on_sphere(z + np.float32(PROBE_RAD) * aside)
        here, there = (linear_light(generator.paint(embedding, latent)) for latent in (z, near))
        change.append(np.abs(there - here).mean() / PROBE_RAD)
    return float(np.clip(USUAL_CHANGE_PER_RAD / max(np.mean(change), 1e-6), *STRIDES))


def path(encoder: Encoder, generator: Generator, piece: Piece, start_s: float, seconds: float, pace: float, rng):
    """The walk through a stretch of music: one (embedding [E], latent [Z]) for each picture. `pace` is the stride."""
    times = start_s + np.arange(round(seconds * EMBEDDINGS_PER_S) + 1) / EMBEDDINGS_PER_S
    targets, _ = encoder.hear_all([piece.clip(t, encoder.window_s) for t in times], "walk: windows")
    dim = generator.latent_dim
    projection = rng.standard_normal((dim, targets.shape[1]), dtype=np.float32)
    offset = rng.standard_normal(dim, dtype=np.float32)

    def home(embedding: np.ndarray) -> np.ndarray:
        return on_sphere(_blend(normalise(projection @ embedding) * math.sqrt(dim), 0.75, offset))

    count = round(seconds * PICTURES_PER_S)
    wander = on_sphere(_spline(np.arange(count) * (WAYPOINTS_PER_S * pace / PICTURES_PER_S), dim, rng))
    step = 1 - math.exp(-1 / (PICTURES_PER_S * FOLLOW_S))
    embedding, place, points = targets[0], home(targets[0]), []
    for n in range(count):
        target = targets[n * EMBEDDINGS_PER_S // PICTURES_PER_S]
        embedding = normalise(embedding + step * (target - embedding))
        place = on_sphere(place + step * (home(target) - place))
        points.append((embedding, on_sphere(_blend(wander[n], WANDER_SHARE, place))))
    return points


def _blend(a: np.ndarray, share: float, b: np.ndarray) -> np.ndarray:
    return (share * a + math.sqrt(1 - share * share) * b).astype(np.float32)


def _spline(at: np.ndarray, dim: int, rng: np.random.Generator) -> np.ndarray:
    """A uniform cubic B-spline through random waypoints, at places [n] counted in waypoints: [n, dim]."""
    waypoints = rng.standard_normal((int(at[-1]) + 4, dim), dtype=np.float32)
    first = at.astype(int)
    t = (at - first)[:, None]
    u = 1 - t
    weights = [u**3 / 6, (3 * t**3 - 6 * t**2 + 4) / 6, (3 * u**3 - 6 * u**2 + 4) / 6, t**3 / 6]
    return sum(w * waypoints[first + i] for i, w in enumerate(weights)).astype(np.float32)


def paint(generator: Generator, points: list) -> np.ndarray:
    """The walk's pictures, float16 [n, H, W, 3]: fine enough to see changes far below a screen's steps."""
    return np.stack(run_all(lambda point: generator.paint(*point).astype(np.float16), points, "walk: pictures"))


def smoothness(pictures: np.ndarray) -> dict[str, float]:
    """Pictures [n, H, W, 3] in order, 0 to 1.

    - step: mean absolute change of a pixel from one picture to the next; its mean, and its 99th percentile and largest
      relative to its median: a pop is a step that is far larger than its neighbours.
    - flicker: fine detail is what a Gaussian blur takes away. Optical flow of the blurred pictures (Lucas and Kanade 1981)
      says where each detail should have gone; flicker is the mean absolute difference from there, relative to that of
      unrelated detail. 0: detail moves with the forms. 1: each picture has new detail, the texture boils.
    - shiver: mean absolute second difference of the detail over time, relative to its difference over two pictures. Near 0
      where detail changes steadily; 1.7 for noise.
    """
    steps = np.array([np.abs(b.astype(np.float32) - a.astype(np.float32)).mean() for a, b in zip(pictures, pictures[1:])])
    usual = max(float(np.median(steps)), 1e-9)
    found = {"step": float(steps.mean())}
    found |= {"99 %": float(np.percentile(steps, 99)) / usual, "largest": float(steps.max()) / usual}

    sigma_px = pictures.shape[2] / 170
    flicker, shiver = [], []
    for n in range(1, len(pictures) - 1, 3):
        before, now, after = (pictures[n + i].astype(np.float32).mean(2) for i in (-1, 0, 1))
        detail = [grey - gaussian_filter(grey, sigma_px) for grey in (before, now, after)]
        flow = _flow(gaussian_filter(now, 2 * sigma_px), gaussian_filter(after, 2 * sigma_px), 4 * sigma_px)
        moved = map_coordinates(detail[1], flow, order=1, mode="nearest")
        size = math.sqrt(2) * float(np.abs(detail[1]).mean()) + 1e-6
        flicker.append(float(np.abs(detail[2] - moved).mean()) / size)
        second = np.abs(detail[2] - 2 * detail[1] + detail[0]).mean()
        shiver.append(float(second / (np.abs(detail[2] - detail[0]).mean() + 1e-6)))
    return found | {"flicker": float(np.mean(flicker)), "shiver": float(np.mean(shiver))}


def _flow(now: np.ndarray, after: np.ndarray, window_px: float) -> np.ndarray:
    """For each pixel of `after` the place [2, H, W] in `now` that it came from."""
    dy, dx = np.gradient((now + after) / 2)
    dt = after - now
    xx, xy, yy, xt, yt = (gaussian_filter(p, window_px) for p in (dx * dx, dx * dy, dy * dy, dx * dt, dy * dt))
    floor = 1e-3 * float((xx + yy).mean()) + 1e-12  # flat places stay where they are
    determinant = (xx + floor) * (yy + floor) - xy * xy
    u = (xy * yt - (yy + floor) * xt) / determinant
    v = (xy * xt - (xx + floor) * yt) / determinant
    rows, columns = np.mgrid[: now.shape[0], : now.shape[1]].astype(np.float32)
    return np.stack([rows - v, columns - u])
