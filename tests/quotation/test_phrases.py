"""What counts as the same melody."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.music.piece import Note, Part, Piece
from audiogroove.quotation.phrases import LONGEST_GAP, Phrase, phrases_from, phrases_of
from audiogroove.tokens.codec import PART, PITCH, encode, onsets_of
from tests.strategies import pieces


def line(*notes: tuple[int, int]) -> Phrase:
    """Make a phrase of onsets and pitches."""
    onsets, pitches = np.array(notes).T
    return Phrase.of(onsets, pitches)


def test_the_highest_note_of_a_chord_is_the_melody() -> None:
    """In whatever order the notes come."""
    told = line((12, 64), (0, 48), (0, 67), (0, 60), (12, 40))
    assert told.onsets.tolist() == [0, 12]
    assert told.pitches.tolist() == [67, 64]


@given(st.integers(-40, 40), st.integers(0, 1000))
def test_a_melody_is_the_same_in_any_key_and_anywhere(up: int, later: int) -> None:
    """Its moves are."""
    notes = ((0, 60), (6, 62), (12, 59), (24, 67))
    moved = line(*((onset + later, pitch + up) for onset, pitch in notes))
    assert moved.moves.tolist() == line(*notes).moves.tolist()


def test_another_interval_or_another_rhythm_is_another_move() -> None:
    """Also where an interval and a gap might make up for each other."""
    moves = {
        int(line((0, 60), (gap, 60 + interval)).moves[0])
        for interval in range(-60, 60)
        for gap in range(1, LONGEST_GAP + 1)
    }
    assert len(moves) == 120 * LONGEST_GAP


def test_how_long_a_note_is_held_makes_no_difference() -> None:
    """A copy played staccato is a copy."""
    held = Piece((Part((Note(0, 60, 12), Note(12, 62, 12))),), 1)
    short = Piece((Part((Note(0, 60, 3), Note(12, 62, 3))),), 1)
    assert phrases_of(held)[0].moves.tolist() == phrases_of(short)[0].moves.tolist()


def test_how_long_a_long_rest_is_makes_no_difference() -> None:
    """Nobody counts bars of rest to tell a tune."""
    assert line((0, 60), (LONGEST_GAP, 62)).moves == line((0, 60), (5 * LONGEST_GAP, 62)).moves


def test_drums_have_no_melody() -> None:
    """Nor have parts without notes; who is left keeps their number."""
    drums = Part((Note(0, 36, 6), Note(12, 38, 6)), is_drums=True)
    piece = Piece((drums, Part(()), Part((Note(0, 60, 6),))), 1)
    assert [phrase.part for phrase in phrases_of(piece)] == [2]


@given(pieces())
def test_columns_tell_the_same_phrases_as_a_piece(piece: Piece) -> None:
    """A data set and a piece are measured alike."""
    events = encode(piece)
    drums = {index for index, part in enumerate(piece.parts) if part.is_drums}
    told = phrases_from(
        onsets_of(events, piece.bar_lines), events[:, PART], events[:, PITCH], drums=drums
    )
    assert [(one.part, one.onsets.tolist(), one.pitches.tolist()) for one in told] == [
        (one.part, one.onsets.tolist(), one.pitches.tolist()) for one in phrases_of(piece)
    ]


def test_each_note_of_the_line_keeps_whether_it_is_new() -> None:
    """Of a chord, the highest note tells."""
    onsets, parts = np.array([0, 0, 12]), np.zeros(3, dtype=np.int64)
    is_new = np.array([True, False, True])
    (told,) = phrases_from(onsets, parts, np.array([60, 72, 64]), is_new=is_new)
    assert told.is_new.tolist() == [False, True]
