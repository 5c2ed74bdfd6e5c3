"""The exporters' Fourier transform against PyTorch's own."""

import pytest
import torch

from models.export.spectrogram import PowerStft, unit_length


@pytest.mark.parametrize(("n_fft", "hop", "samples"), [(512, 353, 16_000), (1024, 480, 48_000), (64, 64, 1001)])
def test_it_is_the_centred_reflected_transform(n_fft, hop, samples):
    torch.manual_seed(0)
    audio, window = torch.randn(1, samples), torch.hann_window(n_fft)
    expected = torch.stft(audio, n_fft, hop, window=window, pad_mode="reflect", return_complex=True).abs().pow(2)
    found = PowerStft(window, hop)(audio)
    assert found.shape == expected.shape
    assert (found - expected).abs().max() < 1e-5 * expected.max()


def test_a_range_of_bins_is_a_part_of_all():
    torch.manual_seed(0)
    audio, window = torch.randn(1, 4000), torch.hann_window(256)
    found = PowerStft(window, 100, first_bin=3, last_bin=40)(audio)
    assert torch.allclose(found, PowerStft(window, 100)(audio)[:, 3:41], rtol=1e-4, atol=1e-5)


def test_unit_length_leaves_zeros_alone():
    vectors = torch.tensor([[3.0, 4.0], [0.0, 0.0]])
    assert torch.allclose(unit_length(vectors), torch.tensor([[0.6, 0.8], [0.0, 0.0]]))
