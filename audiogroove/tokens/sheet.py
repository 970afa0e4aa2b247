"""A piece being written, as arrays that compiled functions read and change.

What the network is told of a sheet is in `audiogroove.tokens.telling`, what may be decided and
what was in `audiogroove.tokens.deciding`. `audiogroove.tokens.draft` is the same for people: it
makes a sheet of a brief, and asks and tells it one field at a time.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audiogroove.compiled import Reference, Structure, compiled, structure
from audiogroove.tokens.grammar import BEFORE_ALL, NOWHERE, Place, Situation
from audiogroove.tokens.vocabulary import DRUMS, Vocabulary

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

# what `Sheet.now` counts
COUNT, UPCOMING, NEW, OVER, FIRST, PAST, PARTS, ENDING, LIMIT, JOINS = range(10)
# one event while it is decided; given or over once nothing is left to decide
TURN_BAR, TURN_POSITION, TURN_PART, TURN_PITCH, TURN_DURATION, TURN_GIVEN, TURN_OVER = range(7)
LINE, STEPS, METER, SOURCE, LEVEL, CLOSES = range(6)  # columns of a plan
PROGRAM, PROGRAM_ID, POLYPHONY, TOP = range(4)  # columns of the players


class Sheet(NamedTuple):
    """One piece: what stands, what is given, where new notes go, what sounds."""

    now: Ints  # see COUNT and the others
    turn: Ints  # see TURN_BAR and the others
    events: Ints  # (room, 6) what stands, see tokens.codec.COLUMNS …
    keys: Ints  # (room,) … the place of each in score order …
    ids: Ints  # (room, 6) … as the network tells them apart, from 1 …
    fresh: Mask  # (room,) … and which of them are new
    given: Ints  # (given, 6) what is known of what comes
    plan: Ints  # (bars, 6) a bar's first step, steps, meter id + 1, source and level, if it closes
    players: Ints  # (parts, 4) program, its id, notes at once, highest pitch
    fitting: Mask  # (parts, pitch ids) what an instrument has, in a strict scale if one is wished
    part_ends: Ints  # (MAX_PARTS,) the step where each part's last note ends
    pitch_ends: Ints  # (132,) … where each melodic pitch ends
    note_ends: Ints  # (MAX_PARTS, 128) … where each pitch of each part ends
    own: Ints  # (MAX_PARTS, 3) pitch, duration and velocity ids of each part's last note, from 1
    pace: Floats  # (parts, 3) notes that are due and played, see tokens.pacing


class Lexicon(NamedTuple):
    """A vocabulary as arrays: each field's values, and the id that each value folds into."""

    positions: Ints
    durations: Ints
    velocities: Ints
    keys: Ints  # of each pitch id, 0..127
    drums: Mask  # which pitch ids are the kit's
    position_ids: Ints
    pitch_ids: Ints
    duration_ids: Ints
    velocity_ids: Ints

    @classmethod
    def of(cls, words: Vocabulary) -> "Lexicon":
        """Take a vocabulary apart."""
        values = {name: np.asarray(words[name].values, dtype=np.int64) for name in words.tables}
        drums = values["pitch"] >= DRUMS
        return cls(
            values["position"],
            values["duration"],
            values["velocity"],
            values["pitch"] - DRUMS * drums,
            drums,
            *(words[name].fold for name in ("position", "pitch", "duration", "velocity")),
        )


class SheetType(Structure):
    """How compiled functions know a `Sheet`."""


class SheetRef(Reference):
    """A `Sheet` as it is handed to compiled functions."""


structure(Sheet._fields, SheetRef, SheetType)


@compiled
def refer_to_sheet(*arrays: Any) -> Any:
    """Hand a `Sheet` over: its fields, in their order."""
    return SheetRef(*arrays)


class LexiconType(Structure):
    """How compiled functions know a `Lexicon`."""


class LexiconRef(Reference):
    """A `Lexicon` as it is handed to compiled functions."""


structure(Lexicon._fields, LexiconRef, LexiconType)


@compiled
def refer_to_lexicon(*arrays: Any) -> Any:
    """Hand a `Lexicon` over: its fields, in their order."""
    return LexiconRef(*arrays)


@compiled
def folded(table: Ints, value: int) -> int:
    """Give the id that a value folds into."""
    return int(table[min(value, len(table) - 1)])


@compiled
def cursor_of(sheet: Sheet) -> Place:
    """Tell where the last event stands."""
    count = sheet.now[COUNT]
    if count == 0:
        return BEFORE_ALL
    last = sheet.events[count - 1]
    return Place(last[0], last[1], last[2], last[3])


@compiled
def given_of(sheet: Sheet) -> Place:
    """Tell where the next given note stands, `NOWHERE` when there is none."""
    upcoming = sheet.now[UPCOMING]
    if upcoming >= len(sheet.given):
        return NOWHERE
    row = sheet.given[upcoming]
    return Place(row[0], row[1], row[2], row[3])


@compiled
def situation(sheet: Sheet) -> Situation:
    """Tell what the grammar looks at."""
    now = sheet.now
    cursor, given = cursor_of(sheet), given_of(sheet)
    return Situation(
        now[FIRST], now[PAST], now[PARTS], cursor, now[JOINS], given, sheet.plan[:, STEPS]
    )


@compiled
def onset_of(sheet: Sheet, bar: int, position: int) -> int:
    """Tell the step of the piece at a position in a bar."""
    return int(sheet.plan[bar, LINE]) + position


@compiled
def turn_onset(sheet: Sheet) -> int:
    """Tell the step of the place that is chosen."""
    return onset_of(sheet, sheet.turn[TURN_BAR], sheet.turn[TURN_POSITION])
