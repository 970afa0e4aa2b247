"""Rules of music, each by itself, and which gives way to which."""

import numpy as np
import pytest

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


def test_a_string_that_sounds_is_not_struck() -> None:
    """It is free again at the very step at which it ends."""
    ends = np.zeros(128, dtype=np.int64)
    ends[60], ends[62] = 24, 25
    assert rules.not_sounding(np.array([60, 62, 64]), ends, 24).tolist() == [True, False, True]


def test_a_wind_player_has_one_mouth_and_a_pianist_ten_fingers() -> None:
    """Flutes and basses may sound two notes at once, for what overlaps; a piano ten."""
    most = [rules.polyphony(player) for player in (FLUTE, BASS, PIANO)]
    for sounding, free in ((1, [True, True, True]), (2, [False, False, True]), (10, [False] * 3)):
        ends = [3, 24, *[25] * sounding]
        assert free == [rules.within_polyphony(ends, 24, notes) for notes in most]
        assert all(rules.within_polyphony(ends, 25, notes) for notes in most)


def test_a_note_ends_in_time() -> None:
    """On the last step, not after it."""
    assert rules.ends_in_time(np.array([3, 12, 13]), 12).tolist() == [True, True, False]


def test_a_black_key_is_foreign_to_c_major() -> None:
    """In every octave."""
    white = frozenset({0, 2, 4, 5, 7, 9, 11})
    pitches = np.array([[60, 61, 62], [0, 1, 127]])
    expected = [[False, True, False], [False, True, False]]
    assert expected == rules.outside_scale(pitches, white).tolist()


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (("x..", "xx."), "x.."),
        (("...", ".x.", "xxx"), ".x."),
        (("...", "...", "..x"), "..x"),
        (("...", "..."), "..."),
    ],
)
def test_the_strictest_rule_that_leaves_a_choice_holds(asked: tuple[str, ...], given: str) -> None:
    """Those that leave nothing give way, one after another; the last is the last word."""
    assert masks(given)[0].tolist() == rules.strictest(*masks(*asked)).tolist()
