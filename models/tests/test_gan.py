"""The trained generator's parts: the front that reads a look out of an embedding, and the core that paints it."""

import copy

import numpy as np
import pytest
import torch
from torch.nn import functional

from models.training.gan import front
from models.training.gan.augment import augment
from models.training.gan.core import Core
from models.training.gan.discriminator import Discriminator
from models.training.gan.generator import Generator
from models.training.look import KNOBS, LOOK_DIM, random_look


def looks(count, seed=0):
    rng = np.random.default_rng(seed)
    return torch.from_numpy(np.stack([random_look(rng).vector for _ in range(count)]))


def latents(count, seed=0):
    return torch.randn(count, 64, generator=torch.Generator().manual_seed(seed))


@pytest.fixture(scope="module")
def stirred():
    """A core whose residual does something, as after training."""
    torch.manual_seed(0)
    core = Core(128).eval()
    for name, parameter in core.named_parameters():
        if name.startswith(("residual.out", "look_shift", "geometry_shift", "mixing_shift")):
            torch.nn.init.normal_(parameter, std=0.05)
    return core


def test_an_untrained_residual_changes_nothing():
    core = Core(128).eval()
    with torch.no_grad():
        _, plan = core.compose(looks(2), latents(2))
        assert torch.equal(core(looks(2), latents(2)), core.painter(*plan)[0].clamp(-1, 1))


def test_a_core_paints_the_same_picture_at_twice_the_size(stirred):
    large = Generator(256)
    large.load_core(stirred.state_dict())
    with torch.no_grad():
        small, big = stirred(looks(6), latents(6)), large.eval().core(looks(6), latents(6))
    difference = (functional.avg_pool2d(big, 2) - small).abs()
    assert big.shape == (6, 3, 256, 256)
    assert difference.mean() < 0.06  # of a range of 2: edges are finer at twice the size


def test_a_checkpoint_of_another_shape_is_refused(stirred):
    state = {name: value for name, value in stirred.state_dict().items() if not name.startswith("mapping")}
    with pytest.raises(ValueError, match="mapping.layers.0.weight"):
        Generator(256).load_core(state)


def test_the_residual_leaves_no_checkerboard(stirred):
    """A lattice of period two in the residual alone would show as energy at the highest frequency."""
    with torch.no_grad():
        style, plan = stirred.compose(looks(4), latents(4))
        image, fields = stirred.painter(*plan)
        glaze = stirred.residual(torch.cat([image, fields], dim=1), style)
    sign = torch.tensor([1.0, -1.0]).repeat(64)
    checker = (glaze * sign[None, None, None, :] * sign[None, None, :, None]).mean((2, 3)).abs()
    assert checker.max() < 0.02 * glaze.std()


def test_widening_for_export_changes_no_picture(stirred):
    wide = copy.deepcopy(stirred)
    wide.residual.widen()
    with torch.no_grad():
        assert (wide(looks(3), latents(3)) - stirred(looks(3), latents(3))).abs().max() < 1e-5


def test_a_slow_walk_has_no_pops(stirred):
    start, end, look = latents(1, 1), latents(1, 2), looks(1, 5)
    with torch.no_grad():
        walk = [stirred(look, start * np.cos(0.004 * i) + end * np.sin(0.004 * i)) for i in range(24)]
    change = torch.stack([(a - b).abs().mean() for a, b in zip(walk, walk[1:])])
    assert change.max() < 1.6 * change.median()


def test_the_front_reads_the_look_and_keeps_its_spread():
    """Looks hidden in embeddings under noise come back, none of their spread lost to averaging."""
    generator = torch.Generator().manual_seed(1)
    wanted = looks(2000)
    hidden = torch.randn(LOOK_DIM, 512, generator=generator)
    embeddings = functional.normalize(wanted @ hidden + 4.0 * torch.randn(2000, 512, generator=generator))
    fitted = front.train(embeddings[:1600], wanted[:1600], steps=300)
    with torch.no_grad():
        found = fitted(embeddings[1600:])
    knobs = slice(2, len(KNOBS))
    assert found[:, knobs].min() >= 0 and found[:, knobs].max() <= 1
    assert torch.allclose(found[:, len(KNOBS) :].sum(1), torch.ones(400), atol=1e-4)
    for i in range(2, len(KNOBS)):
        assert np.corrcoef(found[:, i], wanted[1600:, i])[0, 1] > 0.5
    spread = found[:, knobs].std(0) / (wanted[:, knobs].std(0) * fitted.span)
    assert spread.min() > 0.6 and spread.max() < 1.4
    assert np.corrcoef(found[:, 0], wanted[1600:, 0])[0, 1] > 0.7


def test_the_discriminator_learns_in_a_few_steps():
    torch.manual_seed(0)
    judge = Discriminator()
    # A step small enough that the loss falls steadily from any start: on each processor the sums round differently.
    optimiser = torch.optim.Adam(judge.parameters(), 2e-4, betas=(0.0, 0.99))
    art, fakes = torch.rand(8, 3, 128, 128) * 2 - 1, torch.zeros(8, 3, 128, 128)
    first = None
    for _ in range(16):
        logit, _ = judge(augment(torch.cat([art, fakes])), looks(16))
        loss = functional.softplus(-logit[:8]).mean() + functional.softplus(logit[8:]).mean()
        first = first or loss.item()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert loss.item() < 0.7 * first


def test_augmentation_keeps_size_and_lets_gradients_through():
    image = torch.rand(4, 3, 64, 64, requires_grad=True)
    out = augment(image)
    out.square().sum().backward()
    assert out.shape == image.shape and image.grad.abs().sum() > 0
