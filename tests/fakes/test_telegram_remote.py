"""A fake Telegram in another process: the same people, over HTTP."""

import asyncio
import base64
from collections.abc import AsyncIterator

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, NetworkError

from tests.fakes.telegram.client import bot_at
from tests.fakes.telegram.remote import Remote

AGAIN = InlineKeyboardMarkup([[InlineKeyboardButton("Again", callback_data="again")]])
TWO_ALIKE = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("+1", callback_data="for")],
        [InlineKeyboardButton("+1", callback_data="against")],
    ]
)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Go around any proxy."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
async def remote() -> AsyncIterator[Remote]:
    """Start a Telegram in another process.

    Yields:
        The way to it.
    """
    async with Remote() as remote:
        yield remote


@pytest.fixture
async def bot(remote: Remote) -> AsyncIterator[Bot]:
    """Start a bot that only speaks.

    Yields:
        The bot, ready to be used.
    """
    async with bot_at(remote.origin, remote.token) as bot:
        yield bot


async def test_a_talk_from_afar(remote: Remote, bot: Bot) -> None:
    """A person asks there, the bot answers from here, and there it is seen and pressed."""
    ann = (await remote.do("user", name="Ann"))["user"]
    chat = (await remote.do("private", user=ann))["chat"]
    seed = base64.b64encode(b"MThd").decode()
    asked = await remote.do("send_file", user=ann, chat=chat, name="a.mid", data=seed)
    (update,) = await bot.get_updates()
    assert update.message
    await update.message.reply_document(
        b"MThd!", filename="b.mid", reply_markup=AGAIN, do_quote=True
    )
    (event,) = await remote.do("events", since=1, within_s=5)
    assert (event["kind"], event["reply_to"], event["name"]) == (
        "message",
        asked["message"],
        "b.mid",
    )
    assert await remote.do("file", chat=chat, message=event["message"]) == b"MThd!"
    press = await remote.do("press", user=ann, chat=chat, message=event["message"], label="Again")
    (update,) = await bot.get_updates(offset=update.update_id + 1)
    assert update.callback_query
    await update.callback_query.answer("Yes.")
    assert await remote.do("answer", **press) == {"text": "Yes.", "show_alert": False}
    state = await remote.do("state")
    assert (state["violations"], state["unanswered"], state["pending"]) == ([], [], 1)


async def test_a_button_is_pressed_by_what_it_carries(remote: Remote, bot: Bot) -> None:
    """Where two say the same, the data that is told of a message sets them apart."""
    ann = (await remote.do("user", name="Ann"))["user"]
    group = await remote.do("group", title="Band", members=[ann])
    await bot.send_message(group["chat"], "Keep it?", reply_markup=TWO_ALIKE)
    (message,) = await remote.do("messages", **group)
    assert message["data"] == [["for"], ["against"]]
    with pytest.raises(LookupError):
        await remote.do("press", user=ann, message=message["message"], label="+1", **group)
    await remote.do("press", user=ann, message=message["message"], label="against", **group)
    (update,) = await bot.get_updates()
    assert update.callback_query
    assert update.callback_query.data == "against"


async def test_a_bot_that_listens_is_waited_for_from_afar(remote: Remote, bot: Bot) -> None:
    """Before it asks for updates it is not there; what it is told of ends its wait."""
    with pytest.raises(LookupError):
        await remote.do("polled", within_s=0)
    listening = asyncio.create_task(bot.get_updates(timeout=50))
    await remote.do("polled")
    ann = (await remote.do("user", name="Ann"))["user"]
    chat = (await remote.do("private", user=ann))["chat"]
    await remote.do("say", user=ann, chat=chat, text="/start")
    assert len(await listening) == 1


async def test_a_group_from_afar(remote: Remote, bot: Bot) -> None:
    """Groups, topics and what happens to them are at hand too."""
    ann = (await remote.do("user", name="Ann"))["user"]
    group = await remote.do("group", title="Band", members=[ann])
    forum = await remote.do("supergroup", title="Big band", members=[ann], forum=True)
    topic = await remote.do("open_topic", user=ann, name="Ideas", **forum)
    asked = await remote.do("say", user=ann, text="/start", **forum, **topic)
    await remote.do("edit", user=ann, message=asked["message"], text="/begin", **forum)
    moved = await remote.do("migrate", **group)
    for verb in ("promote", "kick", "add_bot"):
        await remote.do(verb, **moved)
    await remote.do("block", user=ann)
    kinds = [set(update.to_dict()) - {"update_id"} for update in await bot.get_updates()]
    assert [kind.pop() for kind in kinds] == [
        *["message", "message", "edited_message", "message", "message"],
        *["my_chat_member"] * 4,
    ]
    (message,) = await remote.do("messages", **forum)
    assert (message["words"], message["topic"]) == ("/begin", topic["topic"])
    with pytest.raises(LookupError):
        await remote.do("say", user=1, text="nobody", **forum)


async def test_what_is_taken_away_from_afar(remote: Remote, bot: Bot) -> None:
    """A message, and the topic that it was in; a reaction is seen before."""
    ann = (await remote.do("user", name="Ann"))["user"]
    forum = await remote.do("supergroup", title="Big band", members=[ann], forum=True)
    topic = await remote.do("open_topic", user=ann, name="Ideas", **forum)
    sent = await bot.send_message(forum["chat"], "a", message_thread_id=topic["topic"])
    await sent.set_reaction("👍")
    (message,) = await remote.do("messages", **forum)
    assert message["reaction"] == "👍"
    await remote.do("delete", message=message["message"], **forum)
    assert await remote.do("messages", **forum) == []
    await remote.do("close_topic", **forum, **topic)
    with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
        await bot.send_message(forum["chat"], "b", message_thread_id=topic["topic"])
    await remote.do("delete_topic", **forum, **topic)
    with pytest.raises(BadRequest, match=r"(?i)thread not found"):
        await bot.send_message(forum["chat"], "c", message_thread_id=topic["topic"])


async def test_trouble_from_afar(remote: Remote, bot: Bot) -> None:
    """Faults, gates, floods and outages as in one process."""
    ann = (await remote.do("user", name="Ann"))["user"]
    chat = (await remote.do("private", user=ann))["chat"]
    await remote.do("say", user=ann, chat=chat, text="/start")
    await remote.do("fail", method="sendMessage", code=502)
    await remote.do("fail", method="getMe", gate="a")
    await remote.do("flood", is_enforced=True)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(chat, "a")
    await remote.do("open", gate="a")
    await bot.get_me()
    await remote.do("outage", is_down=True)
    with pytest.raises(NetworkError):
        await bot.get_me()
    await remote.do("outage", is_down=False)
    await bot.send_message(chat, "b")
    calls = await remote.do("calls", since=1)
    assert [(call["method"], call["status"]) for call in calls] == [
        ("sendMessage", 502),
        ("getMe", 200),
        ("sendMessage", 200),
    ]
