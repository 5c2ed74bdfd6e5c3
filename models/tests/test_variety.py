"""Scenes and songs are told apart where they look unlike, and are not where they look alike."""

import numpy as np
from PIL import Image

from models.evaluate import variety


def picture(rng, scene, song, same):
    """Stripes or discs by the scene, of a colour by the song; or, if all is the `same`, noise."""
    v, u = np.mgrid[0:90, 0:160] / 90
    if same:
        form = rng.random((90, 160))
    elif scene == "stripes":
        form = np.sin(u * 20 + rng.random() * 6) > 0
    else:
        form = np.hypot(u - rng.random(), v - rng.random()) < 0.3
    colour = np.array([40, 90, 200] if song == "one" or same else [200, 90, 40])
    return Image.fromarray((form[..., None] * colour + rng.integers(0, 40, (90, 160, 1))).astype(np.uint8))


def played(same):
    rng = np.random.default_rng(0)
    return {
        (scene, song): [variety.describe(picture(rng, scene, song, same)) for _ in range(24)]
        for scene in ("stripes", "discs")
        for song in ("one", "two")
    }


def test_what_looks_unlike_is_told_apart():
    found = variety.measure(played(same=False))
    assert found["scenes_named"] > 0.95
    assert all(row["songs"] > 0.9 for row in found["by_scene"].values())
    assert "| stripes |" in variety.page(found)


def test_what_looks_alike_is_not():
    found = variety.measure(played(same=True))
    assert 0.2 < found["scenes_named"] < 0.8
    assert found["mistaken"] and found["mistaken"][0]["share"] > 0.1
