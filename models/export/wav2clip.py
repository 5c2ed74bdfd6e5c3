"""The official Wav2CLIP checkpoint as a pack.

    python -m models.export.wav2clip Wav2CLIP.pt -o PACK --music ~/Music/some_album

Its spectrogram: 16 kHz, 512 samples every 353, periodic Hann, power, centred and reflected, log(x + 1e-7), standardised by
the window's own mean and unbiased deviation.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import nn

from .build import Foreign, add_options, build, step
from .checkpoint import load_strictly, read_torch, under
from .errors import ExportError, run
from .resnet import ResNet18, Transform
from .spectrogram import PowerStft, unit_length

SAMPLE_RATE_HZ, N_FFT, HOP = 16_000, 512, 353
WHAT = "Wav2CLIP"
# As long as our own encoder's window, for one picture of the same moment; the network takes any length.
WINDOW_S = 3.0


class Wav2Clip(nn.Module):
    """audio [1, n] at 16 kHz -> embedding [1, 512] of length one."""

    def __init__(self):
        super().__init__()
        self.audio_encoder, self.audio_transform = ResNet18(), Transform()
        self.register_buffer("window", torch.hann_window(N_FFT, periodic=True))

    def prepare(self) -> None:
        """Makes the spectrogram, once the weights (and perhaps the window) are loaded."""
        self.stft = PowerStft(self.window, HOP)

    def forward(self, audio: torch.Tensor) -> torch.Tensor:
        x = torch.log(self.stft(audio)[:, None] + 1e-7)
        x = x - x.mean((1, 2, 3), keepdim=True)
        count = x.shape[1] * x.shape[2] * x.shape[3]
        deviation = torch.sqrt((x * x).sum((1, 2, 3), keepdim=True) * (1.0 / (count - 1)))
        # Only silence has no deviation: there the official 1e-9 would blow rounding errors up.
        x = x / torch.clamp(deviation, min=1e-3)
        return unit_length(self.audio_transform(self.audio_encoder(x)))

    def reference(self, audio: np.ndarray) -> np.ndarray:
        """The official forward pass, with PyTorch's own Fourier transform and deviation: [n] -> [512], any length."""
        with torch.no_grad():
            sound = torch.from_numpy(audio)[None]
            spectrum = torch.stft(sound, N_FFT, HOP, window=self.window, pad_mode="reflect", return_complex=True)
            x = torch.log(spectrum.abs().pow(2)[:, None] + 1e-7)
            x = (x - torch.mean(x)) / (torch.std(x) + 1e-9)
            return self.audio_transform(self.audio_encoder(x))[0].numpy()


def load(path: Path) -> Wav2Clip:
    """The network with the checkpoint's weights; other parts of it (the picture's transform, the loss) are left out."""
    state = read_torch(path)
    encoder, transform = under(state, "audio_encoder"), under(state, "audio_transform")
    if not encoder or not transform:
        found = ", ".join(sorted({key.split(".")[0] for key in state})[:6]) or "nothing"
        raise ExportError(f"{path}: has no audio_encoder.* and audio_transform.* but {found}; give the official Wav2CLIP.pt")
    model = Wav2Clip().eval()
    window = encoder.pop("spectrogram.window", model.window)
    if window.shape != (N_FFT,):
        raise ExportError(f"{path}: audio_encoder.spectrogram.window has {list(window.shape)} entries, not {N_FFT}")
    model.window.copy_(window)
    load_strictly(model.audio_encoder, encoder, path, "audio_encoder", WHAT)
    load_strictly(model.audio_transform, transform, path, "audio_transform", WHAT)
    model.prepare()
    return model.eval()


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m models.export.wav2clip", description="The official Wav2CLIP as a pack.")
    parser.add_argument("checkpoint", type=Path, help="Wav2CLIP.pt, from the releases of descriptinc/lyrebird-wav2clip")
    parser.add_argument("--window-s", type=float, default=WINDOW_S, help=f"seconds that it hears at a time ({WINDOW_S})")
    add_options(parser, licence="MIT")
    options = parser.parse_args(arguments)
    if not 0.5 <= options.window_s <= 60.0:
        raise ExportError(f"--window-s {options.window_s}: give 0.5 to 60")
    step(1, f"reading {options.checkpoint}")
    model = load(options.checkpoint)
    foreign = Foreign(
        name="wav2clip",
        title="Wav2CLIP",
        module=model,
        reference=model.reference,
        sample_rate_hz=SAMPLE_RATE_HZ,
        window_s=options.window_s,
        embedding_dim=512,
        authors=("H.-H. Wu, P. Seetharaman, K. Kumar, J. P. Bello (encoder)",),
        licence_file=Path(__file__).with_name("wav2clip-LICENSE.txt") if options.licence == "MIT" else None,
        source=f"""The weights are those of `{options.checkpoint.name}`, a file that whoever made this pack chose.
The network and its front-end are Wav2CLIP's (Wu, Seetharaman, Kumar and Bello, "Wav2CLIP: Learning Robust Audio
Representations From CLIP", 2022): a ResNet-18 whose embedding was trained to lie near CLIP's embedding of the pictures that
a sound was filmed with; its training code reads VGGSound. The code is MIT, Copyright (c) 2021 Descript; the official weights
are a release of the same repository, `descriptinc/lyrebird-wav2clip`.""",
    )
    build(foreign, options)


if __name__ == "__main__":
    run(main)
