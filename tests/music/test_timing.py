"""Timing: steps of a piece as seconds of a performance, and back."""

import io
from itertools import pairwise

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.music import midi
from audiogroove.music.piece import Note, Part, Piece
from audiogroove.music.timing import Timing
from tests.strategies import pieces

RITARDANDO = Piece((), bars=3, tempos=((0, 120), (48, 60), (96, 30)))


def test_at_120_a_quarter_lasts_half_a_second() -> None:
    """Twelve steps of it."""
    assert Timing(Piece((), bars=1)).seconds_at(12) == pytest.approx(0.5)


def test_each_tempo_counts_from_where_it_stands() -> None:
    """Bars of 2, 4 and 8 seconds."""
    timing = Timing(RITARDANDO)
    assert [timing.seconds_at(step) for step in (0, 48, 96, 144)] == pytest.approx([0, 2, 6, 14])


def test_the_duration_is_that_of_all_bars() -> None:
    """Whether there is a note in them or not."""
    assert Timing(RITARDANDO).duration_s == pytest.approx(14)


def test_after_the_end_the_last_tempo_goes_on() -> None:
    """A bar more is eight seconds more."""
    assert Timing(RITARDANDO).seconds_at(192) == pytest.approx(22)


def test_a_part_of_a_step_is_a_part_of_its_time() -> None:
    """A head that moves over a picture stands between the steps most of the time."""
    timing = Timing(RITARDANDO)
    assert timing.seconds_at(60.5) == pytest.approx(2 + 12.5 / 12)
    assert timing.step_at(2 + 12.5 / 12) == pytest.approx(60.5)


def test_another_program_counts_the_same_seconds() -> None:
    """What mido says of the file we write; the two are told apart by rounded microseconds."""
    piece = Piece((Part((Note(0, 60, 12), Note(132, 62, 12))),), 3, tempos=RITARDANDO.tempos)
    file = mido.MidiFile(file=io.BytesIO(midi.write(piece)))
    assert file.length == pytest.approx(Timing(piece).duration_s, abs=0.001)


@given(pieces(), st.data())
def test_a_second_leads_back_to_its_step(piece: Piece, data: st.DataObject) -> None:
    """Within rounding, at any place of any piece."""
    timing = Timing(piece)
    step = data.draw(st.integers(0, piece.steps))
    assert timing.step_at(timing.seconds_at(step)) == pytest.approx(step, abs=1e-6)


@given(pieces())
def test_time_never_stands_still(piece: Piece) -> None:
    """Each step is later than the one before."""
    timing = Timing(piece)
    seconds = [timing.seconds_at(step) for step in range(min(piece.steps, 2_000))]
    assert all(one < two for one, two in pairwise(seconds))
