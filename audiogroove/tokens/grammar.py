"""What may come next, as plain sets of values: the rules that every piece obeys.

A piece is written in score order (bar, position, part, pitch). Some of its notes may be *given*;
the others are *new* and lie in a region: some bars, some parts. A new note comes after the cursor
and before the next given note, or else the given note itself is next. These functions tell, field
by field and each knowing the fields decided before it, which values keep to that.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from audiogroove.tokens.vocabulary import DRUMS


class Place(NamedTuple):
    """Where a note stands in score order; the tuple's own order is that order."""

    bar: int
    position: int  # steps
    part: int
    pitch: int  # 0..127


BEFORE_ALL = Place(0, 0, 0, -1)


@dataclass(frozen=True, slots=True)
class Region:
    """Where new notes may be written: bars [first, past) and these parts."""

    first: int
    past: int
    parts: frozenset[int]


@dataclass(frozen=True, slots=True)
class Situation:
    """What the rules look at: the cursor, the next given note if there is one, the region.

    `joins` are the parts that may still take a new note at the cursor's own place.
    """

    region: Region
    cursor: Place
    joins: frozenset[int]
    given: Place | None
    steps: tuple[int, ...] = field(repr=False)  # of each bar of the piece


def bars(now: Situation) -> range:
    """Tell in which bars a new note may come; empty when only the given note or the end may."""
    first = now.cursor.bar if positions(now, now.cursor.bar) else now.cursor.bar + 1
    last = now.region.past - 1
    if now.given is not None:
        last = min(last, now.given.bar)
    return range(max(first, now.region.first), last + 1)


def may_end(now: Situation) -> bool:
    """Tell whether the piece may end here: nothing given is left, and the last bar has a note."""
    reached = now.cursor != BEFORE_ALL and now.cursor.bar >= now.region.past - 1
    return now.given is None and reached


def positions(now: Situation, bar: int) -> range:
    """Tell at which positions in a bar something may come, the next given note included."""
    past = now.steps[bar]
    if now.given is not None and bar == now.given.bar:
        past = now.given.position + 1
    if bar != now.cursor.bar:
        return range(past)
    joins = parts(now, bar, now.cursor.position)
    return range(now.cursor.position + (not joins), past)


def parts(now: Situation, bar: int, position: int) -> frozenset[int]:
    """Tell which parts may come at a place: the region's, and the given note's at its own."""
    here = (bar, position)
    new = now.region.parts if now.region.first <= bar < now.region.past else frozenset[int]()
    if here == now.cursor[:2]:
        new &= now.joins
    if now.given is None or here < now.given[:2]:
        return new
    if here > now.given[:2]:
        return frozenset()
    return frozenset({part for part in new if part < now.given.part} | {now.given.part})


def pitches(now: Situation, bar: int, position: int, part: int) -> range:
    """Tell which pitches (0..127) a new note may have: above the cursor's if it joins its chord."""
    chord = (bar, position, part) == now.cursor[:3]
    return range(now.cursor.pitch + 1 if chord else 0, DRUMS)


def durations(now: Situation, bar: int, position: int) -> range:
    """Tell how many steps a new note may last: it ends with the region."""
    return range(1, sum(now.steps[bar : now.region.past]) - position + 1)
