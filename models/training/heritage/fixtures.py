"""Fixtures of the pack, in the starter pack's format: inputs, and what they become.

Pictures are PyTorch's, at every second pixel. Embeddings and controls are ONNX Runtime's: PyTorch's are in the fixtures of the
pack that the encoder comes from.
"""

import json
from pathlib import Path

import onnxruntime
import torch

from models.starter_pack.contract import WINDOW_SAMPLES
from models.starter_pack.fixtures import sounds

from .graph import FoldedGenerator
from .networks import EMBEDDING_DIM, NOISE_DIM, join

TOLERANCE = {"embedding": 2e-4, "controls": 1e-3, "image": 2e-2}
IMAGE_STEP, NOISE_SEED = 2, 3


def hear(ear: onnxruntime.InferenceSession, section: dict, audio: torch.Tensor) -> list[torch.Tensor]:
    """Audio [1, 48000] to the embedding [1, 512] and, where the encoder has them, the controls [1, K]."""
    wanted = [section["embedding"]] + ([section["controls"]] if "controls" in section else [])
    return [torch.from_numpy(value) for value in ear.run(wanted, {section["input"]: audio.numpy()})]


@torch.no_grad()
def write_fixtures(ear, section: dict, generator: FoldedGenerator, embedding_norm: float, folder: Path) -> None:
    """Writes `fixtures/` into the pack's folder."""
    target = folder / "fixtures"
    target.mkdir(exist_ok=True)

    def store(name: str, value: torch.Tensor) -> dict:
        (target / f"{name}.bin").write_bytes(value.contiguous().numpy().astype("<f4").tobytes())
        return {"file": f"{name}.bin", "shape": list(value.shape)}

    encoder_cases, generator_cases = [], []
    noise_source = torch.Generator().manual_seed(NOISE_SEED)
    for name, audio in sounds().items():
        pcm = torch.round(audio * 32767).clamp(-32768, 32767)
        heard = {"shape": [1, WINDOW_SAMPLES], "zeros": True}
        if name != "silence":
            (target / f"{name}.audio.pcm16").write_bytes(pcm.numpy().astype("<i2").tobytes())
            heard = {"shape": [1, WINDOW_SAMPLES], "file": f"{name}.audio.pcm16", "scale": 1.0 / 32768.0}
        embedding, *controls = hear(ear, section, pcm / 32768.0)
        point = store(f"{name}.embedding", embedding)
        case = {"name": name, "audio": heard, "embedding": point}
        encoder_cases.append(case | {"controls": store(f"{name}.controls", value) for value in controls})
        noise = torch.randn(1, NOISE_DIM, generator=noise_source)
        image = generator(join(embedding, noise, embedding_norm))[:, :, ::IMAGE_STEP, ::IMAGE_STEP]
        case = {"name": name, "embedding": point, "z": store(f"{name}.z", noise), "image": store(f"{name}.image", image)}
        generator_cases.append(case | {"image_step": IMAGE_STEP})
    index = {"format": "little-endian float32, row-major; pcm16: little-endian int16 times scale", "tolerance": TOLERANCE}
    index |= {"embedding_dim": EMBEDDING_DIM, "embedding_norm": embedding_norm, "latent_dim": NOISE_DIM}
    index |= {"encoder": encoder_cases, "generator": generator_cases}
    (target / "index.json").write_text(json.dumps(index, indent=1) + "\n")
