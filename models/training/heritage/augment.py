"""Differentiable augmentation (Zhao et al. 2020): the discriminator sees real and painted pictures changed alike.

Mild, so that no change of colour or place leaks into what is painted: light up to 10 %, saturation and contrast up to 20 %,
shifts up to 6 of 64 pixels.
"""

import torch
from torch.nn import functional as F

BRIGHTNESS, SATURATION, CONTRAST = 0.2, 0.2, 0.2  # brightness on the scale -1 to 1
SHIFT_PX = 6


def augment(image: torch.Tensor, rng: torch.Generator) -> torch.Tensor:
    """[B, 3, H, W], -1 to 1, to the same shape; each picture is changed in its own way. `rng` is a generator on the CPU."""
    count, _, height, width = image.shape
    change = (torch.rand(3, count, 1, 1, 1, generator=rng) * 2 - 1).to(image.device)
    image = image + BRIGHTNESS * change[0]
    grey = image.mean(1, keepdim=True)
    image = grey + (image - grey) * (1 + SATURATION * change[1])
    middle = image.mean((1, 2, 3), keepdim=True)
    image = middle + (image - middle) * (1 + CONTRAST * change[2])
    # One window of the mirrored-out picture for each: rows and columns by index.
    top, left = torch.randint(0, 2 * SHIFT_PX + 1, (2, count, 1), generator=rng).to(image.device)
    rows = top + torch.arange(height, device=image.device)
    columns = left + torch.arange(width, device=image.device)
    padded = F.pad(image, [SHIFT_PX] * 4, mode="reflect").permute(0, 2, 3, 1)
    picked = torch.arange(count, device=image.device)[:, None, None]
    return padded[picked, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)
