"""A pack's two graphs, run by ONNX Runtime the way the engine runs them (`engine/src/inference`)."""

import hashlib
import math
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterable

import numpy as np
import onnxruntime
from scipy.signal import resample_poly
from tqdm import tqdm

from models.starter_pack.contract import SAMPLE_RATE_HZ

WORKERS = 2  # runs side by side, each on one thread: as quick as two threads, and the same numbers on every machine


def session(path: Path, threads: int = 1) -> onnxruntime.InferenceSession:
    """A CPU session that waits without spinning, so that it leaves the other core alone."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime has no common class for its errors
        raise RuntimeError(f"{path}: ONNX Runtime cannot load it: {error}; export the graph anew") from error


def run_all(work: Callable, items: Iterable, about: str) -> list:
    """`work` of each item, in order, on all workers, with a progress bar."""
    items = list(items)
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(tqdm(pool.map(work, items), total=len(items), desc=about, leave=False, mininterval=0.5))


def normalise(vectors: np.ndarray) -> np.ndarray:
    """Rows of length one; a row of zeros stays."""
    return (vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)).astype(np.float32)


def _shape(declared: list, length: int) -> list[int]:
    """A vector input's shape: open dimensions become 1, but for the last one, which takes what is left."""
    known = math.prod(d for d in declared if isinstance(d, int))
    shape = [d if isinstance(d, int) else 1 for d in declared]
    if known != length:
        open_places = [place for place, d in enumerate(declared) if not isinstance(d, int)]
        if not open_places or length % known:
            raise ValueError(f"an input of shape {declared} does not take {length} numbers: correct pack.toml")
        shape[open_places[-1]] = length // known
    return shape


class Encoder:
    """Sound to an embedding of length one, and controls."""

    def __init__(self, path: Path, spec: dict):
        self.path, self.spec = path, spec
        self.session = session(path)
        self.key = hashlib.sha256(path.read_bytes()).hexdigest()  # packs may share one encoder
        self.rate_hz = int(spec["sample_rate_hz"])
        self.window_s = float(spec["window_s"])
        self.samples = round(self.window_s * self.rate_hz)
        self.control_names: list[str] = spec.get("control_names", [])
        self.shape = _shape(self.session.get_inputs()[0].shape, self.samples)

    def feed(self, audio: np.ndarray) -> dict[str, np.ndarray]:
        """The newest window of mono `audio` at 16 kHz, at the graph's own rate; silence before it where it is short."""
        if self.rate_hz != SAMPLE_RATE_HZ:
            common = math.gcd(self.rate_hz, SAMPLE_RATE_HZ)
            audio = resample_poly(audio, self.rate_hz // common, SAMPLE_RATE_HZ // common)
        audio = np.asarray(audio[-self.samples :], dtype=np.float32)
        return {self.spec["input"]: np.pad(audio, (self.samples - len(audio), 0)).reshape(self.shape)}

    def hear(self, audio: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mono audio at 16 kHz, -1 to 1, to embedding [E] of length one and controls [K]."""
        names = [self.spec["embedding"]] + ([self.spec["controls"]] if "controls" in self.spec else [])
        found = [value.ravel() for value in self.session.run(names, self.feed(audio))]
        if not all(np.isfinite(value).all() for value in found):
            raise ValueError(f"{self.path}: it gave numbers that are not finite; train or export it anew")
        return normalise(found[0]), np.clip(found[1], 0, 1) if len(found) > 1 else np.zeros(0, np.float32)

    def hear_all(self, clips: list[np.ndarray], about: str) -> tuple[np.ndarray, np.ndarray]:
        """Embeddings [n, E] and controls [n, K] of clips."""
        heard = run_all(self.hear, clips, about)
        return np.stack([embedding for embedding, _ in heard]), np.stack([controls for _, controls in heard])


class Generator:
    """Embedding and latent to a picture."""

    def __init__(self, path: Path, spec: dict, bridge: np.ndarray | None, given_dim: int):
        self.path, self.spec, self.bridge = path, spec, bridge
        self.session = session(path)
        self.shapes = {port.name: port.shape for port in self.session.get_inputs()}
        self.embedding_dim = given_dim if bridge is None else len(bridge)
        self.takes_embedding = "embedding" in spec or "joined" in spec
        self.latent_dim = self._latent_dim()
        # A generator without an embedding is moved by it all the same: half of the latent's energy. The engine's matrix
        # is another one, of the same kind.
        rng = np.random.default_rng(1)
        self.projection = rng.standard_normal((self.latent_dim, self.embedding_dim)).astype(np.float32)
        self.constants = {c["input"]: self._constant(c) for c in spec.get("constants", [])}

    def _latent_dim(self) -> int:
        if "latent_dim" in self.spec:
            return int(self.spec["latent_dim"])
        joined = self.spec.get("joined")
        name = joined["input"] if joined else self.spec.get("latent")
        if name is None:
            return 0
        length = math.prod(d for d in self.shapes[name] if isinstance(d, int))
        return length - self.embedding_dim if joined else length

    def _constant(self, constant: dict) -> np.ndarray:
        port = next(port for port in self.session.get_inputs() if port.name == constant["input"])
        kinds = {"float": np.float32, "int32": np.int32, "int64": np.int64, "bool": np.bool_}
        kind = kinds[port.type.removeprefix("tensor(").removesuffix(")")]
        shape = [d if isinstance(d, int) else 1 for d in port.shape]
        values = np.array(constant["values"], kind)
        return np.full(shape, values[0], kind) if len(values) == 1 else values.reshape(shape)

    def draw(self, rng: np.random.Generator, count: int) -> np.ndarray:
        """Latents [count, Z] from the manifest's distribution."""
        kind = self.spec.get("distribution", "normal")
        if kind == "uniform":
            return rng.uniform(-1, 1, (count, self.latent_dim)).astype(np.float32)
        z = rng.standard_normal((count, self.latent_dim), dtype=np.float32)
        return normalise(z) * np.float32(math.sqrt(self.latent_dim)) if kind == "sphere" else z

    def bridged(self, embedding: np.ndarray) -> np.ndarray:
        """The encoder's embedding [..., E] in the space that the generator was trained on, of length one."""
        return embedding if self.bridge is None else normalise(embedding @ self.bridge.T)

    def feed(self, embedding: np.ndarray, latent: np.ndarray) -> dict[str, np.ndarray]:
        """The graph's inputs for an encoder's embedding [E] and a latent [Z]."""
        here = self.bridged(embedding)
        if not self.takes_embedding:
            moved = normalise(self.projection @ here) * math.sqrt(self.latent_dim)
            latent = (moved + latent) * math.sqrt(0.5)
        parts = {
            "embedding": here * np.float32(self.spec.get("embedding_norm", 1.0)),
            "latent": latent * np.float32(self.spec.get("latent_scale", 1.0)),
        }
        if "joined" in self.spec:
            parts = {self.spec["joined"]["input"]: np.concatenate([parts[name] for name in self.spec["joined"]["order"]])}
        else:
            parts = {self.spec[name]: part for name, part in parts.items() if name in self.spec}
        feed = {name: part.astype(np.float32).reshape(_shape(self.shapes[name], part.size)) for name, part in parts.items()}
        return feed | self.constants

    def paint(self, embedding: np.ndarray, latent: np.ndarray) -> np.ndarray:
        """One picture, float32 [H, W, 3], sRGB-coded, 0 to 1."""
        image = self.session.run([self.spec["image"]], self.feed(embedding, latent))[0]
        image = image.reshape(image.shape[-3:])
        if self.spec.get("layout", "nchw") == "nchw":
            image = image.transpose(1, 2, 0)
        if self.spec.get("channels", "rgb") == "bgr":
            image = image[..., ::-1]
        if not np.isfinite(image).all():
            raise ValueError(f"{self.path}: it painted numbers that are not finite; train or export it anew")
        black, white = self.spec["range"]
        image = np.clip((image - black) / (white - black), 0, 1).astype(np.float32)
        return np.repeat(image, 3, axis=2) if image.shape[2] == 1 else image


@dataclass
class Pack:
    """A pack's folder, opened. `label` is its row in the tables."""

    label: str
    folder: Path
    manifest: dict
    encoder: Encoder
    generator: Generator

    @classmethod
    def open(cls, folder: Path, label: str | None = None, generator_file: Path | None = None) -> "Pack":
        """`generator_file` takes the place of the pack's own generator, behind the same manifest."""
        toml = folder / "pack.toml"
        if not toml.is_file():
            raise FileNotFoundError(f"{toml}: no such file; give the folder of a pack (unzip it first)")
        manifest = tomllib.loads(toml.read_text())
        encoder = Encoder(folder / manifest["encoder"]["file"], manifest["encoder"])
        silence = np.zeros(SAMPLE_RATE_HZ, np.float32)
        given_dim, bridge = len(encoder.hear(silence)[0]), _bridge(folder, manifest)
        path = generator_file or folder / manifest["generator"]["file"]
        generator = Generator(path, manifest["generator"], bridge, given_dim)
        return cls(label or manifest["name"], folder, manifest, encoder, generator)


def _bridge(folder: Path, manifest: dict) -> np.ndarray | None:
    """The bridge's matrix [to, from], from `.npy` or raw float32."""
    if "bridge" not in manifest:
        return None
    spec = manifest["bridge"]
    path, shape = folder / spec["file"], (spec["to"], spec["from"])
    matrix = np.load(path) if path.suffix == ".npy" else np.fromfile(path, "<f4")
    if matrix.size != shape[0] * shape[1]:
        raise ValueError(f"{path}: {matrix.size} numbers, expected {shape[0]} x {shape[1]}; correct bridge in pack.toml")
    return matrix.reshape(shape).astype(np.float32)
