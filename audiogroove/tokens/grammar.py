"""What may come next, as ranges and sets of values: the rules that every piece obeys.

A piece is written in score order (bar, position, part, pitch). Some of its notes may be *given*;
the others are *new* and lie in a region: some bars, some parts. A new note comes after the cursor
and before the next given note, or else the given note itself is next. These functions tell, field
by field and each knowing the fields decided before it, which values keep to that.

A range is its first value and the one past its last. A set of parts is a number in which part p
has the bit 1 << p.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audiogroove.compiled import compiled
from audiogroove.tokens.vocabulary import DRUMS

Range = tuple[int, int]


class Place(NamedTuple):
    """Where a note stands in score order; the tuple's own order is that order."""

    bar: int
    position: int  # steps
    part: int
    pitch: int  # 0..127


BEFORE_ALL = Place(0, 0, 0, -1)
NOWHERE = Place(-1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Region:
    """Where new notes may be written: bars [first, past) and these parts."""

    first: int
    past: int
    parts: frozenset[int]


class Situation(NamedTuple):
    """What the rules look at: the region, the cursor, the next given note or `NOWHERE`.

    `joins` are the parts that may still take a new note at the cursor's own place.
    """

    first: int
    past: int
    parts: int
    cursor: Place
    joins: int
    given: Place
    steps: NDArray[np.int64]  # of each bar of the piece


def set_of(parts: Iterable[int]) -> int:
    """Write a set of parts as a number."""
    return sum(1 << part for part in parts)


@compiled
def bars(now: Situation) -> Range:
    """Tell in which bars a new note may come; none when only the given note or the end may."""
    here = positions(now, now.cursor.bar)
    first = now.cursor.bar if here[0] < here[1] else now.cursor.bar + 1
    past = now.past
    if now.given.bar >= 0:
        past = min(past, now.given.bar + 1)
    return max(first, now.first), past


@compiled
def may_end(now: Situation) -> bool:
    """Tell whether the piece may end here: nothing given is left, and the last bar has a note."""
    reached = now.cursor.pitch >= 0 and now.cursor.bar >= now.past - 1
    return now.given.bar < 0 and reached


@compiled
def positions(now: Situation, bar: int) -> Range:
    """Tell at which positions in a bar something may come, the next given note included."""
    past = now.steps[bar]
    if bar == now.given.bar:
        past = now.given.position + 1
    if bar != now.cursor.bar:
        return 0, past
    joins = parts(now, bar, now.cursor.position)
    return now.cursor.position + (joins == 0), past


@compiled
def parts(now: Situation, bar: int, position: int) -> int:
    """Tell which parts may come at a place: the region's, and the given note's at its own."""
    new = now.parts if now.first <= bar < now.past else 0
    if bar == now.cursor.bar and position == now.cursor.position:
        new &= now.joins
    given = now.given
    if given.bar < 0 or bar < given.bar or (bar == given.bar and position < given.position):
        return new
    if bar > given.bar or position > given.position:
        return 0
    return (new & ((1 << given.part) - 1)) | (1 << given.part)


@compiled
def pitches(now: Situation, bar: int, position: int, part: int) -> Range:
    """Tell which pitches (0..127) a new note may have: above the cursor's if it joins its chord."""
    cursor = now.cursor
    chord = bar == cursor.bar and position == cursor.position and part == cursor.part
    return (cursor.pitch + 1 if chord else 0), DRUMS


@compiled
def durations(now: Situation, bar: int, position: int) -> Range:
    """Tell how many steps a new note may last: it ends with the region."""
    return 1, now.steps[bar : now.past].sum() - position + 1
