"""Where the fake Telegram lets a bot speak, and what it may send there."""

import io
from collections.abc import Awaitable, Callable

import pytest
from telegram import Bot, InputMediaDocument
from telegram.error import BadRequest, ChatMigrated, Forbidden

from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram.client import refused

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (640).to_bytes(4) + (240).to_bytes(4)
Ask = Callable[[Bot, int], Awaitable[object]]


def piece() -> InputMediaDocument:
    """Spell a plain file for an album."""
    return InputMediaDocument(io.BytesIO(b"MThd"), filename="a.mid")


@pytest.mark.parametrize("kinds", ["photo", "document"])
async def test_a_group_may_bar_some_kinds(fake: TelegramFake, bot: Bot, kinds: str) -> None:
    """Its administrators choose what members, and bots, may send there."""
    group = fake.supergroup("Band", fake.user("Ann"))
    group.barred = {kinds}
    ways: dict[str, Ask] = {
        "photo": lambda bot, chat: bot.send_photo(chat, PNG),
        "document": lambda bot, chat: bot.send_media_group(chat, [piece(), piece()]),
    }
    with refused(BadRequest, f"not enough rights to send {kinds}s to the chat"):
        await ways[kinds](bot, group.id)
    await bot.send_message(group.id, "a")


async def test_a_group_may_have_no_reactions(fake: TelegramFake, bot: Bot) -> None:
    """Putting one is refused then; taking one away is no fault."""
    group = fake.supergroup("Band", fake.user("Ann"))
    sent = await bot.send_message(group.id, "a")
    group.has_reactions = False
    with refused(BadRequest, "reaction_invalid"):
        await sent.set_reaction("👍")
    assert await sent.set_reaction()
    assert group.last.reaction == ""


async def test_topics_close_and_go(fake: TelegramFake, bot: Bot) -> None:
    """A closed topic takes nothing; a deleted one is not there."""
    ann = fake.user("Ann")
    forum = fake.supergroup("Band", ann, forum=True)
    topic = await fake.open_topic(ann, forum, "Ideas")
    await fake.close_topic(topic)
    with refused(BadRequest, "topic_closed"):
        await bot.send_message(forum.id, "a", message_thread_id=topic.id)
    await fake.delete_topic(topic)
    with refused(BadRequest, "thread not found"):
        await bot.send_message(forum.id, "a", message_thread_id=topic.id)


async def test_a_muted_group(fake: TelegramFake, bot: Bot) -> None:
    """Where only administrators may write, a plain bot may not."""
    group = fake.supergroup("Band", fake.user("Ann"))
    group.is_muted = True
    with refused(BadRequest, "not enough rights to send text messages"):
        await bot.send_message(group.id, "a")


async def blocked(fake: TelegramFake) -> int:
    """Give a chat of somebody who blocked the bot."""
    ann = fake.user("Ann")
    await fake.say(ann, fake.private(ann), "hello")
    await fake.block(ann)
    return ann.id


async def kicked(fake: TelegramFake) -> int:
    """Give a chat that the bot was thrown out of."""
    group = fake.supergroup("Band", fake.user("Ann"))
    await fake.kick(group)
    return group.id


async def unbegun(fake: TelegramFake) -> int:
    """Give a chat of somebody who never wrote to the bot."""
    return fake.private(fake.user("Ann")).id


@pytest.mark.parametrize(
    ("chat_with", "words"),
    [
        (blocked, "bot was blocked by the user"),
        (kicked, "bot was kicked from the supergroup chat"),
        (unbegun, "bot can't initiate conversation with a user"),
    ],
)
async def test_forbidden_chats(
    fake: TelegramFake,
    bot: Bot,
    chat_with: Callable[[TelegramFake], Awaitable[int]],
    words: str,
) -> None:
    """Nothing can be said where the bot is not wanted."""
    with refused(Forbidden, words):
        await bot.send_message(await chat_with(fake), "hello")


async def test_a_group_may_become_another(fake: TelegramFake, bot: Bot) -> None:
    """Who writes to the old one is told the new one."""
    old = fake.group("Band", fake.user("Ann"))
    new = await fake.migrate(old)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(old.id, "hello")
    assert moved.value.new_chat_id == new.id
    await bot.send_message(new.id, "hello")
    told = [update.message for update in await bot.get_updates()]
    assert [each and each.migrate_to_chat_id for each in told] == [new.id, None]
