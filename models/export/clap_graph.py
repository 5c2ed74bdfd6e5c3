"""CLAP's audio tower (HTS-AT, a Swin transformer on the spectrogram) for one window, written for export.

After Chen et al., "HTS-AT: A Hierarchical Token-Semantic Audio Transformer" (ICASSP 2022), and Liu et al., "Swin Transformer"
(2021). The weights stay in the modules of transformers' ClapAudioModelWithProjection; what is new here is the way through them:
a batch of one, every shape a plain number, at most five dimensions (CoreML has no more), no index arithmetic and no cubic
resizing (DirectML has none) in the graph. `clap.py` checks it against transformers' own forward pass.
"""

import math

import torch
from torch import nn

from .errors import ExportError
from .spectrogram import PowerStft, unit_length

BLOCKED = -100.0  # what Swin adds to the scores between patches that only the cyclic shift made neighbours


def cubic_resize(given: int, wanted: int) -> torch.Tensor:
    """The matrix [wanted, given] that resizes as bicubic interpolation with aligned corners does along one axis."""
    identity = torch.eye(given)[None, None]
    return nn.functional.interpolate(identity, (wanted, given), mode="bicubic", align_corners=True)[0, 0]


class Block(nn.Module):
    """One Swin block on a grid of `side` x `side` patches: [side * side, C] -> the same."""

    def __init__(self, layer: nn.Module, side: int, window: int, shift: int):
        super().__init__()
        self.layer, self.side = layer, side
        if side <= window:
            window, shift = side, 0
        if side % window:
            raise ExportError(f"this CLAP has a grid of {side} patches and windows of {window}: unusual, and not supported")
        self.window, self.shift = window, shift
        own = layer.attention.self
        patches = window * window
        bias = own.relative_position_bias_table[own.relative_position_index.reshape(-1)].reshape(patches, patches, -1)
        self.register_buffer("bias", bias.detach().permute(2, 0, 1)[None].contiguous())
        if shift:
            self.register_buffer("mask", self._mask()[:, None])

    def _split(self, grid: torch.Tensor) -> torch.Tensor:
        """[side, side, C] -> windows [count, window * window, C]."""
        across = self.side // self.window
        parts = grid.reshape(across, self.window, across, self.window, -1).permute(0, 2, 1, 3, 4)
        return parts.reshape(across * across, self.window * self.window, -1)

    def _join(self, windows: torch.Tensor) -> torch.Tensor:
        """Windows [count, window * window, C] -> [side, side, C]."""
        across = self.side // self.window
        parts = windows.reshape(across, across, self.window, self.window, -1).permute(0, 2, 1, 3, 4)
        return parts.reshape(self.side, self.side, -1)

    def _mask(self) -> torch.Tensor:
        """[count, patches, patches]: BLOCKED between patches that come from opposite borders."""
        place = torch.arange(self.side)
        region = (place >= self.side - self.window).long() + (place >= self.side - self.shift).long()
        regions = self._split((region[:, None] * 3 + region[None, :])[:, :, None])[:, :, 0]
        return (regions[:, :, None] != regions[:, None, :]).float() * BLOCKED

    def _attend(self, windows: torch.Tensor) -> torch.Tensor:
        """Attention within each window: [count, patches, C] -> the same."""
        own = self.layer.attention.self
        count, patches, _ = windows.shape
        shape = (int(count), int(patches), own.num_attention_heads, own.attention_head_size)
        query = own.query(windows).reshape(shape).permute(0, 2, 1, 3)
        key = own.key(windows).reshape(shape).permute(0, 2, 3, 1)
        value = own.value(windows).reshape(shape).permute(0, 2, 1, 3)
        scores = (query @ key) * (1.0 / math.sqrt(own.attention_head_size)) + self.bias
        if self.shift:
            scores = scores + self.mask
        mixed = torch.softmax(scores, dim=-1) @ value
        mixed = mixed.permute(0, 2, 1, 3).reshape(shape[0], shape[1], own.all_head_size)
        return self.layer.attention.output.dense(mixed)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        layer, side, shift = self.layer, self.side, self.shift
        grid = layer.layernorm_before(x).reshape(side, side, -1)
        if shift:
            grid = torch.roll(grid, (-shift, -shift), (0, 1))
        grid = self._join(self._attend(self._split(grid)))
        if shift:
            grid = torch.roll(grid, (shift, shift), (0, 1))
        x = x + grid.reshape(side * side, -1)
        return x + layer.output.dense(layer.intermediate(layer.layernorm_after(x)))


class Merge(nn.Module):
    """Four neighbouring patches become one with twice the channels: [side * side, C] -> [side * side / 4, 2C]."""

    def __init__(self, downsample: nn.Module, side: int):
        super().__init__()
        self.downsample, self.half = downsample, side // 2

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        # The official order of the four: down, then right.
        x = x.reshape(self.half, 2, self.half, 2, -1).permute(0, 2, 3, 1, 4).reshape(self.half * self.half, -1)
        return self.downsample.reduction(self.downsample.norm(x))


class ClapGraph(nn.Module):
    """audio [1, samples] -> embedding [1, projection_dim] of length one."""

    def __init__(self, model: nn.Module, mel: torch.Tensor, n_fft: int, hop: int, samples: int, fuses: bool):
        """`model`: a ClapAudioModelWithProjection; `mel`: filters [n_fft / 2 + 1, bands]; `fuses`: a fused one looks twice."""
        super().__init__()
        config, tower = model.config, model.audio_model.audio_encoder
        used = torch.nonzero(mel.sum(1) > 0)[:, 0]
        first, last = int(used[0]), int(used[-1])
        self.stft = PowerStft(torch.hann_window(n_fft, periodic=True, dtype=torch.float64), hop, first, last)
        self.register_buffer("mel", mel[first : last + 1].float().T.contiguous())
        self.fold, self.bands = config.spec_size // config.num_mel_bins, config.num_mel_bins
        self.columns = config.spec_size
        frames, wanted = 1 + samples // hop, config.spec_size * self.fold
        if frames > wanted or mel.shape[1] != self.bands or config.patch_embed_input_channels != 1:
            raise ExportError(f"this CLAP wants {self.bands} bands x {wanted} frames, and is given {mel.shape[1]} x {frames}")
        self.register_buffer("resize", cubic_resize(frames, wanted))
        self.fuses = fuses
        self.norm_in, self.patches, self.norm_out = tower.batch_norm, tower.patch_embed, tower.norm
        self.projection = model.audio_projection
        side, steps = self.patches.grid_size[0], []
        for stage in tower.layers:
            for place, layer in enumerate(stage.blocks):
                steps.append(Block(layer, side, config.window_size, config.window_size // 2 if place % 2 else 0))
            if stage.downsample is not None:
                steps.append(Merge(stage.downsample, side))
                side //= 2
        self.steps = nn.Sequential(*steps)

    def forward(self, audio: torch.Tensor) -> torch.Tensor:
        # Reshaping in place of indexing throughout: an index would be an int64 gather.
        power = self.mel @ self.stft(audio).reshape(self.stft.bins, -1)
        level_db = torch.log(torch.clamp(power, min=1e-10)) * (10.0 / math.log(10.0))
        level_db = self.norm_in(level_db[None, :, :, None]).reshape(self.bands, -1)
        # Four stretches of time, one below the other, make a square picture of a long sound.
        square = (self.resize @ level_db.T).reshape(self.fold, self.columns, self.bands)
        square = square.permute(0, 2, 1).reshape(1, 1, self.fold * self.bands, self.columns)
        x = self._embed(square)
        x = self.patches.norm(x.reshape(x.shape[1], -1).T)
        x = self.norm_out(self.steps(x))
        return unit_length(self.projection(x.mean(0, keepdim=True)))

    def _embed(self, square: torch.Tensor) -> torch.Tensor:
        """Patches [1, C, side, side]. A CLAP that fuses also looks at three crops, which are the same window here."""
        whole = self.patches.proj(square)
        if not self.fuses:
            return whole
        crop = self.patches.mel_conv2d(square)
        crops = torch.cat([crop, crop, crop], dim=3)
        rest = whole.shape[3] - crops.shape[3]
        crops = torch.cat([crops, torch.zeros(*crops.shape[:3], rest)], dim=3) if rest else crops
        return self.patches.fusion_model(whole, crops)
