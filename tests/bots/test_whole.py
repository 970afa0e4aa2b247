"""The whole of AudioGroove between a Discord and a Telegram: killed, stopped, in bad weather."""

import asyncio
import re
from collections.abc import AsyncIterator
from ctypes.util import find_library
from pathlib import Path

import pytest
from aiohttp import ClientSession

from audiogroove.music import wall
from tests.bots.whole import PATIENCE_S, Whole, whole
from tests.fakes.discord import Interaction
from tests.fakes.discord.world import Message as DiscordMessage
from tests.fakes.discord.world import SentFile
from tests.fakes.telegram import Message
from tests.fakes.telegram.chats import Chat as TelegramChat

KILLS = 3
SLOW = {"bars": 32}  # long enough to be caught at it


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Whole]:
    """Build the whole.

    Yields:
        It, with no process yet.
    """
    async with whole(tmp_path) as built:
        yield built


async def ask_on_discord(house: Whole, name: str, **options: object) -> Interaction:
    """Let somebody ask for a piece on Discord, and wait until that is acknowledged."""
    person = house.discord.add_user(name)
    asked = await house.discord.slash(person, house.channel, "compose", {**SLOW, **options})
    await asked.original()
    return asked


async def ask_on_telegram(house: Whole, name: str, words: str = "32 bars") -> Message:
    """Let somebody ask for a piece on Telegram, and wait for the first words."""
    person = house.telegram.user(name)
    chat = house.telegram.private(person)
    asked = await house.telegram.say(person, chat, f"/compose {words}")
    await asked.reply()
    return asked


def notes_in(message: DiscordMessage) -> list[SentFile]:
    """List the MIDI files in a message on Discord."""
    return [file for file in message.files if file.name.endswith(".mid")]


def files_of(house: Whole) -> int:
    """Count the pieces that lie in Discord's channel."""
    return sum(len(notes_in(message)) for message in house.channel.messages)


def pieces_for(message: Message) -> int:
    """Count the pieces in the private chat where a message was written.

    A piece may stand beside the first words that waited for it: killed between saying them and
    noting where, nobody knows any more which message they were. Telegram cannot tell either.
    """
    return len(documents(message.chat))


def documents(chat: TelegramChat) -> list[Message]:
    """List the MIDI files that came into a chat on Telegram."""
    return [one for one in chat.from_bot if one.document]


async def document_for(message: Message, count: int = 1) -> Message:
    """Wait for the latest piece in the chat where a message was written."""
    chat = message.chat
    await chat.world.record.wait_for(lambda: len(documents(chat)) == count, PATIENCE_S)
    return documents(chat)[-1]


async def test_a_piece_comes_on_both_platforms(house: Whole) -> None:
    """A real piece each, that opens and has the bars that were wished."""
    await house.start()
    asked = await ask_on_discord(house, "ann", bars=4, seed="7")
    said = await ask_on_telegram(house, "Bob", "4 bars seed 7")
    on_discord = await house.discord.wait_for(
        lambda: asked.response if asked.response and asked.response.files else None, PATIENCE_S
    )
    answer = (await document_for(said)).document
    assert answer
    pieces = [wall.read(on_discord.file(".mid").data), wall.read(answer.data)]
    assert [piece.bars for piece in pieces] == [4, 4]
    assert pieces[0] == pieces[1]  # the same wishes, the same seed
    assert await house.stop() == 0


@pytest.mark.skipif(find_library("fluidsynth") is None, reason="libfluidsynth is missing")
async def test_a_piece_is_seen_and_heard_on_both_platforms(house: Whole) -> None:
    """A picture and a sound come with it, the same ones on both."""
    await house.start()
    asked = await ask_on_discord(house, "ann", bars=4, seed="7")
    said = await ask_on_telegram(house, "Bob", "4 bars seed 7")
    on_discord = await house.discord.wait_for(
        lambda: asked.response if asked.response and asked.response.files else None, PATIENCE_S
    )
    await document_for(said)
    picture, sound, notes = said.chat.from_bot
    assert on_discord.framed
    assert picture.photo
    assert picture.photo.data == on_discord.framed.data
    assert sound.audio
    assert sound.audio.data == on_discord.file(".mp3").data
    assert [bool(one.buttons) for one in (picture, sound, notes)] == [False, False, True]
    assert await house.stop() == 0


async def test_nothing_is_lost_and_nothing_comes_twice_when_it_is_killed(house: Whole) -> None:
    """Three times, each with pieces under way on both platforms."""
    slashes, messages = [], []
    for kill in range(KILLS):
        await house.start()
        slashes += [await ask_on_discord(house, f"ann{kill}{n}") for n in range(2)]
        messages += [await ask_on_telegram(house, f"Bob{kill}{n}") for n in range(2)]
        await house.kill()
    await house.start()
    await house.discord.wait_for(lambda: files_of(house) >= len(slashes), PATIENCE_S)
    await house.telegram.wait_for(
        lambda: sum(map(pieces_for, messages)) >= len(messages), PATIENCE_S
    )
    await house.stop()
    assert all(slash.response and len(notes_in(slash.response)) == 1 for slash in slashes)
    assert files_of(house) == len(slashes)
    assert [1] * len(messages) == list(map(pieces_for, messages))


async def test_an_orderly_stop_tells_the_chats_and_keeps_the_pieces(house: Whole) -> None:
    """They come after the next start."""
    await house.start()
    asked = await ask_on_discord(house, "ann", bars=128)
    said = await ask_on_telegram(house, "Bob", "128 bars")
    assert await house.stop() == 0
    assert asked.response
    assert "restarting" in asked.response.content
    assert "restarting" in said.replies[0].words
    await house.start()
    await house.discord.wait_for(lambda: files_of(house), PATIENCE_S)
    await document_for(said)
    assert await house.stop() == 0


async def test_buttons_work_after_a_restart(house: Whole) -> None:
    """Each platform's, on a piece from before."""
    await house.start()
    asked = await ask_on_discord(house, "ann", bars=2)
    piece = await house.discord.wait_for(
        lambda: asked.response if asked.response and asked.response.files else None, PATIENCE_S
    )
    said = await ask_on_telegram(house, "Bob", "2 bars")
    answer = await document_for(said)
    await house.stop()
    await house.start()
    ann, bob = house.discord.world.users[asked.user.id], said.sender
    await house.discord.press(ann, piece, "⏩ Continue")
    await house.discord.wait_for(lambda: files_of(house) == 2, PATIENCE_S)
    await house.telegram.press(bob, answer, "🎲 Again")
    await document_for(said, count=2)
    assert await house.stop() == 0


async def test_bad_weather_delays_a_piece_but_does_not_lose_it(house: Whole) -> None:
    """Floods, errors and cut lines on both platforms, and a Telegram that is away for a while."""
    await house.start()
    house.discord.fail("PATCH", r"/webhooks/.*", status=429, retry_after_s=0.2, times=3)
    house.discord.fail("PATCH", r"/webhooks/.*", status=502, times=1)
    house.discord.fail("PATCH", r"/webhooks/.*", is_reset=True, times=1)
    house.telegram.fail("editMessageMedia", retry_after=1)
    house.telegram.fail("editMessageMedia", code=502)
    house.telegram.fail("editMessageMedia", reset="after")
    asked = await ask_on_discord(house, "ann", bars=8)
    said = await ask_on_telegram(house, "Bob", "8 bars")
    with house.telegram.outage():
        await house.discord.wait_for(lambda: files_of(house), PATIENCE_S)
    await document_for(said)
    assert asked.response
    assert len(notes_in(asked.response)) == 1
    assert len(documents(said.chat)) == 1
    assert await house.stop() == 0


async def test_a_token_that_died_meanwhile_does_not_lose_the_piece(house: Whole) -> None:
    """It comes as a message of the channel, or as an edit of the one that is there."""
    await house.start()
    asked = await ask_on_discord(house, "ann", bars=32)
    house.discord.expire(asked)
    await house.discord.wait_for(lambda: files_of(house), PATIENCE_S)
    assert files_of(house) == 1
    assert await house.stop() == 0


async def test_an_ask_that_was_missed_is_heard_after_the_gateway_comes_back(house: Whole) -> None:
    """Discord tells it again when the session is resumed."""
    await house.start()
    house.discord.gateway.reconnect()
    asked = await ask_on_discord(house, "ann", bars=2)
    await house.discord.wait_for(lambda: files_of(house), PATIENCE_S)
    assert asked.response
    assert await house.stop() == 0


async def test_no_token_is_ever_told(house: Whole) -> None:
    """Not in the log at its most talkative, not in the database, whatever goes wrong."""
    await house.start()
    house.telegram.fail("sendMessage", code=500)
    await ask_on_telegram(house, "Bob", "2 bars")
    asked = await ask_on_discord(house, "ann", bars=2)
    house.discord.gateway.drop(4000)
    house.discord.expire(asked)
    with house.telegram.outage():
        await house.discord.wait_for(lambda: files_of(house), PATIENCE_S)
    await house.stop()
    told = house.log.read_bytes() + b"".join(
        path.read_bytes() for path in house.folder.glob("whole.db*")
    )
    assert len(told) > 10_000
    for token in (house.discord.setup.token, house.telegram.token):
        assert token.encode() not in told
        assert re.escape(token.split(":")[-1]).encode() not in told


async def test_a_wrong_token_takes_nobody_else_down(house: Whole, tmp_path: Path) -> None:
    """Telegram goes on when Discord refuses us."""
    del tmp_path
    environment = house.environment
    house.environment = lambda: {**environment(), "DISCORD_TOKEN": "not.the.token"}  # type: ignore[method-assign]
    starting = asyncio.create_task(house.start())
    await house.telegram.wait_for(lambda: house.telegram.world.record.polls, PATIENCE_S)
    starting.cancel()
    said = await ask_on_telegram(house, "Bob", "2 bars")
    await document_for(said)
    assert b"refused for good" in house.log.read_bytes()
    assert await house.stop() == 0


WITHOUT_FLUIDSYNTH = """
import runpy, sys
sys.modules["fluidsynth"] = None  # as where its library is missing, importing it fails
runpy.run_module("bots", run_name="__main__")
"""


async def test_without_fluidsynth_all_goes_on_but_the_sound(house: Whole) -> None:
    """The log says it once, with what to do; the piece comes with its picture."""
    house.run = ["-c", WITHOUT_FLUIDSYNTH]
    await house.start()
    asked = await ask_on_discord(house, "ann", bars=2)
    await house.discord.wait_for(lambda: files_of(house), PATIENCE_S)
    assert asked.response
    endings = [file.name.rpartition(".")[2] for file in asked.response.files]
    assert sorted(endings) == ["mid", "png"]
    (line,) = house.logged("no sound")
    assert "install" in line["fault"]
    assert await house.stop() == 0


async def test_the_page_is_served_beside_the_chats(house: Whole) -> None:
    """One process, one queue; what was composed in a chat opens there."""
    house.web_port = "0"
    await house.start()
    (serving,) = house.logged("serving the page")
    page = f"http://127.0.0.1:{serving['port']}"
    asked = await ask_on_discord(house, "ann", bars=2)
    await house.discord.wait_for(lambda: files_of(house), PATIENCE_S)
    assert asked.response
    piece = next(button.custom_id.split(":")[2] for button in asked.response.buttons)
    async with ClientSession(page) as session:
        async with session.get("/healthz") as health:
            assert (await health.json())["status"] == "ok"
        async with session.get(f"/api/compositions/{piece}/files/piece.mid") as file:
            assert wall.read(await file.read()).bars == 2
        async with session.get("/metrics") as metrics:
            told = await metrics.text()
    assert 'audiogroove_requests_total{platform="discord",verb="compose"} 1.0' in told
    assert 'audiogroove_front_end_up{platform="telegram"} 1.0' in told
    assert await house.stop() == 0
