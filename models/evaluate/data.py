"""What a pack is measured on: music and pictures of tracks that training never saw."""

import json
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from tqdm import tqdm

from models.starter_pack.contract import SAMPLE_RATE_HZ
from models.training import art, music
from models.training.look import Look
from models.training.music.cache import PCM_SCALE
from models.training.pairs import CONSTANTS
from models.training.synaesthesia import CONTROLS, Synaesthesia, calm, inputs

MUSIC = Path("models/.cache/music")
PAIRS = Path("models/.cache/pairs")
CACHE = Path("models/.cache/evaluate")
GROOVES = "grooves"
OVERSAMPLE = 2  # art is painted twice as large and averaged down, as for training


@dataclass(frozen=True)
class Piece:
    """One track: `audio()` is int16 [samples] at 16 kHz, `features()` what `music.load_features` gives."""

    id: str
    title: str  # the file's name
    genre: str
    group: str  # pieces of one group are alike: never count one as another's neighbour
    split: str
    audio: Callable[[], np.ndarray] = field(repr=False, compare=False)
    features: Callable[[], dict[str, np.ndarray]] = field(repr=False, compare=False)

    def clip(self, end_s: float, length_s: float) -> np.ndarray:
        """`length_s` of sound before `end_s`, float32 -1 to 1; silence before the track's first sample."""
        end, count = round(end_s * SAMPLE_RATE_HZ), round(length_s * SAMPLE_RATE_HZ)
        sound = np.asarray(self.audio()[max(end - count, 0) : max(end, 0)], np.float32) * np.float32(PCM_SCALE)
        return np.pad(sound, (count - len(sound), 0))


@dataclass(frozen=True)
class Window:
    """The sound before `end_s` in a piece."""

    piece: Piece
    end_s: float

    def clip(self, length_s: float) -> np.ndarray:
        return self.piece.clip(self.end_s, length_s)

    def heard(self, name: str) -> np.ndarray:
        """What the cache's features say about the window that ends nearest."""
        table = self.piece.features()
        return table[name][int(np.argmin(np.abs(table["end_s"] - self.end_s)))]


@dataclass
class Material:
    """Everything that the measures need."""

    tracks: list[Piece]  # held-out music
    grooves: list[Piece]  # genre-labelled, all splits: those of `test` are held out, the others are neighbours
    windows: list[Window]  # one for each picture, in held-out music
    pictures: np.ndarray  # uint8 [N, H, W, 3]: art painted from the looks of these windows
    art: np.ndarray  # uint8 [M, h, w, 3]: held-out art to compare generators with; may be `pictures`
    art_is: str  # where `art` comes from, in words
    synaesthesia: Synaesthesia | None = None  # gives the controls' targets


def spread_windows(piece: Piece, count: int) -> list[Window]:
    """Windows spread evenly over the piece, on the grid of the cached features, none of them silent."""
    table = piece.features()
    sounding = np.flatnonzero(table["presence"] > 0.5)
    picked = sounding[np.linspace(0, len(sounding) - 1, min(count, len(sounding))).round().astype(int)] if len(sounding) else []
    return [Window(piece, float(table["end_s"][place])) for place in picked]


def control_targets(windows: list[Window], synaesthesia: Synaesthesia) -> dict[str, np.ndarray]:
    """What the encoder's controls were trained to say about each window: name -> [n], 0 to 1. Made from some seconds around
    the window, as for training."""
    of_piece: dict[str, np.ndarray] = {}
    found = []
    for window in windows:
        table = window.piece.features()
        if window.piece.id not in of_piece:
            hop_s = float(np.median(np.diff(table["end_s"]))) if len(table["end_s"]) > 1 else 2.0
            of_piece[window.piece.id] = synaesthesia.controls(calm(inputs(table["descriptors"], table["tags"]), hop_s))
        found.append(of_piece[window.piece.id][int(np.argmin(np.abs(table["end_s"] - window.end_s)))])
    return dict(zip(CONTROLS, np.stack(found).T))


def load(music_cache: Path, pairs: Path, cache: Path, art_count: int) -> Material:
    """The material from the caches that training made."""
    index = music.load_index(music_cache)
    pieces = {track.id: _piece(music_cache, track) for track in index}
    grooves = [pieces[track.id] for track in index if track.source == GROOVES]
    tracks = [pieces[track.id] for track in index if track.source != GROOVES and track.split == "test"]
    if len(tracks) < 2:
        raise ValueError(f"{music_cache}: {len(tracks)} tracks of the split `test`, expected two or more; make the cache anew")
    pictures, windows, looks = _pairs(pairs, pieces)
    fitted = pairs / CONSTANTS
    synaesthesia = Synaesthesia.load(fitted) if fitted.is_file() else None
    about = f"{min(len(pictures), art_count)} pictures painted from the looks of held-out windows"
    shown = pictures[:art_count]
    if len(pictures) < art_count:
        shown = np.concatenate([pictures, _more_art(looks, art_count - len(pictures), pictures.shape[1], cache)])
        about += f", and {art_count - len(pictures)} more of the same looks with other seeds"
    return Material(tracks, grooves, windows, pictures, shown, about, synaesthesia)


def _piece(cache: Path, track: music.Track) -> Piece:
    stored: dict[str, dict] = {}

    def features() -> dict[str, np.ndarray]:
        if not stored:
            stored["table"] = music.load_features(cache, track)
        return stored["table"]

    group = track.album if track.source == GROOVES else track.id
    title = Path(track.path).stem
    return Piece(track.id, title, track.genre, group, track.split, lambda: music.load_audio(cache, track), features)


def _pairs(folder: Path, pieces: dict[str, Piece]) -> tuple[np.ndarray, list[Window], np.ndarray]:
    paths = [folder / f"test_{name}" for name in ("images.npy", "windows.json", "looks.npy")]
    for path in paths:
        if not path.is_file():
            raise FileNotFoundError(f"{path}: no such file; paint the pairs with `python -m models.training.pairs -o {folder}`")
    pictures, rows, looks = np.load(paths[0]), json.loads(paths[1].read_text()), np.load(paths[2])
    unknown = sum(row["track"] not in pieces for row in rows)
    if not len(rows) == len(pictures) == len(looks) or unknown:
        found = f"{len(pictures)} pictures, {len(rows)} windows, {len(looks)} looks, {unknown} windows of unknown tracks"
        raise ValueError(f"{folder}: {found}: they do not belong together or to the music cache; paint the pairs anew")
    return pictures, [Window(pieces[row["track"]], float(row["end_s"])) for row in rows], looks


def _paint(job: tuple[np.ndarray, int, int]) -> np.ndarray:
    look, seed, size_px = job
    return art.paint(Look(look), seed, size_px, OVERSAMPLE)


def _more_art(looks: np.ndarray, count: int, size_px: int, cache: Path) -> np.ndarray:
    """Other pictures of the same looks, uint8 [count, size, size, 3]; painted once and kept in `cache`."""
    path = cache / f"more_art_{count}_{size_px}_px.npz"
    chosen = looks[np.linspace(0, len(looks) - 1, count).astype(int)]
    if path.is_file():
        with np.load(path) as kept:
            if np.array_equal(kept["looks"], chosen):
                return kept["pictures"]
    jobs = [(look, 900_000_000 + n, size_px) for n, look in enumerate(chosen)]
    with ProcessPoolExecutor(2) as pool:
        pictures = np.stack(list(tqdm(pool.map(_paint, jobs, chunksize=2), total=count, desc="held-out art", leave=False)))
    cache.mkdir(parents=True, exist_ok=True)
    np.savez(path, looks=chosen, pictures=pictures)
    return pictures
