"""How far a piece is behind or ahead of the notes that its parts were to play, as nats to lean by.

The network is told how busy each part is to be, and forgets it at times. So due and played notes
are counted, the older the less, and who is behind is leant on: a proportional controller. In bars
that come again nothing is leant on, for they are as busy as they were, nor where music closes.
"""

import numpy as np

from audiogroove.compiled import compiled
from audiogroove.tokens.form import LIKE
from audiogroove.tokens.sheet import (
    CLOSES,
    COUNT,
    FIRST,
    LEVEL,
    PARTS,
    STEPS,
    TURN_BAR,
    Sheet,
    cursor_of,
    onset_of,
)

RATE, DUE, PLAYED = range(3)  # columns of `Sheet.pace`: notes a bar to play, 0 where it is open
KEPT = 0.8  # of what was due and played, from bar to bar: some five bars count
NEAR, FAR = 3, 24  # steps from onset to onset: nearer is no faster, farther no slower
SOME = 1.0  # notes that are taken to be due and played besides, so that a few weigh little


@compiled
def count_bars(sheet: Sheet, bars: int) -> None:
    """Let so many bars end."""
    pace = sheet.pace
    for _ in range(bars):
        for part in range(len(pace)):
            pace[part, DUE] = KEPT * (pace[part, DUE] + pace[part, RATE])
            pace[part, PLAYED] *= KEPT


@compiled
def count_note(sheet: Sheet) -> None:
    """Count the last event that stands, and the bars since the one before it."""
    at = sheet.now[COUNT] - 1
    count_bars(sheet, sheet.events[at, 0] - _bar_before(sheet, at))
    sheet.pace[sheet.events[at, 2], PLAYED] += 1


@compiled
def lag_of(sheet: Sheet, part: int, bar: int, position: int) -> float:
    """Tell by how many nats a part is behind at a place; below 0 where it is ahead."""
    if sheet.pace[part, RATE] <= 0 or not _is_free(sheet, bar):
        return 0.0
    due, played = _account(sheet, part, bar, position)
    return float(np.log((due + SOME) / (played + SOME)))


@compiled
def lag_of_all(sheet: Sheet, bar: int, position: int) -> float:
    """Tell by how many nats all who write are behind at a place; 0 where any of them is open."""
    if not _is_free(sheet, bar):
        return 0.0
    all_due, all_played = SOME, SOME
    for part in range(len(sheet.pace)):
        if not sheet.now[PARTS] >> part & 1:
            continue
        if sheet.pace[part, RATE] <= 0:
            return 0.0
        due, played = _account(sheet, part, bar, position)
        all_due += due
        all_played += played
    return float(np.log(all_due / all_played))


@compiled
def leap_to(sheet: Sheet, position: int) -> float:
    """Tell how far a position in the chosen bar is from the last onset, in quarters.

    It is kept within `NEAR` and `FAR`: who hurries plays shorter notes, not bigger chords.
    """
    cursor = cursor_of(sheet)
    onset = onset_of(sheet, sheet.turn[TURN_BAR], position)
    if sheet.now[COUNT] > 0:
        onset -= onset_of(sheet, cursor.bar, cursor.position)
    return min(max(onset, NEAR), FAR) / 12


@compiled
def _account(sheet: Sheet, part: int, bar: int, position: int) -> tuple[float, float]:
    """Tell how many notes of a part are due and played at a place."""
    rate, due, played = sheet.pace[part]
    for _ in range(bar - _bar_before(sheet, sheet.now[COUNT])):
        due, played = KEPT * (due + rate), KEPT * played
    return due + rate * position / sheet.plan[bar, STEPS], played


@compiled
def _bar_before(sheet: Sheet, at: int) -> int:
    """Tell up to which bar is counted before an event: that of the one before, if it is new."""
    first = int(sheet.now[FIRST])
    return max(first, int(sheet.events[at - 1, 0])) if at > 0 else first


@compiled
def _is_free(sheet: Sheet, bar: int) -> bool:
    """Tell whether a bar is neither to come again from before nor to close."""
    return bool(sheet.plan[bar, LEVEL] < LIKE and sheet.plan[bar, CLOSES] == 0)
