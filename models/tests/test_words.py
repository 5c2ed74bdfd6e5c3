"""Words: captions and what they ask for, tokens, the table, and how it is measured. The teacher itself is not needed."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from models.evaluate.words import shown
from models.evaluate.words.__main__ import blend
from models.evaluate.words.bag import BagOfWords
from models.training.look import FAMILIES, random_look
from models.training.words import captions, lexicon, phrases, seen, table, teacher
from models.training.words.captions import CONDITIONS, HUES_DEG, OPPOSITES
from models.training.words.word_piece import WordPiece

DEFAULT = Path("models/default")
PIECES = ["[UNK]", "sea", "fire", "storm", "##y", ",", "red", "of", "night", "blue"]


@pytest.fixture
def tokens():
    return WordPiece(PIECES)


def test_captions_are_a_function_of_their_seed_and_there_are_many():
    drawn = captions.draw(400, 3)
    assert [caption.text for caption in drawn] == [caption.text for caption in captions.draw(400, 3)]
    assert len({caption.text for caption in drawn}) > 390


def test_no_caption_asks_for_what_no_picture_can_be():
    for caption in captions.draw(2000, 4):
        asked = [name for name, much in zip(CONDITIONS, caption.asks) if much > 0]
        assert asked and sum(name in FAMILIES for name in asked) <= 1, caption.text
        assert not any(frozenset((a, b)) in OPPOSITES for a in asked for b in asked if a != b), caption.text
        assert caption.asks.max() <= 1


def test_every_word_of_the_lexicon_means_what_conditions_there_are():
    assert set(lexicon.FAMILIES) == set(FAMILIES) and set(lexicon.COLOURS) == set(HUES_DEG)
    for meant in (*lexicon.MOODS.values(), *lexicon.WEATHER.values(), *lexicon.SCENES.values()):
        assert set(meant) <= set(CONDITIONS), meant


def test_a_red_dark_picture_fits_red_and_dark():
    look = random_look(np.random.default_rng(1), "flame").vector[None]
    fits = captions.memberships(look, np.array([np.radians(27)]), np.array([0.9]), np.array([0.05]))
    of = dict(zip(CONDITIONS, fits[:, 0]))
    assert of["flame"] > -1e-6 and of["red"] > -0.01 and of["dark"] > -0.1
    assert of["ink"] < -5 and of["teal"] < -5 and of["bright"] < -5


def test_words_come_apart_as_bert_takes_them(tokens):
    assert tokens.numbers("Stormy, SÉA of fire!") == [3, 4, 5, 1, 7, 2]
    assert tokens.numbers("quux") == [] and tokens.numbers("x" * 99) == []
    drawn = phrases.draw(WordPiece(PIECES), 30, 2)
    assert drawn[:6] == ["sea", "fire", "storm", "red", "night", "blue"] and len(drawn) == 36


def test_reserved_pieces_and_other_scripts_are_not_kept():
    assert table.kept(["[PAD]", "[unused7]", "[", "sea", "##é", "海", "—"]) == [2, 3, 4, 6]


def small_world():
    """Pictures of two kinds, at two ends, and captions that ask for one of them."""
    rng = np.random.default_rng(0)
    kind = np.arange(200) % 2
    directions = np.zeros((200, 512), np.float32)
    directions[:, 0] = 1 - 2.0 * kind
    directions += rng.normal(0, 0.02, directions.shape)
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    fits = np.full((len(CONDITIONS), 200), -6.0, np.float32)
    fits[0, kind == 0] = fits[1, kind == 1] = 0
    asks = np.zeros((64, len(CONDITIONS)), np.float32)
    asks[np.arange(64), np.arange(64) % 2] = 1
    read = rng.normal(0, 0.2, (64, teacher.READ)).astype(np.float32)
    read[:, 0] += np.where(np.arange(64) % 2, 4, -4)
    read /= np.linalg.norm(read, axis=1, keepdims=True)

    class Memory:
        keys = torch.from_numpy((directions * 127).round()).to(torch.int8)
        bias, sharpness = torch.zeros(200), torch.tensor([180.0, 12.0, 5.0, 1.2])

    both = seen.Seen(torch.from_numpy(directions), torch.from_numpy(fits))
    return both, (Memory, torch.from_numpy(fits)), torch.from_numpy(asks), torch.from_numpy(read)


def test_the_teacher_learns_where_a_caption_leads_and_a_table_learns_it_from_the_teacher(tmp_path, tokens, monkeypatch):
    monkeypatch.setattr(table, "BATCH", 32)
    monkeypatch.setattr(teacher, "BATCH", 64)
    both, memory, asks, read = small_world()
    projection, axes = teacher.train(read, asks, both, both, memory, steps=400)
    with torch.no_grad():
        ways = torch.nn.functional.normalize(projection(read) @ axes, dim=1)
    leads = (ways @ both.directions.t()).argmax(1) % 2
    assert (leads == torch.arange(64) % 2).float().mean() > 0.95

    student = table.Student(torch.randn(len(PIECES), table.VECTOR) * 0.1, teacher.DIMENSIONS)
    bags = table.bags(["sea of storm", "fire"] * 32, tokens)
    with torch.no_grad():
        wanted = projection(read)
    table.train(student, bags, wanted, (bags, wanted, asks), teacher.Shelf(*memory, axes), steps=300)
    space = seen.Space(np.full(512, 0.01, np.float32), np.zeros(512, np.float32), 0.9)
    table.save(tmp_path / "words.safetensors", student, axes, space, PIECES)
    made = table.Table(tmp_path / "words.safetensors")
    sea, fire = made.embed("the sea of storm"), made.embed("FIRE")
    assert sea[0] > 0.2 and fire[0] < -0.2
    assert abs(np.linalg.norm(sea) - 1) < 1e-5 and made.embed("quux") is None


def test_the_fixture_is_what_the_shipped_table_says():
    made = table.Table(DEFAULT / "words.safetensors")
    rows = json.loads((DEFAULT / "fixtures" / "words.json").read_text(encoding="utf-8"))
    for row in rows:
        assert np.abs(made.embed(row["phrase"]) - row["embedding"]).max() < 1e-5, row["phrase"]
    assert (DEFAULT / "words.safetensors").stat().st_size < 4e6


@pytest.mark.parametrize("name", ["fresh.txt", "phrases.txt"])
def test_two_hundred_phrases_are_measured_of_every_family_and_palette(name):
    meant, found = shown.phrases(shown.FRESH.with_name(name))
    assert len(found) == 200 == len(set(found))
    assert {name.removeprefix("palette:") for name in meant} == set(FAMILIES) | set(HUES_DEG)


def test_the_older_phrases_are_not_in_the_lexicon():
    """The fresh ones were written without a look at it: those that it has are counted apart."""
    _, found = shown.phrases(shown.FRESH.with_name("phrases.txt"))
    assert shown.taught() >= {"agate", "marbled paper"}
    both = {shown.bare(text) for text in found} & shown.taught()
    assert not both, both


def test_a_bag_of_words_knows_what_captions_have_and_nothing_else():
    bag = BagOfWords(count=3000)
    asks = dict(zip(CONDITIONS, bag.asks("a crimson mandala")))
    assert asks["mandala"] > 0.5 and asks["red"] > 0.3
    assert bag.asks("zyzzyva").max() == 0


def test_less_words_leave_more_of_the_music():
    music, word = np.eye(4, dtype=np.float32)[:1], np.eye(4, dtype=np.float32)[3]
    assert np.array_equal(blend(music, word, 0.0), music)
    half = blend(music, word, 0.5)[0]
    assert half[3] > half[0] > 0.4
    assert np.allclose(blend(music, word, 1.0)[0], word)
