"""Activations to times by a plain causal threshold, and how well times agree: what trainings are compared by.

The tracker that ships is a better judge of beats; this one shows what the network alone says.
"""

import numpy as np

from .contract import DELAY_FRAMES, FRAME_S


def peaks_s(activation: np.ndarray, threshold: float, apart_s: float) -> np.ndarray:
    """Times of the peaks of one activation [frames]: above `threshold` and both neighbours, and `apart_s` after the last."""
    inner = activation[1:-1]
    found = np.flatnonzero((inner >= threshold) & (inner >= activation[:-2]) & (inner > activation[2:])) + 1
    times, last = [], -np.inf
    for t in found:
        # Where between the frames: the vertex of a parabola through the three.
        left, middle, right = activation[t - 1 : t + 2]
        curve = left - 2 * middle + right
        offset = 0.5 * (left - right) / curve if curve < -1e-9 else 0.0
        time = (t + 1 - DELAY_FRAMES + offset) * FRAME_S
        if time - last >= apart_s:
            times.append(time)
            last = time
    return np.array(times)


def hits(found: np.ndarray, truth: np.ndarray, tolerance_s: float) -> int:
    """How many pairs of (found, true) lie within the tolerance, each time used once. Both are sorted."""
    i = j = count = 0
    while i < len(found) and j < len(truth):
        if abs(found[i] - truth[j]) <= tolerance_s:
            i, j, count = i + 1, j + 1, count + 1
        elif found[i] < truth[j]:
            i += 1
        else:
            j += 1
    return count


def f_measure(found: np.ndarray, truth: np.ndarray, tolerance_s: float) -> float:
    """Harmonic mean of precision and recall of sorted times; there must be something to find."""
    return 2 * hits(found, truth, tolerance_s) / (len(found) + len(truth))
