"""Train, validation, test: by track and by album, the same on every machine.

The rule, for each source (and for grooves, each genre) on its own:

1. Tracks come in groups. A group is an album; in a source that is one album it is a track. A groove is an album.
2. Groups are put in the order of a hash of seed, source and name. Test takes groups in that order until it has about 12 % of
   the tracks, passing over groups that would make it more than twice that; then validation, about 8 %, the same way.
3. Where no group fits (two huge albums), single tracks are taken instead, in the same order.
4. A source with fewer than three tracks is for training only; any other has at least one track in test and one in validation.

For grooves, nine a genre, the shares are two and one of nine: whole grooves are held out.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence

from .find import Recording

SEED = 3
SHARES = {"test": 0.12, "validation": 0.08}
GROOVE_SHARES = {"test": 2 / 9, "validation": 1 / 9}
GROOVES = "grooves"  # the source's name


def order(seed: int, *names: str) -> str:
    return hashlib.sha256("\0".join([str(seed), *names]).encode()).hexdigest()


def _take(groups: dict[str, list[Recording]], source: str, want: int, seed: int) -> list[Recording]:
    """Whole groups with about `want` tracks together, or `want` single tracks where every group is too large."""
    taken: list[Recording] = []
    for name in sorted(groups, key=lambda name: order(seed, source, name)):
        if len(taken) < want and len(taken) + len(groups[name]) <= 2 * want:
            taken += groups[name]
    if not taken:
        tracks = [r for group in groups.values() for r in group]
        taken = sorted(tracks, key=lambda r: order(seed, source, r.path))[:want]
    return taken


def split(recordings: Sequence[Recording], seed: int = SEED) -> list[str]:
    """The split of each recording."""
    strata = defaultdict(list)
    for r in recordings:
        strata[(r.source, r.genre if r.source == GROOVES else "")].append(r)
    answer = {}
    for (source, _), members in strata.items():
        shares = GROOVE_SHARES if source == GROOVES else SHARES
        albums = {r.album for r in members}
        left = list(members)
        for name, share in shares.items():
            if len(members) < 3:
                break
            groups = defaultdict(list)
            for r in left:
                groups[r.album if len(albums) > 1 else r.path].append(r)
            taken = _take(groups, source, max(1, round(share * len(members))), seed)
            answer |= {(r.source, r.path): name for r in taken}
            left = [r for r in left if (r.source, r.path) not in answer]
        answer |= {(r.source, r.path): "train" for r in left}
    return [answer[(r.source, r.path)] for r in recordings]
