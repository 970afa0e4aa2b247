"""Real music to compare with."""

import numpy as np
import pytest

from audiogroove.evaluation.scorecard import excerpts
from audiogroove.evaluation.scorecard.excerpts import BARS, Excerpt
from audiogroove.evaluation.scorecard.passage import Passage
from audiogroove.training.dataset import Dataset
from tests.evaluation.modes.shelf import shelf
from tests.model import builders


@pytest.fixture(scope="module")
def long() -> Dataset:
    """Three pieces of seventy bars and one of five."""
    tunes = [builders.tune(number, bars=70) for number in (1, 2, 3)]
    return shelf([*tunes, builders.tune(4, bars=5)], ["waltz"] * 4)


def cuts(found: tuple[Excerpt, ...]) -> list[bytes]:
    """Tell passages apart by their notes."""
    return [one.passage.columns.tobytes() for one in found]


def test_no_piece_is_in_two_sets(data: Dataset) -> None:
    """The tunes are all different, so their notes tell."""
    music = excerpts.deal(data, "waltz", count=3, seed=1)
    sets = [set(cuts(own)) for own in (music.reference, music.real, music.held_out)]
    assert all(sets)
    assert len(set.union(*sets)) == sum(map(len, sets))


def test_held_out_music_is_of_the_other_splits(data: Dataset) -> None:
    """And the rest is of the training split."""
    held_out = [
        index
        for index, piece in enumerate(data.pieces)
        if piece.style == "rock" and piece.split != "train"
    ]
    music = excerpts.deal(data, "rock", count=9, seed=1)
    wholes = {excerpts.cut(data, index, 0, 8).columns.tobytes() for index in held_out}
    assert set(cuts(music.held_out)) == wholes
    assert not wholes & {*cuts(music.reference), *cuts(music.real)}


def test_the_same_seed_deals_the_same(data: Dataset) -> None:
    """Note for note."""
    once, again = (excerpts.deal(data, "waltz", count=3, seed=5) for _ in range(2))
    assert cuts(once.reference) == cuts(again.reference)


def test_few_pieces_give_several_excerpts(long: Dataset) -> None:
    """None overlapping another, of sixteen bars each, or the whole of a shorter piece."""
    found = excerpts.draw(long, [0, 1, 2, 3], 100, np.random.default_rng(1))
    assert sorted(one.passage.bars for one in found) == [5, *[BARS] * 12]
    assert len(set(cuts(found))) == 13


def test_enough_pieces_give_one_each(long: Dataset) -> None:
    """As many as are asked for."""
    found = excerpts.draw(long, [0, 1, 2], 2, np.random.default_rng(1))
    assert len(found) == 2
    assert all(one.last is not None for one in found)


def test_a_piece_ends_once(long: Dataset) -> None:
    """The end is that of the piece, wherever the excerpt lies."""
    found = excerpts.draw(long, [0], 4, np.random.default_rng(1))
    ends = [one.last for one in found if one.last]
    assert len(ends) == 1
    assert ends[0].columns.tolist() == excerpts.cut(long, 0, 54, 70).columns.tolist()


def test_a_cut_of_a_data_set_is_that_of_its_piece(long: Dataset) -> None:
    """The same arrays as the piece gives."""
    whole = Passage.of(builders.tune(4, bars=5))
    stored = excerpts.cut(long, 3, 0, 5)
    assert stored.columns.tolist() == whole.columns.tolist()
    assert stored.beats.tolist() == whole.beats.tolist()
    assert stored.programs.tolist() == whole.programs.tolist()
