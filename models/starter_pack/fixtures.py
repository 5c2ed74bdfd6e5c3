"""Fixtures: inputs and what PyTorch makes of them, so that a test in any language can check its ONNX Runtime.

`fixtures/index.json` lists the cases; every array lies in its own file of little-endian float32 numbers, row-major.
Pictures are stored at every eighth pixel, to stay small.
"""

import json
import math
from pathlib import Path

import numpy as np
import torch

from .contract import EMBEDDING_DIM, LATENT_DIM, SAMPLE_RATE_HZ, WINDOW_SAMPLES

# Largest absolute difference to allow between ONNX Runtime and these values. Sines of large arguments and thin lines differ
# a little from one processor to the next.
TOLERANCE = {"embedding": 2e-4, "controls": 1e-3, "image": 2e-2}
IMAGE_STEP = 8


def sounds() -> dict[str, torch.Tensor]:
    """Short synthetic sounds [1, 48000] that differ much: enough to tell a wrong encoder from a right one."""
    t = np.arange(WINDOW_SAMPLES) / SAMPLE_RATE_HZ
    rng = np.random.default_rng(5)
    noise = rng.standard_normal(WINDOW_SAMPLES)

    def tone(hz, overtones, time=t):
        return sum(np.sin(2 * math.pi * hz * n * time) / n for n in range(1, overtones + 1))

    since_beat = t % 0.5
    drums = np.exp(-since_beat * 18) * np.sin(2 * math.pi * 55 * since_beat * (1 + 2 * np.exp(-since_beat * 40)))
    drums += 0.4 * noise * np.exp(-(t % 0.25) * 40)
    strokes = ((0.2, 523.25), (0.9, 659.26), (1.7, 784.0))
    bells = sum(np.exp(-4 * np.maximum(t - start, 0)) * (t >= start) * tone(hz, 2) for start, hz in strokes)
    pad = (tone(110, 5) + tone(164.81, 4) + tone(220 * 1.003, 4)) * (0.7 + 0.3 * np.sin(2 * math.pi * 0.4 * t))
    named = {"silence": np.zeros_like(t), "pad": 0.1 * pad, "drums": 0.6 * drums, "bells": 0.2 * bells, "noise": 0.1 * noise}
    return {name: torch.from_numpy(wave.astype(np.float32))[None] for name, wave in named.items()}


@torch.no_grad()
def write_fixtures(encoder: torch.nn.Module, generator: torch.nn.Module, folder: Path) -> None:
    """Writes `fixtures/` into the pack's folder."""
    target = folder / "fixtures"
    target.mkdir(exist_ok=True)

    def store(name: str, value: torch.Tensor) -> dict:
        array = value.detach().numpy().astype("<f4")
        (target / f"{name}.bin").write_bytes(array.tobytes())
        return {"file": f"{name}.bin", "shape": list(array.shape)}

    encoder_cases, generator_cases = [], []
    z_source = torch.Generator().manual_seed(3)
    for name, audio in sounds().items():
        # 16-bit samples are enough, and half the size; PyTorch hears the rounded ones too.
        pcm = torch.round(audio * 32767).clamp(-32768, 32767)
        embedding, controls = encoder(pcm / 32768.0)
        heard = {"shape": [1, WINDOW_SAMPLES], "zeros": True}
        if name != "silence":
            (target / f"{name}.audio.pcm16").write_bytes(pcm.numpy().astype("<i2").tobytes())
            heard = {"shape": [1, WINDOW_SAMPLES], "file": f"{name}.audio.pcm16", "scale": 1.0 / 32768.0}
        point = store(f"{name}.embedding", embedding)
        encoder_cases.append({"name": name, "audio": heard, "embedding": point, "controls": store(f"{name}.controls", controls)})

        z = torch.randn(1, LATENT_DIM, generator=z_source)
        image = generator(embedding, z)[:, :, ::IMAGE_STEP, ::IMAGE_STEP].contiguous()
        case = {"name": name, "embedding": point, "z": store(f"{name}.z", z), "image": store(f"{name}.image", image)}
        generator_cases.append(case | {"image_step": IMAGE_STEP})
    index = {"format": "little-endian float32, row-major; pcm16: little-endian int16 times scale", "tolerance": TOLERANCE}
    index |= {"embedding_dim": EMBEDDING_DIM, "latent_dim": LATENT_DIM, "encoder": encoder_cases, "generator": generator_cases}
    (target / "index.json").write_text(json.dumps(index, indent=1) + "\n")
