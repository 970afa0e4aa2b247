"""What is read from the fakes' records: every answer counted once, at its own time."""

from typing import Any

from tests.load import discord_crowd, telegram_crowd
from tests.load.figures import quantile, table
from tests.load.outcome import Account, Outcome

PLACE, BARS = "🎼 Composing 16 bars: next in line", "🎼 Composing 16 bars: ▰▱▱▱▱▱▱▱ 2 of 16 bars"
PIECE = "🎼 Ragtime in C major · 16 bars of 4/4 at 96 bpm · Piano · seed 7"
BUSY = "I have my hands full with 500 pieces; please try again in 40 seconds. (c0ffee)"
SORRY = "Something went wrong on my side; please try again."


def said(*looks: tuple[float, str, bool]) -> dict[str, Any]:
    """Make a message of Discord's: when it said what, with a file or without."""
    history = [
        {"at_s": at_s, "content": words, "files": ["a.mid"] if has_file else []}
        for at_s, words, has_file in looks
    ]
    return {"id": str(looks[0][0]), "content": looks[-1][1], "history": history}


def interaction(*answers: dict[str, Any] | None) -> dict[str, Any]:
    """Make an interaction, used at 10.0 and acknowledged at 10.5: its response, its followups."""
    response, *followups = answers
    return {
        "id": "1",
        "dispatched_s": 10.0,
        "acknowledged_s": 10.5,
        "response": response,
        "followups": followups,
    }


def test_each_step_of_an_answer_on_discord_has_its_time() -> None:
    """Thinking, a place in line, bars, the piece: one message all the way."""
    answer = said((10.5, "", False), (11.0, PLACE, False), (12.0, BARS, False), (13.0, PIECE, True))
    assert discord_crowd.outcome_of(interaction(answer)) == Outcome(
        asked_s=10.0, acknowledged_s=10.5, progress_s=12.0, pieces_s=(13.0,), last_words=PIECE
    )


def test_a_second_message_on_discord_is_a_second_answer() -> None:
    """A piece in place of the first words, and the same once more below."""
    outcome = discord_crowd.outcome_of(
        interaction(said((11.0, PLACE, False), (13.0, PIECE, True)), said((14.0, PIECE, True)))
    )
    assert (outcome.pieces_s, outcome.is_doubled) == ((13.0, 14.0), True)


def test_a_refusal_on_discord_is_an_answer_if_it_says_when_to_come_back() -> None:
    """Busy names a time; being sorry does not, and leaves the ask lost."""
    told = discord_crowd.outcome_of(interaction(said((11.0, BUSY, False))))
    sorry = discord_crowd.outcome_of(interaction(said((11.0, SORRY, False))))
    assert (told.refused_s, told.is_lost, sorry.is_lost) == ((11.0,), False, True)


def test_an_ask_on_discord_that_is_never_acknowledged_has_failed() -> None:
    """The app says so by itself after three seconds; the piece may come into the channel."""
    late = interaction(None) | {"acknowledged_s": None}
    outcome = discord_crowd.outcome_of(late, [said((15.0, PIECE, True))])
    assert (outcome.is_failed, outcome.is_lost) == (True, False)


def test_what_came_into_the_channel_instead_is_found_by_its_seed() -> None:
    """An interaction whose time was over is answered by a message that does not refer to it."""
    known, astray = said((11.0, PIECE, True)), said((15.0, PIECE, True))
    found = discord_crowd.strays([interaction(known)], [known, astray])
    assert found == {7: [astray]}


def event(at_s: float, kind: str, message: int, words: str, **also: Any) -> dict[str, Any]:
    """Make an event of chat 5."""
    told = {"chat": 5, "message": message, "reply_to": 1, "words": words}
    told |= {"media": None, "name": None}
    return {"at_s": at_s, "kind": kind, **told, **also}


def test_each_step_of_an_answer_on_telegram_has_its_time() -> None:
    """Typing, a place in line, bars, picture, sound and notes, and buttons swapped afterwards."""
    events = [
        event(10.0, "message", 1, "/compose 16 bars seed 7", reply_to=None),
        event(10.4, "action", 0, "typing"),
        event(11.0, "message", 2, PLACE),
        event(12.0, "edited", 2, BARS),
        event(12.5, "edited", 2, PIECE, media="photo"),
        event(12.7, "message", 3, "", media="audio", name="rag.mp3"),
        event(13.0, "message", 4, "", media="document", name="rag.mid"),
        event(14.0, "edited", 4, "", media="document", name="rag.mid"),
    ]
    calls = [{"method": "sendChatAction", "params": {"chat_id": 5}, "at_s": 10.4}]
    assert telegram_crowd.outcomes(events, calls) == {
        (5, 1): Outcome(
            asked_s=10.0,
            acknowledged_s=10.4,
            progress_s=12.0,
            pieces_s=(13.0,),
            previews=frozenset({"picture", "sound"}),
        )
    }


def test_a_message_on_telegram_that_nobody_answers_is_lost() -> None:
    """Typing alone is no answer."""
    events = [event(10.0, "message", 1, "/compose", reply_to=None)]
    calls = [{"method": "sendChatAction", "params": {"chat_id": 5}, "at_s": 10.4}]
    (outcome,) = telegram_crowd.outcomes(events, calls).values()
    assert (outcome.acknowledged_s, outcome.is_lost) == (10.4, True)


def test_an_account_is_clean_when_everyone_has_one_answer() -> None:
    """A flood, a violation, an ask that was lost, late or answered twice: each spoils it."""
    piece, lost = Outcome(1.0, pieces_s=(2.0,)), Outcome(1.0)
    late = Outcome(1.0, pieces_s=(9.0,), is_failed=True)
    twice = Outcome(1.0, pieces_s=(2.0,), refused_s=(3.0,))

    def is_clean(*outcomes: Outcome, flood: int = 0, violations: tuple[str, ...] = ()) -> bool:
        numbered = dict(enumerate(outcomes))
        return Account("Discord", numbered, 0, None, 0, flood, violations).is_clean

    assert is_clean(piece, piece)
    assert not any(
        [
            is_clean(piece, lost),
            is_clean(late),
            is_clean(twice),
            is_clean(piece, flood=1),
            is_clean(piece, violations=("a",)),
        ]
    )


def test_a_quantile_is_one_of_the_values() -> None:
    """The least that the share stays within, whatever the order."""
    values = [float(value) for value in range(100, 0, -1)]
    assert [quantile(values, share) for share in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert quantile([7.0], 0.5) == 7.0


def test_rows_are_drawn_as_markdown() -> None:
    """The keys on top, then a line each."""
    drawn = table([{"chat": "Discord", "asked": 2}, {"chat": "Telegram", "asked": 3}])
    assert drawn.splitlines() == [
        "| chat | asked |",
        "|--:|--:|",
        "| Discord | 2 |",
        "| Telegram | 3 |",
    ]
