"""A chat is sent no more than its limits allow, in any window, and is forgotten afterwards."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.pace import FEWEST_KEPT, Limit, Pace

SLOWLY = (Limit(1, 1.0), Limit(20, 60.0))  # as in a group on Telegram


def everybody(*limits: Limit) -> Pace:
    """Make a pace with the same limits for every chat."""
    return Pace(lambda _chat: limits)


def test_the_first_message_goes_at_once() -> None:
    """Nobody waits for what has not happened."""
    assert everybody(*SLOWLY).ready_at("a", 7.0) == 7.0


def test_a_chat_without_limits_is_always_ready() -> None:
    """And nothing is kept of it."""
    pace = everybody()
    pace.spend("a", 7.0)
    assert pace.ready_at("a", 7.0) == 7.0
    assert len(pace) == 0


def test_the_next_one_waits_for_the_window_to_pass() -> None:
    """A full window opens when its oldest message leaves it."""
    pace = everybody(Limit(2, 10.0))
    pace.spend("a", 0.0)
    assert pace.ready_at("a", 1.0) == 1.0
    pace.spend("a", 4.0)
    assert pace.ready_at("a", 5.0) == 10.0
    pace.spend("a", 10.0)
    assert pace.ready_at("a", 10.0) == 14.0


def test_the_strictest_limit_counts() -> None:
    """One a second, until twenty are in the minute."""
    pace = everybody(*SLOWLY)
    for second in range(20):
        assert pace.ready_at("a", float(second)) == second
        pace.spend("a", float(second))
    assert pace.ready_at("a", 20.0) == 60.0


def test_chats_do_not_share_a_pace() -> None:
    """What one has had is nothing to another, and each has limits of its own."""
    pace = Pace(lambda chat: (Limit(1, 3.0),) if chat == "group" else (Limit(1, 1.0),))
    pace.spend("group", 0.0)
    assert pace.ready_at("private", 0.0) == 0.0
    pace.spend("private", 0.0)
    assert (pace.ready_at("private", 0.0), pace.ready_at("group", 0.0)) == (1.0, 3.0)


def test_a_chat_on_hold_waits_whatever_its_limits_say() -> None:
    """The platform's own word counts; the later of two words does."""
    pace = everybody()
    pace.hold("a", 30.0)
    pace.hold("a", 20.0)
    assert pace.ready_at("a", 1.0) == 30.0
    assert pace.ready_at("b", 1.0) == 1.0
    assert pace.ready_at("a", 31.0) == 31.0


def test_who_was_served_long_ago_is_forgotten() -> None:
    """A bot that is spoken to by thousands a day remembers those of the last minute."""
    pace = everybody(*SLOWLY)
    for second in range(20 * FEWEST_KEPT):
        pace.spend(f"chat {second}", float(second))
        if second % 7 == 0:
            pace.hold(f"chat {second}", second + 5.0)
    assert len(pace) <= FEWEST_KEPT


def test_nobody_is_forgotten_too_early() -> None:
    """However many there are, a window that is not over still counts, be it the longest alone."""
    pace = everybody(*SLOWLY)
    chats = [f"chat {number}" for number in range(2 * FEWEST_KEPT)]
    for second in range(20):
        for chat in chats:
            pace.spend(chat, float(second))
    for number in range(4 * FEWEST_KEPT):
        pace.spend(f"newcomer {number}", 25.0)
    assert {pace.ready_at(chat, 26.0) for chat in chats} == {60.0}


def test_forgetting_costs_little() -> None:
    """When all still count, they are not gone through again with each newcomer."""
    looks = 0

    def limits_of(_chat: str) -> tuple[Limit, ...]:
        nonlocal looks
        looks += 1
        return SLOWLY

    pace, newcomers = Pace(limits_of), 8 * FEWEST_KEPT
    for number in range(newcomers):
        pace.spend(f"chat {number}", 0.0)
    assert looks < 5 * newcomers


@pytest.mark.parametrize(("count", "period_s"), [(0, 1.0), (-1, 1.0), (1, 0.0), (1, -1.0)])
def test_a_limit_that_lets_nothing_through_is_none(count: int, period_s: float) -> None:
    """It would be waited for without end."""
    with pytest.raises(ValueError, match="no message would ever go"):
        Limit(count, period_s)


@settings(deadline=None)
@given(
    limits=st.lists(
        st.builds(Limit, st.integers(1, 5), st.integers(1, 40).map(float)), min_size=1, max_size=3
    ),
    pauses_s=st.lists(st.integers(0, 20), max_size=40),
)
def test_no_window_is_ever_overfull(limits: list[Limit], pauses_s: list[int]) -> None:
    """Whenever somebody comes: sent as soon as the pace allows, every window stays in bounds."""
    pace, now_s = everybody(*limits), 0.0
    sent: list[float] = []
    for pause_s in pauses_s:
        now_s = pace.ready_at("a", now_s + pause_s)
        pace.spend("a", now_s)
        sent.append(now_s)
    for limit in limits:
        firsts_and_followers = zip(sent, sent[limit.count :], strict=False)
        assert all(later - first >= limit.period_s for first, later in firsts_and_followers)
