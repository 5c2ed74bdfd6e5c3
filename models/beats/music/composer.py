"""One piece, from its group and seed to samples and annotation."""

import numpy as np

from . import nobeat
from .arrange import arrange
from .groups import GROUPS
from .master import FAULTS, mastered
from .mix import play
from .others import changed
from .piece import Piece, merged
from .score import CLASSES, Score
from .world import World


def recipe_of(group: str):
    if group not in GROUPS:
        raise ValueError(f"group {group!r}: no such group; it is one of {', '.join(GROUPS)}")
    return GROUPS[group]


def written(group: str, seed: int, seconds: float, split: str) -> Score:
    """The piece on paper."""
    score = arrange(World(split, group, seed), recipe_of(group), seconds)
    if split == "train":
        score.hits = changed(World(split, group, seed, "others"), score.hits)
    return score


def faults_of(group: str, seed: int) -> tuple[str, ...]:
    """What the master of a set's piece suffers from."""
    return (FAULTS[seed % len(FAULTS)],) if recipe_of(group).sound == "master" else ()


def piece_of(group: str, seed: int, score: Score, sound: np.ndarray, rate_hz: int) -> Piece:
    """Joins a score with what was made of it, float32 [channels, n]."""
    return Piece(
        group,
        seed,
        sound.mean(axis=0),
        rate_hz,
        score.beats,
        score.drums(),
        merged(np.array(score.onsets())),
        score.meter,
        score.sections,
        sound if sound.shape[0] == 2 else None,
    )


def compose(
    group: str,
    seed: int,
    seconds: float,
    split: str = "train",
    sample_rate_hz: int = 22_050,
    channels: int = 1,
    wild: bool | None = None,
    sampled: bool = False,
) -> Piece:
    """Composes and plays one piece on our own instruments.

    The same arguments give the same piece. `split` is "train", "tune" or "keep": see `world.py`. `wild` lets any fault of a
    master happen (noise, clipping, narrow bands, low level); left out, it does in training and not in sets. `sampled` lets some
    drums of training pieces be strokes of FluidSynth's kits.
    Raises ValueError for an unknown group or split.
    """
    recipe = recipe_of(group)
    sounds = World(split, group, seed, "sound")
    wild = split == "train" if wild is None else wild
    faults = () if split == "train" else faults_of(group, seed)
    if group == "no_beat":
        mix, onsets = nobeat.make(World(split, group, seed), seconds, sample_rate_hz)
        sound = mastered(sounds, np.repeat(mix, channels, axis=0), sample_rate_hz, faults, wild)
        none = {name: np.zeros(0) for name in CLASSES}
        return Piece(
            group,
            seed,
            sound.mean(axis=0),
            sample_rate_hz,
            np.zeros((0, 2)),
            none,
            onsets,
            None,
            None,
            sound if channels == 2 else None,
        )
    score = written(group, seed, seconds, split)
    mix = play(sounds, recipe, score, sample_rate_hz, channels, sampled)
    sound = mastered(sounds.child("master"), mix, sample_rate_hz, faults, wild)
    return piece_of(group, seed, score, sound, sample_rate_hz)
