"""Releases as a reader wants to see them."""

from hypothesis import given, settings

from audiogroove.music.piece import Note, Part, Piece
from audiogroove.music.releases import HAIR_STEPS, tidy
from tests.strategies import pieces


def tidied(*notes: tuple[int, int, int]) -> list[tuple[int, int, int]]:
    """Tidy a part of (onset, pitch, steps)."""
    (part,) = tidy(Piece((Part(tuple(Note(*note) for note in notes)),), 1)).parts
    return [(note.onset, note.pitch, note.duration) for note in part.notes]


def test_the_notes_of_a_chord_end_together() -> None:
    """A twelfth of a quarter is a finger's laziness, a sixteenth is meant."""
    assert tidied((0, 60, 9), (0, 64, 8), (0, 67, 12)) == [(0, 60, 8), (0, 64, 8), (0, 67, 12)]


def test_a_note_does_not_reach_a_hair_into_the_next() -> None:
    """Legato playing does; a line of notes is one voice."""
    assert tidied((0, 60, 14), (12, 62, 12)) == [(0, 60, 12), (12, 62, 12)]


def test_three_against_two_is_meant() -> None:
    """A note that ends where another begins is left alone."""
    music = [(0, 60, 8), (0, 72, 6), (6, 74, 6), (8, 62, 8)]
    assert tidied(*music)[0] == music[0]


@settings(max_examples=40)
@given(pieces())
def test_nothing_is_lost(piece: Piece) -> None:
    """Notes begin where they did, and end there or a hair sooner."""
    for one, two in zip(piece.parts, tidy(piece).parts, strict=True):
        for was, now in zip(one.notes, two.notes, strict=True):
            assert (was.onset, was.pitch) == (now.onset, now.pitch)
            assert 0 <= was.end - now.end <= 2 * HAIR_STEPS
