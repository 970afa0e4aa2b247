"""Rules of music, each by itself, and which gives way to which."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.music import instruments
from audiogroove.tokens import rules

FLUTE, BASS, PIANO = (instruments.instrument(program) for program in (73, 33, 0))


def masks(*texts: str) -> list[rules.Mask]:
    """Write masks as rows of x and dots."""
    return [np.array([one == "x" for one in text]) for text in texts]


def test_a_flute_has_no_bass_notes() -> None:
    """Both ends of an instrument's range are its own."""
    low, high = FLUTE.possible
    pitches = np.array([0, low - 1, low, high, high + 1, 127])
    expected = [False, False, True, True, False, False]
    assert expected == rules.in_instrument_range(pitches, FLUTE).tolist()


def test_a_black_key_is_foreign_to_c_major() -> None:
    """In every octave."""
    white = frozenset({0, 2, 4, 5, 7, 9, 11})
    pitches = np.array([[60, 61, 62], [0, 1, 127]])
    expected = [[False, True, False], [False, True, False]]
    assert expected == rules.outside_scale(pitches, white).tolist()


def test_what_lies_between_is_not_beyond() -> None:
    """Both ends are inside; outside it is counted from the nearer one."""
    pitches = np.array([[0, 58, 59], [60, 66, 72], [73, 75, 127]])
    assert rules.beyond(pitches, 60, 72).tolist() == [[60, 2, 1], [0, 0, 0], [1, 3, 55]]


@given(st.integers(0, 127), st.integers(0, 127), st.integers(0, 127))
def test_beyond_is_the_way_back(pitch: int, one: int, two: int) -> None:
    """From the nearest pitch between them."""
    low, high = sorted((one, two))
    nearest = min(abs(pitch - inside) for inside in range(low, high + 1))
    assert int(rules.beyond(np.array(pitch), low, high)) == nearest
