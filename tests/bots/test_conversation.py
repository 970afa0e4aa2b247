"""What no script can show: asks that are told twice, and what nobody foresaw."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bots.chat import Ask, Attachment, Chat, Person, Verb
from bots.conversation import Quota
from bots.desk import Room
from tests.dialogues.stage import Stage, Wire

ANN = Person("stage:ann", "Ann")
ROOM = Chat("stage:room", is_private=False)
HOME = Chat("stage:alone", is_private=True)
ASK = Ask("stage.7", Verb.COMPOSE, ANN, ROOM, text="2 bars")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Set a stage where a chat may have one piece an hour.

    Yields:
        The stage.
    """
    rooms = Room(person=4, all=9)
    async with Stage(tmp_path, room=rooms, person=Quota(0, 1), chat=Quota(1, 1)) as set_up:
        yield set_up


async def test_an_ask_that_is_told_twice_is_answered_once(stage: Stage) -> None:
    """Platforms repeat themselves after a torn connection."""
    for _ in range(2):
        await stage.conversation.hear(ASK, Wire(stage, "Ann"))
        await stage.desk.settled()
    assert len([line for line in stage.lines if ".mid>" in line]) == 1


async def test_a_chat_has_a_quota_and_a_private_one_has_none(stage: Stage) -> None:
    """In private the person's own is enough."""
    await stage.perform("Ann: /compose 1 bar")
    await stage.perform("Bob: /compose 1 bar")
    assert stage.lines[-1].startswith("AudioGroove (to Bob): This chat has had enough music")
    for _ in range(2):
        await stage.perform("Ann (alone): /compose 1 bar")
        assert ".mid>" in stage.lines[-1]


async def test_an_ask_that_answers_a_message_means_its_piece(stage: Stage) -> None:
    """Not the latest one there, unless that message is unknown."""
    for number, bars in enumerate((2, 5)):
        await stage.perform(f"Ann (alone): /compose {bars} bars")
        assert f"{bars} bars of" in stage.lines[-1], number
    first = '"message": 0'  # as the stage's addresses say it
    for answers, bars in (('"message": 99', 6), (first, 3)):
        ask = Ask(f"stage.{answers}", Verb.CONTINUE, ANN, HOME, text="1 bar", answers=answers)
        await stage.conversation.hear(ask, Wire(stage, "Ann"))
        await stage.desk.settled()
        assert f"{bars} bars of" in stage.lines[-1]


async def test_what_nobody_foresaw_is_told_with_a_number_that_the_log_knows(stage: Stage) -> None:
    """The person reads no traceback, and the host finds one."""

    async def fetch() -> bytes:
        raise ZeroDivisionError

    ask = replace(ASK, seed=Attachment("tune.mid", 9, fetch))
    with capture_logs() as logs:
        await stage.conversation.hear(ask, Wire(stage, "Ann"))
    (record,) = (log for log in logs if log["log_level"] == "error")
    assert record["exc_info"]
    assert stage.lines[-1].endswith(f"tell my host this number: {record['error_id']}.")


async def test_refusals_stand_in_the_log_under_the_number_that_is_told(stage: Stage) -> None:
    """With the facts of the error."""
    with capture_logs() as logs:
        await stage.conversation.hear(replace(ASK, text="hullabaloo"), Wire(stage, "Ann"))
    (record,) = (log for log in logs if log["event"] == "refused")
    assert "hullabaloo" in record["error"]
    assert len(record["error_id"]) == 6
