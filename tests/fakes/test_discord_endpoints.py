"""Each endpoint of the fake answers as Discord describes it: plain requests, no bot."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.discord import BOT_PERMISSIONS, Permission
from tests.fakes.discord_wire import JAM, Wire, text_row, wired


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """Give a Discord, and a wire to it.

    Yields:
        The wire.
    """
    async with wired() as made:
        yield made


async def test_users_and_members_are_described(wire: Wire) -> None:
    """Somebody is found by id, in a guild only if they are in it."""
    guild = wire.channel.guild
    assert guild is not None
    status, told = await wire.call("GET", f"/users/{wire.ann.id}")
    assert (status, told["username"]) == (200, "ann")
    assert await wire.code("GET", "/users/1") == (404, 10013)
    assert await wire.code("GET", f"/guilds/{guild.id}/members/{wire.ann.id}") == (404, 10007)
    await wire.fake.say(wire.ann, wire.channel, "here I am")
    assert await wire.code("GET", f"/guilds/{guild.id}/members/{wire.ann.id}") == (200, 0)
    assert await wire.code("GET", f"/guilds/1/members/{wire.ann.id}") == (404, 10004)


async def test_direct_conversation_is_opened_once(wire: Wire) -> None:
    """Asked twice, it is the same channel; with a stranger there is none."""
    wanted = {"recipient_id": str(wire.ann.id)}
    _, first = await wire.call("POST", "/users/@me/channels", wanted)
    _, second = await wire.call("POST", "/users/@me/channels", wanted)
    assert first["id"] == second["id"] == str(wire.fake.direct(wire.ann).id)
    assert await wire.code("POST", "/users/@me/channels", {"recipient_id": "1"}) == (400, 50033)


async def test_who_takes_no_direct_messages_gets_none(wire: Wire) -> None:
    """Their conversation is closed to the bot."""
    wire.ann.takes_direct_messages = False
    path = f"/channels/{wire.fake.direct(wire.ann).id}/messages"
    assert await wire.code("POST", path, {"content": "hi"}) == (403, 50007)


async def test_commands_can_be_read_added_and_forgotten(wire: Wire) -> None:
    """One at a time, for a guild as for all; a guild's own is found before the common one."""
    guild = wire.channel.guild
    assert guild is not None
    path = f"/applications/{wire.fake.bot.id}/guilds/{guild.id}/commands"
    status, made = await wire.call("POST", path, JAM)
    assert (status, made["guild_id"]) == (201, str(guild.id))
    _, again = await wire.call("POST", path, JAM | {"description": "Otherwise."})
    assert again["id"] == made["id"]
    asked = await wire.fake.slash(wire.ann, wire.channel, "jam start")
    assert asked.data["id"] == made["id"]
    assert await wire.code("GET", f"{path}/{made['id']}") == (200, 0)
    assert await wire.code("DELETE", f"{path}/{made['id']}") == (204, 0)
    assert await wire.code("GET", f"{path}/{made['id']}") == (404, 10063)
    assert (await wire.call("GET", path))[1] == []


async def test_foreign_commands_are_closed(wire: Wire) -> None:
    """Neither those of another application, nor of a guild that the bot is not in."""
    assert await wire.code("GET", "/applications/1/commands") == (403, 20012)
    elsewhere = wire.fake.add_guild(has_bot=False)
    path = f"/applications/{wire.fake.bot.id}/guilds/{elsewhere.id}/commands"
    assert await wire.code("PUT", path, []) == (403, 50001)


async def test_commands_cannot_be_created_all_day(wire: Wire) -> None:
    """Two hundred new names a day; what was there before does not count."""
    for batch in range(2):
        names = [f"c{batch}x{number}" for number in range(99)]
        commands = [{"name": each, "description": "One."} for each in names]
        assert await wire.sync(*commands) == (200, 0)
        assert await wire.sync(*commands) == (200, 0)
    assert await wire.sync({"name": "another", "description": "One."}) == (400, 30034)


async def test_gateway_is_told(wire: Wire) -> None:
    """Whoever asks without shards is told the same place."""
    _, told = await wire.call("GET", "/gateway")
    assert told == {"url": wire.fake.gateway.url}


async def test_channel_is_described_and_renamed(wire: Wire) -> None:
    """A thread can be archived; writing there wakes it, changing does not."""
    thread = wire.fake.add_thread(wire.channel, "jam")
    path = f"/channels/{thread.id}"
    _, said = await wire.call("POST", f"{path}/messages", {"content": "x"})
    await wire.call("PATCH", path, {"archived": True})
    assert (await wire.call("GET", path))[1]["thread_metadata"]["archived"]
    edit = ("PATCH", f"{path}/messages/{said['id']}", {"content": "y"})
    assert await wire.code(*edit) == (400, 50083)
    await wire.call("POST", f"{path}/messages", {"content": "x"})
    assert await wire.code(*edit) == (200, 0)


async def test_thread_beside_messages_and_one_per_message(wire: Wire) -> None:
    """A thread needs no message; a message has one thread."""
    path = f"/channels/{wire.channel.id}"
    assert await wire.code("POST", f"{path}/threads", {"name": "a", "type": 11}) == (201, 0)
    said = await wire.fake.say(wire.ann, wire.channel, "jam?")
    opened = ("POST", f"{path}/messages/{said.id}/threads", {"name": "b"})
    assert await wire.code(*opened) == (201, 0)
    assert await wire.code(*opened) == (400, 160004)


async def test_messages_are_listed_newest_first(wire: Wire) -> None:
    """As the bot may see them: what others said is empty without the intent."""
    first = await wire.fake.say(wire.ann, wire.channel, "one")
    await wire.fake.say(wire.ann, wire.channel, "two", mention_bot=True)
    last = await wire.fake.say(wire.ann, wire.channel, "three")
    await wire.fake.delete(last)
    path = f"/channels/{wire.channel.id}/messages"
    _, told = await wire.call("GET", path)
    assert [each["content"] for each in told] == [f"{wire.fake.bot.mention} two", ""]
    _, told = await wire.call("GET", f"{path}?limit=1&after={first.id}")
    assert len(told) == 1


async def test_reply_shows_what_it_replies_to(wire: Wire) -> None:
    """Unless that is gone: then it is refused, or goes without."""
    said = await wire.fake.say(wire.ann, wire.channel, "hello?", mention_bot=True)
    path = f"/channels/{wire.channel.id}/messages"
    reply = {"content": "hi", "message_reference": {"message_id": said.id}}
    _, told = await wire.call("POST", path, reply)
    assert told["referenced_message"]["id"] == str(said.id)
    assert [each.content for each in said.answers] == ["hi"]
    await wire.fake.delete(said)
    assert await wire.code("POST", path, reply) == (400, 50035)
    reply["message_reference"] = {"message_id": said.id, "fail_if_not_exists": False}
    assert await wire.code("POST", path, reply) == (200, 0)


async def test_reaction_comes_and_goes(wire: Wire) -> None:
    """The bot's own emoji below a message."""
    said = await wire.fake.say(wire.ann, wire.channel, "hello")
    path = f"/channels/{wire.channel.id}/messages/{said.id}/reactions/%F0%9F%8E%B5/@me"
    assert await wire.code("PUT", path) == (204, 0)
    assert said.reactions == ["🎵"]
    assert await wire.code("DELETE", path) == (204, 0)
    assert said.reactions == []


async def test_followup_can_be_read_changed_and_deleted(wire: Wire) -> None:
    """By its id and the interaction's token."""
    asked = await wire.ask()
    await wire.answer(asked, 4, {"content": "x"})
    _, said = await wire.call("POST", wire.hook(asked) + "?wait=1", {"content": "more"})
    path = f"{wire.hook(asked)}/messages/{said['id']}"
    assert (await wire.call("GET", path))[1]["content"] == "more"
    assert await wire.code("PATCH", path, {"content": "less"}) == (200, 0)
    assert (await asked.followup()).content == "less"
    assert await wire.code("DELETE", path) == (204, 0)
    assert await wire.code("GET", path) == (404, 10008)
    assert await wire.code("GET", wire.hook(asked) + "/messages/@original") == (200, 0)


async def test_followup_after_deleted_thinking_is_its_own(wire: Wire) -> None:
    """Once "thinking" is gone, a followup takes nobody's place and may be for one person."""
    asked = await wire.ask()
    await wire.answer(asked, 5)
    await wire.call("DELETE", wire.hook(asked) + "/messages/@original")
    await wire.call("POST", wire.hook(asked), {"content": "psst", "flags": 64})
    assert (await asked.followup()).is_ephemeral


async def test_pressed_message_can_be_changed_in_place(wire: Wire) -> None:
    """By an answer of type 7, or after one of type 6."""
    asked = await wire.ask()
    await wire.answer(asked, 4, {"content": "x", "components": [text_row("a", "b")]})
    message = await asked.original()
    first = await wire.fake.press(wire.ann, message, "a")
    path = f"/interactions/{first.id}/{first.token}/callback?with_response=1"
    status, told = await wire.call("POST", path, {"type": 7, "data": {"content": "y"}})
    assert (status, told["resource"]["message"]["content"]) == (200, "y")
    second = await wire.fake.press(wire.ann, message, "b")
    path = f"/interactions/{second.id}/{second.token}/callback?with_response=1"
    assert (await wire.call("POST", path, {"type": 6}))[0] == 200
    await wire.call("PATCH", wire.hook(second) + "/messages/@original", {"content": "z"})
    assert (message.content, await second.original()) == ("z", message)


async def test_poll_is_taken(wire: Wire) -> None:
    """A question and its answers."""
    answers = [{"poll_media": {"text": each}} for each in ("waltz", "tango")]
    poll = {"question": {"text": "Next?"}, "answers": answers, "layout_type": 1}
    path = f"/channels/{wire.channel.id}/messages"
    status, told = await wire.call("POST", path, {"poll": poll})
    assert (status, len(told["poll"]["answers"])) == (200, 2)


async def test_administrator_may_do_anything(wire: Wire) -> None:
    """Even what the channel does not list."""
    wire.fake.permit(wire.channel, Permission.ADMINISTRATOR)
    path = f"/channels/{wire.channel.id}/messages"
    assert await wire.code("POST", path, {"embeds": [{"title": "x"}]}) == (200, 0)
    wire.fake.permit(wire.channel, BOT_PERMISSIONS & ~Permission.EMBED_LINKS)
    assert await wire.code("POST", path, {"embeds": [{"title": "x"}]}) == (400, 50006)


async def test_bot_that_was_shown_out_has_no_access(wire: Wire) -> None:
    """Its messages stay, it cannot reach them."""
    path = f"/channels/{wire.channel.id}/messages"
    _, said = await wire.call("POST", path, {"content": "x"})
    assert wire.channel.guild is not None
    wire.fake.remove_bot(wire.channel.guild)
    assert await wire.code("PATCH", f"{path}/{said['id']}", {"content": "y"}) == (403, 50001)


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_weather_comes_once_and_can_speak(wire: Wire, status: int) -> None:
    """A failure that was ordered hits the next call and no other; a page of HTML is one too."""
    wire.fake.fail("GET", "/users/@me", status=status, body="<html>busy</html>")
    async with wire.session.get(wire.fake.url + "/users/@me") as answer:
        assert (answer.status, await answer.text()) == (status, "<html>busy</html>")
        assert "Via" not in answer.headers
    assert await wire.code("GET", "/users/@me") == (200, 0)


async def test_weather_reaches_the_links_too(wire: Wire) -> None:
    """A file can fail to come, and comes the next time."""
    said = await wire.fake.say(wire.ann, wire.channel, files=[("a.mid", b"MThd")])
    wire.fake.fail("GET", r"/attachments/.*", status=503)
    statuses = []
    for url in (said.files[0].url, said.files[0].url, said.files[0].url.replace("a.mid", "b.mid")):
        async with wire.session.get(url) as answer:
            statuses.append(answer.status)
    assert statuses == [503, 200, 404]
