"""A piece as it is played: seats, keys struck and let go, and an end."""

import pytest
from hypothesis import given

from audiogroove.music.piece import MAX_MELODIC_PARTS, Note, Part, Piece
from audiogroove.render.sound.performance import (
    CENTRE,
    DRUM_CHANNEL,
    Performance,
    perform,
    seats_of,
)
from audiogroove.render.sound.stretch import Stretch, beginning
from tests.strategies import pieces

VIOLIN, VIOLA, CELLO, BASS = (Part((Note(0, 60, 12),), program) for program in (40, 41, 42, 32))
DRUMS = Part((Note(0, 36, 12),), is_drums=True)
SCALE = Part(tuple(Note(12 * at, 60 + at, 12) for at in range(8)))


def played(piece: Piece, *, max_s: float = 1e9, max_notes: int = 10**9) -> Performance:
    """Play a piece without limits but those given."""
    return perform(piece, beginning(piece, max_s=max_s, max_notes=max_notes))


def test_players_sit_from_left_to_right() -> None:
    """In the order of the score, evenly."""
    left, middle, right = (seat.pan for seat in seats_of((VIOLIN, VIOLA, CELLO)))
    assert left < middle == CENTRE < right
    assert CENTRE - left == right - CENTRE


def test_drums_and_bass_sit_in_the_middle() -> None:
    """They carry the others; a single player among them does, too."""
    assert {seat.pan for seat in seats_of((BASS, DRUMS, VIOLIN))} == {CENTRE}


def test_drums_have_the_tenth_channel() -> None:
    """And nobody else has it, however many they are."""
    crowd = (*(VIOLIN for _ in range(MAX_MELODIC_PARTS)), DRUMS)
    channels = [seat.channel for seat in seats_of(crowd)]
    assert channels[-1] == DRUM_CHANNEL
    assert sorted(channels) == list(range(16))


def test_a_key_is_let_go_before_it_is_struck_again() -> None:
    """Else the second note would be cut off at once."""
    piece = Piece((Part((Note(0, 60, 12, 70), Note(12, 60, 12, 90))),), bars=1)
    assert [(event.at_s, event.velocity) for event in played(piece).events] == [
        (0.0, 70),
        (0.5, 0),
        (0.5, 90),
        (1.0, 0),
    ]


def test_it_ends_with_its_last_note() -> None:
    """Empty bars behind it are not waited for."""
    performance = played(Piece((SCALE,), bars=16))
    assert performance.end_s == pytest.approx(4)
    assert not performance.is_cut


def test_a_piece_without_notes_lasts_as_long_as_its_bars() -> None:
    """It has a length, if nothing else."""
    performance = played(Piece((), bars=4))
    assert (performance.end_s, performance.events) == (8, ())


def test_a_long_piece_is_cut_in_time() -> None:
    """What is struck later is not played; what sounds then is not let go."""
    performance = played(Piece((SCALE,), bars=2), max_s=1.25)
    assert (performance.end_s, performance.is_cut) == (1.25, True)
    assert [event.pitch for event in performance.events if event.velocity] == [60, 61, 62]


def test_a_crowded_piece_is_cut_where_there_are_too_many_notes() -> None:
    """At the first note beyond."""
    performance = played(Piece((SCALE,), bars=2), max_notes=3)
    assert (performance.end_s, performance.is_cut) == (1.5, True)
    assert sum(event.velocity > 0 for event in performance.events) == 3


def test_a_stretch_is_played_from_its_first_bar() -> None:
    """As if the piece began there; a note that still sounds then is not struck again."""
    long = Part((Note(36, 40, 24), *SCALE.notes[4:]), 32)
    performance = perform(Piece((SCALE, long), bars=2), Stretch(1, 2, 2.0, 4.0, is_cut=False))
    struck = [(event.at_s, event.pitch) for event in performance.events if event.velocity]
    assert struck == [(at / 2, pitch) for at, pitch in enumerate(range(64, 68)) for _ in range(2)]
    assert performance.end_s == pytest.approx(2)


@given(pieces())
def test_what_is_struck_is_let_go(piece: Piece) -> None:
    """Every key of any piece, later than it was struck and not after the end."""
    performance = played(piece)
    down: dict[tuple[int, int], float] = {}
    for at_s, velocity, channel, pitch in performance.events:
        key = (channel, pitch)
        assert (key in down) == (velocity == 0)
        if velocity:
            down[key] = at_s
        else:
            assert down.pop(key) < at_s <= performance.end_s
    assert not down
