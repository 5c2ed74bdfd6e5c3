"""Annotated music: what stands in an annotation is what sounds, pieces are the same each time, and splits share nothing."""

import json
import shutil

import numpy as np
import pytest

from models.beats.music import GROUPS, compose
from models.beats.music import fluid, general_midi, harmony, midi, mma, patterns, rhythm
from models.beats.music.groups import Recipe
from models.beats.music.composer import written
from models.beats.music.mix import play, with_kit
from models.beats.music.others import changed
from models.beats.music.piece import tempo_bpm
from models.beats.music.score import Hit, Note, Score
from models.beats.music.synth import kick, metal, snare, tone
from models.beats.music.world import World
from models.beats.music.write import write_set

RATE_HZ = 22_050


def rise_db(sound, time_s, before_s=0.010, after_s=0.020):
    """How much louder it is just after a time than just before."""
    at, before, after = (round(v * RATE_HZ) for v in (time_s, before_s, after_s))
    loud = lambda x: np.sqrt(np.mean(x**2)) + 1e-4  # noqa: E731
    return 20 * np.log10(loud(sound[at : at + after]) / loud(sound[max(0, at - before) : at]))


@pytest.mark.parametrize("split", ["train", "keep"])
@pytest.mark.parametrize(
    "drum", ["kick", "snare", "clap", "rim", "hat", "open_hat", "ride", "low_tom", "high_conga", "cowbell", "crash"]
)
def test_a_hit_begins_where_it_is_annotated(split, drum):
    for seed in range(4):
        score = Score(2.0, (4, 4), np.zeros((0, 2)), hits=[Hit(0.5, drum, 0.9)])
        sound = play(World(split, "rock", seed), Recipe(), score, RATE_HZ)[0]
        loudest = np.abs(sound).max()
        first = np.flatnonzero(np.abs(sound) > 0.1 * loudest)[0] / RATE_HZ
        assert abs(first - 0.5) < 0.005


@pytest.mark.parametrize("layer", ["bass", "comp", "pad", "arp", "lead"])
@pytest.mark.parametrize("split", ["train", "keep"])
def test_a_note_is_felt_where_it_is_annotated(split, layer):
    """A third of its peak is reached within 40 ms of the annotation, for slow attacks too."""
    for seed in range(5):
        score = Score(2.5, (4, 4), np.zeros((0, 2)), notes=[Note(0.7, 0.6, 60, 0.9, layer)])
        sound = play(World(split, "rock", seed), Recipe(), score, RATE_HZ)[0]
        level = np.sqrt(np.convolve(sound**2, np.ones(110) / 110, "same"))
        peak = level[: int(1.2 * RATE_HZ)].max()
        risen = np.flatnonzero(level > 0.33 * peak)[0] / RATE_HZ
        assert abs(risen - 0.7) < 0.04


@pytest.mark.parametrize("group", ["four_on_floor", "rock", "breaks", "latin", "ramp"])
def test_it_gets_louder_at_annotated_kicks(group):
    rises, elsewhere = [], []
    for seed in range(4):
        piece = compose(group, seed, 12.0, "tune")
        times = [t for t in piece.drums["kick"] if 0.1 < t < 11.9]
        rises += [rise_db(piece.samples, t) for t in times]
        elsewhere += [rise_db(piece.samples, t - 0.05) for t in times]
    assert len(rises) > 20
    assert np.median(rises) > 2 + np.median(elsewhere)


@pytest.mark.parametrize("group", [g for g in GROUPS if g != "no_beat"])
def test_beats_are_counted_in_bars_and_go_forward(group):
    recipe = GROUPS[group]
    for split in ("tune", "keep"):
        score = written(group, 2, 16.0, split)
        times, positions = score.beats.T
        assert np.all(np.diff(times) > 0.15)
        assert times[0] >= 0 and times[-1] < 16
        assert score.meter == recipe.meter
        expected = (positions[0] - 1 + np.arange(len(positions))) % recipe.beats_per_bar + 1
        assert np.array_equal(positions, expected)
        assert times[0] < 1.6 * np.median(np.diff(times)) + 0.7 and 16 - times[-1] < 2.5 * np.max(np.diff(times))
        assert recipe.tempo_bpm[0] * 0.75 < tempo_bpm(score.beats) < recipe.tempo_bpm[1] * 1.25
        for drum in score.drums().values():
            assert np.all(np.diff(drum) > 0)
        # Something begins at most beats, or it is no beat that one could tap to.
        if group not in ("sparse", "breakdown"):
            onsets = np.array(score.onsets())
            near = [np.min(np.abs(onsets - t)) < 0.04 for t in times if 0.1 < t < 15.9]
            assert np.mean(near) > 0.5


def test_without_a_beat_there_is_none():
    for split in ("tune", "keep"):
        piece = compose("no_beat", 2, 6.0, split)
        assert piece.beats.size == 0 and piece.tempo_bpm is None and piece.meter is None
        assert np.abs(piece.samples).max() > 0.01


def test_a_piece_is_the_same_each_time_and_no_two_are_alike():
    one, two = compose("funk", 11, 6.0, "tune"), compose("funk", 11, 6.0, "tune")
    assert np.array_equal(one.samples, two.samples) and np.array_equal(one.beats, two.beats)
    others = [compose("funk", 12, 6.0, "tune"), compose("funk", 11, 6.0, "train"), compose("funk", 11, 6.0, "keep")]
    for other in others:
        assert not np.array_equal(one.samples, other.samples)


def test_a_longer_hop_of_samples_does_not_change_the_music():
    low, high = compose("swing", 4, 6.0, "tune", 22_050), compose("swing", 4, 6.0, "tune", 44_100)
    assert np.array_equal(low.beats, high.beats) and np.array_equal(low.drums["snare"], high.drums["snare"])
    assert high.samples.size == 2 * low.samples.size


@pytest.mark.parametrize(
    "rows", [patterns.ROWS, harmony.PROGRESSIONS, rhythm.BASS, rhythm.COMP, kick.MAKES, snare.SNARES, *tone.MAKES.values()]
)
def test_no_row_of_a_table_belongs_to_both_worlds(rows):
    contents = {world: {str(row[1:]) for row in rows if row[0] == world} for world in ("open", "keep")}
    assert contents["open"] and contents["keep"]
    assert not contents["open"] & contents["keep"]


def test_patterns_of_both_worlds_differ_in_what_is_hit():
    for style in {groove.style for _, groove in patterns.ROWS}:
        bars = {world: {g.bars for w, g in patterns.of(style) if w == world} for world in ("open", "keep")}
        assert len(bars["open"]) >= 3 - (style == "none") and len(bars["keep"]) >= 2
        assert not bars["open"] & bars["keep"]


def test_ranges_of_both_worlds_do_not_meet():
    draws = {
        split: np.array([World(split, "rock", seed).span(0, 6) for seed in range(300)])
        for split in ("train", "tune", "keep")
    }
    assert set(np.floor(draws["keep"]).astype(int)) == {1, 4}
    for split in ("train", "tune"):
        assert set(np.floor(draws[split]).astype(int)) == {0, 2, 3, 5}


def test_the_worlds_hats_are_made_otherwise():
    rings = {
        split: {metal.Metal(World(split, "x", s), (4000, 9000), (0.02, 0.06)).ring for s in range(40)}
        for split in ("tune", "keep")
    }
    assert not rings["tune"] & rings["keep"]


def test_tempi_spread_over_the_range():
    tempi = [written("four_on_floor", seed, 10.0, "tune").beats for seed in range(8)]
    bpm = np.array([60 / np.median(np.diff(b[:, 0])) for b in tempi])
    assert bpm.min() < 90 and bpm.max() > 150


def test_a_jump_jumps_once_and_a_ramp_goes_far():
    gaps = np.diff(written("jump", 1, 30.0, "tune").beats[:, 0])
    assert np.sum(np.abs(np.diff(gaps)) > 0.01) == 1
    gaps = np.diff(written("ramp", 1, 30.0, "tune").beats[:, 0])
    assert max(gaps) / min(gaps) > 1.25


def test_a_song_tells_its_sections_and_they_return():
    score = written("sections", 1, 80.0, "keep")
    names = [name for _, name in score.sections]
    assert len(names) >= 4 and max(names.count(n) for n in set(names)) >= 2
    downbeats = score.beats[score.beats[:, 1] == 1, 0]
    for time, _ in score.sections[1:]:
        assert np.min(np.abs(downbeats - time)) < 1e-6


def test_a_set_is_written_by_the_contract_and_goes_on(tmp_path):
    first = write_set(tmp_path, "tune", 1, 3.0, ("rock", "no_beat"))
    table = json.loads(first[0].with_suffix(".json").read_text())
    assert table["split"] == "tune" and table["group"] == "rock" and table["meter"] == [4, 4]
    assert all(len(row) == 2 for row in table["beats"]) and set(table["drums"]) == {"kick", "snare", "hat"}
    assert json.loads(first[1].with_suffix(".json").read_text())["beats"] == []
    stamp = first[0].with_suffix(".wav").stat().st_mtime_ns
    write_set(tmp_path, "tune", 1, 3.0, ("rock", "no_beat"))
    assert first[0].with_suffix(".wav").stat().st_mtime_ns == stamp


def test_an_unknown_group_is_refused_by_name():
    with pytest.raises(ValueError, match="polka.*four_on_floor"):
        compose("polka", 1, 2.0)


def test_annotated_hats_are_heard():
    """Above 5 kHz it gets louder at hats more than just before them."""
    rises, elsewhere = [], []
    for seed in range(5):
        piece = compose("four_on_floor", seed, 10.0, "tune")
        spectrum = np.fft.rfft(piece.samples)
        spectrum[np.fft.rfftfreq(piece.samples.size, 1 / RATE_HZ) < 5000] = 0
        high = np.fft.irfft(spectrum, piece.samples.size)
        times = [t for t in piece.drums["hat"] if 0.1 < t < 9.9]
        rises += [rise_db(high, t) for t in times]
        elsewhere += [rise_db(high, t - 0.04) for t in times]
    assert len(rises) > 40
    assert np.median(rises) > 3 + np.median(elsewhere)


def test_midi_is_read_as_it_was_written(tmp_path):
    notes = [midi.MidiNote(0.5, 0.25, 9, 36, 100), midi.MidiNote(1.2345, 1.0, 0, 60, 90)]
    midi.write(tmp_path / "a.mid", notes, {0: 5}, {0: 100}, {0: 64})
    found = midi.read(tmp_path / "a.mid")
    for one, other in zip(notes, found.notes, strict=True):
        assert one[2:] == other[2:] and np.allclose(one[:2], other[:2], atol=1e-4)
    assert np.allclose(np.diff(found.quarter_s), 0.5)
    (tmp_path / "b.mid").write_bytes(b"RIFF" + bytes(20))
    with pytest.raises(ValueError, match="b.mid: not a MIDI file"):
        midi.read(tmp_path / "b.mid")


def test_general_midi_of_both_worlds_shares_no_sound():
    for rows in general_midi.PROGRAMS.values():
        programs = {world: set(numbers) for world, numbers in rows}
        assert not programs["open"] & programs["keep"]


def test_bands_of_both_worlds_share_no_groove():
    grooves = {
        world: {row[1] for band in mma.BANDS.values() for row in band.grooves if row[0] == world}
        for world in ("open", "keep")
    }
    assert not grooves["open"] & grooves["keep"]
    assert not {c for w, c in mma.CHORDS if w == "open"} & {c for w, c in mma.CHORDS if w == "keep"}


@pytest.mark.skipif(
    not (shutil.which("mma") and fluid.SOUNDFONT.is_file()), reason="needs mma, fluidsynth, fluid-soundfont-gm"
)
def test_a_band_plays_on_its_beats():
    piece = mma.compose("mma_waltz", 0, 8.0, "tune", RATE_HZ)
    assert set(piece.beats[:, 1]) == {1, 2, 3} and piece.meter == (3, 4)
    assert np.allclose(np.diff(piece.beats[:, 0]), 60 / piece.tempo_bpm, atol=1e-3)
    rises = [rise_db(piece.samples, t) for t in piece.onsets if 0.1 < t < 7.9]
    assert np.median(rises) > 1


def test_a_file_without_its_drums_has_all_other_notes(tmp_path):
    notes = [midi.MidiNote(0.25 * i, 0.2, channel, 40 + i, 90) for i, channel in enumerate((0, 9, 1, 9, 0))]
    path = tmp_path / "a.mid"
    midi.write(path, notes, {0: 5, 9: 0}, {0: 100}, {0: 64})
    path.write_bytes(midi.without_channel(path.read_bytes(), midi.DRUM_CHANNEL))
    found = midi.read(path).notes
    assert [(n.channel, n.key) for n in found] == [(0, 40), (1, 42), (0, 44)]
    assert np.allclose([n.time_s for n in found], [0, 0.5, 1.0], atol=1e-4)


def test_drums_go_or_are_taken_over_and_the_others_stay():
    hits = [Hit(0.5 * i, drum, 0.8) for i, drum in enumerate(("kick", "hat", "snare", "open_hat") * 4)]
    kinds = set()
    for seed in range(60):
        found = changed(World("train", "rock", seed), hits)
        same = [hit for hit in found if hit in hits]
        kinds.add(tuple(sorted({hit.drum for hit in found})))
        assert len(found) <= len(hits) and {hit.time_s for hit in found} <= {hit.time_s for hit in hits}
        assert found == hits or len(same) < len(hits)
    assert len(kinds) > 6


def test_a_kit_over_other_music_begins_where_it_is_struck():
    world, music = World("train", "rock", 4), np.full((1, 3 * RATE_HZ), 1e-4, np.float32)
    mixed = with_kit(world, [Hit(1.0, "snare", 0.9)], music, RATE_HZ) if fluid.SOUNDFONT.is_file() else None
    assert mixed is None or rise_db(mixed[0], 1.0) > 10
