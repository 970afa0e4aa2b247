"""How often each chat is written to: at once where it may be, and never too often."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.telegram.pace import ChatPace, changes_in
from tests.fakes.telegram import Flood

ANN, BAND = 42, -42
LATE_S = 0.45  # that one request may take longer on its way than the next

# Whether something new is sent or changed, and how long after the one before it is wanted.
ACTS = st.lists(
    st.tuples(st.booleans(), st.sampled_from([0.0, 0.01, 0.3, 1.0, 1.5, 3.5, 9.0])), max_size=60
)


def times(pace: ChatPace, chat: int, acts: list[tuple[bool, float]]) -> list[float]:
    """Tell when each act goes, one after the other and each as soon as it may."""
    now_s, went = 0.0, []
    for is_new, after_s in acts:
        lane = str(chat) if is_new else changes_in(str(chat))
        now_s = pace.ready_at(lane, now_s + after_s)
        pace.spend(lane, now_s)
        went.append(now_s)
    return went


def broken(chat: int, arrivals: list[tuple[float, bool]]) -> list[str]:
    """Tell which of a chat's rules were broken by what arrived, and whether it was new."""
    clock = [0.0]
    flood = Flood(lambda: clock[0])
    for clock[0], is_new in sorted(arrivals):
        flood.admit("any", chat, 1, is_edit=not is_new)
    return [each.rule for each in flood.violations if each.rule != "overall"]


@given(ACTS, st.sampled_from([ANN, BAND]), st.data())
def test_telegram_s_limits_hold_whatever_happens_on_the_way(
    acts: list[tuple[bool, float]], chat: int, data: st.DataObject
) -> None:
    """Also where one request is late and meets the next."""
    went = times(ChatPace(), chat, acts)
    lates = data.draw(
        st.lists(st.sampled_from([0.0, LATE_S]), min_size=len(acts), max_size=len(acts))
    )
    arrivals = [
        (at_s + late_s, is_new) for at_s, late_s, (is_new, _) in zip(went, lates, acts, strict=True)
    ]

    assert broken(chat, arrivals) == []


@pytest.mark.parametrize("late", range(1, 30))
def test_a_long_queue_that_was_held_up_does_not_meet_its_end(late: int) -> None:
    """So many arrive late, all others in time: the worst that can happen on the way."""
    went = times(ChatPace(), ANN, [(True, 0.0)] * 30)
    arrivals = [(at_s + LATE_S * (number < late), True) for number, at_s in enumerate(went)]

    assert broken(ANN, arrivals) == []


@pytest.mark.parametrize("wrote_s", [0.2, 1.0, 8.0])
@pytest.mark.parametrize("chat", [ANN, BAND])
def test_a_lone_person_s_piece_is_complete_at_once(chat: int, wrote_s: float) -> None:
    """However long it took to write, with a status every 1.5 s until then."""
    pace = ChatPace()
    news = int(wrote_s / 1.5)
    waiting = [(True, 0.0), *[(False, 1.5)] * news]
    piece = [(False, wrote_s - 1.5 * news), (True, 0.0), (True, 0.0)]

    went = times(pace, chat, waiting + piece)

    assert went[-3:] == pytest.approx([wrote_s] * 3)


def test_the_fourth_new_message_waits() -> None:
    """Telegram takes bursts of three, and then about one a second."""
    went = times(ChatPace(), ANN, [(True, 0.0)] * 9)

    assert went == [0.0, 0.0, 0.0, 1.5, 2.5, 3.5, 6.5, 6.5, 6.5]


def test_in_a_group_changes_count_as_messages_do() -> None:
    """Twenty a minute, of both together."""
    acts = [(bool(number % 2), 2.0) for number in range(21)]

    assert times(ChatPace(), BAND, acts)[-2:] == [40.0, 63.0]


def test_a_chat_on_hold_is_so_for_all() -> None:
    """Telegram's 429 to a change is meant for new messages too, and the other way round."""
    for told in (str(ANN), changes_in(str(ANN))):
        pace = ChatPace()
        pace.hold(told, 7.0)

        assert pace.ready_at(str(ANN), 0.0) == 7.0
        assert pace.ready_at(changes_in(str(ANN)), 0.0) == 7.0
        assert pace.ready_at(str(BAND), 0.0) == 0.0
