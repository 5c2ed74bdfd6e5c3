"""The second painter: art at the frame's aspect, autoencoder, memory, refiner, lens, and the graph they become."""

import numpy as np
import onnxruntime
import pytest
import torch

from models.starter_pack.export import export
from models.evaluate import packs
from models.training.latent import art_set, eight_bits, hearing, remember, share, shipped, train_autoencoder, train_finer, train_refiner, weights
from models.training.latent.autoencoder import CHANNELS, DOWN, Decoder, Encoder, likeness_loss
from models.training.latent.finer import Finer
from models.training.latent.generator import LatentGenerator
from models.training.latent.lens import Lens
from models.training.latent.memory import NEAREST, Memory

SMALL_PX = (144, 256)
CELLS = 18, 32


@pytest.fixture(scope="module")
def art(tmp_path_factory):
    """Twenty pictures, 256 x 144."""
    folder = tmp_path_factory.mktemp("art")
    art_set.make(folder, 20, seed=3, canvas_px=SMALL_PX)
    return folder


def test_art_is_painted_once_and_is_a_function_of_its_seed(art):
    before = art_set.shards(art)[0].stat().st_mtime_ns
    art_set.make(art, 20, seed=3, canvas_px=SMALL_PX)
    assert art_set.shards(art)[0].stat().st_mtime_ns == before
    pictures, looks = art_set.load(art)
    assert pictures.shape == (20, *SMALL_PX, 3) and pictures.dtype == np.uint8
    assert np.array_equal(pictures[7], art_set.picture_of(3, 7, SMALL_PX))
    assert len(set(looks[:10, 10:].argmax(1))) == 10, "families by turns"


def test_the_autoencoder_keeps_the_shape_and_its_latents_their_reach():
    image = torch.rand(2, 3, 64, 96) * 2 - 1
    latent = Encoder()(image * 20)
    assert latent.shape == (2, CHANNELS, 64 // DOWN, 96 // DOWN)
    assert latent.abs().max() <= 3
    back = Decoder().eval()(latent)
    assert back.shape == image.shape and back.abs().max() <= 1


def test_likeness_is_nothing_for_the_same_picture_and_sees_blur():
    image = torch.rand(1, 3, 32, 32)
    assert likeness_loss(image, image) == 0
    blurred = torch.nn.functional.avg_pool2d(image, 3, 1, 1)
    assert likeness_loss(blurred, image) > 0.1


def test_training_the_autoencoder_brings_pictures_back_and_goes_on_from_its_weights(art, tmp_path, monkeypatch):
    crops, rng = train_autoencoder.crops, np.random.default_rng(0)
    pictures, _ = art_set.load(art)
    trainer = train_autoencoder.Trainer(train_autoencoder.choose(0))
    losses = [trainer.train_step(crops(pictures, rng, 4, 64), 1e-3, adversary=step > 37) for step in range(40)]
    assert np.mean([step["likeness"] for step in losses[-5:]]) < 0.9 * losses[0]["likeness"]
    trainer.save(tmp_path / train_autoencoder.FILE)
    monkeypatch.setattr(train_autoencoder, "HELD_OUT", 15)
    monkeypatch.setattr(train_autoencoder, "crops", lambda pictures, rng: crops(pictures, rng, 2, 64))
    train_autoencoder.train(art, tmp_path, 0.5 / 60, resume=True, decoder_only=True)
    kept, before = Encoder(), Encoder()
    weights.load(tmp_path / train_autoencoder.FILE, encoder=kept)
    before.load_state_dict(trainer.averages[0].state_dict())
    assert all(torch.allclose(a, b, atol=1e-3) for a, b in zip(kept.parameters(), before.parameters())), "the encoder stays"
    assert (tmp_path / "reconstructions.png").is_file()


def test_weights_of_another_network_are_named(tmp_path):
    weights.save(tmp_path / "a.safetensors", decoder=Decoder())
    with pytest.raises(ValueError, match="another version"):
        weights.load(tmp_path / "a.safetensors", encoder=Encoder())


@pytest.fixture(scope="module")
def memory():
    """A memory of forty even latents, each of another value."""
    filled = Memory(40, *CELLS)
    value = torch.linspace(-2.5, 2.5, 40)[:, None, None, None]
    keys = torch.nn.functional.normalize(torch.randn(40, 512, generator=torch.Generator().manual_seed(1)))
    filled.fill(value.expand(-1, CHANNELS, *CELLS).contiguous(), keys, torch.zeros(512))
    return filled


def some_points(count, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.nn.functional.normalize(torch.randn(count, 512, generator=generator)), torch.randn(count, 64, generator=generator)


def test_shares_of_the_memory_add_up_and_the_music_decides(memory):
    embedding, z = some_points(3)
    chosen, shares, cells = memory.shares(embedding, z)
    assert shares.shape == (3, 40, CELLS[0] * CELLS[1]) and torch.equal(cells[1, 5], memory.cells[chosen[1, 5]].float())
    assert torch.allclose(shares.sum(1), torch.ones(1), atol=1e-5)
    asked = torch.nn.functional.normalize(memory.keys[7:8].float())
    chosen, shares, _ = memory.shares(asked, torch.zeros(1, 64))
    assert chosen[0, shares[0].mean(1).argmax()] == 7
    latent, sure = memory(embedding, z)
    assert latent.shape == (3, CHANNELS, *CELLS) and sure.shape == (3, 1, *CELLS) and sure.max() <= 1.0001


def test_what_is_left_out_of_the_memory_would_not_be_seen():
    """The memory that ships, on real music: the pictures that are not looked at would have less than a hundred thousandth of any place."""
    kept = remember.load(shipped.GENERATOR)
    embedding = torch.from_numpy(hearing.load()["test"][::40])
    z = torch.randn(len(embedding), 64, generator=torch.Generator().manual_seed(4))
    wanted = kept.scores(embedding, z).topk(NEAREST + 1, dim=1).values
    # A place's own way and a form's hold move a score by no more than this.
    most = 5.0 * 4 + 1.2 * 4
    assert ((wanted[:, -1] - wanted[:, 0] + most).exp() * kept.count).max() < 1e-5


def test_the_memory_moves_smoothly_with_music_and_noise(memory):
    (embedding, other), (z, aside) = (part.chunk(2) for part in some_points(2))
    here = memory(embedding, z)[0]
    for near in (memory(torch.nn.functional.normalize(embedding + 1e-3 * other), z)[0], memory(embedding, z + 1e-3 * aside)[0]):
        assert (near - here).abs().max() < 0.4


def test_a_memory_comes_back_as_it_was_stored(memory, tmp_path):
    weights.save(tmp_path / "memory.safetensors", memory=memory)
    back = remember.load(tmp_path / "memory.safetensors")
    assert torch.allclose(back.latents()[3], torch.full((CHANNELS, *CELLS), -2.5 + 3 * 5 / 39), atol=0.02)
    assert torch.equal(back.cells, memory.cells) and (back.rows, back.columns) == CELLS


def test_frames_of_every_shape_see_the_middle_of_the_same_pictures():
    whole = Memory(40, 18, 32, (32, 32))
    whole.cells.copy_(torch.arange(32 * 32).remainder(127).expand(40, CHANNELS, -1))
    cells = whole.cells.reshape(40, CHANNELS, 32, 32)
    upright, square = whole.framed(32, 18), whole.framed(24, 24)
    assert torch.equal(whole.seen(), cells[:, :, 7:25].flatten(2)) and torch.equal(upright.seen(), cells[:, :, :, 7:25].flatten(2))
    assert torch.equal(square.seen(), cells[:, :, 4:28, 4:28].flatten(2))
    for framed in (upright, square):
        latent, sure = framed(*some_points(1))
        assert latent.shape[2:] == sure.shape[2:] == (framed.rows, framed.columns)
    with pytest.raises(ValueError, match="more than"):
        Memory(40, 36, 64, (32, 32))


@pytest.mark.parametrize("size", [(72, 128), (128, 72), (96, 96)])
def test_the_lens_stays_within_the_picture_and_keeps_its_order(size):
    lens, z = Lens(*size), torch.randn(64, 64, generator=torch.Generator().manual_seed(2))
    grid = lens.grid(z, torch.zeros(64, 1))
    assert grid.abs().max() <= 1.0
    for steps in (grid[:, 1:, :, 1] - grid[:, :-1, :, 1], grid[:, :, 1:, 0] - grid[:, :, :-1, 0]):
        assert (steps > 0).float().mean() > 0.999, "no place is seen twice"


def test_the_refiner_learns_in_latents_and_its_weights_stay(memory, tmp_path, monkeypatch):
    monkeypatch.setattr(train_refiner, "POOL", 16)
    place = train_refiner.choose(0)
    trainer = train_refiner.Trainer(place, memory, memory.latents(), some_points(20)[0].numpy())
    losses = [trainer.train_step() for _ in range(3)]
    assert all(np.isfinite(value) for step in losses for value in step.values())
    trainer.save(tmp_path / train_refiner.FILE)
    trainer.load(tmp_path / train_refiner.FILE)


def test_the_graph_paints_what_the_generator_paints(memory, tmp_path):
    generator = LatentGenerator(40, *SMALL_PX).eval()
    generator.memory, generator.front = memory, shipped.front()
    embedding, z = some_points(1, seed=5)
    with torch.no_grad():
        image, look = generator.with_look()(embedding, z)
    assert image.shape == (1, 3, *SMALL_PX) and look.shape == (1, 20)
    export(generator.with_look(), {"embedding": embedding, "z": z}, ["image", "look"], tmp_path / "g.onnx", "test")
    session = onnxruntime.InferenceSession(str(tmp_path / "g.onnx"), providers=["CPUExecutionProvider"])
    painted, seen = session.run(["image", "look"], {"embedding": embedding.numpy(), "z": z.numpy()})
    assert torch.equal(remember.load(tmp_path / "g.onnx").cells, memory.cells)
    assert np.abs(painted - image.numpy()).max() < 1e-3 and np.abs(seen - look.numpy()).max() < 1e-4


def test_in_eight_bits_the_picture_stays_and_the_shipped_graph_is_made_of_the_one_beside_it(tmp_path):
    eight_bits.quantise(shipped.GENERATOR, tmp_path / eight_bits.FILE)
    mean, most = eight_bits.deviation(shipped.GENERATOR, tmp_path / eight_bits.FILE)
    assert 0 < mean < 1.0 and most < 4.0
    shipped_mean, _ = eight_bits.deviation(shipped.GENERATOR, shipped.GENERATOR.with_name(eight_bits.FILE))
    assert abs(shipped_mean - mean) < 0.1


def test_graphs_that_share_their_weights_hold_them_once_and_paint_as_before(memory, tmp_path):
    generator = LatentGenerator(40, *SMALL_PX).eval()
    generator.memory, generator.front = memory, shipped.front()
    embedding, z = some_points(1, seed=6)
    graphs = [tmp_path / "generator.onnx", tmp_path / "generator.large.onnx"]
    sizes = [generator, generator.sized(2 * SMALL_PX[1], 2 * SMALL_PX[0], Finer().eval())]
    before = []
    for graph, sized in zip(graphs, sizes):
        export(sized.with_look(), {"embedding": embedding, "z": z}, ["image", "look"], graph, "test")
        before.append(packs.session(graph).run(["image"], {"embedding": embedding.numpy(), "z": z.numpy()})[0])
    assert before[1].shape == (1, 3, 2 * SMALL_PX[0], 2 * SMALL_PX[1])
    whole = sum(graph.stat().st_size for graph in graphs)
    for _ in range(2):  # and again, when they are shared already
        share.share(graphs, tmp_path / share.WEIGHTS)
        assert share.total_bytes(tmp_path) < 0.7 * whole
        for graph, image in zip(graphs, before):
            after = packs.session(graph).run(["image"], {"embedding": embedding.numpy(), "z": z.numpy()})[0]
            assert np.array_equal(after, image)


def test_the_finer_half_learns_to_do_better_than_enlarging(tmp_path, monkeypatch):
    art_set.make(tmp_path / "large", 12, seed=3, canvas_px=(256, 256))
    monkeypatch.setattr(train_finer, "HELD_OUT", 6)
    train_finer.train(tmp_path / "large", tmp_path, 0.05)
    finer = Finer().eval()
    weights.load(tmp_path / train_finer.FILE, finer=finer)
    ours, enlarging = train_finer.error(finer, art_set.load(tmp_path / "large")[0][:6])
    assert ours < enlarging
    assert (tmp_path / "finer.png").is_file()


def test_the_picture_tower_comes_back_from_its_graph():
    image = torch.rand(2, 3, 64, 64) * 2 - 1
    session = onnxruntime.InferenceSession(str(shipped.TOWER), providers=["CPUExecutionProvider"])
    (expected,) = session.run(["embedding"], {"image": image.numpy()})
    with torch.no_grad():
        assert np.abs(shipped.picture_tower()(image)[0].numpy() - expected).max() < 1e-4
