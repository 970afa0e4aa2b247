"""A piece as a table of events, and back."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from audiogroove.music.piece import Key, Meter, Note, Part, Piece
from audiogroove.tokens.codec import Events, decode, encode, frame_of, onsets_of
from tests.strategies import pieces
from tests.tokens.scores import part, rows


@settings(max_examples=60, deadline=None)
@given(pieces())
def test_every_piece_comes_back(piece: Piece) -> None:
    """Nothing is lost on the way: not a note, name, meter, tempo or key."""
    assert decode(encode(piece), frame_of(piece)) == piece


@settings(max_examples=25, deadline=None)
@given(pieces())
def test_events_stand_in_score_order(piece: Piece) -> None:
    """By bar, then position, then part, then pitch; no two in one place."""
    places = [tuple(row[:4]) for row in encode(piece).tolist()]
    assert all(one < two for one, two in pairwise(places))


@settings(max_examples=25, deadline=None)
@given(pieces())
def test_onsets_are_the_notes_own(piece: Piece) -> None:
    """Bars and positions add up to steps from the beginning."""
    onsets = sorted(note.onset for one in piece.parts for note in one.notes)
    assert onsets == onsets_of(encode(piece), piece.bar_lines).tolist()


def test_a_row_says_when_who_what_how_long_and_how_strongly() -> None:
    """Bar, position, part, pitch, duration, velocity; bars are of the meters' lengths."""
    waltz = Piece(
        (Part((Note(0, 72, 36, 90), Note(36, 74, 12, 70))), part((0, 48, 12), (0, 52, 12))),
        bars=2,
        meters=((0, Meter(3, 4)), (1, Meter(2, 4))),
    )
    expected = [
        [0, 0, 0, 72, 36, 90],
        [0, 0, 1, 48, 12, 80],
        [0, 0, 1, 52, 12, 80],
        [1, 0, 0, 74, 12, 70],
    ]
    assert expected == encode(waltz).tolist()


def test_silence_has_no_rows() -> None:
    """And it, too, comes back."""
    silence = Piece((Part(()),), bars=3)
    assert encode(silence).shape == (0, 6)
    assert decode(encode(silence), silence) == silence


def test_a_frame_is_the_piece_without_its_notes() -> None:
    """Everything else stays."""
    piece = Piece((part((0, 60, 12)),), 2, tempos=((0, 99.5),), key=Key(3, "minor"), title="Ode")
    assert frame_of(piece) == Piece(
        (Part(()),), 2, tempos=((0, 99.5),), key=Key(3, "minor"), title="Ode"
    )


def test_the_order_of_rows_does_not_matter() -> None:
    """A piece is made of them all the same."""
    piece = Piece((part((0, 60, 12), (12, 62, 12), (24, 64, 12)),), bars=1)
    assert decode(encode(piece)[::-1], frame_of(piece)) == piece


@pytest.mark.parametrize(
    "events",
    [
        rows((2, 0, 0, 60, 12, 80)),  # no such bar
        rows((-1, 0, 0, 60, 12, 80)),
        rows((0, 48, 0, 60, 12, 80)),  # no such position: that is bar 1
        rows((0, -1, 0, 60, 12, 80)),
        rows((1, -1, 0, 60, 12, 80)),
        rows((0, 0, 1, 60, 12, 80)),  # no such part
        rows((0, 0, -1, 60, 12, 80)),
        rows((0, 0, 0, 128, 12, 80)),  # no such pitch
        rows((0, 0, 0, 60, 0, 80)),  # no length
        rows((1, 47, 0, 60, 2, 80)),  # longer than the piece
        rows((0, 0, 0, 60, 12, 0)),  # no such velocity
        rows((0, 0, 0, 60, 12, 80), (0, 6, 0, 60, 12, 80)),  # struck while it sounds
    ],
)
def test_a_row_that_no_piece_has_is_refused(events: Events) -> None:
    """Rather than moved somewhere else."""
    with pytest.raises(ValueError, match=r"not a note|no such|lies outside|overlapping"):
        decode(np.asarray(events), Piece((Part(()),), bars=2))
