"""What the fake Telegram lets a bot change and take away of what is in a chat."""

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaAudio,
    InputMediaPhoto,
)
from telegram.error import BadRequest, TelegramError

from tests.fakes.telegram import Chat, TelegramFake
from tests.fakes.telegram.client import refused

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (640).to_bytes(4) + (240).to_bytes(4)
AGAIN = InlineKeyboardMarkup([[InlineKeyboardButton("Again", callback_data="again")]])


async def test_what_cannot_be_edited(fake: TelegramFake, bot: Bot, chat: Chat) -> None:
    """Text is no caption, a caption no text, and nobody edits what others said."""
    assert chat.user
    asked = await fake.say(chat.user, chat, "hello")
    text = await bot.send_message(chat.id, "text", reply_markup=AGAIN)
    file = await bot.send_document(chat.id, b"MThd", filename="a.mid", caption="caption")
    edits = {
        "not modified": text.edit_text("text", reply_markup=AGAIN),
        "exactly the same": text.edit_reply_markup(AGAIN),
        "no caption": text.edit_caption("caption"),
        "no text": file.edit_text("text"),
        "can't be edited": bot.edit_message_text("no", chat.id, asked.id),
    }
    for words, edit in edits.items():
        with refused(BadRequest, words):
            await edit
    assert [message.words for message in chat.messages] == ["hello", "text", "caption"]


async def test_only_own_messages_are_deleted_in_groups(fake: TelegramFake, bot: Bot) -> None:
    """The bot needs to be an administrator for those of others."""
    ann = fake.user("Ann")
    group = fake.supergroup("Band", ann)
    asked = await fake.say(ann, group, "/start")
    with refused(BadRequest, "can't be deleted"):
        await bot.delete_message(group.id, asked.id)
    await fake.promote(group)
    assert await bot.delete_message(group.id, asked.id)
    assert asked.is_deleted


async def test_several_are_deleted_all_or_none(fake: TelegramFake, bot: Bot) -> None:
    """One that is too old keeps the others."""
    group = fake.supergroup("Band", fake.user("Ann"))
    sent = [await bot.send_message(group.id, str(number)) for number in range(2)]
    group.messages[0].date -= 3 * 24 * 3600
    with refused(BadRequest, "can't be deleted"):
        await bot.delete_messages(group.id, [each.message_id for each in sent])
    assert len(group.messages) == 2


async def test_words_become_a_picture_and_stay_one(bot: Bot, chat: Chat) -> None:
    """From then on they are a caption, and the picture may become another."""
    sent = await bot.send_message(chat.id, "one", reply_markup=AGAIN)
    await sent.edit_media(InputMediaPhoto(PNG, "two"), reply_markup=AGAIN)
    with refused(BadRequest, "there is no text in the message to edit"):
        await sent.edit_text("three")
    await sent.edit_caption("three")
    await sent.edit_media(InputMediaPhoto(PNG + b"!", "four"))

    assert chat.last.photo
    assert (chat.last.photo.data, chat.last.buttons) == (PNG + b"!", [])
    assert chat.last.shown == ["one", "two", "three", "four"]


async def test_a_song_becomes_another(bot: Bot, chat: Chat) -> None:
    """With all that players show of it."""
    sent = await bot.send_audio(chat.id, b"ID3", title="One")
    await sent.edit_media(InputMediaAudio(b"ID3!", title="Two", performer="We", filename="2.mp3"))

    assert chat.last.audio
    assert (chat.last.audio.title, chat.last.audio.performer) == ("Two", "We")
    assert chat.last.audio.data == b"ID3!"


async def test_edits_are_counted_with_messages_in_groups(fake: TelegramFake, bot: Bot) -> None:
    """Twenty a minute of both; what is deleted or reacted to is not counted."""
    fake.flood.is_enforced = True
    group = fake.supergroup("Band", fake.user("Ann"))
    sent = await bot.send_message(group.id, "0")
    for number in range(1, 20):
        await sent.edit_text(str(number))
        await sent.set_reaction("👍")
    with refused(TelegramError, "flood control exceeded"):
        await sent.edit_text("20")

    assert await sent.delete()
    assert [each.rule for each in fake.flood.violations] == ["group"]
