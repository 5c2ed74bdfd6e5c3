"""For training: pieces that lack a drum which their pattern has, or have another in its place.

Where a network has always heard a kick with the music, it takes whatever is lowest for one. Who has heard the same music without
a kick, or with a tom on its places, has to listen for the drum itself.
"""

from collections.abc import Sequence

from .score import CLASS_OF, Hit
from .world import World

# Whose hits go, and what plays on their places instead; nothing: nobody.
CHANGES = (
    (("kick",), ()),
    (("snare",), ()),
    (("hat",), ()),
    (("kick",), ("low_tom", "low_conga")),
    (("snare",), ("high_conga", "high_tom", "shaker", "cowbell")),
    (("hat",), ("shaker", "ride", "tambourine")),
    (("hat",), ("shaker", "ride", "high_conga")),
    (("kick", "snare"), ("low_conga", "high_conga", "shaker")),
    (("kick", "snare", "hat"), ("low_tom", "high_conga", "shaker", "high_tom", "low_conga")),
)
SHARE = 0.4


def changed(world: World, hits: Sequence[Hit]) -> list[Hit]:
    """The hits of a piece, of which by chance one drum or more are gone or taken over by others."""
    if not world.chance(SHARE):
        return list(hits)
    whose, others = world.one(CHANGES)
    drums = sorted({hit.drum for hit in hits})
    instead = {drum: world.one(others) if others else None for drum in drums if CLASS_OF.get(drum) in whose}
    found = []
    for hit in hits:
        drum = instead.get(hit.drum, hit.drum)
        if drum is not None:
            found.append(hit._replace(drum=drum))
    return found
