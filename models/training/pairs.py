"""Pairs of music and art: for a window of a track, a picture painted from that window's look.

    python -m models.training pairs

With a folder of someone's own pictures nothing is painted: each window gets the picture whose measured look is near its own.

A folder of pairs holds, for each split: `SPLIT_images.npy` uint8 [N, S, S, 3], `SPLIT_looks.npy` float32 [N, 20] (what each
picture was painted from: one family), and `SPLIT_windows.json` (track, end of the window, seed). Painting is resumed where it
was interrupted.
"""

import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from tqdm import tqdm

from models.starter_pack.contract import WINDOW_S

from . import synaesthesia
from .art import paint
from .look import FAMILIES, KNOBS, Look, decided
from .measured_look import read_folder
from .music import Track, load_features, load_index
from .synaesthesia import Synaesthesia

CONSTANTS = "synaesthesia.json"
SPLITS = ("train", "validation", "test")
PICTURE_PX = 128
LARGEST_SHIFT_S = 0.5


def heard(cache: Path, tracks: list[Track]) -> dict[str, dict[str, np.ndarray]]:
    """For each track id: end_s [n] and calmed inputs [n, 83] of its windows with sound; their hop and the track's end."""
    windows = {}
    for track in tracks:
        features = load_features(cache, track)
        end_s = features["end_s"]
        hop_s = float(np.median(np.diff(end_s))) if len(end_s) > 1 else 2.0
        values = synaesthesia.calm(synaesthesia.inputs(features["descriptors"], features["tags"]), hop_s)
        sounding = features["presence"] > 0.5
        if sounding.any():
            windows[track.id] = {"end_s": end_s[sounding], "inputs": values[sounding], "hop_s": hop_s, "last_s": track.duration_s}
    return windows


def weights(tracks: list[Track], windows: dict) -> dict[str, float]:
    """How much one window of each track counts: tracks of a source alike, sources by the square root of their size."""
    size = {source: sum(t.source == source and t.id in windows for t in tracks) for source in {t.source for t in tracks}}
    return {t.id: size[t.source] ** -0.5 / len(windows[t.id]["end_s"]) for t in tracks if t.id in windows}


def fit(tracks: list[Track], windows: dict) -> Synaesthesia:
    """The constants of the synaesthesia, from training tracks alone."""
    chosen = [t for t in tracks if t.split == "train" and t.id in windows]
    weight = weights(chosen, windows)
    values = np.concatenate([windows[t.id]["inputs"] for t in chosen])
    return synaesthesia.fit(values, np.concatenate([np.full(len(windows[t.id]["end_s"]), weight[t.id]) for t in chosen]))


def choose(tracks: list[Track], windows: dict, constants: Synaesthesia, count: int, rng: np.random.Generator):
    """Draws `count` windows: rows for the index, and looks [count, 20] in which one family has been drawn for each."""
    chosen = [t for t in tracks if t.id in windows]
    weight = weights(chosen, windows)
    looks = {t.id: constants.looks(windows[t.id]["inputs"]) for t in chosen}
    owner = np.concatenate([np.full(len(windows[t.id]["end_s"]), i) for i, t in enumerate(chosen)])
    place = np.concatenate([np.arange(len(windows[t.id]["end_s"])) for t in chosen])
    share = np.array([weight[chosen[i].id] for i in owner])
    # Windows are drawn evenly along the running sum of the weights: no track is drawn twice before its turn.
    edges = np.cumsum(share) / share.sum()
    picks = np.searchsorted(edges, (np.arange(count) + rng.uniform(0, 1, count)) / count).clip(0, len(owner) - 1)
    rows, drawn = [], []
    for k, pick in enumerate(rng.permutation(picks)):
        track = chosen[owner[pick]]
        look = looks[track.id][place[pick]].copy()
        family = rng.choice(len(FAMILIES), p=decided(look[None])[0, len(KNOBS) :])
        look[len(KNOBS) :] = np.eye(len(FAMILIES), dtype=np.float32)[family]
        # A window that was heard, or one beside it: a track whose windows are few is drawn from more than once.
        here = windows[track.id]
        end_s = float(here["end_s"][place[pick]]) + rng.uniform(-0.5, 0.5) * min(here["hop_s"], LARGEST_SHIFT_S)
        end_s = round(min(max(end_s, WINDOW_S), here["last_s"]), 3)
        rows.append({"track": track.id, "end_s": end_s, "seed": int(rng.integers(2**31)), "family": FAMILIES[family]})
        drawn.append(look)
    return rows, np.array(drawn, dtype=np.float32)


def _paint(job) -> tuple[int, np.ndarray]:
    index, look, seed, size_px, oversample = job
    return index, paint(Look(look), seed, size_px, oversample)


def paint_all(folder: Path, split: str, looks: np.ndarray, rows: list[dict], size_px: int, oversample: int, workers: int) -> None:
    """Paints what is not painted yet into `SPLIT_images.npy`, by several processes."""
    images_path, done_path = folder / f"{split}_images.npy", folder / f"{split}_done.npy"
    shape = (len(rows), size_px, size_px, 3)
    if not images_path.is_file() or np.load(images_path, mmap_mode="r").shape != shape:
        np.lib.format.open_memmap(images_path, mode="w+", dtype=np.uint8, shape=shape).flush()
        np.save(done_path, np.zeros(len(rows), bool))
    images, done = np.load(images_path, mmap_mode="r+"), np.load(done_path)
    jobs = [(i, looks[i], rows[i]["seed"], size_px, oversample) for i in np.flatnonzero(~done)]
    with ProcessPoolExecutor(workers) as pool:
        for n, (index, picture) in enumerate(tqdm(pool.map(_paint, jobs, chunksize=4), total=len(jobs), desc=f"painting {split}")):
            images[index], done[index] = picture, True
            if n % 200 == 199:
                images.flush()
                np.save(done_path, done)
    images.flush()
    np.save(done_path, done)


def match(music_looks: np.ndarray, picture_looks: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """For each window [N, 20] one of the five pictures [M, 20] that look most like it: indices [N]."""
    distance = ((music_looks**2).sum(1)[:, None] + (picture_looks**2).sum(1)) - 2 * music_looks @ picture_looks.T
    nearest = np.argpartition(distance, min(5, distance.shape[1] - 1), axis=1)[:, :5]
    return nearest[np.arange(len(nearest)), rng.integers(0, nearest.shape[1], len(nearest))]


def take_pictures(folder: Path, pictures: Path, size_px: int, seed: int) -> None:
    """Fills the pairs' pictures from a folder of someone's own; no picture is in two splits."""
    images, looks = read_folder(pictures, size_px)
    rng = np.random.default_rng([seed, 9])
    split_of = rng.choice(3, len(images), p=[0.8, 0.08, 0.12])
    for k, split in enumerate(SPLITS):
        wanted, chosen = np.load(folder / f"{split}_looks.npy"), np.flatnonzero(split_of == k)
        picked = chosen[match(wanted, looks[chosen], rng)]
        np.save(folder / f"{split}_images.npy", images[picked])
        np.save(folder / f"{split}_looks.npy", looks[picked])


def make(music: Path, output: Path, counts, size_px=PICTURE_PX, oversample=2, workers=1, seed=1, pictures: Path | None = None) -> None:
    """Makes or completes a folder of pairs; `counts` are those of training, validation and test."""
    output.mkdir(parents=True, exist_ok=True)
    tracks = load_index(music)
    windows = heard(music, tracks)
    constants = fit(tracks, windows)
    constants.save(output / CONSTANTS)
    for k, (split, count) in enumerate(zip(SPLITS, counts)):
        rng = np.random.default_rng([seed, k])
        rows, looks = choose([t for t in tracks if t.split == split], windows, constants, count, rng)
        np.save(output / f"{split}_looks.npy", looks)
        (output / f"{split}_windows.json").write_text(json.dumps(rows) + "\n")
    if pictures:
        take_pictures(output, pictures, size_px, seed)
        return
    # Held-out pictures first: they are few, and everything is measured on them.
    for split in reversed(SPLITS):
        rows = json.loads((output / f"{split}_windows.json").read_text())
        paint_all(output, split, np.load(output / f"{split}_looks.npy"), rows, size_px, oversample, workers)
