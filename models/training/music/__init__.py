"""Music to learn from: found, split, decoded once, listened to by a teacher. None of it is committed or shipped.

    python -m models.training.music -o models/.cache/music               # Debian's game music and rendered grooves
    python -m models.training.music -o CACHE --music DIR [--music DIR]   # your own folders instead

A cache holds `index.json` (the tracks), `clean/` and `degraded/` (int16 at 16 kHz, the second through MP3), and
`features/` (what the teacher and the descriptors hear every two seconds).
"""

from .cache import Track, load_audio, load_features, load_index

__all__ = ["Track", "load_audio", "load_features", "load_index"]
