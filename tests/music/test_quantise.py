"""Where notes and bar lines fall: written music stays, played music is understood."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from audiogroove.errors import SeedFault, SeedRejected
from audiogroove.music.piece import MAX_BARS, Meter, bar_lines
from audiogroove.music.quantise import Ints, bars, is_written, latency, nearest, place
from tests.strategies import METERS

TICK = 12 / 480


def _place(starts: list[float], lengths: list[float] | float) -> list[tuple[int, int]]:
    """Tell (onset, duration) of notes of rising pitch."""
    onsets, ends = place(
        np.array(starts, dtype=np.float64),
        np.broadcast_to(np.array(lengths, dtype=np.float64), len(starts)),
        np.arange(len(starts)),
        tick=TICK,
    )
    return list(zip(onsets.tolist(), (ends - onsets).tolist(), strict=True))


def _onsets(starts: list[float]) -> list[int]:
    return [onset for onset, _ in _place(starts, 1.0)]


# Written


@pytest.mark.parametrize(
    ("what", "written", "steps"),
    [
        ("sixteenths and triplets", [0, 3, 6, 9, 12, 16, 20, 24], [0, 3, 6, 9, 12, 16, 20, 24]),
        ("32nds: every other between two steps", [0, 1.5, 3, 4.5, 6], [0, 2, 3, 5, 6]),
        ("five to the quarter", [0, 2.4, 4.8, 7.2, 9.6, 12], [0, 2, 5, 7, 10, 12]),
        ("seven to the quarter", [12 * at / 7 for at in range(8)], [0, 2, 3, 5, 7, 9, 10, 12]),
    ],
)
def test_written_onsets_go_to_their_nearest_step(
    what: str, written: list[float], steps: list[int]
) -> None:
    """On whatever grid notation knows."""
    assert steps == _onsets(written), what


def test_a_coarse_clock_is_no_reason_to_doubt_what_is_written() -> None:
    """At 100 ticks a quarter a triplet cannot be exact; it is written all the same."""
    tick = 12 / 100
    starts = np.array([0, 33, 67, 100, 133, 167]) * tick
    assert is_written(starts, tick=tick)
    assert nearest(starts).tolist() == [0, 4, 8, 12, 16, 20]


@given(arrays(np.int64, st.integers(1, 60), elements=st.integers(0, 5_000)))
def test_whatever_is_on_the_grid_stays(steps: Ints) -> None:
    """Of a voice on whole steps no onset and no length changes."""
    lengths = 1 + steps % 97
    onsets, ends = place(
        steps.astype(np.float64), lengths.astype(np.float64), steps % 128, tick=TICK
    )
    assert steps.tolist() == onsets.tolist()
    assert (steps + lengths).tolist() == ends.tolist()


# Played


def test_uneven_sixteenths_are_sixteenths() -> None:
    """Rounding to the nearest step would leave half of them a step beside."""
    played = [0.4, 2.6, 6.5, 8.3, 12.2, 15.6, 17.5, 21.4, 23.6, 27.6, 29.8, 33.4]
    assert [3 * at for at in range(12)] == _onsets(played)
    assert [3 * at for at in range(12)] != nearest(np.array(played)).tolist()


def test_swung_eighths_are_triplets() -> None:
    """Long, short, long, short: two thirds and one."""
    played = [0.3, 8.2, 12.1, 19.6, 24.3, 32.4, 36.2, 43.7, 48.3, 55.8, 60.2, 68.3]
    assert _onsets(played) == [0, 8, 12, 20, 24, 32, 36, 44, 48, 56, 60, 68]


def test_each_beat_is_read_by_itself() -> None:
    """Four sixteenths, then a triplet, then two eighths, again and again, unevenly."""
    meant = [0, 3, 6, 9, 12, 16, 20, 24, 30]
    unevenness = [0.3, -0.2, 0.3, -0.4, 0.2, -0.2, 0.4, 0.1, -0.4]
    written = [36 * turn + step for turn in range(4) for step in meant]
    played = [max(0, step + unevenness[at % 9]) for at, step in enumerate(written)]
    assert written == _onsets(played)


def test_a_roll_keeps_its_strokes() -> None:
    """Two strokes of one drum within a sixteenth stay two, where the grid has room."""
    starts = np.array([0.2, 3.1, 6.2, 7.7, 9.3, 12.2, 15.3, 18.2, 21.1])
    onsets, _ = place(starts, np.full(9, 0.5), np.full(9, 38), tick=TICK)
    assert len(starts) == len(set(onsets.tolist()))


def test_a_note_just_before_the_beat_is_on_the_beat() -> None:
    """However early, it belongs to the beat that follows."""
    assert _onsets([0.2, 11.7, 23.6, 35.8]) == [0, 12, 24, 36]


# Lengths


@pytest.mark.parametrize(
    ("what", "lengths", "meant"),
    [
        ("exact", [12, 12, 12, 6], [12, 12, 12, 6]),
        ("one tick short", [11.975, 11.975, 11.975, 5.975], [12, 12, 12, 6]),
        ("let go at 90 %", [10.8, 10.8, 10.8, 5.4], [12, 12, 12, 6]),
        ("let go at 80 %", [9.6, 9.6, 9.6, 4.8], [12, 12, 12, 4]),
        ("held on a little", [12.4, 12.4, 12.3, 6.2], [12, 12, 12, 6]),
        ("cut short on purpose", [5.8, 5.8, 5.8, 5.8], [6, 6, 6, 6]),
    ],
)
def test_lengths_are_what_was_written(what: str, lengths: list[float], meant: list[int]) -> None:
    """Four quarters, held in different ways: a note ends at the next where it nearly does."""
    assert meant == [duration for _, duration in _place([0, 12, 24, 36], lengths)], what


def test_a_held_note_ends_with_the_notes_above_it() -> None:
    """A bass that is let go shortly before a later onset lasts until that onset."""
    assert _place([0, 0, 6, 12, 18, 24], [23.3, 5.4, 5.4, 5.4, 5.4, 5.4])[0] == (0, 24)


def test_nothing_lasts_less_than_a_step() -> None:
    """Percussion often has no length at all."""
    assert _place([0, 6, 12], 0.0) == [(0, 1), (6, 1), (12, 1)]


def test_very_long_notes_last_whole_quarters() -> None:
    """Beyond a whole note the value is counted in quarters."""
    assert _place([0], [601.3]) == [(0, 600)]


# Latency


def test_a_file_that_comes_late_throughout_is_set_right() -> None:
    """Sixteenths that all lie 1.25 steps behind are told so."""
    assert pytest.approx(1.25) == latency(np.arange(1.25, 120, 3), tick=TICK)


@pytest.mark.parametrize(
    "times",
    [np.arange(40) * 3.0 + 1, np.arange(9) * 3 + 1.25, np.arange(40) * 2.21],
    ids=["written off the beat", "too few to tell", "of no agreement"],
)
def test_files_that_do_not_agree_on_a_latency_have_none(times: Ints) -> None:
    """Written music least of all."""
    assert latency(times.astype(np.float64), tick=TICK) == 0.0


# Bars

THREE, FOUR = Meter(3, 4), Meter(4, 4)


@pytest.mark.parametrize(
    ("changes", "end", "meters", "count"),
    [
        pytest.param([], 1, [(0, FOUR)], 1, id="no meter is 4/4, a note makes a bar"),
        pytest.param([], 49, [(0, FOUR)], 2, id="bars cover the end"),
        pytest.param([(0, THREE)], 36, [(0, THREE)], 1, id="and not more"),
        pytest.param([(0, THREE), (36, THREE)], 72, [(0, THREE)], 2, id="the same is no change"),
        pytest.param(
            [(0, THREE), (108, FOUR)], 150, [(0, THREE), (3, FOUR)], 4, id="at a bar line"
        ),
        pytest.param([(0, THREE), (109, FOUR)], 150, [(0, THREE), (3, FOUR)], 4, id="beside one"),
        pytest.param([(0, THREE), (107, FOUR)], 150, [(0, THREE), (3, FOUR)], 4, id="before one"),
        pytest.param(
            [(0, FOUR), (72, THREE)],
            100,
            [(0, FOUR), (1, Meter(2, 4)), (2, THREE)],
            3,
            id="a half bar before it",
        ),
        pytest.param(
            [(0, FOUR), (57, THREE)],
            90,
            [(0, FOUR), (1, Meter(3, 16)), (2, THREE)],
            3,
            id="three sixteenths before it",
        ),
        pytest.param([(0, THREE), (0, FOUR)], 40, [(0, FOUR)], 1, id="of two at once the last"),
        pytest.param([(0, THREE), (40, FOUR)], 38, [(0, THREE)], 2, id="none behind the end"),
    ],
)
def test_bars_are_laid_under_the_music(
    changes: list[tuple[int, Meter]], end: int, meters: list[tuple[int, Meter]], count: int
) -> None:
    """Changes are kept where bars begin; a bar is cut short rather than all later ones moved."""
    assert (tuple(meters), count) == bars(changes, end)


@given(
    st.lists(st.tuples(st.integers(0, 5_000), st.sampled_from(METERS)), max_size=12),
    st.integers(1, 5_000),
)
@settings(max_examples=200)
def test_any_changes_make_lawful_bars(changes: list[tuple[int, Meter]], end: int) -> None:
    """They rise from 0, differ from one to the next, cover the end, and the last bar is needed."""
    meters, count = bars(sorted(changes, key=lambda change: change[0]), end)
    lines = bar_lines(meters, count)
    starts = [bar for bar, _ in meters]
    assert starts == sorted(set(starts))
    assert all(one != two for (_, one), (_, two) in pairwise(meters))
    assert end <= lines[-1]


def test_too_many_bars_are_refused() -> None:
    """One more than 2,000."""
    bars([(0, THREE)], 36 * MAX_BARS)
    with pytest.raises(SeedRejected) as refusal:
        bars([(0, THREE)], 36 * MAX_BARS + 1)
    assert (refusal.value.fault, refusal.value.found) == (SeedFault.TOO_LONG, MAX_BARS + 1)
