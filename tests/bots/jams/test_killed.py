"""The real process, killed in every phase of two jams, one on each platform at the same time."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from audiogroove.music import midi
from tests.bots.jams.discord_room import DiscordRoom
from tests.bots.jams.rooms import Room
from tests.bots.jams.telegram_room import TelegramRoom
from tests.bots.telegram.stage import Gate
from tests.bots.whole import PATIENCE_S, Whole, whole

GRACE_S = 60  # that everybody has after we were away
BACK = "I am back"
RAG = {"style": "ragtime", "key": "d minor", "rounds": 1, "bars": 8}

Step = Callable[[Room], Awaitable[object]]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Whole]:
    """Build the whole.

    Yields:
        It, with no process yet.
    """
    async with whole(tmp_path) as built:
        yield built


@pytest.fixture
def rooms(house: Whole) -> Sequence[Room]:
    """Have people on both platforms."""
    telegram = house.telegram
    band = telegram.supergroup("Band", telegram.user("Owner"))
    return DiscordRoom(house.discord, house.channel), TelegramRoom(telegram, band, {})


async def test_jams_outlive_the_process(house: Whole, rooms: Sequence[Room]) -> None:
    """Killed in the lobby, in a turn, at work, over a take, in a vote and at the very end.

    Each time the card, always the same message, tells that we are back, and until when everybody
    has time; in the end the piece is there once.
    """

    async def on_both(step: Step) -> None:
        await asyncio.gather(*(step(room) for room in rooms))

    await house.start()
    await on_both(lambda room: room.start("Ann", **RAG))
    await on_both(lambda room: room.press("Bob", "➕ Join"))
    await come_back(house, rooms)
    await on_both(lambda room: room.press("Ann", "▶ Begin"))
    await on_both(lambda room: room.says("Ann, it is your turn"))
    await come_back(house, rooms)
    await on_both(lambda room: room.press("Ann", "▶ Play"))
    await house.kill()  # at work
    await house.start()
    await on_both(lambda room: room.says("Ann, do you keep it?"))
    await come_back(house, rooms)
    await on_both(lambda room: room.press("Bob", "🗳 Let all vote"))
    await on_both(lambda room: room.says("All vote"))
    await come_back(house, rooms)
    await on_both(lambda room: room.press("Bob", "👍 0"))
    await on_both(lambda room: room.press("Ann", "👍 1"))
    await on_both(lambda room: room.says("Bob, it is your turn"))
    await fall_at_the_end(house, on_both)
    await on_both(lambda room: room.piece())
    assert await house.stop() == 0
    for room in rooms:
        check(room)


async def come_back(house: Whole, rooms: Sequence[Room]) -> None:
    """Kill the process, start it again, and see that the cards tell so."""
    await house.kill()
    before_s = time.time()
    await house.start()
    for room in rooms:
        card = await room.says(BACK)
        assert card.until_s
        assert card.until_s >= int(before_s) + GRACE_S


async def fall_at_the_end(house: Whole, on_both: Callable[[Step], Awaitable[None]]) -> None:
    """Kill the process before the pieces are there, and start it again.

    On Discord the piece is on its way by then, on Telegram the card's last words are.
    """
    discord, telegram = Gate(), Gate()
    house.discord.fail("POST", r"/channels/\d+/messages", gate=discord, status=503)
    house.telegram.fail("editMessageCaption", gate=telegram)
    await on_both(lambda room: room.press("Ann", "🏁 Finish"))
    async with asyncio.timeout(PATIENCE_S):
        await discord.reached.wait()
        await telegram.reached.wait()
    await house.kill()
    await house.start()
    discord.set()
    telegram.set()


def check(room: Room) -> None:
    """Check what is left of a jam: its card, still the first one, and its piece."""
    card = room.card()
    assert card
    assert "🏁 Finished." in card.text
    assert card.buttons == ()
    assert room.cards() == 1
    (data,) = room.files()
    assert midi.parse(data).bars == RAG["bars"]
    assert len([text for text in room.said() if text.startswith("🏁")]) == 1
