"""Makes the cache of music: python -m models.training.music -o models/.cache/music [--music DIR]. Stop and go on at will."""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from models.starter_pack.contract import SAMPLE_RATE_HZ

from . import debian, grooves
from .cache import Track, audio_path, load_audio, save_index, summary
from .decode import MP3_KBIT_S, decode, decode_degraded
from .features import compute
from .find import Recording, from_folders
from .split import SEED, order, split


def identity(recording: Recording) -> str:
    """A file name: readable, and unique by a hash of source and path."""
    stem = "".join(c if c.isalnum() else "-" for c in Path(recording.path).stem.lower())
    return f"{recording.source}--{stem[:40]}--{order(0, recording.source, recording.path)[:6]}"


def interleave(tracks: list[Track], seed: int = SEED) -> list[Track]:
    """Round robin over sources, so that a run that is stopped early has heard something of each."""
    queues: dict[str, list[Track]] = {}
    for track in sorted(tracks, key=lambda t: order(seed, t.id)):
        queues.setdefault(track.source, []).append(track)
    place = [((i + 0.5) / len(queue), track.id, track) for queue in queues.values() for i, track in enumerate(queue)]
    return [track for _, _, track in sorted(place, key=lambda p: p[:2])]


def save(path: Path, pcm: np.ndarray) -> None:
    """Writes int16 samples so that no half-written file ever bears the final name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".new")
    with part.open("wb") as file:
        np.save(file, pcm)
    part.replace(path)


def index(cache: Path, recordings: list[Recording]) -> tuple[list[Track], dict[str, Path]]:
    """Writes the index. Gives the tracks and the audio file of each."""
    tracks, files = [], {}
    for r, part in zip(recordings, split(recordings), strict=True):
        track = Track(identity(r), r.path, r.source, r.album, r.genre, round(r.duration_s, 3), part)
        tracks.append(track)
        files[track.id] = r.file
    save_index(cache, tracks)
    return tracks, files


def fill(cache: Path, tracks: list[Track], files: dict[str, Path], degraded: bool) -> None:
    """Decodes what is not there yet; the degraded copies need the clean ones."""
    missing = [t for t in tracks if not audio_path(cache, t, degraded).exists()]
    for track in tqdm(missing, desc="MP3 copies" if degraded else "decode", unit="track", disable=not missing):
        target = audio_path(cache, track, degraded)
        if not degraded:
            save(target, decode(files[track.id]))
            continue
        samples = load_audio(cache, track).size
        kbit_s = MP3_KBIT_S[int(order(SEED, "kbit/s", track.id), 16) % len(MP3_KBIT_S)]
        target.parent.mkdir(parents=True, exist_ok=True)
        save(target, decode_degraded(files[track.id], samples, kbit_s, target.with_suffix(".mp3")))


def make(cache: Path, recordings: list[Recording], steps: set[str], hop_s: float = 2.0, device: str = "cpu") -> list[Track]:
    """Index, then the steps asked for: "clean", "features", "degraded"."""
    cache.mkdir(parents=True, exist_ok=True)
    tracks, files = index(cache, recordings)
    turn = interleave(tracks)
    if "clean" in steps:
        fill(cache, turn, files, degraded=False)
    # What was decoded knows its length better than the file's header.
    decoded = {t.id: load_audio(cache, t).size / SAMPLE_RATE_HZ for t in tracks if audio_path(cache, t).exists()}
    tracks = [replace(t, duration_s=round(decoded.get(t.id, t.duration_s), 3)) for t in tracks]
    save_index(cache, tracks)
    if "features" in steps:
        compute(cache, interleave(tracks), hop_s, device)
    if "degraded" in steps:
        fill(cache, turn, files, degraded=True)
    return tracks


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training.music", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, required=True, help="the cache's folder")
    parser.add_argument("--music", type=Path, action="append", metavar="DIR", help="your own music; else Debian's and grooves")
    parser.add_argument("--steps", default="clean,features,degraded", help="what to do (%(default)s)")
    parser.add_argument("--hop-s", type=float, default=2.0, help="seconds between the windows of features (%(default)s)")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="for features (%(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads for features (%(default)s)")
    options = parser.parse_args()
    steps = set(options.steps.split(","))
    if steps - {"clean", "features", "degraded"}:
        parser.error(f"--steps {options.steps}: unknown step; choose from clean,features,degraded")
    torch.set_num_threads(options.threads)
    if options.music:
        recordings = from_folders(options.music)
    else:
        recordings = debian.recordings(options.output) + grooves.recordings(options.output / "grooves")
    print(summary(make(options.output, recordings, steps, options.hop_s, options.device)))


if __name__ == "__main__":
    main()
