"""Chords: found in what sounds, named by their place in a key."""

import pytest

from audiogroove.music.harmony import Chord, find_chord, find_chords, numeral
from audiogroove.music.piece import Key

C_MAJOR, A_MINOR = Key(0), Key(9, "minor")


def block(*pitches: int, start: int = 0, steps: int = 24) -> list[tuple[int, int, int]]:
    """Strike pitches together: (pitch, first step, steps)."""
    return [(pitch, start, steps) for pitch in pitches]


@pytest.mark.parametrize(
    ("pitches", "key", "name"),
    [
        ((48, 52, 55), C_MAJOR, "I"),
        ((52, 55, 60), C_MAJOR, "I6"),
        ((55, 60, 64), C_MAJOR, "I64"),
        ((50, 53, 57, 60), C_MAJOR, "ii7"),
        ((47, 50, 53, 55), C_MAJOR, "V65"),
        ((47, 50, 53), C_MAJOR, "viio"),
        ((44, 48, 51), C_MAJOR, "bVI"),
        ((57, 60, 64), A_MINOR, "i"),
        ((52, 56, 59, 62), A_MINOR, "V7"),
        ((47, 50, 53, 57), A_MINOR, "iiø7"),
        ((44, 47, 50, 53), A_MINOR, "#viio7"),
        ((53, 57, 60, 64), A_MINOR, "VImaj7"),
    ],
)
def test_chords_have_roman_numerals(pitches: tuple[int, ...], key: Key, name: str) -> None:
    """The degree's case tells major from minor, the figures tell what lies lowest."""
    chord = find_chord(block(*pitches))
    assert chord is not None
    assert numeral(chord, key) == name


def test_passing_notes_do_not_change_the_chord() -> None:
    """C is held while a scale runs above it."""
    run = [(pitch, 6 * at, 6) for at, pitch in enumerate((72, 74, 76, 77, 79, 77, 76, 74))]
    assert find_chord([*block(48, 52, 55, steps=48), *run]) == Chord(0, (0, 4, 7), 0)


def test_an_alberti_bass_is_one_chord() -> None:
    """What sounds one after another may belong together; the first note is the bass."""
    broken = [(pitch, 6 * at, 6) for at, pitch in enumerate((48, 55, 52, 55) * 2)]
    assert find_chord(broken) == Chord(0, (0, 4, 7), 0)


def test_a_bar_may_have_two_chords() -> None:
    """The halves of a bar are told apart where each has a chord of its own."""
    bar = [*block(50, 53, 57), *block(43, 47, 50, 53, start=24)]
    assert [numeral(chord, C_MAJOR) for chord in find_chords(bar, 0, 48)] == ["ii", "V7"]


def test_a_held_chord_is_told_once() -> None:
    """What lasts from the bar before and beyond this one counts with its time in the bar."""
    held = block(48, 52, 55, start=-12, steps=200)
    assert find_chords(held, 0, 48) == (Chord(0, (0, 4, 7), 0),)


def test_silence_has_no_chord() -> None:
    """Nothing sounds in the bar, though something did before."""
    assert find_chord([]) is None
    assert find_chords(block(48, 52, 55), 48, 96) == ()
