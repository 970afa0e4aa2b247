"""Threads in the fake: where they start, who may speak there, when they sleep; and reactions."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.fakes.discord import (
    BOT_PERMISSIONS,
    Channel,
    ChannelKind,
    DiscordFake,
    Permission,
    Setup,
)
from tests.fakes.discord.seam import pointed_at
from tests.fakes.discord_probe import Probe
from tests.fakes.discord_wire import Wire, wired

DAY_S = 24 * 3600.0


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """Give a Discord, and a wire to it.

    Yields:
        The wire.
    """
    async with wired() as made:
        yield made


async def said(wire: Wire, place: Channel | None = None) -> str:
    """Let the bot say something in a channel; tell the path of its message."""
    path = f"/channels/{(place or wire.channel).id}/messages"
    _, told = await wire.call("POST", path, {"content": "x"})
    return f"{path}/{told['id']}"


async def test_thread_has_the_id_of_its_message(wire: Wire) -> None:
    """And the message shows that it has one."""
    path = await said(wire)
    _, thread = await wire.call("POST", f"{path}/threads", {"name": "jam"})
    _, head = await wire.call("GET", path)
    assert thread["id"] == head["id"] == head["thread"]["id"]
    assert head["flags"] == 1 << 5
    assert thread["parent_id"] == str(wire.channel.id)


async def test_message_with_a_thread_can_be_changed(wire: Wire) -> None:
    """The flag is Discord's own, and no fault of the bot's."""
    path = await said(wire)
    await wire.call("POST", f"{path}/threads", {"name": "jam"})
    assert await wire.code("PATCH", path, {"content": "y"}) == (200, 0)
    wire.fake.check()


@pytest.mark.parametrize("kind", [ChannelKind.VOICE, ChannelKind.THREAD])
async def test_some_places_have_no_threads(wire: Wire, kind: ChannelKind) -> None:
    """Neither the talk beside a call, nor a thread itself."""
    guild = wire.channel.guild
    assert guild is not None
    place = wire.fake.add_thread(wire.channel)
    if kind is ChannelKind.VOICE:
        place = wire.fake.add_channel(guild, "talk", kind=kind)
    path = await said(wire, place)
    assert await wire.code("POST", f"{path}/threads", {"name": "jam"}) == (400, 50024)


async def test_thread_takes_a_permission(wire: Wire) -> None:
    """To start one, and another to speak there; a channel's is not enough."""
    path = await said(wire)
    wire.fake.permit(wire.channel, BOT_PERMISSIONS & ~Permission.CREATE_PUBLIC_THREADS)
    assert await wire.code("POST", f"{path}/threads", {"name": "jam"}) == (403, 50013)
    thread = wire.fake.add_thread(wire.channel)
    wire.fake.permit(wire.channel, BOT_PERMISSIONS & ~Permission.SEND_MESSAGES_IN_THREADS)
    speaking = ("POST", f"/channels/{thread.id}/messages", {"content": "x"})
    assert await wire.code(*speaking) == (403, 50013)
    assert await wire.code("POST", f"/channels/{thread.id}/typing") == (403, 50013)
    wire.fake.permit(wire.channel, BOT_PERMISSIONS & ~Permission.SEND_MESSAGES)
    assert await wire.code(*speaking) == (200, 0)


async def test_thread_with_a_long_name_is_a_mistake(wire: Wire) -> None:
    """Discord takes 100 characters."""
    path = await said(wire)
    assert await wire.code("POST", f"{path}/threads", {"name": "x" * 101}) == (400, 50035)
    assert wire.fake.violations
    wire.fake.violations.clear()


async def test_thread_falls_asleep(wire: Wire) -> None:
    """When nobody speaks for as long as was said; changes do not count."""
    path = await said(wire)
    begun = {"name": "jam", "auto_archive_duration": 1440}
    _, thread = await wire.call("POST", f"{path}/threads", begun)
    place = wire.fake.world.channels[int(thread["id"])]
    edit = ("PATCH", await said(wire, place), {"content": "y"})
    wire.fake.clock.advance(DAY_S / 2)
    assert await wire.code(*edit) == (200, 0)
    wire.fake.clock.advance(DAY_S / 2 + 1)
    assert await wire.code(*edit) == (400, 50083)


async def test_thread_is_woken(wire: Wire) -> None:
    """By a word of anybody's, or by hand; one that is locked only by a moderator."""
    thread = wire.fake.add_thread(wire.channel)
    edit = ("PATCH", await said(wire, thread), {"content": "y"})
    wake = ("PATCH", f"/channels/{thread.id}", {"archived": False})
    thread.is_archived = True
    await wire.fake.say(wire.ann, thread, "hello?")
    assert await wire.code(*edit) == (200, 0)
    wire.fake.clock.advance(DAY_S + 1)
    assert await wire.code(*wake) == (200, 0)
    assert await wire.code(*edit) == (200, 0)
    thread.is_locked = True
    assert await wire.code(*wake) == (403, 50013)
    speaking = ("POST", f"/channels/{thread.id}/messages", {"content": "x"})
    assert await wire.code(*speaking) == (400, 160005)
    wire.fake.permit(wire.channel, BOT_PERMISSIONS | Permission.MANAGE_THREADS)
    assert await wire.code(*wake) == (200, 0)


async def test_channel_is_renamed_by_who_manages_it(wire: Wire) -> None:
    """A bot usually does not."""
    rename = ("PATCH", f"/channels/{wire.channel.id}", {"name": "jams"})
    assert await wire.code(*rename) == (403, 50013)
    wire.fake.permit(wire.channel, BOT_PERMISSIONS | Permission.MANAGE_CHANNELS)
    assert await wire.code(*rename) == (200, 0)
    assert wire.channel.name == "jams"


async def test_each_thread_has_its_own_limit(wire: Wire) -> None:
    """Five changes in five seconds are shared by all messages of one place."""
    here, there = [await said(wire, wire.fake.add_thread(wire.channel)) for _ in range(2)]
    for number in range(5):
        assert await wire.code("PATCH", here, {"content": str(number)}) == (200, 0)
    status, _ = await wire.call("PATCH", here, {"content": "6"})
    assert status == 429
    assert await wire.code("PATCH", there, {"content": "1"}) == (200, 0)


async def test_reactions_have_a_limit(wire: Wire) -> None:
    """Four in a second."""
    path = await said(wire)
    for emoji in ("%F0%9F%91%8D", "%F0%9F%8E%B5", "%F0%9F%8E%B6", "%F0%9F%8E%BC"):
        assert await wire.code("PUT", f"{path}/reactions/{emoji}/@me") == (204, 0)
    status, _ = await wire.call("PUT", f"{path}/reactions/%F0%9F%8E%B9/@me")
    assert status == 429


async def test_reaction_takes_permissions(wire: Wire) -> None:
    """To react, and to have read what one reacts to."""
    path = f"{await said(wire)}/reactions/%F0%9F%91%8D/@me"
    for lost in (Permission.ADD_REACTIONS, Permission.READ_MESSAGE_HISTORY):
        wire.fake.permit(wire.channel, BOT_PERMISSIONS & ~lost)
        assert await wire.code("PUT", path) == (403, 50013)


async def test_library_opens_a_thread() -> None:
    """By a subcommand; it knows the thread by the event that tells of it."""
    async with DiscordFake(Setup(judges_itself=True)) as fake:
        channel, ann = fake.add_channel(fake.add_guild()), fake.add_user("ann")
        with pointed_at(fake):
            bot = Probe()
            running = asyncio.create_task(bot.start(fake.setup.token))
            await fake.bot_ready()
            await bot.wait_until_ready()
            asked = await fake.slash(ann, channel, "jam start", {"rounds": 3})
            head = await asked.original()
            thread = await fake.wait_for(lambda: head.thread)
            (said_there,) = await fake.wait_for(lambda: thread.messages)
            found = bot.get_channel(thread.id)
            await bot.close()
            await running
        fake.check()
    assert said_there.content == "3 rounds"
    assert str(found) == "jam"
