"""Stretches of held-out music."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiogroove.errors import RequestRefused
from audiogroove.evaluation.modes.excerpt import (
    TEMPO_BPM,
    cut,
    find,
    heard,
    laid,
    piece_of,
    rolled,
    stranger_to,
)
from audiogroove.music.piece import Meter, Note, Part, Piece
from audiogroove.training.dataset import Dataset
from tests import strategies
from tests.evaluation.modes.shelf import bare, part, score, shelf
from tests.model import builders


@pytest.fixture(scope="module")
def data() -> Dataset:
    """Shelve three tunes of one style and one of another, 24 bars each."""
    tunes = [builders.tune(number, bars=24) for number in range(4)]
    return shelf(tunes, ["waltz", "waltz", "waltz", "ragtime"])


def test_a_piece_of_a_data_set_is_the_piece_that_went_in(data: Dataset) -> None:
    """Notes, bars, meters, tempo and key; only names are lost."""
    assert piece_of(data, 2) == bare(builders.tune(2, bars=24))


def test_what_sounds_beyond_the_last_counted_bar_is_cut() -> None:
    """A data set counts bars by where notes begin."""
    whole = score(part((0, 60, 1), (3, 62, 3)), bars=2)
    data = shelf([whole], ["waltz"])
    shorter = replace(data, pieces=(replace(data.pieces[0], bars=1, bpm=None),))
    piece = piece_of(shorter, 0)
    assert piece.parts[0].notes[-1] == Note(36, 62, 12)
    assert piece.tempos == ((0, TEMPO_BPM),)


@settings(max_examples=40)
@given(strategies.pieces())
def test_all_bars_cut_are_the_piece(piece: Piece) -> None:
    """Nothing is lost or moved."""
    assert cut(piece, 0, piece.bars) == piece


@settings(max_examples=40)
@given(strategies.pieces().filter(lambda piece: piece.bars > 1), st.data())
def test_two_cuts_share_out_the_notes(piece: Piece, data: st.DataObject) -> None:
    """Every note begins in one of them, and their lengths add up."""
    at = data.draw(st.integers(1, piece.bars - 1))
    one, other = cut(piece, 0, at), cut(piece, at, piece.bars)
    assert one.note_count + other.note_count == piece.note_count
    assert one.steps + other.steps == piece.steps


def test_a_cut_begins_in_the_meter_and_tempo_of_its_place() -> None:
    """Those that changed before it hold, those that change in it are counted from it."""
    meters = ((0, Meter(4, 4)), (1, Meter(3, 4)), (3, Meter(2, 4)))
    tempos = ((0, 60.0), (48, 90.0), (84, 120.0), (120, 200.0))
    piece = cut(Piece((), 4, meters, tempos), 2, 4)
    assert piece.meters == ((0, Meter(3, 4)), (1, Meter(2, 4)))
    assert piece.tempos == ((0, 120.0), (36, 200.0))


def test_who_does_not_play_is_left_out() -> None:
    """So that nobody is told of a part that comes in later."""
    flute = part((0, 72, 1))
    assert heard(score(part(), flute)).parts == (flute,)


@given(st.lists(strategies.notes(60), max_size=30))
def test_any_notes_can_be_laid(notes: list[Note]) -> None:
    """What comes out is a lawful part, and no struck place is lost."""
    struck = {(note.onset, note.pitch) for note in notes}
    assert {(note.onset, note.pitch) for note in laid(Part(()), notes).notes} == struck


def test_what_rolls_out_comes_in_again() -> None:
    """By three quarters of a bar of four."""
    moved = rolled(part((0, 60, 1), (2, 64, 2)), 36, 48)
    assert moved == part((1, 64, 2), (3, 60, 1))


def test_styles_take_turns(data: Dataset) -> None:
    """One stretch a piece; the first two are of both styles, the rest of the commoner."""
    found = find(data, 16, styles=(), dice=np.random.default_rng(1))
    assert sorted(one.source for one in found) == [0, 1, 2, 3]
    assert {one.style for one in found[:2]} == {"waltz", "ragtime"}
    assert all(one.piece.bars == 16 for one in found)


def test_the_end_of_a_piece_is_known_as_such(data: Dataset) -> None:
    """Bars 9 to 24 are; bars 1 to 16 are not."""
    ends = set()
    for seed in range(8):
        for one in find(data, 16, styles=["ragtime"], dice=np.random.default_rng(seed)):
            whole = piece_of(data, one.source)
            assert one.piece == heard(cut(whole, *((8, 24) if one.is_end else (0, 16))))
            ends.add(one.is_end)
    assert ends == {True, False}


def test_mostly_silent_bars_are_no_material() -> None:
    """A stretch needs notes in both its halves."""
    silent = score(part(*((quarter, 60, 1) for quarter in range(32))), bars=16)
    with pytest.raises(RequestRefused):
        find(shelf([silent], ["waltz"]), 16, styles=(), dice=np.random.default_rng(1))


def test_a_style_without_pieces_is_refused(data: Dataset) -> None:
    """The refusal names the styles there are."""
    with pytest.raises(RequestRefused) as refused:
        find(data, 16, styles=["polka"], dice=np.random.default_rng(1))
    assert refused.value.possible == "ragtime, waltz"


def test_a_stranger_is_of_the_style_and_of_another_piece(data: Dataset) -> None:
    """Of three waltzes either of the other two; the only rag has none."""
    pool = find(data, 16, styles=(), dice=np.random.default_rng(1))
    waltz = next(one for one in pool if one.style == "waltz")
    rag = next(one for one in pool if one.style == "ragtime")
    drawn = {stranger_to(waltz, pool, np.random.default_rng(seed)) for seed in range(20)}
    assert {one.source for one in drawn if one} == {0, 1, 2} - {waltz.source}
    assert stranger_to(rag, pool, np.random.default_rng(1)) is None
