"""Which places may come next: all that lie ahead, in the region, before the next given note."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiogroove.tokens import grammar
from audiogroove.tokens.grammar import BEFORE_ALL, NOWHERE, Place, Situation, set_of

Triple = tuple[int, int, int]  # bar, position, part

STEPS = np.array((3, 2, 3))  # of three tiny bars
PARTS = range(3)
PLACES = [
    Place(bar, position, part, pitch)
    for bar, steps in enumerate(STEPS)
    for position, part, pitch in product(range(steps), PARTS, (40, 60))
]


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Draw any cursor, any given note after it, and any region that is not behind the cursor."""
    cursor = draw(st.sampled_from([BEFORE_ALL, *PLACES]))
    ahead = [place for place in PLACES if place > cursor]
    following = draw(st.just(NOWHERE) | st.sampled_from(ahead)) if ahead else NOWHERE
    past = draw(st.integers(cursor.bar + 1, len(STEPS)))
    first = draw(st.integers(0, past - 1))
    players = draw(st.sets(st.sampled_from(PARTS), min_size=1))
    above = sorted(part for part in players if part >= cursor.part)
    joins = draw(st.sets(st.sampled_from(above))) if above else set()
    if following.bar < first:
        following = NOWHERE  # such notes stand already
    return Situation(first, past, set_of(players), cursor, set_of(joins), following, STEPS)


def some(bounds: grammar.Range) -> range:
    """List a range's values."""
    return range(*bounds)


def members(parts: int) -> list[int]:
    """List the parts of a set."""
    return [part for part in PARTS if parts >> part & 1]


def offered(now: Situation) -> set[Triple]:
    """List the places that the rules lead to, field after field."""
    return {
        (bar, position, part)
        for bar in some(grammar.bars(now))
        for position in some(grammar.positions(now, bar))
        for part in members(grammar.parts(now, bar, position))
    }


def lawful(now: Situation) -> set[Triple]:
    """List the places of new notes as the law has it, looking at each by itself."""

    def may_come(place: Triple) -> bool:
        bar, position, part = place
        here = (bar, position) == now.cursor[:2]
        inside = now.first <= bar < now.past and part in members(now.parts)
        after = part in members(now.joins) if here else (bar, position) > now.cursor[:2]
        return inside and after and (now.given == NOWHERE or place < now.given[:3])

    return {place[:3] for place in PLACES if may_come(place[:3])}


@settings(max_examples=150, deadline=None)
@given(situations())
def test_just_the_lawful_places_are_offered(now: Situation) -> None:
    """None behind the cursor, none beyond the given note, none outside the region, and all others.

    The given note's own place is offered with them where the region has its bar.
    """
    here = now.first <= now.given.bar < now.past
    own = {now.given[:3]} if here else set[Triple]()
    assert lawful(now) | own == offered(now)


@settings(max_examples=150, deadline=None)
@given(situations())
def test_no_choice_leads_nowhere(now: Situation) -> None:
    """Every bar offers a position and every position a part."""
    for bar in some(grammar.bars(now)):
        assert some(grammar.positions(now, bar))
        for position in some(grammar.positions(now, bar)):
            assert grammar.parts(now, bar, position)


@settings(max_examples=150, deadline=None)
@given(situations())
def test_there_is_always_a_way_on(now: Situation) -> None:
    """A new note, a given one, or the end."""
    assert some(grammar.bars(now)) or now.given != NOWHERE or grammar.may_end(now)


def now_at(cursor: Place, *, given: Place = NOWHERE, past: int = 3, parts: int = 7) -> Situation:
    """Stand somewhere in three tiny bars in which everybody may join."""
    joins = set_of(part for part in members(parts) if part >= cursor.part)
    return Situation(0, past, parts, cursor, joins, given, STEPS)


@pytest.mark.parametrize(
    ("cursor", "ends"),
    [
        (BEFORE_ALL, False),
        (Place(1, 1, 2, 60), False),
        (Place(2, 0, 0, 60), True),
        (Place(2, 2, 2, 60), True),
    ],
)
def test_a_piece_ends_in_its_last_bar(cursor: Place, ends: bool) -> None:  # noqa: FBT001  (a table's column)
    """Not before there is a note in it."""
    assert grammar.may_end(now_at(cursor)) == ends


def test_a_piece_of_one_bar_is_not_empty() -> None:
    """Before its first note it cannot end, though its last bar is where it begins."""
    assert not grammar.may_end(now_at(BEFORE_ALL, past=1, parts=1))


def test_a_piece_does_not_end_before_what_is_given() -> None:
    """The given note has still to come."""
    assert not grammar.may_end(now_at(Place(2, 0, 0, 60), given=Place(2, 1, 0, 60)))


def test_a_chord_is_written_upwards() -> None:
    """What joins its own part's chord is higher; another part's note may be any."""
    now = now_at(Place(1, 1, 1, 60))
    assert grammar.pitches(now, 1, 1, 1) == (61, 128)
    assert grammar.pitches(now, 1, 1, 2) == (0, 128)
    assert grammar.pitches(now, 2, 1, 1) == (0, 128)
    assert grammar.pitches(now_at(BEFORE_ALL), 0, 0, 0) == (0, 128)


def test_a_note_ends_with_the_region_at_the_latest() -> None:
    """From the last step of bar 0 on there are one and two steps left in bars 0 and 1."""
    now = now_at(BEFORE_ALL, past=2, parts=1)
    assert grammar.durations(now, 0, 2) == (1, 4)
    assert grammar.durations(now, 1, 1) == (1, 2)
