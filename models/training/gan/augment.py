"""Differentiable augmentation of both real and generated pictures (DiffAugment, Zhao et al. 2020): it keeps a discriminator
that sees few pictures from learning them by heart. Mild on colour, since colour carries the look.
"""

import torch
from torch.nn import functional


def augment(image: torch.Tensor) -> torch.Tensor:
    """Brightness, contrast, shift and cut-out of pictures [B, 3, S, S]."""
    n, size, device = len(image), image.shape[2], image.device
    image = image + (torch.rand(n, 1, 1, 1, device=device) - 0.5) * 0.2
    grey = image.mean(1, keepdim=True)
    image = (image - grey) * (0.85 + 0.3 * torch.rand(n, 1, 1, 1, device=device)) + grey
    reach = size // 8
    padded = functional.pad(image, (reach,) * 4, mode="reflect")
    moves = torch.randint(0, 2 * reach + 1, (n, 2)).tolist()
    image = torch.stack([padded[i, :, y : y + size, x : x + size] for i, (y, x) in enumerate(moves)])
    hole = size // 4
    mask = torch.ones(n, 1, size, size, device=device)
    for i, (y, x, cut) in enumerate(zip(*torch.randint(0, size - hole, (2, n)).tolist(), (torch.rand(n) < 0.4).tolist())):
        if cut:
            mask[i, :, y : y + hole, x : x + hole] = 0
    return image * mask
