"""The sheets of a report: what the figures look like, the worst beside the best."""

import math
from pathlib import Path

import numpy as np

from . import generator_metrics as gm
from . import retrieval, sheets, walk
from .data import Piece, spread_windows
from .measure import Measurer, walk_start_s
from .packs import Pack, run_all

COLUMNS = 8
TURNS_RAD = (0.0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.2, math.pi / 2)


def unlike(pieces: list[Piece], count: int, rng: np.random.Generator) -> list[Piece]:
    """Pieces of as many genres as there are, in turn."""
    by_genre: dict[str, list[Piece]] = {}
    for place in rng.permutation(len(pieces)):
        by_genre.setdefault(pieces[place].genre, []).append(pieces[place])
    order = [(turn, genre, piece) for genre, found in by_genre.items() for turn, piece in enumerate(found)]
    return [piece for _, _, piece in sorted(order, key=lambda entry: entry[:2])][:count]


def name(piece: Piece) -> str:
    return f"{piece.genre}\n{piece.title}"


def _paint(pack: Pack, jobs: list, about: str) -> list[np.ndarray]:
    return run_all(lambda job: sheets.to_bytes(pack.generator.paint(*job)), jobs, f"{pack.label}: {about}")


def _moments(pack: Pack, pieces: list[Piece], z: np.ndarray, label: str = "") -> list[tuple[str, list[np.ndarray]]]:
    rows = []
    for piece in pieces:
        clips = [w.clip(pack.encoder.window_s) for w in spread_windows(piece, COLUMNS)]
        embeddings, _ = pack.encoder.hear_all(clips, "moments")
        rows.append((label or name(piece), _paint(pack, [(e, z) for e in embeddings], "moments")))
    return rows


def moments(pack: Pack, measurer: Measurer):
    """Rows: tracks. Columns: moments from begin to end. One z for all, so every difference comes from the music."""
    pieces = unlike(measurer.material.tracks, COLUMNS, measurer.rng(20))
    z = pack.generator.draw(measurer.rng(21), 1)[0]
    return sheets.sheet(_moments(pack, pieces, z))


def side_by_side(packs: list[Pack], measurer: Measurer):
    """The same moments of the same tracks by each pack, one z a pack."""
    rows = []
    for piece in unlike(measurer.material.tracks, 3, measurer.rng(20)):
        for pack in packs:
            z = pack.generator.draw(measurer.rng(21), 1)[0]
            rows += _moments(pack, [piece], z, f"{pack.label}\n{name(piece)}")
    return sheets.sheet(rows)


def slow_walk(pack: Pack, measurer: Measurer, stride: float):
    """A walk through one track, every fifth of a second, row by row."""
    piece = unlike(measurer.material.tracks, 1, measurer.rng(22))[0]
    seconds = 2 * COLUMNS / 5
    points = walk.path(pack.encoder, pack.generator, piece, walk_start_s(piece), seconds, stride, measurer.rng(23))
    shown = _paint(pack, points[:: walk.PICTURES_PER_S // 5], "walk")
    rows = [(f"{name(piece)}\nfrom {k / 5:.1f} s", shown[k : k + COLUMNS]) for k in (0, COLUMNS)]
    return sheets.sheet(rows)


def neighbours(pack: Pack, measurer: Measurer):
    """Rows: embeddings. Columns: z turned further and further away from the first."""
    if pack.generator.latent_dim == 0:
        return None
    rows = []
    a, b = pack.generator.draw(measurer.rng(24), 2)
    for piece in unlike(measurer.material.tracks, 5, measurer.rng(20)):
        window = spread_windows(piece, 3)[1:2] or spread_windows(piece, 1)
        embedding, _ = pack.encoder.hear(window[0].clip(pack.encoder.window_s))
        turned = [(math.cos(t) * a + math.sin(t) * b).astype(np.float32) for t in TURNS_RAD]
        rows.append((name(piece), _paint(pack, [(embedding, z) for z in turned], "neighbours")))
    return sheets.sheet(rows, [f"{t:.2f} rad" for t in TURNS_RAD])


def near_and_far(pack: Pack, measurer: Measurer, features: np.ndarray):
    """Of all pictures that were compared with the art, those nearest to some art and those farthest from any."""
    away = gm.distances(features, measurer.art)
    order = np.argsort(away.min(axis=1), kind="stable")
    embeddings, latents = measurer.compared(pack)
    rows = []
    for words, picked in (("nearest to art", order[:COLUMNS]), ("farthest from art", order[::-1][:COLUMNS])):
        rows.append((f"{words}: painted", _paint(pack, [(embeddings[i], latents[i]) for i in picked], words)))
        rows.append((f"{words}: the nearest art", [measurer.material.art[away[i].argmin()] for i in picked]))
    return sheets.sheet(rows)


def found_and_missed(pack: Pack, measurer: Measurer):
    """Windows whose picture was found most clearly, and those that were missed most; None for a foreign embedding."""
    embeddings, _ = measurer.hear_windows(pack)
    ours = pack.generator.bridged(embeddings)
    if ours.shape[1] != measurer.seen.shape[1]:
        return None
    rng = measurer.rng(1)  # the first draw of the table
    picked = rng.choice(len(ours), min(measurer.sizes.gallery, len(ours)), replace=False)
    similarity = ours[picked] @ measurer.seen[picked].T
    own = np.diag(similarity)
    others = np.where(np.eye(len(picked), dtype=bool), -np.inf, similarity)
    order = np.argsort(others.max(axis=1) - own, kind="stable")
    rank, z = retrieval.ranks(similarity), pack.generator.draw(measurer.rng(21), 1)[0]
    rows = []
    for words, chosen in (("found most clearly", order[:COLUMNS]), ("missed most", order[::-1][:COLUMNS])):
        places = ", ".join(str(rank[i]) for i in chosen)
        pictures = measurer.material.pictures
        painted = _paint(pack, [(embeddings[picked[i]], z) for i in chosen], words)
        rows.append((f"{words}\nrank {places}: painted by the pack", painted))
        rows.append((f"{words}: the window's art", [pictures[picked[i]] for i in chosen]))
        rows.append((f"{words}: the art that came first", [pictures[picked[similarity[i].argmax()]] for i in chosen]))
    return sheets.sheet(rows)


def write(packs: list[Pack], measurer: Measurer, features: np.ndarray, stride: float, folder: Path) -> dict[str, str]:
    """Writes all sheets of the first pack (and those that show all packs); name -> file name."""
    pack = packs[0]
    pictures = {
        "moments": moments(pack, measurer),
        "walk": slow_walk(pack, measurer, stride),
        "neighbours": neighbours(pack, measurer),
        "near_and_far": near_and_far(pack, measurer, features),
        "found_and_missed": found_and_missed(pack, measurer),
        "side_by_side": side_by_side(packs, measurer) if len(packs) > 1 else None,
    }
    written = {}
    for title, picture in pictures.items():
        if picture is not None:
            sheets.save(picture, folder / f"{title}.jpg")
            written[title] = f"{title}.jpg"
    return written
