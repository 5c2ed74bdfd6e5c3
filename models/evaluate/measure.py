"""Measures packs: figures as nested dictionaries that `report.py` writes out and `metrics.json` keeps."""

from dataclasses import dataclass

import numpy as np

from . import generator_metrics as gm
from . import hearing, retrieval, smoothness, speed, walk
from .data import Material, Piece, control_targets, spread_windows
from .packs import Encoder, Pack, run_all
from .tower import SIDE_PX, Tower, shrink


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    gallery: int = 150  # items to find one among
    draws: int = 10
    per_groove: int = 5  # windows
    per_track: int = 10
    steady: int = 120  # windows for steps and channels
    pictures: int = 1000  # of art, and as many generated ones to compare
    kid_subset: int = 400
    kid_subsets: int = 50
    conditions: int = 150  # pictures for conditioning and for finding the embedding again
    walks: int = 3
    walk_s: float = 5.0
    runs: int = 60  # timed runs


QUICK = Sizes(
    gallery=8, draws=2, per_groove=2, per_track=2, steady=4, pictures=16, kid_subset=10, kid_subsets=5, conditions=8, walks=1,
    walk_s=0.7, runs=4,
)  # fmt: skip


class Measurer:
    """Measures packs on the same material with the same draws."""

    def __init__(self, material: Material, tower: Tower, sizes: Sizes, seed: int):
        self.material, self.tower, self.sizes, self.seed = material, tower, sizes, seed
        self.seen, _ = tower.see(material.pictures)
        self.art_px = _small(material.art)
        self.art_features = tower.see(self.art_px)[1]
        self.scale = gm.Scale(self.art_features)
        self.art = self.scale(self.art_features)
        witness = gm.witness(self.art_px)
        self.witness_scale = gm.Scale(witness)
        self.art_witness = self.witness_scale(witness)
        order = self.rng(3).permutation(len(self.art))
        self.halves = order[::2], order[1::2]
        self.embedded: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def rng(self, purpose: int) -> np.random.Generator:
        """The same draws for every pack."""
        return np.random.default_rng([self.seed, purpose])

    def hear_windows(self, pack: Pack) -> tuple[np.ndarray, np.ndarray]:
        """Embeddings and controls of the windows of the pairs; heard once an encoder."""
        encoder = pack.encoder
        if encoder.key not in self.embedded:
            clips = [w.clip(encoder.window_s) for w in self.material.windows]
            self.embedded[encoder.key] = encoder.hear_all(clips, f"{pack.label}: windows of the pairs")
        return self.embedded[encoder.key]

    def retrieval(self, pack: Pack) -> dict | None:
        """Picture from sound; None for an encoder of another length than the picture tower's."""
        embeddings = pack.generator.bridged(self.hear_windows(pack)[0])
        if embeddings.shape[1] != self.seen.shape[1]:
            return None
        return retrieval.drawn_recall(embeddings, self.seen, self.sizes.gallery, self.sizes.draws, self.rng(1))

    def genres(self, encoders: dict[str, Encoder]) -> dict | None:
        """None without grooves on both sides."""
        if {piece.split == "test" for piece in self.material.grooves} != {True, False}:
            return None
        return hearing.genres(encoders, self.material.grooves, self.sizes.per_groove)

    def tracks(self, encoders: dict[str, Encoder]) -> dict:
        return hearing.tracks(encoders, self.material.tracks, self.sizes.per_track)

    def steadiness(self, pack: Pack) -> dict:
        """Small steps, other channels, level."""
        tracks = self.material.tracks
        each = -(-self.sizes.steady // len(tracks))
        # Not at the very end: the window a step later must exist.
        windows = [w for piece in tracks for w in spread_windows(piece, each + 1)[:-1]]
        picked = np.sort(self.rng(2).permutation(len(windows))[: self.sizes.steady])
        found = smoothness.steadiness(pack.encoder, [windows[i] for i in picked])
        return found | {"level": smoothness.loudness(self.hear_windows(pack)[0], self.material.windows)}

    def controls(self, pack: Pack) -> list[dict]:
        """One row a control; empty where the encoder has none."""
        names = pack.encoder.control_names
        if not names:
            return []
        windows, constants = self.material.windows, self.material.synaesthesia
        targets = control_targets(windows, constants) if constants else {}
        return hearing.controls(self.hear_windows(pack)[1], names, windows, targets)

    def art_against_itself(self) -> dict:
        """What a perfect generator would reach: one half of the art against the other."""
        one, other = self.halves
        found = self._kid(self.art[other], self.art_witness[other], self.art[one], self.art_witness[one])
        return found | gm.precision_recall(self.art[one], self.art[other]) | self._diversity(self.art, self.art_px)

    def _kid(self, made, made_witness, real, real_witness) -> dict:
        sizes = (self.sizes.kid_subset, self.sizes.kid_subsets)
        by_tower = gm.kid(made, real, *sizes, self.rng(4))
        return {"kid": by_tower, "witness": gm.kid(made_witness, real_witness, *sizes, self.rng(5))}

    def _diversity(self, features: np.ndarray, pixels: np.ndarray) -> dict:
        some = slice(0, 300)
        return {"diversity": gm.diversity(features), "pixel diversity": gm.pixel_diversity(pixels[some])}

    def paint_small(self, pack: Pack, embeddings: np.ndarray, latents: np.ndarray, about: str) -> np.ndarray:
        """Pictures at the tower's size, float32 [n, 64, 64, 3]."""
        jobs = list(zip(embeddings, latents))
        return np.stack(run_all(lambda job: shrink(pack.generator.paint(*job), SIDE_PX), jobs, f"{pack.label}: {about}"))

    def compared(self, pack: Pack) -> tuple[np.ndarray, np.ndarray]:
        """Embeddings and latents of the pictures that are compared with the art: one for each of the windows, in turn."""
        embeddings, _ = self.hear_windows(pack)
        count = len(self.art)
        return embeddings[np.arange(count) % len(embeddings)], pack.generator.draw(self.rng(6), count)

    def generator(self, pack: Pack) -> tuple[dict, np.ndarray]:
        """Figures, and the features of the pictures that were compared with the art (for the sheets)."""
        embeddings, _ = self.hear_windows(pack)
        pictures = self.paint_small(pack, *self.compared(pack), "pictures")
        features = self.scale(self.tower.see(pictures)[1])
        found = self._kid(features, self.witness_scale(gm.witness(pictures)), self.art, self.art_witness)
        # As many as for the art against itself: these two depend on the number.
        half = self.halves[0]
        found |= gm.precision_recall(self.art[half], features[: len(half)]) | self._diversity(features, pictures)
        return found | self._conditions(pack, embeddings), features

    def _conditions(self, pack: Pack, embeddings: np.ndarray) -> dict:
        rng = self.rng(7)
        count = min(self.sizes.conditions, len(embeddings))
        picked = rng.choice(len(embeddings), count, replace=False)
        asked, z = embeddings[picked], pack.generator.draw(rng, 2 * count)
        sets = {"base": (asked, z[:count]), "swapped": (np.roll(asked, 1, axis=0), z[:count]), "noise": (asked, z[count:])}
        seen = {}
        for name, (e, latents) in sets.items():
            pixels = self.paint_small(pack, e, latents, "conditions")
            embedding, features = self.tower.see(pixels)
            seen[name] = {"pixels": pixels, "features": self.scale(features), "embedding": embedding}
        found: dict = {"conditioning": gm.conditioning(seen["base"], seen["swapped"], seen["noise"])}
        found["gallery"] = count
        found["chance"] = retrieval.chance(count)
        target = pack.generator.bridged(asked)
        same_space = target.shape[1] == seen["base"]["embedding"].shape[1]
        found["recovered"] = retrieval.recall(seen["base"]["embedding"] @ target.T) if same_space else None
        found["twins"] = retrieval.recall(-gm.distances(seen["base"]["features"], seen["noise"]["features"]))
        return found

    def walk(self, pack: Pack) -> dict:
        """Mean over walks through held-out tracks."""
        rng = self.rng(8)
        pace = walk.stride(pack.generator, self.hear_windows(pack)[0], self.rng(9)) if pack.generator.latent_dim else 1.0
        tracks = self.material.tracks
        rows = []
        for piece in (tracks[i] for i in rng.choice(len(tracks), min(self.sizes.walks, len(tracks)), replace=False)):
            start_s = walk_start_s(piece)
            points = walk.path(pack.encoder, pack.generator, piece, start_s, self.sizes.walk_s, pace, rng)
            rows.append(walk.smoothness(walk.paint(pack.generator, points)))
        # One pop in one walk is a pop: the largest is not averaged away.
        mean = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
        return mean | {"largest": max(row["largest"] for row in rows), "stride": pace, "walks": len(rows)}

    def speed(self, pack: Pack) -> dict:
        return speed.measure(pack, self.sizes.runs, self.rng(10))


def walk_start_s(piece: Piece) -> float:
    """A third of the way into the piece's windows."""
    ends = piece.features()["end_s"]
    return float(ends[len(ends) // 3])


def _small(pictures: np.ndarray) -> np.ndarray:
    """uint8 pictures at the tower's size, 0 to 1."""
    chunks = [shrink(pictures[i : i + 64].astype(np.float32) / 255, SIDE_PX) for i in range(0, len(pictures), 64)]
    return np.concatenate(chunks)
