"""The gateway of the fake keeps Discord's rules: a bare websocket, no bot."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.fakes.discord import Setup
from tests.fakes.discord.record import Json
from tests.fakes.discord_wire import Wire, wired

INTENTS = 1 << 0 | 1 << 9 | 1 << 12
IDENTIFY, RESUME, REQUEST_MEMBERS, VOICE = 2, 6, 8, 4


class Socket:
    """One connection, past its HELLO."""

    def __init__(self, wire: Wire, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.token = wire.fake.setup.token
        self.socket = socket

    async def send(self, op: int, **data: Any) -> None:
        """Send a frame."""
        await self.socket.send_str(json.dumps({"op": op, "d": data}))

    async def identify(self, intents: int = INTENTS) -> Json:
        """Begin a session; give READY."""
        await self.send(IDENTIFY, token=self.token, intents=intents, properties={})
        return await self.event("READY")

    async def event(self, name: str) -> Json:
        """Wait for an event."""
        while True:
            frame = await self.socket.receive_json()
            if frame["t"] == name:
                told: Json = frame["d"]
                return told

    async def code(self) -> int | None:
        """Wait until the other side closes, and tell why."""
        async for _ in self.socket:
            pass
        return self.socket.close_code


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """Give a Discord, and a wire to it.

    Yields:
        The wire.
    """
    async with wired(Setup()) as made:
        yield made


async def connect(wire: Wire) -> Socket:
    """Open a connection."""
    socket = await wire.session.ws_connect(wire.fake.gateway.url)
    assert (await socket.receive_json())["op"] == 10
    return Socket(wire, socket)


async def test_wrong_token_is_closed_out(wire: Wire) -> None:
    """With 4004, on IDENTIFY and on RESUME."""
    identify: Json = {"token": "other", "intents": 0}
    resume: Json = {"token": "other", "session_id": "x", "seq": 0}
    for op, data in ((IDENTIFY, identify), (RESUME, resume)):
        bot = await connect(wire)
        await bot.send(op, **data)
        assert await bot.code() == 4004


async def test_unknown_session_is_invalid(wire: Wire) -> None:
    """Op 9: begin anew."""
    bot = await connect(wire)
    await bot.send(RESUME, token=bot.token, session_id="x", seq=0)
    assert (await bot.socket.receive_json())["op"] == 9


async def test_sequence_of_the_future_is_closed_out(wire: Wire) -> None:
    """Nobody can have seen what was not sent."""
    first = await connect(wire)
    session = (await first.identify())["session_id"]
    wire.fake.gateway.drop()
    second = await connect(wire)
    await second.send(RESUME, token=first.token, session_id=session, seq=1000)
    assert await second.code() == 4007


async def test_session_that_was_closed_for_good_cannot_be_resumed(wire: Wire) -> None:
    """A bot that says goodbye with 1000 has no session any more."""
    first = await connect(wire)
    session = (await first.identify())["session_id"]
    await first.socket.close(code=1000)
    await wire.fake.wait_for(lambda: not wire.fake.gateway.is_connected)
    second = await connect(wire)
    await second.send(RESUME, token=first.token, session_id=session, seq=1)
    assert (await second.socket.receive_json())["op"] == 9


async def test_events_follow_the_intents(wire: Wire) -> None:
    """Who did not ask for messages of guilds hears of direct ones only."""
    bot = await connect(wire)
    await bot.identify(intents=1 << 12)
    await wire.fake.say(wire.ann, wire.channel, "to all")
    await wire.fake.say(wire.ann, wire.fake.direct(wire.ann), "to you")
    assert (await bot.event("MESSAGE_CREATE"))["content"] == "to you"


async def test_new_places_and_lost_ones_are_told(wire: Wire) -> None:
    """As are deleted messages."""
    bot = await connect(wire)
    await bot.identify()
    await bot.event("GUILD_CREATE")
    guild = wire.fake.add_guild("Late")
    assert (await bot.event("GUILD_CREATE"))["id"] == str(guild.id)
    channel = wire.fake.add_channel(guild)
    assert (await bot.event("CHANNEL_CREATE"))["id"] == str(channel.id)
    said = await wire.fake.say(wire.ann, channel, "x")
    await wire.fake.delete(said)
    assert (await bot.event("MESSAGE_DELETE"))["id"] == str(said.id)
    wire.fake.delete_channel(channel)
    assert (await bot.event("CHANNEL_DELETE"))["id"] == str(channel.id)
    wire.fake.remove_bot(guild)
    assert (await bot.event("GUILD_DELETE"))["id"] == str(guild.id)


async def test_members_are_told_when_asked_for(wire: Wire) -> None:
    """Op 8 is answered in one chunk."""
    bot = await connect(wire)
    await bot.identify()
    guild = wire.channel.guild
    assert guild is not None
    await bot.send(REQUEST_MEMBERS, guild_id=str(guild.id), query="", limit=0, nonce="n")
    chunk = await bot.event("GUILD_MEMBERS_CHUNK")
    assert (len(chunk["members"]), chunk["nonce"]) == (len(guild.members), "n")


async def test_bot_that_sends_too_much_is_closed_out(wire: Wire) -> None:
    """More than 120 frames a minute: 4008, and a violation."""
    bot = await connect(wire)
    await bot.identify()
    for _ in range(120):
        await bot.send(3)
    assert await bot.code() == 4008
    with pytest.raises(AssertionError, match="120 sends"):
        wire.fake.check()


async def test_what_a_chat_bot_does_not_do_is_a_violation(wire: Wire) -> None:
    """Joining a voice channel, for one."""
    bot = await connect(wire)
    await bot.identify()
    await bot.send(VOICE, guild_id="1")
    await wire.fake.wait_for(lambda: wire.fake.violations)
