"""The beat network: what a frame may know, what loudness may change, that it learns, that the shipped form says the same."""

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

import models.beats
from models.beats.network.bands import BandPower, centres_hz, taper
from models.beats.network.batches import batch, example
from models.beats.network.contract import ACTIVATIONS, BANDS, DELAY_FRAMES, FRAME_S, HOP, SAMPLE_RATE_HZ
from models.beats.network.listen import band_power
from models.beats.network.model import BeatNetwork, State, sequence
from models.beats.network.picking import f_measure, peaks_s
from models.beats.network.store import Store, item, read_shard, write_shard
from models.beats.network.stream import Listener, export_stream
from models.beats.network.targets import Events, from_annotation, targets
from models.beats.network.train import Plan, Trainer, load_network
from models.beats.network.variety import stretched
from models.beats.network.weights import load_graph


def clicks(seconds: float, period_s: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Short noises every `period_s`, a low note on each fourth of them, and quiet hiss: samples and times."""
    rng = np.random.default_rng(seed)
    n = int(seconds * SAMPLE_RATE_HZ)
    samples = 3e-3 * rng.standard_normal(n)
    times = np.arange(0.31, seconds - 0.1, period_s)
    for i, time in enumerate(times):
        at = int(time * SAMPLE_RATE_HZ)
        t = np.arange(min(2000, n - at)) / SAMPLE_RATE_HZ
        hit = 0.3 * rng.standard_normal(len(t)) * np.exp(-60 * t)
        if i % 4 == 0:
            hit = hit + 0.6 * np.sin(2 * np.pi * 60 * t) * np.exp(-20 * t)
        samples[at : at + len(t)] += hit
    return samples.astype(np.float32), times


def click_events(times: np.ndarray) -> Events:
    beats = np.stack([times, np.arange(len(times)) % 4 + 1], axis=1)
    return from_annotation(beats, {"kick": times[::4], "snare": []}, times)


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Steps this small are slower on two threads, and far slower beside other work."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(3)
    network = BeatNetwork().eval()
    # Random heads say little: make differences visible.
    with torch.no_grad():
        network.heads.weight *= 4
    return network


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Sixteen excerpts of clicks at different tempi, by way of the disk."""
    folder, bands, items = tmp_path_factory.mktemp("store"), BandPower(), []
    for i in range(16):
        samples, times = clicks(8.0, 0.35 + 0.03 * i, seed=i)
        items.append(item("clicks", samples, SAMPLE_RATE_HZ, click_events(times), 100, bands))
    write_shard(folder / "00000.npz", items)
    return Store(folder)


@pytest.mark.parametrize("band", [2, 10, 30, 50, 70])
def test_a_tone_is_in_its_band(band):
    t = np.arange(SAMPLE_RATE_HZ // 2) / SAMPLE_RATE_HZ
    power = band_power(np.sin(2 * np.pi * float(centres_hz()[band]) * t).astype(np.float32))
    assert abs(int(power[-1].argmax()) - band) <= 1


def test_low_bands_are_those_of_the_whole_fourier_sum():
    torch.manual_seed(0)
    frames = torch.randn(2, 2048)
    power = BandPower().long(frames)
    expected = torch.fft.fft(frames.double() * taper(2048)).abs().pow(2)[:, : power.shape[1]]
    assert torch.allclose(power.double(), expected, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("gain_db", [-40, -20, 12])
def test_a_louder_master_is_heard_the_same(network, gain_db):
    samples, _ = clicks(6.0, 0.5)
    expected = sequence(network, band_power(samples)[None]).detach()
    found = sequence(network, band_power(samples * 10 ** (gain_db / 20))[None]).detach()
    assert expected.std() > 0.01
    # The first frames may still tell hiss from silence.
    assert (found - expected)[:, 25:].abs().max() < 0.01


def test_silence_and_what_follows_are_finite(network):
    samples, _ = clicks(3.0, 0.5)
    both = np.concatenate([np.zeros(3 * SAMPLE_RATE_HZ, np.float32), samples])
    assert torch.isfinite(sequence(network, band_power(both)[None])).all()


def test_the_future_changes_nothing_before(network):
    samples, _ = clicks(4.0, 0.5)
    other = samples.copy()
    frame = 120
    other[frame * HOP :] = np.random.default_rng(1).standard_normal(len(other) - frame * HOP)
    one, two = (sequence(network, band_power(s)[None])[0].detach() for s in (samples, other))
    assert torch.equal(one[:frame], two[:frame])
    assert (one[frame:] - two[frame:]).abs().max() > 0.01


def test_in_parts_is_as_in_one(network):
    power = band_power(clicks(4.0, 0.4)[0])[None]
    whole, _ = network(power, State.zeros())
    state, parts = State.zeros(), []
    for part in power.split([1, 2, 50, 40, power.shape[1] - 93], dim=1):
        logits, state = network(part, state)
        parts.append(logits)
    assert (torch.cat(parts, 1) - whole).abs().max() < 1e-4


def test_the_exported_graph_says_what_the_network_says(network, tmp_path):
    path = tmp_path / "beats.onnx"
    export_stream(network, path)
    samples, _ = clicks(6.0, 0.45)
    found = Listener(path).hear(samples)
    expected = sequence(network, band_power(samples)[None])[0].detach().numpy()
    assert found.std(0).min() > 0.005
    assert np.abs(found - expected).max() < 1e-4


def test_the_graph_is_small_plain_and_tells_its_times(network, tmp_path):
    path = tmp_path / "beats.onnx"
    export_stream(network, path)
    graph = onnx.load(path)
    facts = {p.key: p.value for p in graph.metadata_props}
    assert path.stat().st_size < 2_000_000
    assert {o.version for o in graph.opset_import} == {17}
    assert facts["delay_frames"] == str(DELAY_FRAMES) and facts["activations"].split(",") == list(ACTIVATIONS)
    shapes = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim] for v in [*graph.graph.input, *graph.graph.output]}
    assert shapes["samples"] == [1, HOP] and shapes["activations"] == [1, len(ACTIVATIONS)]
    states = [name for name in shapes if name.startswith("state_")]
    assert len(states) == 5 and all(shapes[name] == shapes[f"next_{name}"] for name in states)


def test_an_exported_graph_gives_its_weights_back(network, tmp_path):
    path = tmp_path / "beats.onnx"
    export_stream(network, path)
    found, expected = load_graph(path).state_dict(), network.state_dict()
    assert found.keys() == expected.keys() and all(torch.equal(found[name], expected[name]) for name in expected)


def test_a_training_can_go_on_from_what_ships():
    shipped = Path(models.beats.__file__).with_name("beats.onnx")
    trainer = Trainer(Plan(minutes=1), shipped)
    samples, _ = clicks(4.0, 0.5)
    found = sequence(trainer.averaged.eval(), band_power(samples)[None])[0].detach().numpy()
    assert np.abs(found - Listener(shipped).hear(samples)).max() < 1e-4


def test_targets_peak_at_the_frame_that_speaks_about_the_event():
    events = from_annotation(np.array([[1.0, 1], [1.5, 2]]), {"kick": [0.2]}, None)
    wanted = targets(events, 100)
    frame = round(1.0 / FRAME_S) - 1 + DELAY_FRAMES
    assert wanted[:, 1].argmax() == frame and wanted[frame, 1] > 0.99
    assert 0.4 < wanted[frame - 1, 0] < 0.7
    assert np.isnan(wanted[:, ACTIVATIONS.index("snare")]).all() and np.isnan(wanted[:, ACTIVATIONS.index("onset")]).all()
    assert np.abs(peaks_s(wanted[:, 0], 0.5, 0.2) - [1.0, 1.5]).max() < 0.005
    assert np.array_equal(targets(events, 40, first_frame=30), wanted[30:70], equal_nan=True)


def test_a_store_gives_back_what_was_put_in(store):
    items = read_shard(next(store.folder.glob("*.npz")))
    samples, times = clicks(8.0, 0.38, seed=1)
    assert np.abs(items[1].log_power.astype(np.float32) - np.log(band_power(samples).numpy())).max() < 0.02
    assert np.allclose(items[1].events.times_s["beat"], times, atol=1e-4)
    assert items[1].events.times_s["hat"] is None and len(items[1].events.times_s["snare"]) == 0


def test_resampling_and_stretching_move_the_attacks_where_the_events_go():
    samples, times = clicks(6.0, 0.5)
    slow = item("clicks", samples, SAMPLE_RATE_HZ, click_events(times), 120, BandPower())
    for log_power, stretch in ((slow.log_power.astype(np.float32), 1.0), (stretched(slow.log_power, 0.9), 0.9)):
        rise = np.maximum(np.diff(log_power[:, 40:], axis=0), 0).sum(1)
        rise = np.concatenate([[0.0], rise]) / rise.max()
        found = peaks_s(rise, 0.4, 0.2)
        assert f_measure(found, times * 1.2 * stretch, 0.03) > 0.9


def test_a_batch_is_varied_and_finite(store):
    rng = np.random.default_rng(0)
    power, wanted = batch(rng, store, 8, 300)
    assert power.shape == (8, 300, BANDS) and torch.isfinite(power).all() and (power >= 0).all()
    assert wanted.shape == (8, 300, len(ACTIVATIONS)) and not torch.isnan(wanted[:, :, 0]).all()
    loud = power.sum(2).amax(1).log10()
    assert loud.max() - loud.min() > 1.0
    again = example(np.random.default_rng(4), store, 300)[0]
    assert np.array_equal(again, example(np.random.default_rng(4), store, 300)[0])


def test_a_few_steps_learn_the_clicks_and_a_checkpoint_keeps_them(store, tmp_path):
    trainer = Trainer(Plan(minutes=1, learning_rate=1e-3, seed=2))
    rng = np.random.default_rng(0)
    losses = [trainer.step(*batch(rng, store, 6, 150)) for _ in range(45)]
    first, middle, last = np.mean(losses[:9]), np.mean(losses[18:27]), np.mean(losses[-9:])
    assert first > middle > last and last < 0.8 * first
    trainer.save(tmp_path / "checkpoint.pt")
    power, _ = batch(rng, store, 2, 100)
    kept = load_network(tmp_path / "checkpoint.pt")
    assert torch.allclose(sequence(kept, power), sequence(trainer.averaged.eval(), power), atol=1e-6)
