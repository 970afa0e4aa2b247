"""What is known beforehand, as entries of the network's memory.

Entry 0 stands for the wishes, then one a part, then one a given note in score order. A part is
told by its number, its program and how busy it is; a given note like an event, with the bars since
the entry before it.
"""

import numpy as np
from numpy.typing import NDArray

from audiogroove.tokens.codec import BAR, POSITION, Events
from audiogroove.tokens.features import EventIds, Floats, Ints
from audiogroove.tokens.vocabulary import END

MEMORY = 200  # entries at most
PAST_NOTES = 64  # of what came before the decoder's own past
COLUMNS = 8  # EventIds.stack, bars since the entry before + 1, a part's activity


def memory_of(
    events: Events, ids: EventIds, given: Ints, players: Ints, first_bar: int
) -> tuple[Ints, Floats]:
    """List the entries, shape (1 + parts + given, COLUMNS), and their times, shape (…, 2).

    Times count from `first_bar` on, so that they stay small numbers. `players` holds each part's
    program id + 1, 0 where there is no part, and its activity: shape (2, MAX_PARTS).
    """
    programs, activities = players
    parts = int((programs > 0).sum())
    entries = np.zeros((1 + parts + len(given), COLUMNS), dtype=np.int64)
    entries[1 : 1 + parts, 1] = np.arange(parts) + 1
    entries[1 : 1 + parts, 2] = programs[:parts]
    entries[1 : 1 + parts, 7] = activities[:parts]
    times = np.zeros((len(entries), 2), dtype=np.float32)
    if len(given):
        bars = events[given, BAR]
        entries[1 + parts :, :6] = ids.stack(given)
        entries[1 + parts :, 6] = np.clip(np.diff(bars, prepend=bars[0]), 0, END - 1) + 1
        times[1 + parts :] = times_of(events, given, first_bar)
    return entries, times


def times_of(events: Events, rows: NDArray[np.int64], first_bar: int) -> Floats:
    """Tell the bar and the quarter in the bar of the chosen events; zeros for rows below 0."""
    if not len(events):
        return np.zeros((len(rows), 2), dtype=np.float32)
    chosen = events[np.maximum(rows, 0)]
    times = np.stack((chosen[:, BAR] - first_bar, chosen[:, POSITION] / 12.0), axis=1)
    return np.where((rows >= 0)[:, None], times, 0.0).astype(np.float32)
