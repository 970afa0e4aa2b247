"""The fake Telegram, driven by an unmodified python-telegram-bot: what goes through."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    Message,
    Update,
)
from telegram.error import BadRequest, Conflict, NetworkError, RetryAfter
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram.client import bot_at

AGAIN = InlineKeyboardMarkup([[InlineKeyboardButton("Again", callback_data="again")]])
Context = ContextTypes.DEFAULT_TYPE


async def greet(update: Update, _: Context) -> None:
    """Answer a command."""
    await said(update).reply_text(
        "Hello &amp; <b>welcome</b>", parse_mode="HTML", reply_markup=AGAIN, do_quote=True
    )


async def work(update: Update, _: Context) -> None:
    """Show progress, and put the piece into the same message."""
    status = await said(update).reply_text("Waiting …", do_quote=True)
    await status.edit_text("Writing …")
    file = InputMediaDocument(io.BytesIO(b"MThd of a piece"), filename="a.mid", caption="Done.")
    await status.edit_media(file, reply_markup=AGAIN)


async def take(update: Update, _: Context) -> None:
    """Send back the file that came."""
    document = said(update).document
    assert document
    data = await (await document.get_file()).download_as_bytearray()
    await said(update).reply_document(bytes(data), filename="b.mid", caption="Yours.")


async def notice(update: Update, _: Context) -> None:
    """Answer an edit."""
    await said(update).reply_text("You changed that.", do_quote=True)


async def answer(update: Update, _: Context) -> None:
    """Answer a press."""
    query = update.callback_query
    assert query
    await query.answer("Once more.", show_alert=True)
    await query.edit_message_reply_markup(None)


def said(update: Update) -> Message:
    """Give the message of an update."""
    assert update.effective_message
    return update.effective_message


async def present(app: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Show the menu of commands, before anything else."""
    await app.bot.set_my_commands([BotCommand("start", "say hello")])


@asynccontextmanager
async def running(fake: TelegramFake) -> AsyncIterator[Bot]:
    """Run the bot that all of these tests talk to.

    Yields:
        The same bot, to speak by itself.
    """
    app = (
        ApplicationBuilder()
        .token(fake.token)
        .base_url(f"{fake.origin}/bot")
        .base_file_url(f"{fake.origin}/file/bot")
        .build()
    )
    messages = filters.UpdateType.MESSAGE
    app.add_handler(CommandHandler("start", greet, filters=messages))
    app.add_handler(CommandHandler("work", work, filters=messages))
    app.add_handler(MessageHandler(filters.Document.ALL, take))
    app.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, notice))
    app.add_handler(CallbackQueryHandler(answer))
    updater = app.updater
    assert updater
    async with AsyncExitStack() as stack:
        await app.initialize()
        stack.push_async_callback(app.shutdown)
        await present(app)
        await app.start()
        stack.push_async_callback(app.stop)
        await updater.start_polling()
        stack.push_async_callback(updater.stop)
        yield app.bot


async def test_a_bot_starts_and_polls(fake: TelegramFake) -> None:
    """It asks who it is, sets its menu, and then holds one request for updates."""
    async with running(fake):
        await fake.wait_for(lambda: fake.world.updates.is_polled)
        assert [call.method for call in fake.calls] == ["getMe", "setMyCommands", "deleteWebhook"]
        assert fake.world.record.polls == 1
    menu = fake.world.commands["default", ""]
    assert menu == [{"command": "start", "description": "say hello"}]


async def test_a_command_is_answered(fake: TelegramFake) -> None:
    """The answer is seen as a reply: words, bold ones among them, and a button."""
    ann = fake.user("Ann")
    async with running(fake):
        asked = await fake.say(ann, fake.private(ann), "/start")
        reply = await asked.reply()
    assert (reply.text, reply.buttons) == ("Hello & welcome", [["Again"]])
    assert reply.entities == [{"type": "bold", "offset": 8, "length": 7}]


async def test_edits_are_seen_one_after_the_other(fake: TelegramFake) -> None:
    """A status becomes other words, and in the end a file."""
    ann = fake.user("Ann")
    async with running(fake):
        status = await (await fake.say(ann, fake.private(ann), "/work")).reply()
        await status.until(lambda message: message.document)
    assert status.shown == ["Waiting …", "Writing …", "Done."]
    assert status.document
    assert (status.document.name, status.document.data) == ("a.mid", b"MThd of a piece")
    assert (status.text, status.caption, status.is_edited) == ("", "Done.", True)


async def test_a_file_goes_there_and_back(fake: TelegramFake) -> None:
    """What a person sends can be downloaded, and what the bot sends arrives whole."""
    ann = fake.user("Ann")
    chat = fake.private(ann)
    async with running(fake):
        await fake.send_file(ann, chat, "seed.mid", b"MThd of a seed", "look")
        await fake.wait_for(lambda: chat.last.document)
    sent = chat.last
    assert sent.document
    assert (sent.document.data, sent.caption) == (b"MThd of a seed", "Yours.")
    assert fake.called("getFile")[0].status == 200


async def test_a_press_is_answered(fake: TelegramFake) -> None:
    """The person sees an alert, and the button goes."""
    ann = fake.user("Ann")
    async with running(fake):
        reply = await (await fake.say(ann, fake.private(ann), "/start")).reply()
        press = await fake.press(ann, reply, "Again")
        alert = await press.answer()
        await reply.until(lambda message: not message.buttons)
    assert (alert.text, alert.show_alert) == ("Once more.", True)
    with pytest.raises(LookupError):
        await fake.press(ann, reply, "Again")


async def test_an_edited_message_is_another_update(fake: TelegramFake) -> None:
    """It comes as an edit and with its new words."""
    ann = fake.user("Ann")
    async with running(fake):
        asked = await fake.say(ann, fake.private(ann), "/start")
        await asked.reply()
        await fake.edit(ann, asked, "/start over")
        reply = await asked.reply(2)
    assert reply.text == "You changed that."


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("/start", True),
        ("/start@AudioGroove_bot now", True),
        ("/start@other_bot", False),
        ("@audiogroove_bot hello", False),
        ("so I said /start", False),
        ("hello", False),
    ],
)
async def test_privacy_in_groups(fake: TelegramFake, text: str, *, is_told: bool) -> None:
    """Commands for the bot come through; mentions and talk do not."""
    ann = fake.user("Ann")
    message = await fake.say(ann, fake.group("Band", ann), text)
    assert bool(message.update_id) is is_told


async def test_replies_to_the_bot_are_told_in_groups(fake: TelegramFake, bot: Bot) -> None:
    """A file as a reply to the bot comes, with what it replies to; one beside it does not."""
    ann = fake.user("Ann")
    group = fake.group("Band", ann)
    asking = await bot.send_message(group.id, "Send one.", reply_markup=AGAIN)
    await fake.send_file(ann, group, "a.mid", b"MThd")
    await fake.send_file(ann, group, "b.mid", b"MThd", reply_to=group.last)
    (update,) = await bot.get_updates()
    assert update.message
    assert update.message.document
    assert update.message.document.file_name == "b.mid"
    replied = update.message.reply_to_message
    assert replied
    assert (replied.message_id, replied.reply_markup) == (asking.message_id, AGAIN)


async def test_an_administrator_is_told_all(fake: TelegramFake) -> None:
    """Privacy mode is for plain members."""
    ann = fake.user("Ann")
    group = fake.supergroup("Band", ann)
    await fake.promote(group)
    assert (await fake.say(ann, group, "hello")).update_id


async def test_topics_have_threads(fake: TelegramFake, bot: Bot) -> None:
    """What is said in a topic names it, and replies to the message that opened it."""
    ann = fake.user("Ann")
    forum = fake.supergroup("Band", ann, forum=True)
    topic = await fake.open_topic(ann, forum, "Ideas")
    await fake.say(ann, forum, "/start", topic=topic)
    message = (await bot.get_updates())[-1].message
    assert message
    assert (message.is_topic_message, message.message_thread_id) == (True, topic.id)
    assert message.reply_to_message
    assert message.reply_to_message.forum_topic_created
    await message.reply_text("here")
    assert forum.last.topic is topic


async def test_replies_have_threads_outside_of_forums(fake: TelegramFake, bot: Bot) -> None:
    """In a plain supergroup a chain of replies has a thread id that must not be used."""
    ann = fake.user("Ann")
    group = fake.supergroup("Band", ann)
    first = await fake.say(ann, group, "/start")
    await fake.say(ann, group, "/start", reply_to=first)
    message = (await bot.get_updates())[-1].message
    assert message
    assert (message.message_thread_id, message.is_topic_message) == (first.id, None)
    with pytest.raises(BadRequest, match="thread not found"):
        await bot.send_message(group.id, "no", message_thread_id=message.message_thread_id)


async def test_too_many_requests(fake: TelegramFake, bot: Bot) -> None:
    """A refusal tells when to come back; whoever comes sooner is noted."""
    chat = fake.private(fake.user("Ann"), is_open=True)
    fake.fail("sendMessage", retry_after=3)
    with pytest.raises(RetryAfter) as refusal:
        await bot.send_message(chat.id, "a")
    assert str(refusal.value) == "Flood control exceeded. Retry in 0:00:03"
    await bot.send_message(chat.id, "b")
    assert [each.rule for each in fake.flood.violations] == ["impatient"]
    assert [message.text for message in chat.messages] == ["b"]


async def test_an_outage_passes(fake: TelegramFake) -> None:
    """What was said meanwhile is answered once the bot gets through again."""
    ann = fake.user("Ann")
    async with running(fake) as bot:
        await fake.wait_for(lambda: fake.world.updates.is_polled)
        with fake.outage():
            asked = await fake.say(ann, fake.private(ann), "/start")
            with pytest.raises(NetworkError):
                await bot.get_me()
        assert (await asked.reply()).text


@pytest.mark.parametrize(("when", "seen"), [("before", 0), ("after", 1)])
async def test_a_torn_connection_tells_nothing(
    fake: TelegramFake, bot: Bot, when: Any, seen: int
) -> None:
    """The bot cannot know whether its message arrived; people can."""
    chat = fake.private(fake.user("Ann"), is_open=True)
    fake.fail("sendMessage", reset=when)
    with pytest.raises(NetworkError):
        await bot.send_message(chat.id, "a")
    assert len(chat.messages) == seen


async def test_a_gate_holds_an_answer(fake: TelegramFake, bot: Bot) -> None:
    """The message is there while the bot still waits."""
    chat = fake.private(fake.user("Ann"), is_open=True)
    gate = asyncio.Event()
    fake.fail("sendMessage", answer_gate=gate)
    sending = asyncio.create_task(bot.send_message(chat.id, "a"))
    await fake.wait_for(lambda: chat.messages)
    assert not sending.done()
    gate.set()
    assert (await sending).text == "a"


async def test_updates_wait_for_a_bot(fake: TelegramFake) -> None:
    """What is said while none runs is told to the next one, and once only."""
    ann = fake.user("Ann")
    asked = await fake.say(ann, fake.private(ann), "/start")
    for _ in range(2):
        async with running(fake):
            await asked.heard()
            await fake.wait_for(lambda: fake.world.updates.is_polled)
    assert len(asked.replies) == 1


async def test_the_second_poller_wins(fake: TelegramFake, bot: Bot) -> None:
    """The first is told that there is another, and the updates go to that."""
    ann = fake.user("Ann")
    first = asyncio.create_task(bot.get_updates(timeout=5))
    await fake.wait_for(lambda: fake.world.updates.is_polled)
    async with bot_at(fake.origin, fake.token) as rival:
        second = asyncio.create_task(rival.get_updates(timeout=5))
        with pytest.raises(Conflict, match="terminated by other getUpdates"):
            await first
        await fake.say(ann, fake.private(ann), "hello")
        assert len(await second) == 1


@pytest.mark.usefixtures("bot")
async def test_a_vain_wait_tells_what_happened(fake: TelegramFake) -> None:
    """It ends as a failure that shows the bot's last calls."""
    with pytest.raises(AssertionError, match=r"not within 0.01 s(.|\n)*getMe \{\} → 200"):
        await fake.wait_for(lambda: fake.called("sendMessage"), within_s=0.01)
