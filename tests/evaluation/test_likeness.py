"""How like two stretches of music are."""

from collections import Counter
from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.evaluation import likeness
from audiogroove.music.piece import Key, Piece
from tests import strategies
from tests.evaluation.modes.shelf import FLUTE, part, score

SCALE = ((0, 60, 1), (1, 62, 1), (2, 64, 1), (3, 65, 1))


short = st.lists(strategies.parts(384), max_size=3).map(lambda parts: Piece(tuple(parts), 8))


@given(short)
def test_every_piece_is_like_itself(piece: Piece) -> None:
    """Where there is anything to compare, it is all the same."""
    histograms = (likeness.pitch_classes, likeness.onset_places, likeness.durations)
    shares = [likeness.overlap(own(piece), own(piece)) for own in histograms]
    amounts = (likeness.density, likeness.polyphony)
    ratios = [likeness.ratio(own(piece), own(piece)) for own in amounts]
    assert all(isnan(share) or share == pytest.approx(1) for share in (*shares, *ratios))
    off = likeness.register_distance(piece, piece)
    assert isnan(off) or off == 0


counts = st.dictionaries(st.integers(0, 11), st.integers(1, 9), min_size=1).map(Counter)


@given(counts, counts, st.integers(1, 9))
def test_overlap_is_a_share_that_looks_at_proportions_only(
    one: Counter[int], other: Counter[int], times: int
) -> None:
    """The same from both sides, and the same for a longer piece of the kind."""
    share = likeness.overlap(one, other)
    longer = Counter({value: times * count for value, count in one.items()})
    assert 0 <= share <= 1 + 1e-9
    assert share == pytest.approx(likeness.overlap(other, one))
    assert share == pytest.approx(likeness.overlap(longer, other))


def test_overlap_of_strangers_is_nothing() -> None:
    """Half and half in common with a whole is a half."""
    assert likeness.overlap(Counter([1, 2]), Counter([3])) == 0
    assert likeness.overlap(Counter([1, 2]), Counter([1])) == 0.5
    assert isnan(likeness.overlap(Counter([1]), Counter[int]()))


def test_pitch_classes_count_for_as_long_as_they_sound() -> None:
    """Octaves are one; a very long note counts as a whole note; drums do not count."""
    notes = part((0, 60, 1), (1, 72, 2), (3, 62, 20))
    assert likeness.pitch_classes(score(notes, bars=6)) == {0: 36, 2: 48}
    assert not likeness.pitch_classes(score(part((0, 36, 1), is_drums=True)))


def test_onsets_are_told_by_their_place_in_the_bar() -> None:
    """The same place of another bar is the same place."""
    once = score(part((0, 60, 1), (2, 60, 1)))
    again = score(part((4, 60, 1), (6, 60, 1)), bars=2)
    late = score(part((1, 60, 1), (3, 60, 1)))
    places = likeness.onset_places
    assert likeness.overlap(places(once), places(again)) == 1
    assert likeness.overlap(places(once), places(late)) == 0


def test_polyphony_leaves_silence_out() -> None:
    """Two notes at once for one quarter, one for another, and two quarters of rest."""
    assert likeness.polyphony(score(part((0, 60, 2), (1, 64, 1)))) == 1.5
    assert likeness.polyphony(score(part())) == 0


def test_an_octave_higher_is_twelve_semitones_off() -> None:
    """Whatever the order of the notes."""
    high = part(*((3 - first, pitch + 12, 1) for first, pitch, _ in SCALE))
    assert likeness.register_distance(score(part(*SCALE)), score(high)) == 12


def test_a_key_is_kept_by_its_relative_too() -> None:
    """C major and A minor share their notes; F sharp major does not."""
    major = score(part(*SCALE, (4, 67, 1), (5, 71, 1), (6, 60, 2)), bars=2)
    minor = score(
        part((0, 57, 1), (1, 60, 1), (2, 64, 1), (3, 59, 1), (4, 62, 1), (6, 57, 2)), bars=2
    )
    far = score(part(*((one, pitch + 6, long) for one, pitch, long in SCALE), (4, 66, 4)), bars=2)
    assert likeness.same_key(major, minor) == 1
    assert likeness.same_key(major, far) == 0


@given(strategies.keys)
def test_relatives_are_mutual(key: Key) -> None:
    """And of the other mode."""
    assert likeness.relative(likeness.relative(key)) == key
    assert likeness.relative(key).mode != key.mode


def test_a_held_note_sounds_in_all_its_bars() -> None:
    """Up to the line where it ends."""
    held = part((1, 60, 7), (8, 64, 4))
    assert likeness.sounding_bars(score(held, bars=4), held) == 3


def test_who_plays_is_told_by_program() -> None:
    """Who has no notes does not play; drums are nobody's program."""
    piece = score(part(), part((0, 72, 1), program=FLUTE), part((0, 36, 1), is_drums=True))
    assert likeness.programs(piece) == {FLUTE, -1}


def test_bars_are_the_same_when_the_same_is_struck() -> None:
    """Length does not matter, place and pitch do."""
    first, second, third = likeness.bar_sets(
        score(part((0, 60, 1), (4, 60, 4), (9, 60, 1)), bars=3)
    )
    assert first == second != third


def test_what_is_unknown_is_left_out_of_a_mean() -> None:
    """A mean of nothing is unknown itself."""
    assert likeness.mean([1, float("nan"), 3]) == 2
    assert isnan(likeness.mean([]))
