"""Beams show the beats."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiogroove.music.engraving import engrave, lawful
from audiogroove.music.piece import Meter, Note, Part, Piece
from tests.strategies import METERS

SHORT = {"start": "[", "continue": "-", "stop": "]", "partial right": ">", "partial left": "<"}


def beamed(meter: Meter, *lengths: int) -> str:
    """Write notes of these lengths (a negative one is a rest) and draw the beams of each."""
    notes, at = [], 0
    for length in lengths:
        if length > 0:
            notes.append(Note(at, 72, length))
        at += abs(length)
    part = Part(tuple(notes), program=40)
    (staff,) = engrave(part, Piece((part,), 1, meters=((0, meter),)))
    return " ".join("".join(SHORT[beam] for beam in sign.beams) or "." for sign in staff.bars[0][0])


@pytest.mark.parametrize(
    ("meter", "lengths", "drawn"),
    [
        (Meter(4, 4), (6,) * 8, "[ - - ] [ - - ]"),
        (Meter(4, 4), (6, 3, 3, 6, 6, 24), "[ -[ ]] [ ] ."),
        (Meter(3, 4), (6,) * 6, "[ - - - - ]"),
        (Meter(2, 4), (9, 3, 3, 9), "[ ]< [> ]"),
        (Meter(4, 4), (6, -6, 6, 6, 24), ". . [ ] ."),
        (Meter(6, 8), (6,) * 6, "[ - ] [ - ]"),
        (Meter(6, 8), (12, 6, 6, 6, 6), ". . [ - ]"),
        (Meter(5, 8), (6,) * 5, "[ - ] [ ]"),
        (Meter(7, 8), (6,) * 7, "[ ] [ ] [ - ]"),
        (Meter(3, 8), (6,) * 3, "[ - ]"),
        (Meter(2, 4), (4, 4, 4, 6, 6), "[ - ] [ ]"),
    ],
)
def test_notes_of_a_beat_are_beamed_together(
    meter: Meter, lengths: tuple[int, ...], drawn: str
) -> None:
    """Plain eighths over half a bar of 4/4 or all of 3/4, anything else by the beat."""
    assert beamed(meter, *lengths) == drawn


@settings(max_examples=60)
@given(
    st.sampled_from(METERS),
    st.lists(st.tuples(st.integers(0, 95), st.sampled_from([1, 2, 3, 4, 6, 9])), max_size=30),
)
def test_every_beam_that_starts_goes_on_until_it_stops(
    meter: Meter, drawn: list[tuple[int, int]]
) -> None:
    """Whatever the rhythm and the meter, on each level."""
    end = meter.bar_steps
    notes = lawful(Note(at % end, 60, min(long, end - at % end)) for at, long in drawn)
    part = Part(notes, program=40)
    (staff,) = engrave(part, Piece((part,), 1, meters=((0, meter),)))
    for voice in staff.bars[0]:
        for level in range(3):
            line = [sign.beams[level] if level < len(sign.beams) else "" for sign in voice]
            for one, two in pairwise(["", *line, ""]):
                assert (one in {"start", "continue"}) == (two in {"continue", "stop"})
