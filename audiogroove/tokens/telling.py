"""What the network is told of a sheet before it decides.

The definitions are those of `audiogroove.tokens.features`; a test holds both equal, step for step.
"""

import numpy as np

from audiogroove.compiled import compiled
from audiogroove.tokens.features import (
    BAR_CYCLE,
    BAR_KEY,
    FAR_BARS,
    LOOKBACK_BARS,
    LOOKBACKS,
    NEAR_BARS,
)
from audiogroove.tokens.form import LIKE
from audiogroove.tokens.sheet import (
    COUNT,
    ENDING,
    LEVEL,
    METER,
    SOURCE,
    Ints,
    Sheet,
    cursor_of,
    given_of,
    onset_of,
)


@compiled
def tell_cursor(sheet: Sheet, row: Ints) -> None:
    """Describe the last event, six ids from 1, or zeros before the first."""
    count = sheet.now[COUNT]
    for column in range(6):
        row[column] = sheet.ids[count - 1, column] if count else 0


@compiled
def tell_place(sheet: Sheet, row: Ints) -> None:
    """Describe the cursor's bar: in the cycle, meter, bars left, form here and next, until given.

    See `features.Features.place`.
    """
    bar, bars = cursor_of(sheet).bar, len(sheet.plan)
    given = given_of(sheet).bar
    row[0] = bar % BAR_CYCLE + 1
    row[1] = sheet.plan[bar, METER]
    row[2] = min(bars - 1 - bar, FAR_BARS) + 1 if sheet.now[ENDING] else 0
    row[3] = sheet.plan[bar, LEVEL]
    row[4] = sheet.plan[bar + 1, LEVEL] if bar + 1 < bars else 0
    row[5] = min(given - bar, FAR_BARS) + 1 if given >= 0 else 0


@compiled
def tell_lookback(sheet: Sheet, rows: Ints) -> None:
    """Describe what followed the same place some bars ago, (LOOKBACKS, 5).

    See `features.Features.lookback`; the last row follows the form.
    """
    rows[:] = 0
    count, key = sheet.now[COUNT], _last_key(sheet)
    if key < 0:
        return
    bar = key // BAR_KEY
    for index, ago in enumerate(LOOKBACK_BARS):
        if bar >= ago:
            after = int(np.searchsorted(sheet.keys[:count], key - ago * BAR_KEY, side="right"))
            _look_up(sheet, after, bar - ago, rows[index])
    tell_recall(sheet, rows[LOOKBACKS - 1])


@compiled
def tell_recall(sheet: Sheet, last: Ints) -> None:
    """Describe what comes next where the form says that music comes again, (5,), or zeros.

    The first is 1 while it is in the cursor's bar, 2 when it is in the next one, 3 farther on.
    """
    last[:] = 0
    count, key = sheet.now[COUNT], _last_key(sheet)
    if key < 0:
        return
    bar = key // BAR_KEY
    source = sheet.plan[bar, SOURCE]
    if source >= 0:
        there = key - (bar - source) * BAR_KEY
        after = np.searchsorted(sheet.keys[:count], there, side="right")
        _look_up(sheet, after, source, last)
    if last[0] != 1:  # the form's source bar is spent: look at the next bar's source
        last[:] = 0
        following = bar + 1
        if following < len(sheet.plan) and sheet.plan[following, LEVEL] >= LIKE:
            source = sheet.plan[following, SOURCE]
            if source >= 0:
                first = np.searchsorted(sheet.keys[:count], source * BAR_KEY)
                _look_up(sheet, first, source, last)
                last[0] = 2 if last[0] == 1 else 3


@compiled
def _last_key(sheet: Sheet) -> int:
    """Tell the key of the last event, -1 before the first."""
    count = sheet.now[COUNT]
    return int(sheet.keys[count - 1]) if count else -1


@compiled
def _look_up(sheet: Sheet, index: int, bar: int, row: Ints) -> None:
    at = min(index, sheet.now[COUNT] - 1)
    ids = sheet.ids[at]
    row[0] = min(max(sheet.events[at, 0] - bar, 0), NEAR_BARS - 1) + 1
    row[1], row[2], row[3], row[4] = ids[0], ids[1], ids[3], ids[4]


@compiled
def rests(sheet: Sheet) -> Ints:
    """Tell how many steps each part still sounds, below 1 if it does not, (MAX_PARTS,)."""
    if sheet.now[COUNT] == 0:
        return sheet.part_ends
    cursor = cursor_of(sheet)
    return sheet.part_ends - onset_of(sheet, cursor.bar, cursor.position)
