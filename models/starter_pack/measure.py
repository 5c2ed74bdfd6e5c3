"""How far music moves the embedding, and how long both graphs take on this machine.

    python -m models.starter_pack.measure models/starter FOLDER...
"""

import argparse
import time
from pathlib import Path

import numpy as np
import onnxruntime

from . import music
from .contract import EMBEDDING_DIM, LATENT_DIM, SAMPLE_RATE_HZ, WINDOW_SAMPLES


def session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def distances(pack: Path, folders: list[str]) -> None:
    """Prints cosine distances within tracks and across them."""
    encoder = session(pack / "encoder.onnx", 1)
    moment, seconds, louder, firsts = [], [], [], []
    for path in music.find(folders):
        audio = music.decode(path)
        for place in (0.25, 0.6):
            start = int(len(audio) * place)
            if len(audio) - start < WINDOW_SAMPLES + 5 * SAMPLE_RATE_HZ:
                continue

            def embed(offset_s=0.0, gain=1.0):
                begin = start + int(offset_s * SAMPLE_RATE_HZ)
                return encoder.run(["embedding"], {"audio": audio[None, begin : begin + WINDOW_SAMPLES] * np.float32(gain)})[0][0]

            here = embed()
            moment.append(1 - here @ embed(offset_s=0.1))
            seconds.append(1 - here @ embed(offset_s=5.0))
            louder.append(1 - here @ embed(gain=0.25))
            firsts.append((path, here))
    across = [1 - a @ b for i, (p, a) in enumerate(firsts) for q, b in firsts[:i] if p != q]
    for name, values in (("0.1 s later", moment), ("5 s later", seconds), ("12 dB quieter", louder), ("another track", across)):
        low, middle, high = np.percentile(values, [10, 50, 90])
        print(f"{name:14} mean {np.mean(values):.4f}   10 % {low:.4f}   median {middle:.4f}   90 % {high:.4f}")


def speed(pack: Path) -> None:
    """Prints milliseconds a run; the fastest of many is the machine's, the median what it had left over."""
    rng = np.random.default_rng(0)
    embedding = rng.standard_normal((1, EMBEDDING_DIM), dtype=np.float32)
    embedding /= np.linalg.norm(embedding)
    feeds = {
        "encoder": {"audio": 0.1 * rng.standard_normal((1, WINDOW_SAMPLES), dtype=np.float32)},
        "generator": {"embedding": embedding, "z": rng.standard_normal((1, LATENT_DIM), dtype=np.float32)},
    }
    for name, feed in feeds.items():
        for threads in (1, 2):
            graph, times_ms = session(pack / f"{name}.onnx", threads), []
            for _ in range(100):
                begin = time.perf_counter()
                graph.run(None, feed)
                times_ms.append((time.perf_counter() - begin) * 1e3)
            print(f"{name:10} {threads} threads: fastest {min(times_ms):.1f} ms, median {np.median(times_ms):.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure a pack of the starter's shape.")
    parser.add_argument("pack", type=Path)
    parser.add_argument("folders", nargs="*", help="folders of audio files")
    arguments = parser.parse_args()
    speed(arguments.pack)
    if arguments.folders:
        distances(arguments.pack, arguments.folders)


if __name__ == "__main__":
    main()
