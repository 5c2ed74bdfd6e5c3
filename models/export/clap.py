"""A CLAP (LAION's, or another of transformers) as a pack.

    python -m models.export.clap clap-htsat-unfused/ -o PACK --music ~/Music/some_album
    python -m models.export.clap music_audioset_epoch_15_esc_90.14.pt -o PACK --music ~/Music/some_album

A folder of transformers holds config.json, preprocessor_config.json and model.safetensors (or pytorch_model.bin). The window's
length, the mel filters and their lowest frequency are those of preprocessor_config.json: transformers' default is 0 Hz.
LAION's own files have 50 Hz. `--fmin` is for weights that were trained otherwise and do not say it.
"""

import argparse
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .build import Foreign, add_options, build, step
from .checkpoint import load_strictly, read_safetensors, read_torch, under
from .clap_graph import ClapGraph
from .errors import ExportError, run
from .laion import FMIN_HZ, read_laion

WHAT = "this CLAP architecture"
# The hub's names of licences in the words of SPDX.
KNOWN_LICENCES = ("Apache-2.0", "MIT", "BSD-3-Clause", "CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0")
SPDX = {name.lower(): name for name in KNOWN_LICENCES}


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from the checkpoint's folder."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ExportError(f"{path}: no such file; download the whole checkpoint folder of a transformers CLAP") from None
    except (ValueError, OSError) as error:
        raise ExportError(f"{path}: not readable as JSON ({error}); download it again") from None


def read_weights(folder: Path) -> tuple[Path, dict[str, torch.Tensor]]:
    """The file with the weights, and the weights."""
    safe, pickled = folder / "model.safetensors", folder / "pytorch_model.bin"
    if safe.is_file():
        return safe, read_safetensors(safe)
    if pickled.is_file():
        return pickled, read_torch(pickled)
    raise ExportError(f"{folder}: has no model.safetensors and no pytorch_model.bin; download the checkpoint's weights too")


def licence_of(folder: Path) -> str:
    """What the checkpoint's own README.md says, as SPDX; `unknown` for any other and without one."""
    readme = folder / "README.md"
    text = readme.read_text(encoding="utf-8", errors="replace") if readme.is_file() else ""
    said = re.search(r"^license:[ \t]*[\"']?([\w.+-]+)", text, re.MULTILINE)
    return SPDX.get(said[1].lower(), "unknown") if said else "unknown"


def filters(extractor: Any) -> np.ndarray:
    """Mel filters [bins, bands] of a ClapFeatureExtractor: HTK's with fusion, Slaney's without, as it chooses itself."""
    return np.asarray(extractor.mel_filters if extractor.truncation == "fusion" else extractor.mel_filters_slaney)


class Clap:
    """A checkpoint: transformers' model and feature extractor, and the graph to export."""

    def __init__(self, path: Path, fmin_hz: float | None = None):
        if path.is_dir():
            config, self.extractor, weights_path, weights = self._from_folder(path, fmin_hz)
            # transformers' extractor calls a single sound of ten seconds "longer", and a fused model then fuses.
            self.fuses = bool(config.enable_fusion)
        elif path.is_file():
            config, self.extractor, weights_path, weights = self._from_laion(path, fmin_hz)
            # LAION's code fuses nothing in a sound of at most ten seconds.
            self.fuses = False
        else:
            raise ExportError(f"{path}: no such folder or file; give a CLAP's folder of transformers, or LAION's own .pt")
        from transformers import ClapAudioModelWithProjection

        self.fused, self.embedding_dim = bool(config.enable_fusion), int(config.projection_dim)
        self.fmin_hz, self.sample_rate_hz = float(self.extractor.frequency_min), self.extractor.sampling_rate
        self.samples = int(self.extractor.nb_max_samples)
        self.model = ClapAudioModelWithProjection(config).eval()
        for name in ("audio_model", "audio_projection"):
            part = under(weights, name)
            if not part:
                found = ", ".join(sorted({key.split(".")[0] for key in weights})[:6]) or "nothing"
                raise ExportError(f"{weights_path}: has no {name}.* but {found}; give a checkpoint of transformers' ClapModel")
            load_strictly(getattr(self.model, name), part, weights_path, name, WHAT)
        mel, n_fft, hop = torch.from_numpy(filters(self.extractor)), self.extractor.fft_window_size, self.extractor.hop_length
        self.graph = ClapGraph(self.model, mel, n_fft, hop, self.samples, self.fuses).eval()

    @staticmethod
    def _from_folder(folder: Path, fmin_hz: float | None):
        """Configuration, feature extractor and weights of a folder of transformers."""
        from transformers import ClapConfig, ClapFeatureExtractor

        said = read_json(folder / "config.json")
        if said.get("model_type") != "clap":
            raise ExportError(f"{folder / 'config.json'}: model_type is {said.get('model_type')!r}, not 'clap'; give a CLAP")
        prepare = read_json(folder / "preprocessor_config.json")
        try:
            config = ClapConfig.from_pretrained(folder).audio_config
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            reason = " ".join(str(error).split())[:120]
            raise ExportError(f"{folder / 'config.json'}: not a CLAP's configuration ({reason}); download it again") from None
        fmin_hz = prepare.get("frequency_min", 0.0) if fmin_hz is None else fmin_hz
        extractor = ClapFeatureExtractor.from_pretrained(folder, frequency_min=fmin_hz)
        # transformers' own choice of filters follows `truncation`; a fused model goes with "fusion".
        if config.enable_fusion != (extractor.truncation == "fusion"):
            found = f"enable_fusion is {config.enable_fusion} and truncation {extractor.truncation!r}"
            raise ExportError(f"{folder}: {found}: config.json and preprocessor_config.json are of different checkpoints")
        return config, extractor, *read_weights(folder)

    @staticmethod
    def _from_laion(path: Path, fmin_hz: float | None):
        """The same of one of LAION's own files. An unfused one keeps its filters, which have to be those of fmin."""
        from transformers import ClapAudioConfig, ClapFeatureExtractor

        laion = read_laion(path)
        config = ClapAudioConfig(**laion.audio_config)
        truncation = "fusion" if config.enable_fusion else "rand_trunc"
        extractor = ClapFeatureExtractor(frequency_min=FMIN_HZ if fmin_hz is None else fmin_hz, truncation=truncation)
        if laion.mel is not None and not config.enable_fusion:
            apart = float(np.abs(filters(extractor) - laion.mel.numpy()).max()) if laion.mel.shape == (513, 64) else np.inf
            if apart > 1e-5:
                cure = "give --fmin as it was trained with"
                raise ExportError(f"{path}: its mel filters are not those from {extractor.frequency_min:g} Hz; {cure}")
        return config, extractor, path, laion.weights

    def reference(self, audio: np.ndarray) -> np.ndarray:
        """transformers' own way: feature extractor, then model: [samples] -> [projection_dim], any length."""
        with torch.no_grad():
            features = self.extractor(audio.astype(np.float64), sampling_rate=self.sample_rate_hz, return_tensors="pt")
            longer = torch.tensor([[self.fuses]])
            found = self.model(input_features=features["input_features"].float(), is_longer=longer)
        return found.audio_embeds[0].numpy()


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m models.export.clap", description="A CLAP as a pack.")
    parser.add_argument("checkpoint", type=Path, help="a folder of transformers, or LAION's own .pt")
    parser.add_argument("--fmin", type=float, metavar="HZ", help="lowest frequency, in place of the checkpoint's own")
    add_options(parser, licence=None)
    options = parser.parse_args(arguments)
    step(1, f"reading {options.checkpoint}")
    clap = Clap(options.checkpoint, options.fmin)
    options.licence = options.licence or licence_of(options.checkpoint)
    own = "as preprocessor_config.json says" if options.checkpoint.is_dir() else "as LAION's code has it"
    whose = own if options.fmin is None else "as asked"
    print(f"      {'fused' if clap.fused else 'unfused'}, mel filters from {clap.fmin_hz:g} Hz ({whose})", flush=True)
    name = options.checkpoint.resolve().name
    used = "with feature fusion" if clap.fuses else "whose feature fusion is not used"
    fusion = used if clap.fused else "without feature fusion"
    foreign = Foreign(
        name="clap",
        title="CLAP",
        module=clap.graph,
        reference=clap.reference,
        sample_rate_hz=clap.sample_rate_hz,
        window_s=clap.samples / clap.sample_rate_hz,
        embedding_dim=clap.embedding_dim,
        authors=(f"the authors of the checkpoint {name} (encoder)",),
        licence_file=next((file for file in sorted(options.checkpoint.glob("LICEN[CS]E*")) if file.is_file()), None),
        source=f"""The weights are those of the checkpoint `{name}`, which whoever made this pack chose.
It is the audio tower of a CLAP (Wu et al., "Large-scale Contrastive Language-Audio Pretraining with
Feature Fusion and Keyword-to-Caption Augmentation", 2023)
{fusion}, mel filters from {clap.fmin_hz:g} Hz ({whose}).
What it was trained on, and what else is known about it, its own model card says.""",
    )
    build(foreign, options)


if __name__ == "__main__":
    run(main)
