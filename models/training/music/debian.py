"""Free game music from Debian: five packages, about twelve hours, for training and testing only.

Each package's licences stand in its `usr/share/doc/*/copyright`. The audio stays in the cache: nothing of it is shipped.
"""

import re
import shutil
import subprocess
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

from .find import Recording, audio_files, label


@dataclass(frozen=True)
class Package:
    name: str
    root: str  # where the music lies in the unpacked package
    genre: str  # one label for the whole package: rough, but true of most of it


PACKAGES = (
    Package("warzone2100-music", "usr/share/games/warzone2100/music/albums", "ambient electronic"),
    Package("ufoai-music", "usr/share/games/ufoai/base", "industrial electronic"),
    Package("wesnoth-1.16-music", "usr/share/games/wesnoth/1.16/data/core/music", "orchestral"),
    Package("singularity-music", "usr/share/games/singularity/music", "chill electronic"),
    Package("marsshooter-data", "usr/share/games/marsshooter/audio/music", "metal"),
)

# ufoai-music has all its tracks in one folder, named after the artist. An artist's tracks sound alike, so that an artist is
# an album here (the artist filter: Flexer, "A closer look on artist filters for musical genre classification", ISMIR 2007).
UFOAI_ARTISTS = ("Crystan", "David", "Marine", "Psymong", "azrael", "dynamictest", "ufo", "van")


def fetch(package: Package, debs: Path) -> Path:
    """The package's .deb in `debs`, downloaded by apt if it is not there yet."""
    debs.mkdir(parents=True, exist_ok=True)
    found = sorted(debs.glob(f"{package.name}_*.deb"))
    if not found:
        result = subprocess.run(["apt-get", "download", package.name], cwd=debs, capture_output=True, text=True)
        found = sorted(debs.glob(f"{package.name}_*.deb"))
        if result.returncode != 0 or not found:
            hint = f"run `apt-get update`, or put the .deb into {debs}, or use your own music with --music DIR"
            raise RuntimeError(f"apt-get download {package.name} failed: {result.stderr.strip()}; {hint}")
    return found[-1]


def unpack(deb: Path, package: Package, folder: Path) -> Path:
    """Unpacks a .deb below `folder`, zip archives (.pk3) inside it too, and gives the folder of the music."""
    target = folder / package.name
    root = target / package.root
    if not (target / "complete").exists():
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        subprocess.run(["dpkg-deb", "-x", str(deb), str(target)], check=True)
        for archive in sorted(root.glob("*.pk3")):
            with zipfile.ZipFile(archive) as content:
                content.extractall(root)
            archive.unlink()
        (target / "complete").touch()
    return root


def album(recording: Recording) -> str:
    """Corrects the album that the folder tells."""
    name = Path(recording.path).stem
    if recording.source == "warzone2100-music" and name.endswith("_enhanced"):
        # Those two, sold with the album "aftermath", are pieces of the original soundtrack.
        return "original_soundtrack"
    if recording.source == "ufoai-music":
        artist = re.match("|".join(UFOAI_ARTISTS), name)
        return artist.group() if artist else name
    return recording.album


def recordings(folder: Path) -> list[Recording]:
    """The tracks of all packages, fetched into `folder`/debs and unpacked into `folder`/unpacked."""
    found = []
    for package in PACKAGES:
        root = unpack(fetch(package, folder / "debs"), package, folder / "unpacked")
        own = label(audio_files(root), root, package.name, package.genre)
        if not own:
            raise FileNotFoundError(f"{root}: no music in {package.name}; delete {folder / 'unpacked'} and try again")
        found += [replace(r, album=album(r)) for r in own]
    return found
