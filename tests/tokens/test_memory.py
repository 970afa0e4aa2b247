"""What is known beforehand, as the network remembers it."""

import numpy as np

from audiogroove.tokens.features import fold_events
from audiogroove.tokens.memory import COLUMNS, memory_of, times_of
from audiogroove.tokens.vocabulary import DRUMS, END, MAX_PARTS
from tests.tokens.scores import BASS, PIANO, WORDS, rows

# bar, position, part, pitch, duration, velocity
EVENTS = rows(
    (3, 0, 0, 60, 12, 80),
    (3, 18, 1, 36, 12, 64),
    (5, 24, 0, 62, 12, 80),
    (40, 0, 2, 38, 3, 96),
)
PROGRAMS = np.array([PIANO, BASS, DRUMS])
IDS = fold_events(EVENTS, PROGRAMS, WORDS)
PLAYERS = np.zeros((2, MAX_PARTS), dtype=np.int64)
PLAYERS[:, :3] = WORDS["program"].ids(PROGRAMS) + 1, (5, 0, 7)


def test_wishes_and_parts_come_before_notes() -> None:
    """Entry 0 is empty, then who plays what and how busily, and none of them has a time."""
    entries, times = memory_of(EVENTS, IDS, np.array([0]), PLAYERS, 3)
    assert entries[0].tolist() == [0] * COLUMNS
    expected = [[0, one + 1, PLAYERS[0, one], 0, 0, 0, 0, PLAYERS[1, one]] for one in range(3)]
    assert expected == entries[1:4].tolist()
    assert not times[:4].any()


def test_a_given_note_is_told_like_an_event_and_how_far_it_is() -> None:
    """Its six ids, and the bars since the one before it, up to seven, from 1."""
    entries, _ = memory_of(EVENTS, IDS, np.array([0, 2, 3]), PLAYERS, 0)
    assert IDS.stack(np.array([0, 2, 3])).tolist() == entries[4:, :6].tolist()
    assert entries[4:, 6].tolist() == [1, 3, END]


def test_times_are_bars_and_quarters() -> None:
    """Bars count from where they are asked to; a row below 0 is before all notes."""
    times = times_of(EVENTS, np.array([-1, 0, 1, 2]), 3)
    assert times.tolist() == [[0, 0], [0, 0], [0, 1.5], [2, 2]]


def test_nothing_known_is_a_short_memory() -> None:
    """The wishes and the parts."""
    entries, times = memory_of(EVENTS[:0], IDS, np.zeros(0, dtype=np.int64), PLAYERS, 0)
    assert entries.shape == (4, COLUMNS)
    assert times.shape == (4, 2)
    assert np.zeros((2, 2)).tolist() == times_of(EVENTS[:0], np.array([-1, 0]), 0).tolist()
