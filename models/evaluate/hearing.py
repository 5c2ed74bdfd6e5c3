"""What an encoder understands: genres and tracks told apart, and what its controls say."""

import numpy as np
from scipy.stats import spearmanr

from models.starter_pack.contract import SAMPLE_RATE_HZ, WINDOW_S
from models.starter_pack.descriptors import NAMES as DESCRIPTORS
from models.starter_pack.spectrogram import mel_filters

from .data import Piece, Window, spread_windows
from .packs import Encoder, normalise
from .retrieval import neighbour_vote, same_track, standardised

MELS = 96
FRAME, HOP = 512, 256
NEIGHBOURS = 5


def log_mel_statistics(clip: np.ndarray) -> np.ndarray:
    """Mean and deviation over time of 96 mel bands, log10(10^4 power + 1) as in musicnn: [192]. Mono at 16 kHz."""
    count = (len(clip) - FRAME) // HOP + 1
    frames = np.lib.stride_tricks.sliding_window_view(clip, FRAME)[::HOP][:count]
    power = np.abs(np.fft.rfft(frames * np.hanning(FRAME + 1)[:-1], axis=1)) ** 2
    bands = np.log10(1e4 * power @ mel_filters(FRAME // 2 + 1, MELS, SAMPLE_RATE_HZ, 0.0, 8000.0).numpy() + 1)
    return np.concatenate([bands.mean(0), bands.std(0)]).astype(np.float32)


def baselines(windows: list[Window]) -> dict[str, np.ndarray]:
    """What an encoder must beat, one row a window: log-mel statistics, descriptors, the teacher's last hidden layer."""
    return {
        "log-mel statistics": np.stack([log_mel_statistics(w.clip(WINDOW_S)) for w in windows]),
        "starter descriptors": np.stack([w.heard("descriptors") for w in windows]),
        "musicnn penultimate": np.stack([w.heard("penultimate") for w in windows]),
    }


def controls(values: np.ndarray, names: list[str], windows: list[Window], targets: dict[str, np.ndarray]) -> list[dict]:
    """Each control [n, K]: mean, range, the descriptor it follows most (Spearman's rank correlation), and its target."""
    heard = np.stack([w.heard("descriptors") for w in windows])
    rows = []
    for column, name in enumerate(names):
        value = values[:, column]
        follows = [rank_correlation(value, heard[:, i]) for i in range(heard.shape[1])]
        best = int(np.argmax(np.abs(follows)))
        row = {"name": name, "mean": float(value.mean())}
        row |= {f"{p} %": float(np.percentile(value, p)) for p in (10, 50, 90)}
        row |= {"descriptor": DESCRIPTORS[best], "follows": follows[best]}
        row["target"] = rank_correlation(value, targets[name]) if name in targets else None
        rows.append(row)
    return rows


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Spearman's; 0 where one of them never changes."""
    return float(spearmanr(a, b).statistic) if np.ptp(a) > 0 and np.ptp(b) > 0 else 0.0


def genres(encoders: dict[str, Encoder], grooves: list[Piece], per_groove: int) -> dict:
    """Genre by the vote of the five nearest of other grooves. Held-out grooves ask; all others may answer."""
    windows = [w for groove in grooves for w in spread_windows(groove, per_groove)]
    groups = [w.piece.group for w in windows]
    labels = dict(zip(groups, (w.piece.genre for w in windows)))
    held_out = np.array([w.piece.split == "test" for w in windows])
    names = sorted(labels)
    asking = np.array([any(h for g, h in zip(groups, held_out) if g == name) for name in names])
    table = {}
    for name, vectors in _rows(encoders, windows, ~held_out).items():
        means = normalise(np.stack([vectors[[g == group for g in groups]].mean(0) for group in names]))
        by_window, count = neighbour_vote(vectors, [labels[g] for g in groups], groups, np.flatnonzero(held_out), NEIGHBOURS)
        genre = [labels[g] for g in names]
        by_groove, grooves_asked = neighbour_vote(means, genre, names, np.flatnonzero(asking), NEIGHBOURS)
        every, _ = neighbour_vote(means, genre, names, np.arange(len(names)), NEIGHBOURS)
        table[name] = {"windows": by_window, "grooves": by_groove, "every groove": every}
    asked = {"windows asked": count, "grooves asked": grooves_asked, "grooves": len(names)}
    kinds = len(set(labels.values()))
    return {"table": table, "genres": kinds, "chance": 1 / kinds} | asked


def tracks(encoders: dict[str, Encoder], pieces: list[Piece], per_track: int) -> dict:
    """Whether a window's nearest neighbour among windows of held-out tracks is of its own track."""
    windows = [w for piece in pieces for w in spread_windows(piece, per_track)]
    owner = [w.piece.id for w in windows]
    table, guess = {}, 0.0
    for name, vectors in _rows(encoders, windows, np.ones(len(windows), bool)).items():
        table[name], guess = same_track(vectors, owner)
    return {"table": table, "chance": guess, "windows": len(windows), "tracks": len(set(owner))}


def _rows(encoders: dict[str, Encoder], windows: list[Window], reference: np.ndarray) -> dict[str, np.ndarray]:
    """Rows of length one for each encoder, and for plain features, which are standardised on the `reference` windows."""
    rows = {}
    for name, encoder in encoders.items():
        rows[name] = encoder.hear_all([w.clip(encoder.window_s) for w in windows], f"{name}: windows")[0]
    for name, values in baselines(windows).items():
        rows[name] = standardised(values, values[reference] if reference.any() else values)
    return rows
