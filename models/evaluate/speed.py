"""How long the graphs take on this machine, and how large the files are."""

import os
import platform
import time
from pathlib import Path

import numpy as np

from .packs import Pack, session

WARM_UP = 5


def machine() -> str:
    """Processor, number of cores and load: without them a time means nothing."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        name = names[0] if names else name
    load = f", load {os.getloadavg()[0]:.1f} before the runs" if hasattr(os, "getloadavg") else ""
    return f"{name}, {os.cpu_count()} cores{load}"


def milliseconds(path: Path, feed: dict[str, np.ndarray], threads: int, runs: int) -> dict[str, float]:
    """Median and fastest of `runs` runs."""
    graph, times_ms = session(path, threads), []
    for n in range(WARM_UP + runs):
        begin = time.perf_counter()
        graph.run(None, feed)
        times_ms += [(time.perf_counter() - begin) * 1e3] * (n >= WARM_UP)
    return {"median": float(np.median(times_ms)), "fastest": float(min(times_ms))}


def measure(pack: Pack, runs: int, rng: np.random.Generator) -> dict:
    """Times of both graphs, sizes of the files in bytes."""
    audio = 0.1 * rng.standard_normal(round(16_000 * pack.encoder.window_s)).astype(np.float32)
    embedding, _ = pack.encoder.hear(audio)
    picture = pack.generator.feed(embedding, pack.generator.draw(rng, 1)[0])
    found = {f"generator {n}": milliseconds(pack.generator.path, picture, n, runs) for n in (1, 2)}
    found["encoder 1"] = milliseconds(pack.encoder.path, pack.encoder.feed(audio), 1, runs)
    bridge = pack.folder / pack.manifest["bridge"]["file"] if "bridge" in pack.manifest else None
    found["bytes"] = {
        "encoder": pack.encoder.path.stat().st_size,
        "generator": pack.generator.path.stat().st_size,
        "bridge": bridge.stat().st_size if bridge else 0,
    }
    return found
