"""Accidentals: those that are needed, and those that spare a doubt."""

import pytest

from audiogroove.music.accidentals import Accidentals, raised_by
from audiogroove.music.piece import Key


def printed(key: Key, *bars: tuple[int, ...]) -> list[str]:
    """Write bars of pitches, and tell which are printed with an accidental."""
    staff, told = Accidentals(key), []
    for bar in bars:
        staff.next_bar()
        for pitch in bar:
            (((letter, raised, _), is_printed),) = staff.written([pitch], is_tied=False)
            told.append(letter + ("n", "#", "b")[raised] if is_printed else letter)
    return told


@pytest.mark.parametrize(
    ("sharps", "raised"),
    [
        (0, {}),
        (2, {"F": 1, "C": 1}),
        (-3, {"B": -1, "E": -1, "A": -1}),
        (7, dict.fromkeys("CDEFGAB", 1)),
    ],
)
def test_a_signature_raises_its_letters(sharps: int, raised: dict[str, int]) -> None:
    """Sharps in the order F C G D A E B, flats in the reverse."""
    assert {letter: by for letter, by in raised_by(sharps).items() if by} == raised


@pytest.mark.parametrize(
    ("key", "bars", "told"),
    [
        (Key(7), ((66, 67, 66),), ["F", "G", "F"]),
        (Key(0), ((66, 66, 65, 65),), ["F#", "F", "Fn", "F"]),
        (Key(0), ((66,), (66,)), ["F#", "F#"]),
        (Key(0), ((66,), (65, 65), (65,)), ["F#", "Fn", "F", "F"]),
        (Key(0), ((66, 77, 77),), ["F#", "Fn", "F"]),
        (Key(9, "minor"), ((68, 69), (67,)), ["G#", "A", "Gn"]),
    ],
)
def test_an_accidental_holds_until_the_bar_ends(
    key: Key, bars: tuple[tuple[int, ...], ...], told: list[str]
) -> None:
    """In its own octave; after the bar line and in other octaves players are told once more."""
    assert printed(key, *bars) == told


def test_a_tied_note_needs_no_second_accidental() -> None:
    """It sounds on; the next of its pitch is told again."""
    staff = Accidentals(Key(0))
    staff.next_bar()
    staff.written([66], is_tied=False)
    staff.next_bar()
    marks = [staff.written([66], is_tied=is_tied)[0][1] for is_tied in (True, False)]
    assert marks == [False, True]
