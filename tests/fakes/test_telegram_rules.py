"""The fake Telegram refuses what Telegram refuses, and tells what its description forbids."""

import io
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    Conflict,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from tests.fakes.telegram import Chat, TelegramFake
from tests.fakes.telegram.client import bot_at, refused

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (640).to_bytes(4) + (240).to_bytes(4)
THIN = PNG[:20] + (20).to_bytes(4)
AGAIN = InlineKeyboardMarkup([[InlineKeyboardButton("Again", callback_data="again")]])
THUMBNAIL = (
    "sendDocument: thumbnail is no JPEG of at most 320 pixels a side and less than 200000 bytes"
)
Ask = Callable[[Bot, int], Awaitable[object]]


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    """Give the clock that limits are measured by."""
    return Clock()


@pytest.fixture
async def fake(clock: Clock) -> AsyncIterator[TelegramFake]:
    """Start a Telegram.

    Yields:
        The Telegram, people and server.
    """
    async with TelegramFake(clock=clock) as fake:
        yield fake


def keyboard(**action: Any) -> InlineKeyboardMarkup:
    """Spell one button."""
    return InlineKeyboardMarkup([[InlineKeyboardButton("Press", **action)]])


def song(name: str = "a.mp3") -> InputMediaAudio:
    """Spell a song for an album."""
    return InputMediaAudio(io.BytesIO(b"ID3"), filename=name)


def piece() -> InputMediaDocument:
    """Spell a plain file for an album."""
    return InputMediaDocument(io.BytesIO(b"MThd"), filename="a.mid")


def say(text: str, **more: Any) -> Ask:
    """Spell a message."""
    return lambda bot, chat: bot.send_message(chat, text, **more)


def album(*media: Any) -> Ask:
    """Spell files sent together."""
    return lambda bot, chat: bot.send_media_group(chat, media)


def menu(command: str, description: str) -> Ask:
    """Spell a menu of one command."""
    return lambda bot, _: bot.set_my_commands([(command, description)])


def document(data: Any, caption: str = "", **more: Any) -> Ask:
    """Spell a file."""
    return lambda bot, chat: bot.send_document(chat, data, caption, **more)


NO_PARSE = "can't parse entities: "
REFUSED: list[tuple[str, Ask]] = [
    ("message text is empty", say("<b> </b>", parse_mode="HTML")),
    ("message is too long", say("é" * 4097)),
    ("message is too long", say("🎵" * 2049)),
    ("caption is too long", document(b"M", "c" * 1025)),
    (NO_PARSE + 'unsupported start tag "x" at byte offset 3', say("é <x>", parse_mode="HTML")),
    (NO_PARSE + "can't find end tag", document(b"M", "<b>bold", parse_mode="HTML")),
    ("unsupported parse_mode", say("a", parse_mode="LaTeX")),
    ("button_data_invalid", say("a", reply_markup=keyboard(callback_data="é" * 32 + "x"))),
    ("text buttons are unallowed", say("a", reply_markup=keyboard())),
    ("text buttons are unallowed", say("a", reply_markup=keyboard(callback_data="a", pay=True))),
    ("copy_text_invalid", say("a", reply_markup=keyboard(copy_text=CopyTextButton("7" * 257)))),
    ("message to be replied not found", say("a", reply_parameters=ReplyParameters(99))),
    ("message thread not found", say("a", message_thread_id=5)),
    ("file must be non-empty", document(b"")),
    ("wrong remote file identifier", document("BQAC")),
    ("image_process_failed", lambda bot, chat: bot.send_photo(chat, b"no picture")),
    ("photo_invalid_dimensions", lambda bot, chat: bot.send_photo(chat, THIN)),
    ("from 2 to 10", album(song())),
    ("audio can't be mixed", album(song(), InputMediaPhoto(PNG))),
    ("document can't be mixed", album(piece(), InputMediaPhoto(PNG))),
    ("bot_command_invalid", menu("Start", "begin")),
    ("bot_command_description_invalid", menu("start", "b" * 257)),
    ("chat not found", lambda bot, _: bot.send_message(99, "a")),
    ("wrong parameter action", lambda bot, chat: bot.send_chat_action(chat, "composing")),
    ("wrong file_id", lambda bot, _: bot.get_file("BQAC")),
    ("query is too old", lambda bot, _: bot.answer_callback_query("17")),
    ("message to edit not found", lambda bot, chat: bot.edit_message_text("a", chat, 99)),
    ("message to delete not found", lambda bot, chat: bot.delete_message(chat, 99)),
    ("message identifiers are not specified", lambda bot, chat: bot.delete_messages(chat, [])),
    (
        "too many message identifiers",
        lambda bot, chat: bot.delete_messages(chat, list(range(1, 102))),
    ),
    ("too big for a photo", lambda bot, chat: bot.send_photo(chat, PNG + bytes(10 << 20))),
    ("message to react not found", lambda bot, chat: bot.set_message_reaction(chat, 99, "👍")),
    ("no administrators in the private", lambda bot, chat: bot.get_chat_administrators(chat)),
]


@pytest.mark.parametrize(("words", "ask"), REFUSED)
async def test_a_refusal(bot: Bot, chat: Chat, words: str, ask: Ask) -> None:
    """The bot is told why, and people see nothing."""
    with refused(BadRequest, words):
        await ask(bot, chat.id)
    assert not chat.messages


async def test_a_press_waits_for_fifteen_seconds(
    fake: TelegramFake, bot: Bot, chat: Chat, clock: Clock
) -> None:
    """An answer that comes later is refused, and so is a second one."""
    assert chat.user
    await bot.send_message(chat.id, "a", reply_markup=AGAIN)
    first = await fake.press(chat.user, chat.last, "Again")
    second = await fake.press(chat.user, chat.last, "Again")
    with refused(BadRequest, "message_too_long"):
        await bot.answer_callback_query(first.id, "a" * 201)
    await bot.answer_callback_query(first.id, "in time")
    with refused(BadRequest, "query is too old"):
        await bot.answer_callback_query(first.id, "again")
    clock.now_s += 15.1
    with refused(BadRequest, "query is too old"):
        await bot.answer_callback_query(second.id, "late")


async def test_large_files(fake: TelegramFake, bot: Bot, chat: Chat) -> None:
    """Nothing above 20 MB is downloaded, and nothing above 50 MB uploaded."""
    assert chat.user
    sent = await fake.send_file(chat.user, chat, "a.mid", b"MThd", claimed_size=21 << 20)
    assert sent.media
    with refused(BadRequest, "file is too big"):
        await bot.get_file(sent.media.file.file_id)
    with refused(NetworkError, "Entity Too Large"):
        await bot.send_document(chat.id, bytes((50 << 20) + 1))


async def test_another_bot_s_token(fake: TelegramFake) -> None:
    """It opens nothing here."""
    stranger = bot_at(fake.origin, "1:other")
    with refused(InvalidToken, "rejected by the server"):
        await stranger.initialize()
    await stranger.shutdown()


async def test_a_webhook_takes_all_updates(bot: Bot) -> None:
    """Nobody can poll meanwhile."""
    await bot.set_webhook("https://example.org/hook")
    with refused(Conflict, "webhook is active"):
        await bot.get_updates()
    assert (await bot.get_webhook_info()).url == "https://example.org/hook"
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


@pytest.mark.parametrize(
    ("ask", "violation"),
    [
        (say("a", api_kwargs={"loud": True}), "sendMessage: loud is unknown"),
        (
            say("a", link_preview_options=LinkPreviewOptions(api_kwargs={"size": 1})),
            "sendMessage.link_preview_options: size is unknown",
        ),
        (
            say("a", disable_notification="perhaps"),
            "sendMessage.disable_notification: 'perhaps' is no Boolean",
        ),
        (
            lambda bot, chat: bot.do_api_request("sendRichMessage", {"chat_id": chat}),
            "sendRichMessage: rich_message is missing",
        ),
        (
            document(b"MThd", thumbnail=PNG),
            THUMBNAIL,
        ),
        (
            lambda bot, chat: bot.send_audio(chat, b"MThd", filename="a.mid"),
            "sendAudio: audio is no MP3 or M4A",
        ),
        (
            lambda bot, chat: bot.send_video(chat, b"RIFF", filename="a.avi"),
            "sendVideo: video is no MP4",
        ),
        (
            album(InputMediaAudio(b"ID3", thumbnail=PNG, filename="a.mp3"), song()),
            THUMBNAIL.replace("sendDocument", "sendMediaGroup"),
        ),
        (lambda bot, chat: bot.send_dice(chat), "sendDice: unimplemented by this fake"),
    ],
)
async def test_a_violation(
    fake: TelegramFake, bot: Bot, chat: Chat, ask: Ask, violation: str
) -> None:
    """What goes against the description is told, whatever Telegram would have made of it."""
    try:
        await ask(bot, chat.id)
    except TelegramError:
        assert fake.calls[-1].status in {400, 404}
    assert fake.violations[:1] == [violation]
    with pytest.raises(AssertionError):
        fake.check()


async def test_a_flood_is_refused_where_that_is_enforced(
    fake: TelegramFake, bot: Bot, chat: Chat, clock: Clock
) -> None:
    """The bot is told how long to wait, and after that it goes."""
    fake.flood.is_enforced = True
    for number in range(3):
        await bot.send_message(chat.id, str(number))
    with pytest.raises(RetryAfter):
        await bot.send_message(chat.id, "too soon")
    clock.now_s += 1
    await bot.send_message(chat.id, "in time")
    assert len(chat.messages) == 4
