"""Bars that come back at the end of a piece."""

from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from audiogroove.errors import TakeFault, TakeRefused
from audiogroove.jam.repeating import copied, repeated
from audiogroove.music.piece import MAX_BARS, MAX_NOTES, Meter, Note, Part, Piece
from tests.strategies import pieces


@st.composite
def pieces_with_bars(draw: st.DrawFn) -> tuple[Piece, int, int]:
    """A piece that has room for some of its own bars once more, and which they are."""
    piece = draw(pieces())
    assume(piece.bars < MAX_BARS)
    first = draw(st.integers(0, min(piece.bars, 12) - 1))
    past = draw(st.integers(first + 1, min(piece.bars, first + MAX_BARS - piece.bars)))
    return piece, first, past


@settings(deadline=None)
@given(pieces_with_bars())
def test_the_bars_come_once_more(drawn: tuple[Piece, int, int]) -> None:
    """With the notes that begin in them, cut at their end, and nothing else."""
    piece, first, past = drawn
    longer = repeated(piece, first, past)
    assert longer.bars == piece.bars + past - first
    start, end = piece.bar_lines[first], piece.bar_lines[past]
    for before, after in zip(piece.parts, longer.parts, strict=True):
        source = [note for note in before.notes if start <= note.onset < end]
        copy = after.notes[len(before.notes) :]
        assert [note.onset - piece.steps for note in copy] == [n.onset - start for n in source]
        assert [(n.pitch, n.velocity) for n in copy] == [(n.pitch, n.velocity) for n in source]
        assert [n.duration for n in copy] == [min(n.end, end) - n.onset for n in source]


@settings(deadline=None)
@given(pieces_with_bars())
def test_each_bar_is_as_long_as_its_model(drawn: tuple[Piece, int, int]) -> None:
    """Also where the piece ends in another meter, and no meter is said twice."""
    piece, first, past = drawn
    longer = repeated(piece, first, past)
    meters = [longer.meter_at(bar) for bar in range(piece.bars, longer.bars)]
    assert meters == [piece.meter_at(bar) for bar in range(first, past)]
    assert longer.meters[: len(piece.meters)] == piece.meters
    assert all(one[1] != two[1] for one, two in pairwise(longer.meters[len(piece.meters) - 1 :]))


@settings(deadline=None)
@given(pieces_with_bars())
def test_what_was_there_stays(drawn: tuple[Piece, int, int]) -> None:
    """Each part with its own notes first, its program and its name; the frame as well."""
    piece, first, past = drawn
    longer = repeated(piece, first, past)
    for before, after in zip(piece.parts, longer.parts, strict=True):
        assert after.notes[: len(before.notes)] == before.notes
        assert (after.program, after.is_drums) == (before.program, before.is_drums)
        assert after.name == before.name
    assert (longer.tempos, longer.key, longer.title) == (piece.tempos, piece.key, piece.title)


def test_a_note_that_was_held_into_the_bars_is_not_in_the_copy() -> None:
    """It begins elsewhere; and one that is held out of them ends with them."""
    held, last = Note(40, 60, 20), Note(90, 62, 30)
    song = Piece((Part((held, last)),), bars=3)
    (part,) = repeated(song, 1, 2).parts
    assert part.notes == (held, last, Note(144 + 42, 62, 6))


def test_an_a_comes_back_after_a_b() -> None:
    """ABA of a bar each."""
    song = Piece((Part((Note(0, 60, 36), Note(36, 67, 36))),), 2, ((0, Meter(3, 4)),))
    (part,) = repeated(song, 0, 1).parts
    assert [(note.onset, note.pitch) for note in part.notes] == [(0, 60), (36, 67), (72, 60)]


@pytest.mark.parametrize(("first", "past"), [(-1, 1), (0, 0), (1, 1), (2, 1), (0, 3), (2, 3)])
def test_bars_that_are_not_there_cannot_come_back(first: int, past: int) -> None:
    """They are a mistake of whoever asks."""
    with pytest.raises(ValueError, match="not bars of the piece"):
        repeated(Piece((), 2), first, past)


def test_bars_with_too_many_notes_do_not_come_back() -> None:
    """A piece would have more than it may."""
    half = MAX_NOTES // 2 + 1
    dense = Part(tuple(Note(step, pitch, 1) for step in range(512) for pitch in range(64))[:half])
    with pytest.raises(TakeRefused) as refused:
        repeated(Piece((dense,), 11), 0, 11)
    assert refused.value.fault is TakeFault.TOO_MANY_NOTES


def test_notes_are_copied_to_another_place() -> None:
    """Steps are half-open: what begins on the last is not there."""
    notes = [Note(3, 60, 3), Note(6, 62, 9), Note(12, 64, 1)]
    assert list(copied(notes, 6, 12, to=100)) == [Note(100, 62, 6)]
