"""Who waits and who runs: turns are fair, nobody is lost, and there is room for so many."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.errors import Busy
from audiogroove.service.scheduler import SOONEST_S, USUAL_S, Limits, Scheduler

ANN, BOB, CY = "ann", "bob", "cy"


def scheduler(running: int = 1, waiting: int = 1000, waiting_each: int = 1000) -> Scheduler:
    """Make a scheduler, with one seat unless more are wished."""
    return Scheduler(Limits(running, waiting, waiting_each))


def admit(turns: Scheduler, *people: str) -> list[int]:
    """Let people ask, one after the other; give their tickets."""
    return [turns.admit(person) for person in people]


def played(turns: Scheduler) -> list[int]:
    """Let everything run to its end, always ending what began first; tell who began when."""
    begun: list[int] = turns.begin(0.0)
    for ticket in begun:
        turns.end(ticket, 0.0)
        begun += turns.begin(0.0)
    return begun


def test_who_asks_first_begins_first() -> None:
    """As long as everybody asks once."""
    turns = scheduler()
    tickets = admit(turns, ANN, BOB, CY)
    assert tickets == played(turns)


def test_so_many_run_as_there_are_seats() -> None:
    """And the others when seats come free."""
    turns = scheduler(running=2)
    first, second, third = admit(turns, ANN, BOB, CY)
    assert turns.begin(0.0) == [first, second]
    assert (turns.waiting, turns.running) == (1, 2)
    turns.end(second, 1.0)
    assert turns.begin(1.0) == [third]


def test_nobody_has_two_running() -> None:
    """However many seats are free."""
    turns = scheduler(running=9)
    first, second = admit(turns, ANN, ANN)
    assert turns.begin(0.0) == [first]
    turns.end(first, 1.0)
    assert turns.begin(1.0) == [second]


def test_people_take_turns() -> None:
    """Ann's pile does not keep Bob and Cy waiting."""
    turns = scheduler()
    ann, ann2, ann3, bob, bob2, cy = admit(turns, ANN, ANN, ANN, BOB, BOB, CY)
    assert [ann, bob, cy, ann2, bob2, ann3] == played(turns)


def test_a_newcomer_behind_one_person_s_pile_is_next() -> None:
    """Whatever lies on it."""
    turns = scheduler()
    first, *pile = admit(turns, *[ANN] * 50)
    assert turns.begin(0.0) == [first]
    (newcomer,) = admit(turns, BOB)
    assert turns.places()[newcomer] == 0
    turns.end(first, 1.0)
    assert turns.begin(1.0) == [newcomer]
    assert turns.places()[pile[0]] == 0


def test_what_is_cancelled_while_it_waits_never_begins() -> None:
    """And its person keeps the turn for what else is there."""
    turns = scheduler()
    running, ann, ann2, bob = admit(turns, CY, ANN, ANN, BOB)
    assert turns.begin(0.0) == [running]
    turns.end(ann, 0.0)
    assert turns.places() == {ann2: 0, bob: 1}
    turns.end(ann2, 0.0)
    assert turns.places() == {bob: 0}
    turns.end(running, 1.0)
    assert turns.begin(1.0) == [bob]


def test_what_is_cancelled_while_it_runs_makes_room() -> None:
    """For the same person's next as well."""
    turns = scheduler()
    first, second = admit(turns, ANN, ANN)
    turns.begin(0.0)
    turns.end(first, 0.1)
    assert turns.begin(0.1) == [second]


# There is room for so many


def test_a_full_pile_is_its_owner_s_own_trouble() -> None:
    """What runs is not on the pile; others may still come."""
    turns = scheduler(waiting_each=2)
    admit(turns, ANN)
    turns.begin(0.0)
    admit(turns, ANN, ANN)
    with pytest.raises(Busy) as refused:
        turns.admit(ANN)
    assert (refused.value.own, refused.value.waiting) == (True, 2)
    admit(turns, BOB)


def test_a_full_house_is_everybody_s_trouble() -> None:
    """The asker's pile may be empty."""
    turns = scheduler(waiting=2)
    admit(turns, ANN)
    turns.begin(0.0)
    admit(turns, BOB, BOB)
    with pytest.raises(Busy) as refused:
        turns.admit(CY)
    assert (refused.value.own, refused.value.waiting) == (False, 2)


def test_where_nobody_may_wait_a_free_seat_is_taken_all_the_same() -> None:
    """Once."""
    turns = scheduler(waiting=0, waiting_each=0)
    admit(turns, ANN)
    turns.begin(0.0)
    for person in (ANN, BOB):
        with pytest.raises(Busy):
            turns.admit(person)


def test_who_is_refused_changes_nothing() -> None:
    """Neither places nor counts."""
    turns = scheduler(waiting=1)
    admit(turns, ANN)
    turns.begin(0.0)
    admit(turns, BOB)
    before = turns.places()
    with pytest.raises(Busy):
        turns.admit(CY)
    assert (turns.places(), turns.waiting, turns.running) == (before, 1, 1)


@pytest.mark.parametrize(
    ("running", "waiting", "waiting_each"), [(0, 1, 1), (1, -1, 1), (1, 1, -1)]
)
def test_limits_that_are_none_are_refused(running: int, waiting: int, waiting_each: int) -> None:
    """Something must be able to run."""
    with pytest.raises(ValueError, match="no such limits"):
        Limits(running, waiting, waiting_each)


# When to come back


def retry_after_s(turns: Scheduler, person: str) -> float:
    """Ask where there is no room; tell when to come back."""
    with pytest.raises(Busy) as refused:
        turns.admit(person)
    return refused.value.retry_after_s


def test_before_anything_has_ended_a_usual_time_is_told() -> None:
    """A guess is better than nothing."""
    turns = scheduler(waiting=0)
    admit(turns, ANN)
    turns.begin(0.0)
    assert retry_after_s(turns, BOB) == USUAL_S


def test_the_time_to_come_back_follows_the_pace() -> None:
    """Twenty jobs of ten seconds each, and one is expected to last as long."""
    turns, now_s = scheduler(waiting=0), 0.0
    for _ in range(20):
        (ticket,) = admit(turns, ANN)
        turns.begin(now_s)
        now_s += 10.0
        turns.end(ticket, now_s)
    admit(turns, ANN)
    turns.begin(now_s)
    assert retry_after_s(turns, BOB) == pytest.approx(10.0, abs=0.1)


def test_with_more_seats_a_place_is_free_sooner() -> None:
    """But never at once."""
    turns = scheduler(running=2, waiting=0)
    admit(turns, ANN, BOB)
    turns.begin(0.0)
    assert retry_after_s(turns, CY) == USUAL_S / 2
    turns = scheduler(running=100, waiting=0)
    for number in range(100):
        admit(turns, str(number))
        turns.begin(0.0)
    assert retry_after_s(turns, CY) == SOONEST_S


def test_the_own_pile_shrinks_when_it_is_its_turn() -> None:
    """After those who are before it."""
    turns = scheduler(waiting_each=1)
    admit(turns, BOB)
    turns.begin(0.0)
    admit(turns, CY, ANN)
    assert retry_after_s(turns, ANN) == 2 * USUAL_S
    assert retry_after_s(turns, CY) == USUAL_S


# Laws

Acts = Sequence[tuple[str, str, int]]
acts = st.lists(
    st.tuples(
        st.sampled_from(("ask", "ask", "begin", "end")),
        st.sampled_from((ANN, BOB, CY, "dee")),
        st.integers(0, 99),
    ),
    max_size=80,
)
limits = st.builds(Limits, st.integers(1, 4), st.integers(0, 9), st.integers(0, 4))


@given(limits, acts)
def test_every_admitted_job_waits_or_runs_or_has_ended_and_that_once(
    room: Limits, script: Acts
) -> None:
    """Whoever asks, begins and ends in whatever order."""
    turns, waiting, running = Scheduler(room), dict[int, str](), dict[int, str]()
    for act, person, which in script:
        there = [*waiting, *running]
        if act == "ask":
            with suppress(Busy):
                waiting[turns.admit(person)] = person
        elif act == "begin":
            for ticket in turns.begin(0.0):
                running[ticket] = waiting.pop(ticket)
            # as many as there are seats and people for
            idle = set(waiting.values()) - set(running.values())
            assert len(running) == room.running or not idle
        elif there:
            ticket = there[which % len(there)]
            turns.end(ticket, 0.0)
            waiting.pop(ticket, None)
            running.pop(ticket, None)
        assert (turns.waiting, turns.running) == (len(waiting), len(running))
        assert set(waiting) == set(turns.places())
        assert sorted(turns.places().values()) == list(range(len(waiting)))
        assert max(Counter(running.values()).values(), default=0) <= 1
    left = list(waiting)
    for ticket in running:
        turns.end(ticket, 0.0)
    assert sorted(played(turns)) == sorted(left)
    assert (turns.waiting, turns.running) == (0, 0)


@given(st.lists(st.sampled_from((ANN, BOB, CY, "dee")), min_size=1, max_size=30))
def test_the_order_comes_as_it_was_foretold(people: list[str]) -> None:
    """With one seat, and when nobody else comes."""
    turns = scheduler()
    admit(turns, *people)
    places = turns.places()
    assert sorted(places, key=places.__getitem__) == played(turns)


@given(st.lists(st.sampled_from((ANN, BOB, CY)), min_size=1, max_size=20))
def test_nobody_waits_longer_than_everybody_s_turn_takes(people: list[str]) -> None:
    """Of n people each begins again after at most n - 1 others, as long as something waits."""
    turns = scheduler()
    owners = dict(zip(admit(turns, *people), people, strict=True))
    order = [owners[ticket] for ticket in played(turns)]
    for person in set(people):
        own = [index for index, one in enumerate(order) if one == person]
        gaps = [later - sooner for sooner, later in pairwise(own)]
        assert max([own[0] + 1, *gaps]) <= len(set(people))
