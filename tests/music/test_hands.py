"""What the right hand takes and what the left."""

from hypothesis import given, settings

from audiogroove.music.hands import two_hands
from audiogroove.music.piece import Note, Part
from tests.strategies import parts


def test_a_chord_that_one_hand_can_hold_stays_together() -> None:
    """Middle C is no wall: the accompaniment G3 C4 E4 is the left hand's, the tune the right's."""
    bass, chord = [Note(0, 36, 12)], [Note(12, pitch, 12) for pitch in (55, 60)]
    tune = [Note(0, 76, 12), Note(12, 79, 12)]
    right, left = two_hands(sorted([*bass, *chord, *tune]))
    assert (right, left) == (tune, [*bass, *chord])


def test_no_hand_spans_more_than_it_can() -> None:
    """What lies two octaves apart is divided, wherever it lies."""
    notes = [Note(0, 40, 12), Note(0, 64, 12)]
    assert two_hands(notes) == ([notes[1]], [notes[0]])


@settings(max_examples=40)
@given(parts())
def test_each_note_has_one_hand(part: Part) -> None:
    """None is lost, none is doubled, and their order stays."""
    right, left = two_hands(part.notes)
    assert sorted([*right, *left]) == list(part.notes)
    assert (right, left) == (sorted(right), sorted(left))
