"""Our own scores, played by FluidSynth: the same music with other sounds."""

import tempfile
from pathlib import Path

import numpy as np

from . import fluid, general_midi, midi
from .composer import faults_of, piece_of, recipe_of, written
from .master import mastered
from .mix import with_kit
from .piece import Piece
from .world import World


def cut(sound: np.ndarray, start_s: float, seconds: float, rate_hz: int) -> np.ndarray:
    """The stretch [channels, seconds] from `start_s` (before 0: silence first), filled up with silence."""
    size, start = round(seconds * rate_hz), round(start_s * rate_hz)
    sound = np.pad(sound, ((0, 0), (max(0, -start), 0)))[:, max(0, start) :][:, :size]
    return np.pad(sound, ((0, 0), (0, size - sound.shape[1])))


def compose(group: str, seed: int, seconds: float, split: str, sample_rate_hz: int) -> Piece:
    """Like `composer.compose`, in stereo, for groups that have notes. Needs fluidsynth and fluid-soundfont-gm."""
    recipe, score = recipe_of(group), written(group, seed, seconds, split)
    world = World(split, group, seed, "midi")
    notes, *channels = general_midi.orchestrated(world, recipe, score)
    # In training half of all drums are ours: FluidSynth's kits are few.
    ours = split == "train" and world.chance(0.5)
    if ours:
        notes = [n for n in notes if n.channel != midi.DRUM_CHANNEL]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{group}-{seed}.mid"
        midi.write(path, notes, *channels)
        sound = fluid.play(path, sample_rate_hz, world.span(0.1, 0.7))
    mix = cut(sound, 0.0, seconds, sample_rate_hz)
    if ours and score.hits:
        mix = with_kit(world.child("kit"), score.hits, mix, sample_rate_hz)
    wild = split == "train"
    master = mastered(world.child("master"), mix, sample_rate_hz, () if wild else faults_of(group, seed), wild)
    return piece_of(group, seed, score, master, sample_rate_hz)
