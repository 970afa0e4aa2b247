"""The fake keeps Discord's times, counts and permissions: plain requests, no bot."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.discord import (
    BOT_PERMISSIONS,
    Message,
    Permission,
    Setup,
)
from tests.fakes.discord_wire import Wire, text_row, wired


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """Give a Discord, and a wire to it.

    Yields:
        The wire.
    """
    async with wired(Setup(judges_itself=True, is_frozen=True)) as made:
        yield made


async def test_first_answer_is_due_in_three_seconds(wire: Wire) -> None:
    """Later, Discord has forgotten the interaction."""
    asked = await wire.ask()
    wire.fake.clock.advance(3.1)
    assert await wire.answer(asked, 5) == (404, 10062)


async def test_second_first_answer_is_refused(wire: Wire) -> None:
    """An interaction is answered once."""
    asked = await wire.ask()
    assert await wire.answer(asked, 5) == (204, 0)
    assert await wire.answer(asked, 5) == (400, 40060)


async def test_webhook_opens_with_the_answer_and_dies_after_15_minutes(wire: Wire) -> None:
    """Before the answer there is no webhook; after a quarter of an hour its token is invalid."""
    asked = await wire.ask()
    original = wire.hook(asked) + "/messages/@original"
    assert await wire.code("PATCH", original, {"content": "x"}) == (404, 10015)
    await wire.answer(asked, 5)
    assert await wire.code("PATCH", original, {"content": "x"}) == (200, 0)
    wire.fake.clock.advance(900)
    assert await wire.code("PATCH", original, {"content": "y"}) == (401, 50027)


async def test_deleted_answer_is_unknown(wire: Wire) -> None:
    """What was deleted cannot be changed."""
    asked = await wire.ask()
    original = wire.hook(asked) + "/messages/@original"
    await wire.answer(asked, 4, {"content": "x"})
    assert await wire.code("DELETE", original) == (204, 0)
    assert await wire.code("PATCH", original, {"content": "x"}) == (404, 10008)
    assert asked.response is not None
    assert asked.response.is_deleted


async def test_edit_changes_only_what_was_sent(wire: Wire) -> None:
    """A changed text leaves the buttons, and no text leaves nothing but the buttons."""
    asked = await wire.ask()
    original = wire.hook(asked) + "/messages/@original"
    await wire.answer(asked, 4, {"content": "x", "components": [text_row("a")]})
    await wire.call("PATCH", original, {"content": "y"})
    message = await asked.original()
    assert (message.content, len(message.buttons)) == ("y", 1)
    await wire.call("PATCH", original, {"content": None})
    assert (message.content, len(message.buttons)) == ("", 1)


async def test_sixth_followup_of_a_user_install_is_refused(wire: Wire) -> None:
    """Where the bot itself is not, it may say five things more."""
    elsewhere = wire.fake.add_channel(wire.fake.add_guild(has_bot=False))
    asked = await wire.fake.slash(wire.ann, elsewhere, "compose")
    await wire.answer(asked, 4, {"content": "x"})
    for number in range(5):
        assert await wire.code("POST", wire.hook(asked), {"content": str(number)}) == (204, 0)
    wire.fake.clock.advance(5)
    assert await wire.code("POST", wire.hook(asked), {"content": "6"}) == (400, 40094)
    assert (await wire.code("POST", f"/channels/{elsewhere.id}/typing")) == (403, 50001)


async def test_foreign_messages_are_guarded(wire: Wire) -> None:
    """A bot cannot edit what others said, and deletes it only with a permission."""
    said: Message = await wire.fake.say(wire.ann, wire.channel, "hello")
    path = f"/channels/{wire.channel.id}/messages/{said.id}"
    assert await wire.code("PATCH", path, {"content": "x"}) == (403, 50005)
    assert await wire.code("DELETE", path) == (403, 50013)
    wire.channel.bot_permissions = BOT_PERMISSIONS | Permission.MANAGE_MESSAGES
    assert await wire.code("DELETE", path) == (204, 0)
    assert await wire.code("GET", path) == (404, 10008)


async def test_unseen_channel_is_closed(wire: Wire) -> None:
    """Without VIEW_CHANNEL there is no access, and a deleted wire.channel is unknown."""
    wire.channel.bot_permissions = Permission(0)
    path = f"/channels/{wire.channel.id}/messages"
    assert await wire.code("POST", path, {"content": "x"}) == (403, 50001)
    wire.fake.delete_channel(wire.channel)
    assert await wire.code("POST", path, {"content": "x"}) == (404, 10003)


async def test_same_nonce_says_it_once_within_minutes(wire: Wire) -> None:
    """A nonce is remembered for a few minutes, not for ever."""
    path = f"/channels/{wire.channel.id}/messages"
    said = {"content": "x", "nonce": "job", "enforce_nonce": True}
    _, first = await wire.call("POST", path, said)
    _, second = await wire.call("POST", path, said)
    wire.fake.clock.advance(600)
    _, third = await wire.call("POST", path, said)
    assert (second["id"], len(wire.channel.messages)) == (first["id"], 2)
    assert third["id"] != first["id"]


async def test_sixth_message_in_five_seconds_is_told_to_wait(wire: Wire) -> None:
    """A wire.channel takes five; the headers said so; after that time it goes on."""
    path = f"/channels/{wire.channel.id}/messages"
    for number in range(5):
        assert await wire.code("POST", path, {"content": str(number)}) == (200, 0)
    status, told = await wire.call("POST", path, {"content": "6"})
    assert (status, told["global"], told["retry_after"]) == (429, False, 5)
    assert wire.fake.flood.by_route == {"POST /channels/{channel_id}/messages": 1}
    wire.fake.clock.advance(5)
    assert await wire.code("POST", path, {"content": "6"}) == (200, 0)


async def test_fifty_calls_a_second_in_all(wire: Wire) -> None:
    """The global limit counts all routes, except those of interactions."""
    wire.fake.clock.advance(1)  # the commands were registered a second ago
    channels = [wire.fake.add_channel(wire.fake.add_guild()) for _ in range(50)]
    for each in channels:
        await wire.call("POST", f"/channels/{each.id}/typing")
    status, told = await wire.call("GET", "/users/@me")
    asked = await wire.fake.slash(wire.ann, channels[0], "compose")
    assert (status, told["global"], wire.fake.flood.over_global) == (429, True, 1)
    assert await wire.answer(asked, 5) == (204, 0)


async def test_file_with_an_old_link_is_gone(wire: Wire) -> None:
    """A link lives for a day."""
    said = await wire.fake.say(wire.ann, wire.channel, files=[("a.mid", b"MThd")])
    async with wire.session.get(said.files[0].url) as fresh:
        assert await fresh.read() == b"MThd"
    wire.fake.clock.advance(25 * 3600)
    async with wire.session.get(said.files[0].url) as stale:
        assert stale.status == 404


async def test_wrong_token_is_unauthorized(wire: Wire) -> None:
    """Every route but those of interactions wants the bot's token."""
    url = wire.fake.url + "/users/@me"
    async with wire.session.get(url, headers={"Authorization": "Bot other"}) as answer:
        assert answer.status == 401
