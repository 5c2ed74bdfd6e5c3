"""The heritage GAN: the networks as they were, training that resumes to the bit, and a pack that paints what was trained."""

import json
import tomllib

import numpy as np
import onnx
import pytest
import torch

from models.starter_pack.__main__ import make_pack as make_starter_pack
from models.training.devices import Device
from models.training.heritage import pack as packs
from models.training.heritage.__main__ import export_main, train_main
from models.training.heritage.augment import augment
from models.training.heritage.graph import INPUT, FoldedGenerator
from models.training.heritage.networks import FakeImageDiscriminator, Music2ImageGenerator, join
from models.training.heritage.pairs import Pairs, load_pairs
from models.training.heritage.train import Settings, Trainer, read_checkpoint
from models.training.progress import Log

CPU = Device(torch.device("cpu"), rank=0, world=1, bf16=False)
SMALL = Settings(conv_dim=4, batch=8)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Forty pictures of plain colour, 128 pixels wide, and an embedding for each, as .npy files."""
    folder, rng = tmp_path_factory.mktemp("pairs"), np.random.default_rng(1)
    colours = rng.integers(0, 256, (40, 1, 1, 3), dtype=np.uint8)
    np.save(folder / "images.npy", np.broadcast_to(colours, (40, 128, 128, 3)))
    np.save(folder / "embeddings.npy", rng.standard_normal((40, 512)).astype(np.float32))
    return folder / "images.npy", folder / "embeddings.npy"


@pytest.fixture(scope="module")
def pairs(files):
    return load_pairs(*files)


@pytest.fixture(scope="module")
def trained(files, tmp_path_factory):
    """A folder after three steps by the command line."""
    folder = tmp_path_factory.mktemp("run")
    train_main(command(files, folder, steps=3))
    return folder


@pytest.fixture(scope="module")
def pack(trained, tmp_path_factory):
    starter, folder = tmp_path_factory.mktemp("starter"), tmp_path_factory.mktemp("music2image")
    make_starter_pack(starter)
    export_main(["--checkpoint", str(trained / "checkpoint.pt"), "--encoder", str(starter / "encoder.onnx"), "-o", str(folder)])
    return folder


def command(files, folder, steps):
    words = ["--images", files[0], "--embeddings", files[1], "-o", folder, "--steps", steps, "--conv-dim", 4, "--batch", 8]
    return [str(word) for word in words]


def stepped(trainer, steps):
    for _ in range(steps):
        trainer.step()
    return trainer


def weights(trainer):
    states = [trainer.generator.state_dict(), trainer.discriminator.state_dict()]
    return torch.cat([value.flatten().double() for state in states for value in state.values()])


def test_generator_has_the_layers_of_the_research_code():
    generator = Music2ImageGenerator()
    assert [tuple(block.weight.shape) for block in generator.blocks] == [
        (1024, 512, 4, 4), (512, 256, 4, 4), (256, 128, 4, 4), (128, 64, 4, 4), (64, 3, 4, 4)
    ]  # fmt: skip
    assert [(block.stride, block.padding) for block in generator.blocks] == [((1, 1), (0, 0))] + [((2, 2), (1, 1))] * 4
    assert [norm.num_features for norm in generator.norms] == [512, 256, 128, 64]
    assert sum(p.numel() for p in generator.parameters()) == 11_146_112
    for block in generator.blocks:
        assert block.weight.std().item() == pytest.approx(0.02, rel=0.05)


def test_discriminator_has_the_layers_of_the_research_code():
    discriminator = FakeImageDiscriminator()
    assert [tuple(block.weight.shape) for block in discriminator.blocks] == [
        (64, 3, 4, 4), (128, 64, 4, 4), (256, 128, 4, 4), (512, 256, 4, 4), (512, 512, 4, 4)
    ]  # fmt: skip
    assert [(block.stride, block.padding) for block in discriminator.blocks] == [((2, 2), (1, 1))] * 4 + [((1, 1), (0, 0))]
    kinds = [type(norm).__name__ for norm in discriminator.norms]
    assert kinds == ["Identity", "BatchNorm2d", "BatchNorm2d", "BatchNorm2d", "Identity"]
    assert sum(p.numel() for p in discriminator.parameters()) == 6_952_193
    probability = discriminator(torch.rand(5, 3, 64, 64))
    assert probability.shape == (5,) and ((probability > 0) & (probability < 1)).all()


def test_first_block_is_the_transposed_convolution_that_it_stands_for():
    block = Music2ImageGenerator(4).blocks[0]
    x = torch.randn(3, 1024, 1, 1)
    assert torch.allclose(block(x), torch.nn.functional.conv_transpose2d(x, block.weight), atol=1e-5)


def test_input_is_the_embedding_at_its_length_and_then_the_noise():
    joined = join(torch.full((2, 512), 3.0), torch.full((2, 512), 0.5), embedding_norm=2.0)
    assert joined[:, :512].norm(dim=1) == pytest.approx([2.0, 2.0])
    assert (joined[:, 512:] == 0.5).all()


def test_pictures_are_averaged_down(pairs):
    checks = np.zeros((1, 128, 128, 3), np.uint8)
    checks[:, ::2, ::2] = 200
    small = Pairs(checks, np.zeros((1, 512), np.float32), np.arange(1)).pictures(np.array([0]), CPU.device)
    assert small.shape == (1, 3, 64, 64)
    assert torch.allclose(small, torch.full_like(small, 50 / 127.5 - 1))
    assert torch.equal(pairs.pictures(np.array([7]), CPU.device)[0, :, 0, 0], torch.tensor(pairs.images[7, 0, 0]) / 127.5 - 1)


def test_pictures_that_are_not_painted_yet_are_left_alone(files, tmp_path):
    np.save(tmp_path / "done.npy", np.arange(40) % 5 == 0)
    trainer = Trainer(load_pairs(*files, tmp_path / "done.npy"), SMALL, CPU)
    rows, _ = trainer.draw(trainer.rng, 64)
    assert set(rows) == set(range(0, 40, 5))


def test_data_of_the_wrong_shape_is_refused_with_what_was_expected(files, tmp_path):
    np.save(tmp_path / "short.npy", np.zeros((39, 512), np.float32))
    with pytest.raises(SystemExit, match=r"short.npy.*embeddings are \[39, 512\], expected \[40, 512\]"):
        load_pairs(files[0], tmp_path / "short.npy")
    with pytest.raises(SystemExit, match="cannot read .*absent.npy"):
        load_pairs(tmp_path / "absent.npy", files[1])


def test_augmentation_changes_each_picture_mildly_and_lets_gradients_through():
    image = torch.linspace(-0.5, 0.5, 64).expand(4, 3, 64, 64).clone().requires_grad_()
    changed = augment(image, torch.Generator().manual_seed(0))
    assert changed.shape == image.shape
    assert 0 < (changed - image).abs().max() < 0.7
    assert not torch.equal(changed[0], changed[1])
    changed.sum().backward()
    assert (image.grad != 0).any(dim=(1, 2, 3)).all()


def test_training_moves_both_networks_and_the_average_follows_behind(pairs):
    trainer = Trainer(pairs, SMALL, CPU)
    before, slow = weights(trainer), [p.clone() for p in trainer.averaged.parameters()]
    log = stepped(trainer, 3).step()
    assert np.isfinite(list(log.values())).all() and 0 < log["p_real"] < 1
    assert (weights(trainer) - before).abs().mean() > 1e-5
    for start, now, newest in zip(slow, trainer.averaged.parameters(), trainer.generator.parameters()):
        assert 0 < (now - start).norm() and (now - newest).norm() > 0


def test_discriminator_learns_to_tell_plain_colours_from_an_untrained_generator(pairs):
    trainer = Trainer(pairs, Settings(conv_dim=8, batch=16, rate_generator=0.0, rate_discriminator=1e-3), CPU)
    first = trainer.step()
    last = [stepped(trainer, 11).step() for _ in range(2)][-1]
    assert last["loss_d"] < 0.7 * first["loss_d"]
    assert last["p_real"] > last["p_fake"] + 0.3


def test_a_resumed_run_goes_on_to_the_bit(pairs, tmp_path):
    straight = stepped(Trainer(pairs, SMALL, CPU), 4)
    first = stepped(Trainer(pairs, SMALL, CPU), 2)
    first.save(tmp_path / "checkpoint.pt")
    second = Trainer(pairs, SMALL, CPU)
    second.load(tmp_path / "checkpoint.pt")
    stepped(second, 2)
    assert second.steps == 4
    assert torch.equal(weights(second), weights(straight))
    for one, other in zip(second.averaged.parameters(), straight.averaged.parameters()):
        assert torch.equal(one, other)


def test_a_checkpoint_of_other_settings_is_refused(pairs, tmp_path):
    Trainer(pairs, SMALL, CPU).save(tmp_path / "checkpoint.pt")
    with pytest.raises(SystemExit, match="other settings .*conv_dim 4.*batch 8"):
        Trainer(pairs, Settings(conv_dim=8, batch=4), CPU).load(tmp_path / "checkpoint.pt")


def test_the_command_logs_samples_and_resumes(files, trained, tmp_path, monkeypatch):
    assert (trained / "sample-0000003.png").is_file()
    with pytest.raises(SystemExit, match="--resume goes on"):
        train_main(command(files, trained, steps=5))
    with pytest.raises(SystemExit, match="leave out --resume"):
        train_main([*command(files, tmp_path, steps=5), "--resume"])
    monkeypatch.setattr(Log, "EVERY_S", 0.0)
    train_main(command(files, tmp_path, steps=2))
    train_main([*command(files, tmp_path, steps=4), "--resume"])
    assert read_checkpoint(tmp_path / "checkpoint.pt")["steps"] == 4
    lines = (tmp_path / "log.csv").read_text().splitlines()
    assert lines[0] == "seconds,step,name,value"
    names = {"loss_d", "loss_g", "p_real", "p_fake", "variety", "images_per_s"}
    assert {line.split(",")[2] for line in lines[1:]} == names
    assert [line.split(",")[1] for line in lines[1:] if ",loss_d," in line] == ["1", "2", "3", "4"]


def test_folding_and_half_precision_leave_the_picture_as_it_was(trained):
    generator = packs.trained_generator(read_checkpoint(trained / "checkpoint.pt"))
    joined = torch.randn(4, 1024, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        painted = generator(joined)
        assert painted.std() > 1e-3
        assert (FoldedGenerator(generator)(joined) - painted).abs().max() < 5e-3


def test_pack_paints_what_pytorch_paints(trained, pack):
    folded = FoldedGenerator(packs.trained_generator(read_checkpoint(trained / "checkpoint.pt")))
    assert packs.check_parity(folded, pack / "generator.onnx", embedding_norm=512**0.5) < 1e-4
    folded.biases[-1] += 0.01
    with pytest.raises(SystemExit, match="ONNX Runtime differs from PyTorch"):
        packs.check_parity(folded, pack / "generator.onnx", embedding_norm=512**0.5)


def test_weights_are_stored_in_half_precision_and_used_in_single(pack):
    model = onnx.load(pack / "generator.onnx")
    assert [opset.version for opset in model.opset_import] == [17]
    assert {node.op_type for node in model.graph.node} == {"Cast", "ConvTranspose", "LeakyRelu", "Reshape", "Tanh"}
    floats = [t for t in model.graph.initializer if t.data_type != onnx.TensorProto.INT64]
    assert {t.data_type for t in floats} == {onnx.TensorProto.FLOAT16}
    numbers = sum(int(np.prod(t.dims)) for t in floats)
    assert numbers == sum(p.numel() for p in Music2ImageGenerator(4).parameters()) - (32 + 16 + 8 + 4) + 3
    assert (pack / "generator.onnx").stat().st_size < 2 * numbers + 3000


def test_manifest_tells_the_truth_about_the_pack(pack):
    manifest = tomllib.loads((pack / "pack.toml").read_text())
    assert (manifest["name"], manifest["licence"], manifest["format"]) == ("music2image", "CC0-1.0", 1)
    graph, says = onnx.load(pack / manifest["generator"]["file"]).graph, manifest["generator"]
    shapes = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim] for v in [*graph.input, *graph.output]}
    assert says["joined"] == {"input": INPUT, "order": ["embedding", "latent"]}
    assert shapes == {INPUT: [1, says["embedding_dim"] + says["latent_dim"]], says["image"]: [1, 3, 64, 64]}
    assert says["embedding_norm"] == pytest.approx(512**0.5, abs=1e-5)
    assert manifest["encoder"]["control_names"] and (pack / manifest["encoder"]["file"]).stat().st_size > 100_000
    assert (pack / manifest["thumbnail"]).is_file() and "CC0" in (pack / "LICENSE").read_text()


def test_fixtures_match_onnx_runtime(pack):
    folder, manifest = pack / "fixtures", tomllib.loads((pack / "pack.toml").read_text())
    index = json.loads((folder / "index.json").read_text())
    session = packs.open_session(pack / "generator.onnx")

    def array(entry):
        return torch.from_numpy(np.fromfile(folder / entry["file"], dtype="<f4").reshape(entry["shape"]))

    assert len(index["generator"]) == len(index["encoder"]) == 5
    for case in index["generator"]:
        joined = join(array(case["embedding"]), array(case["z"]), manifest["generator"]["embedding_norm"])
        image = session.run(["image"], {INPUT: joined.numpy()})[0]
        step = case["image_step"]
        assert np.abs(image[:, :, ::step, ::step] - array(case["image"]).numpy()).max() < 1e-4


def test_an_encoder_without_its_manifest_is_refused(trained, pack, tmp_path):
    (tmp_path / "encoder.onnx").write_bytes((pack / "encoder.onnx").read_bytes())
    with pytest.raises(SystemExit, match="pack.toml must both be there"):
        packs.make_pack(read_checkpoint(trained / "checkpoint.pt"), tmp_path / "encoder.onnx", tmp_path / "out")
