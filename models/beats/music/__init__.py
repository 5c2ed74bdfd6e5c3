"""Annotated music of unlimited variety, composed and played here: for training the beat network and for measuring.

    python -m models.beats.music SET_DIR --split tune --per-group 4 --seconds 32    # wav + json, what is tuned on
    python -m models.beats.music SET_DIR --split keep --per-group 4 --seconds 32    # what is only ever measured
    python -m models.beats.music.prerender FOLDER --count 4000 --seconds 20         # npz to train on

Every number comes from (split, group, seed), so that a piece is the same each time it is made, and no piece of one split is in
another. What `keep` plays is never drawn elsewhere: see `world.py`.
"""

from .composer import compose
from .groups import GROUPS, TRAINING_GROUPS
from .piece import Piece

__all__ = ["GROUPS", "TRAINING_GROUPS", "Piece", "compose"]
