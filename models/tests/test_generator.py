"""What the painter promises: pictures in range, smooth walks, and far latents that look different."""

import math

import pytest
import torch

from models.starter_pack.fixtures import sounds


def latent(seed):
    return torch.randn(1, 64, generator=torch.Generator().manual_seed(seed))


@pytest.fixture(scope="module")
def embeddings(encode):
    return [encode(audio)[0] for audio in sounds().values()]


def test_onnx_runtime_agrees_with_pytorch(generate, generator, embeddings):
    for seed, embedding in enumerate(embeddings):
        with torch.no_grad():
            want = generator(embedding, latent(seed))
        difference = (generate(embedding, latent(seed)) - want).abs()
        assert difference.max() < 2e-2 and difference.mean() < 1e-4


def test_pictures_lie_in_range_with_blacks_and_lights(generate, embeddings):
    pictures = torch.cat([generate(e, latent(seed)) for e in embeddings for seed in range(4)])
    assert torch.isfinite(pictures).all()
    assert pictures.min() >= -1.0 and pictures.max() <= 1.001
    light = ((pictures + 1) / 2).amax(1).flatten(1)
    assert light.quantile(0.02, dim=1).median() < 0.2
    assert light.quantile(0.99, dim=1).median() > 0.7


def test_extreme_inputs_stay_finite(generate):
    for embedding in (torch.zeros(1, 512), torch.full((1, 512), 512**-0.5), torch.eye(512)[:1]):
        for scale in (0.0, 1.0, 10.0):
            assert torch.isfinite(generate(embedding, latent(0) * scale)).all()


def test_a_slow_walk_has_no_pops(generate, embeddings):
    """At 0.15 rad a second and 60 pictures a second no step may change the picture much more than its neighbours do."""
    start, end = latent(1), latent(2)
    for a, b in zip(embeddings[1:], embeddings[2:]):
        pictures = []
        for i in range(24):
            t = 0.0025 * i
            between = torch.nn.functional.normalize(a * math.cos(t) + b * math.sin(t))
            pictures.append(generate(between, start * math.cos(t) + end * math.sin(t)))
        change = torch.stack([(p - q).abs().mean() for p, q in zip(pictures, pictures[1:])])
        assert change.max() < 1.5 * change.median()
        assert change.median() < 0.04  # of a range of 2


def test_far_latents_and_far_sounds_paint_different_pictures(generate, embeddings):
    def apart(a, b):
        return float((a - b).abs().mean())

    near = apart(generate(embeddings[1], latent(3)), generate(embeddings[1], latent(3) + 0.002 * latent(4)))
    far_latent = apart(generate(embeddings[1], latent(3)), generate(embeddings[1], latent(4)))
    far_sound = apart(generate(embeddings[1], latent(3)), generate(embeddings[2], latent(3)))
    assert near < 0.02
    assert far_latent > 0.15 and far_sound > 0.15
