"""Eight people who press everything at once, with the pauses and limits that there really are."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bots.desk import World
from bots.discord.listening import USUAL
from tests.bots.jams.discord_room import on_discord
from tests.bots.jams.rooms import Room, tracks_of
from tests.bots.jams.stage import Stage
from tests.bots.jams.telegram_room import on_telegram

HOST, *OTHERS = NAMES = ("Ann", "Bob", "Cleo", "Dan", "Eve", "Fay", "Gus", "Hal")
ROUNDS = 3
RAG = {"style": "ragtime", "key": "d minor", "rounds": 2}
ENDING = ("🏁", "✖")  # what would end it all
OUT = "🚪"


async def crush(room: Room) -> list[str]:
    """Let all press all buttons that the card has now; what each of them is told."""
    card = await room.until(lambda card: card.buttons)
    taps = [
        room.tap(name, label)
        for name in NAMES
        for label in card.buttons
        if not label.startswith(ENDING) and not (name == HOST and label.startswith(OUT))
    ]
    return await asyncio.gather(*taps)


async def jammed(room: Room, stage: Stage) -> list[str]:
    """Let them all press everything, round after round, and then finish in peace."""
    told = []
    await room.start(HOST, **RAG)
    for _ in range(ROUNDS):
        told += await crush(room)
        await stage.bandstand.settled()
    if (await stage.jam()).turn is None:
        await room.press(HOST, "▶ Begin")
    if not (await stage.jam()).takes:
        await lay_one(room, stage)
    await room.press(HOST, "🏁 Finish")
    await room.piece()
    return told


async def lay_one(room: Room, stage: Stage) -> None:
    """Let whoever's turn it is play and keep it, wherever they are with it."""
    jam = await stage.jam()
    player = jam.player(jam.turn.player) if jam.turn else None
    assert player
    card = await room.until(lambda card: card.label("▶ Play") or card.label("✅ Keep"))
    if card.label("▶ Play"):
        await room.press(player.name, "▶ Play")
    await room.press(player.name, "✅ Keep")


def check(room: Room, told: Sequence[str], logged: Sequence[EventDict]) -> None:
    """Check that everybody was told what is foreseen, and that there is a piece."""
    assert not [each for each in told if "went wrong" in each]
    assert not [each for each in logged if each["log_level"] in {"error", "critical"}]
    (piece,) = room.files()
    assert tracks_of(piece)


@pytest.fixture
async def logged() -> AsyncIterator[list[EventDict]]:
    """Keep what is logged.

    Yields:
        It.
    """
    with capture_logs() as logs:
        yield logs


async def test_on_discord(tmp_path: Path, logged: list[EventDict]) -> None:
    """Each press is acknowledged in time, none is too many, and the card is one message."""
    stage = Stage(tmp_path, World())
    async with on_discord(tmp_path, USUAL, stage) as (room, _):
        told = await jammed(room, stage)
        check(room, told, logged)
        unanswered = [each for each in room.fake.interactions if each.callback is None]
        assert (unanswered, room.cards()) == ([], 1)
        assert room.fake.flood.invalid == 0


async def test_on_telegram(tmp_path: Path, logged: list[EventDict]) -> None:
    """Each press is answered once, none is too many, and the card is one message."""
    stage = Stage(tmp_path, World())
    async with on_telegram(tmp_path, stage) as (room, _):
        told = await jammed(room, stage)
        check(room, told, logged)
        answers = room.fake.called("answerCallbackQuery")
        assert len(answers) == len(room.fake.world.presses)
        assert {each.status for each in answers} == {200}
        assert not [each for each in room.fake.calls if each.status == 429]
        assert room.cards() == 1
