"""Whether a piece has what was wished."""

from collections.abc import Sequence
from math import isnan

import pytest

from audiogroove.evaluation.wishes import granting
from audiogroove.music import instruments
from audiogroove.music.piece import Key, Note, Part, Piece

C, A_MINOR = Key(0), Key(9, "minor")
PIANO, FLUTE = instruments.instrument(0), instruments.instrument(73)
DRUMS = instruments.DRUMS


def part(*strikes: tuple[int, int, int], program: int = 0, is_drums: bool = False) -> Part:
    """Write a part: (first quarter, pitch, quarters) a note."""
    notes = tuple(sorted(Note(12 * first, pitch, 12 * long) for first, pitch, long in strikes))
    return Part(notes, program, is_drums=is_drums)


def line(*pitches: int, program: int = 0, is_drums: bool = False) -> Part:
    """Write a part of one note a quarter."""
    strikes = ((quarter, pitch, 1) for quarter, pitch in enumerate(pitches))
    return part(*strikes, program=program, is_drums=is_drums)


def piece(*parts: Part, bars: int = 2, key: Key | None = C) -> Piece:
    """Put parts into bars of four quarters."""
    return Piece(parts, bars, key=key)


CADENCE = piece(part((0, 48, 1), (1, 53, 1), (2, 55, 2), (4, 48, 4)), line(64, 65, 62, 59, 60))


@pytest.mark.parametrize(
    ("key", "same", "signature"),
    [(C, 1, 1), (A_MINOR, 0, 1), (Key(7), 0, 0), (Key(0, "minor"), 0, 0)],
)
def test_a_key_is_told_from_its_neighbours(key: Key, same: int, signature: int) -> None:
    """C major is C major; A minor has its signature; G major and C minor have not."""
    assert granting.seems_in(CADENCE, key) == same
    assert granting.seems_in_signature(CADENCE, key) == signature


def test_drums_are_in_no_key_and_no_scale() -> None:
    """Nothing can be told of them."""
    drums = piece(line(36, 38, is_drums=True))
    assert isnan(granting.seems_in(drums, C))
    assert isnan(granting.seems_in_signature(drums, C))
    assert isnan(granting.inside(drums, frozenset({0})))
    assert isnan(granting.ends_on_tonic(drums))
    assert isnan(granting.ends_long(drums))


def test_notes_of_a_scale_are_counted_in_every_octave() -> None:
    """Three of four, and the drum is none."""
    mixed = piece(line(60, 72, 64, 61), line(37, is_drums=True))
    assert granting.inside(mixed, frozenset({0, 4})) == 0.75


@pytest.mark.parametrize(("told", "granted"), [(2, 1), (2.8, 1), (1.45, 1), (2.9, 0), (1.4, 0)])
def test_a_density_is_granted_within_a_factor(told: float, granted: int) -> None:
    """Two notes a bar are neither 2.9 nor 1.4."""
    assert granting.as_dense(piece(line(60, 62, 64, 65)), told) == granted


def test_silence_is_never_dense_enough() -> None:
    """However little is wished."""
    assert granting.as_dense(piece(part()), 0.5) == 0


def test_parts_are_granted_when_all_play_and_nobody_else() -> None:
    """Neither one too few nor one too many."""
    flute, drums = line(*[72] * 8, program=73), line(*[36] * 8, is_drums=True)
    assert granting.played_by(piece(flute, drums), (FLUTE, DRUMS)) == 1
    assert granting.played_by(piece(flute, drums), (FLUTE, PIANO)) == 0
    assert granting.played_by(piece(flute, drums), (FLUTE,)) == 0
    assert granting.played_by(piece(flute), (FLUTE, DRUMS)) == 0
    assert granting.played_by(piece(flute), (FLUTE, FLUTE)) == 0


@pytest.mark.parametrize(
    ("strikes", "plays"),
    [
        ([(0, 60, 1), (1, 60, 1), (4, 60, 1), (5, 60, 1)], True),
        ([(0, 60, 1), (1, 60, 1), (2, 60, 1), (3, 60, 1)], False),
        ([(0, 60, 4), (4, 60, 4), (8, 60, 4)], False),
        ([(0, 60, 1), (1, 60, 1), (2, 60, 1), (3, 60, 2)], True),
    ],
    ids=["two bars", "one bar only", "three notes only", "held over"],
)
def test_a_part_plays_in_half_of_the_bars(
    strikes: Sequence[tuple[int, int, int]], *, plays: bool
) -> None:
    """With four notes at least, in two of four bars."""
    one = part(*strikes)
    assert granting.plays(piece(one, bars=4), one) is plays
    assert granting.playing_share(piece(one, bars=4), (PIANO, FLUTE)) == 0.5 * plays


def test_the_last_bar_sounds_with_what_is_held() -> None:
    """A note that ends at the line does not."""
    assert granting.last_bar_sounds(piece(part((3, 60, 2)))) == 1
    assert granting.last_bar_sounds(piece(part((3, 60, 1)))) == 0
    assert granting.full_bars(piece(part((3, 60, 2)))) == 0.5


A, B = (60, 62, 64, 65), (67, 71, 69, 66)
CHANGED = (60, 62, 64, 77)


@pytest.mark.parametrize(
    ("bars", "same", "others"),
    [
        ((A, A, B, A), 1, 0),
        ((A, CHANGED, B, A), (3 / 5 + 1) / 2, 0),
        ((A, B, A, B), 0, 1 / 3),
        ((A, A, A, A), 1, 1),
    ],
)
def test_a_form_is_heard_in_what_comes_again(
    bars: Sequence[Sequence[int]], same: float, others: float
) -> None:
    """AABA over four bars: the second and the fourth are like the first, the third is not."""
    music = piece(line(*(pitch for bar in bars for pitch in bar)), bars=4)
    assert granting.alike(music, "AABA") == pytest.approx(same)
    assert granting.unlike(music, "AABA") == pytest.approx(others)
    granted = same > others and same >= granting.EQUAL
    assert granting.has_form(music, "AABA", granting.EQUAL) == granted


def test_a_primed_letter_is_the_letter() -> None:
    """It asks for likeness to the section without the prime."""
    music = piece(line(*A, *CHANGED), bars=2)
    assert granting.alike(music, "AA'") == pytest.approx(3 / 5)
    assert granting.has_form(music, "AA'", granting.ALIKE) == 0  # no other letter to differ from


def test_silence_has_no_form() -> None:
    """Empty bars are not alike."""
    assert isnan(granting.alike(piece(part(), bars=4), "AABA"))
    assert granting.has_form(piece(part(), bars=4), "AABA", granting.ALIKE) == 0


@pytest.mark.parametrize(
    ("last", "tonic", "long"),
    [((48, 4), 1, 1), ((48, 1), 1, 0), ((55, 4), 0, 1), ((53, 1), 0, 0)],
)
def test_an_ending_is_long_and_on_the_tonic(last: tuple[int, int], tonic: int, long: int) -> None:
    """Of what sounds last the lowest note counts, and most notes here are quarters."""
    pitch, quarters = last
    music = piece(part((0, 60, 1), (1, 62, 1), (2, 64, 1), (4, pitch, quarters)))
    assert granting.ends_on_tonic(music) == tonic
    assert granting.ends_long(music) == long
