"""Audio files under folders, with the labels that a folder tells: source, album, genre, duration."""

import subprocess
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from models.starter_pack.music import EXTENSIONS

SHORTEST_S = 25.0  # anything shorter is a jingle
SMALLEST_ALBUM = 3  # tracks; a folder with fewer counts to its source


@dataclass(frozen=True)
class Recording:
    """One audio file and its labels; see `cache.Track`."""

    file: Path
    path: str  # relative to the source's folder, with forward slashes: the same on every machine
    source: str
    album: str
    genre: str
    duration_s: float


def duration_s(file: Path) -> float:
    wanted = ["-select_streams", "a:0", "-show_entries", "format=duration", "-of", "csv=p=0"]
    try:
        result = subprocess.run(["ffprobe", "-v", "error", *wanted, str(file)], capture_output=True, text=True)
    except FileNotFoundError:
        raise RuntimeError("ffprobe is not installed; on Debian: apt-get install ffmpeg") from None
    try:
        return float(result.stdout.strip())
    except ValueError:
        reason = result.stderr.strip() or "no message"
        raise ValueError(f"{file}: ffprobe finds no duration ({reason}); remove the file") from None


def audio_files(folder: Path) -> list[Path]:
    """Audio files under a folder, in a fixed order."""
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in EXTENSIONS)


def label(files: Iterable[Path], root: Path, source: str, genre: str | None = None) -> list[Recording]:
    """Files as recordings, those over 25 s. The folder of a file, relative to `root`, is its album.

    Without a `genre` the topmost folder is one, so `DIR/jazz/some album/1.flac` is jazz.
    """
    found = []
    for file in files:
        path = file.relative_to(root)
        length = duration_s(file)
        if length <= SHORTEST_S:
            continue
        album = path.parent.as_posix() if path.parent != Path(".") else source
        own_genre = genre or (path.parts[0] if len(path.parts) > 1 else source)
        found.append(Recording(file, path.as_posix(), source, album, own_genre, length))
    sizes = Counter(r.album for r in found)
    return [r if sizes[r.album] >= SMALLEST_ALBUM else replace(r, album=source) for r in found]


def from_folders(folders: Iterable[Path]) -> list[Recording]:
    """A user's own music. Each folder is a source by its own name."""
    found, names = [], set()
    for folder in folders:
        folder = Path(folder).resolve()
        if folder.name in names:
            raise ValueError(f"{folder}: two music folders are called {folder.name}; give them different names")
        names.add(folder.name)
        own = label(audio_files(folder), folder, folder.name)
        if not own:
            kinds = ", ".join(sorted(EXTENSIONS))
            raise FileNotFoundError(f"{folder}: holds no audio longer than {SHORTEST_S:.0f} s ({kinds})")
        found += own
    return found
