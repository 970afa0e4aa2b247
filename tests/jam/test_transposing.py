"""Notes move by semitones, into another key or an instrument's reach."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.jam.transposing import interval, transposed, within_reach
from audiogroove.music.instruments import DRUMS, INSTRUMENTS, Instrument, parse_part
from audiogroove.music.piece import Key, Note, Part
from audiogroove.music.theory import scale_on
from tests.strategies import keys, parts

BASS = parse_part("bass")


def line(*pitches: int) -> Part:
    """Play pitches one after another."""
    return Part(tuple(Note(12 * at, pitch, 12) for at, pitch in enumerate(pitches)))


@pytest.mark.parametrize(
    ("found", "wanted", "semitones"),
    [
        (Key(0), Key(0), 0),
        (Key(2), Key(0), -2),
        (Key(10), Key(0), 2),
        (Key(6), Key(0), 6),
        (Key(7), Key(0), 5),
        (Key(5), Key(0), -5),
        (Key(2, "minor"), Key(0), -5),
        (Key(9, "minor"), Key(0), 0),
        (Key(0), Key(9, "minor"), 0),
        (Key(4), Key(9, "minor"), -4),
        (Key(4, "minor"), Key(9, "minor"), 5),
    ],
)
def test_a_key_moves_the_shorter_way(found: Key, wanted: Key, semitones: int) -> None:
    """To the tonic of the other, or from D minor into C major as A minor."""
    assert interval(found, wanted) == semitones


@given(keys, keys)
def test_the_notes_of_the_scales_are_the_same_then(found: Key, wanted: Key) -> None:
    """Whatever the modes are."""
    names = {"major": "major", "minor": "natural minor"}
    semitones = interval(found, wanted)
    moved = {
        (pitch + semitones) % 12 for pitch in scale_on(found.tonic, names[found.mode]).pitch_classes
    }
    assert moved == scale_on(wanted.tonic, names[wanted.mode]).pitch_classes
    assert -5 <= semitones <= 6


@given(parts(), st.integers(-120, 120))
def test_every_part_can_move(part: Part, semitones: int) -> None:
    """It is lawful, and at each onset are the same pitch classes, so far up or down."""
    moved = transposed(part, semitones)
    expected = {(note.onset, (note.pitch + semitones) % 12) for note in part.notes}
    assert {(note.onset, note.pitch % 12) for note in moved.notes} == expected


@given(parts(is_drums=True), st.integers(-12, 12), st.sampled_from((*INSTRUMENTS, DRUMS)))
def test_drums_never_move(part: Part, semitones: int, player: Instrument) -> None:
    """Their pitches are what is struck."""
    assert transposed(part, semitones) == part
    assert within_reach(part, player) == part


def test_what_would_leave_the_range_of_midi_moves_by_an_octave() -> None:
    """And ends there where its pitch is struck again."""
    high = Part((Note(0, 123, 48), Note(12, 111, 6)))
    assert transposed(high, 5).notes == (Note(0, 116, 12), Note(12, 116, 6))
    assert transposed(line(3), -5) == line(10)


def test_of_two_notes_that_meet_the_longer_stays() -> None:
    """One pitch is struck once at a time."""
    low = Part((Note(0, 3, 6), Note(0, 15, 12)))
    assert transposed(low, -5).notes == (Note(0, 10, 12),)


@pytest.mark.parametrize(
    ("pitches", "played"),
    [
        ((84, 88, 91), (36, 40, 43)),
        ((84, 48, 50), (84, 48, 50)),
        ((12, 14, 40), (36, 38, 64)),
    ],
    ids=["too high", "most of it fits", "too low"],
)
def test_a_part_moves_into_its_instruments_reach(
    pitches: tuple[int, ...], played: tuple[int, ...]
) -> None:
    """By whole octaves, all of it, where most of it is out of reach."""
    assert within_reach(line(*pitches), BASS) == line(*played)
