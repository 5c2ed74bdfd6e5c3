"""From what is annotated to what the network should say at each frame."""

from dataclasses import dataclass

import numpy as np

from .contract import ACTIVATIONS, DELAY_FRAMES, FRAME_S

# An event is a Gaussian in time: a frame's neighbours, which are 20 ms off, still count half. Drums follow each other faster.
SIGMA_S = {"beat": 0.018, "downbeat": 0.018, "kick": 0.014, "snare": 0.014, "hat": 0.014, "onset": 0.014}


@dataclass(frozen=True)
class Events:
    """What falls when in one piece: for each activation its times in seconds, or None where nobody annotated it."""

    times_s: dict[str, np.ndarray | None]

    def moved(self, stretch: float, offset_s: float) -> "Events":
        """Times multiplied by `stretch`, then moved."""
        return Events({name: None if times is None else times * stretch + offset_s for name, times in self.times_s.items()})


def from_annotation(beats: np.ndarray, drums: dict, onsets) -> Events:
    """`beats` [n, 2] of (time in s, position in the bar); empty: there is no beat. Missing drums were not annotated."""
    beats = np.asarray(beats, np.float64).reshape(-1, 2)
    times: dict[str, np.ndarray | None] = {"beat": beats[:, 0], "downbeat": beats[beats[:, 1] == 1, 0]}
    for name in ("kick", "snare", "hat"):
        times[name] = None if drums.get(name) is None else np.asarray(drums[name], np.float64)
    times["onset"] = None if onsets is None else np.asarray(onsets, np.float64)
    return Events(times)


def targets(events: Events, frames: int, first_frame: int = 0) -> np.ndarray:
    """What to say at `frames` frames from `first_frame` on [frames, 6], 0 to 1; NaN where nobody knows."""
    instants = (first_frame + 1 - DELAY_FRAMES + np.arange(frames)) * FRAME_S
    table = np.zeros((frames, len(ACTIVATIONS)), np.float32)
    for column, name in enumerate(ACTIVATIONS):
        times = events.times_s[name]
        if times is None:
            table[:, column] = np.nan
        elif len(times):
            times = np.sort(times)
            after = np.searchsorted(times, instants)
            nearest = np.minimum(
                np.abs(instants - times[np.minimum(after, len(times) - 1)]),
                np.abs(instants - times[np.maximum(after - 1, 0)]),
            )
            table[:, column] = np.exp(-0.5 * (nearest / SIGMA_S[name]) ** 2)
    return table
