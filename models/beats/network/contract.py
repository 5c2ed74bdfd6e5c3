"""Sizes and times that everything here agrees on.

A frame t ends with sample (t + 1) * HOP. What the network says at frame t is about the instant

    (t + 1) * FRAME_S - DELAY_FRAMES * FRAME_S   seconds after the first sample,

so it has heard 20 ms of what follows. Less, and the windows' tapers hide the attack; more, and drums would be shown later.
"""

SAMPLE_RATE_HZ = 22_050
HOP = 441
FRAME_S = HOP / SAMPLE_RATE_HZ
FRAME_RATE_HZ = 50
DELAY_FRAMES = 1

# The longest window: what a frame looks back on. 93 ms.
WINDOW = 2048
BANDS = 72

ACTIVATIONS = ("beat", "downbeat", "kick", "snare", "hat", "onset")


def instants_s(frames: int) -> list[float]:
    """What instant each of `frames` rows of activations is about, in seconds after the first sample."""
    return [(t + 1 - DELAY_FRAMES) * FRAME_S for t in range(frames)]
