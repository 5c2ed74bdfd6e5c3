"""What the encoder must hear, and what it must not."""

import pytest
import torch

from models.starter_pack.fixtures import sounds

LOUD = ["pad", "drums", "bells", "noise"]


def distance(a, b):
    return 1 - float((a * b).sum())


@pytest.mark.parametrize("name", list(sounds()))
def test_onnx_runtime_agrees_with_pytorch(encode, encoder, name):
    audio = sounds()[name]
    with torch.no_grad():
        wanted = encoder(audio)
    for got, want in zip(encode(audio), wanted):
        assert (got - want).abs().max() < 2e-4


@pytest.mark.parametrize("name", list(sounds()))
def test_embedding_has_length_one_and_controls_lie_in_range(encode, name):
    embedding, controls = encode(sounds()[name])
    assert abs(float(embedding.norm()) - 1) < 1e-5
    assert controls.min() >= 0 and controls.max() <= 1


@pytest.mark.parametrize("name", LOUD)
def test_a_louder_master_is_the_same_music(encode, name):
    quiet, loud = encode(sounds()[name] * 0.1), encode(sounds()[name])
    assert distance(quiet[0], loud[0]) < 1e-3
    assert (quiet[1] - loud[1]).abs().max() < 0.01


def test_silence_is_steady_and_calm(encode):
    embedding, controls = encode(torch.zeros(1, 48000))
    hiss = torch.randn(1, 48000, generator=torch.Generator().manual_seed(1)) * 1e-6
    assert torch.isfinite(embedding).all() and controls.max() < 1e-6
    assert distance(embedding, encode(hiss)[0]) < 0.01


def test_different_sounds_lie_far_apart_and_a_moment_later_lies_near(encode):
    embeddings = [encode(sounds()[name])[0] for name in LOUD]
    across = [distance(a, b) for i, a in enumerate(embeddings) for b in embeddings[:i]]
    assert min(across) > 0.2
    # The drums repeat every half second, so that turning the window round makes no click.
    later = sounds()["drums"].roll(-1600, dims=1)
    assert distance(embeddings[LOUD.index("drums")], encode(later)[0]) < 0.02


def test_full_scale_noise_and_one_click_stay_finite(encode):
    click = torch.zeros(1, 48000)
    click[0, 24000] = 1.0
    square = torch.sign(torch.randn(1, 48000, generator=torch.Generator().manual_seed(2)))
    for audio in (click, square, torch.ones(1, 48000)):
        assert all(torch.isfinite(v).all() for v in encode(audio))


def test_generator_can_take_the_descriptors_out_again(encode, encoder):
    audio = sounds()["drums"]
    embedding, _ = encode(audio)
    back = embedding @ encoder.lift.t()
    back = back / back[:, -1:]
    with torch.no_grad():
        values, presence = encoder.descriptors(audio)
        standard = 3.0 * torch.tanh((values - encoder.mean) * encoder.inverse_deviation / 3.0) * presence
    assert (back[:, :-1] - standard * encoder.weight).abs().max() < 1e-2
