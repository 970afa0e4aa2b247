"""The fake Telegram does what the methods of the Bot API do, and people see it."""

import io
import json

import aiohttp
import pytest
from telegram import (
    Bot,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
)
from telegram.error import BadRequest

from tests.fakes.telegram import Chat, TelegramFake
from tests.fakes.telegram.query import picture_size

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (640).to_bytes(4) + (240).to_bytes(4)
JPEG = bytes.fromhex("FFD8 FFE0 0004 0000 FFC0 0011 08 00F0 0140 03")
MP4 = b"\0\0\0\x08ftypisom"
AGAIN = InlineKeyboardMarkup([[InlineKeyboardButton("Again", callback_data="again")]])


async def test_captions_and_buttons_change(bot: Bot, chat: Chat) -> None:
    """Words under a file change with an edit; buttons alone are no edit that people see."""
    sent = await bot.send_document(chat.id, b"MThd", "one", filename="a.mid")
    await bot.edit_message_reply_markup(chat.id, sent.message_id, reply_markup=AGAIN)
    assert (chat.last.buttons, chat.last.is_edited) == ([["Again"]], False)
    await bot.edit_message_caption(chat.id, sent.message_id, caption="two")
    assert (chat.last.buttons, chat.last.is_edited) == ([], True)
    assert chat.last.shown == ["one", "two"]


async def test_every_kind_of_file_is_shown(bot: Bot, chat: Chat) -> None:
    """Pictures, music, video and voice are told apart."""
    await bot.send_photo(chat.id, PNG, "a roll")
    await bot.send_audio(chat.id, b"ID3", title="Song", performer="We", thumbnail=JPEG)
    await bot.send_video(chat.id, MP4, width=640, height=240)
    await bot.send_animation(chat.id, b"gif")
    sent = await bot.send_voice(chat.id, b"OggS", duration=2)
    assert sent.voice
    kinds = [message.media and message.media.kind for message in chat.messages]
    assert kinds == ["photo", "audio", "video", "animation", "voice"]
    photo, audio = chat.messages[0].photo, chat.messages[1].audio
    assert photo
    assert (photo.width, photo.height, photo.data) == (640, 240, PNG)
    assert audio
    assert audio.thumbnail
    assert (audio.title, audio.performer, audio.thumbnail.data) == ("Song", "We", JPEG)


def test_sizes_of_pictures() -> None:
    """PNG and JPEG tell their size; anything else is no picture."""
    assert (picture_size(PNG), picture_size(JPEG)) == ((640, 240), (320, 240))
    assert picture_size(b"\xff\xd8\xff") is None


async def test_a_file_is_sent_again_by_its_id(fake: TelegramFake, bot: Bot) -> None:
    """No upload, the same bytes; but only as what it is."""
    chat = fake.private(fake.user("Ann"), is_open=True)
    first = await bot.send_audio(chat.id, io.BytesIO(b"ID3"), filename="a.mp3", title="One")
    assert first.audio
    await bot.send_audio(chat.id, first.audio.file_id)
    assert chat.last.audio
    assert chat.last.audio.data == b"ID3"
    assert not fake.calls[-1].files
    with pytest.raises(BadRequest, match="type audio as document"):
        await bot.send_document(chat.id, first.audio.file_id)


async def test_an_album_is_shown_together(fake: TelegramFake, bot: Bot) -> None:
    """Files sent together arrive in order, under one album."""
    chat = fake.private(fake.user("Ann"), is_open=True)
    names = ["a.mp3", "b.mp3"]
    await bot.send_media_group(
        chat.id, [InputMediaAudio(io.BytesIO(b"ID3"), filename=name) for name in names]
    )
    assert [each.audio and each.audio.name for each in chat.messages] == names
    assert len({each.album for each in chat.messages}) == 1


async def test_an_album_of_files_keeps_to_files(bot: Bot, chat: Chat) -> None:
    """One of them may become another file, not a picture."""
    files = [InputMediaDocument(io.BytesIO(b"MThd"), filename=f"{n}.mid") for n in range(2)]
    first, _ = await bot.send_media_group(chat.id, files)
    other = InputMediaDocument(io.BytesIO(b"MThd"), filename="other.mid")
    await first.edit_media(other)
    assert chat.messages[0].document
    assert chat.messages[0].document.name == "other.mid"
    with pytest.raises(BadRequest, match="specified type in the album"):
        await first.edit_media(InputMediaPhoto(PNG))


async def test_reactions_pins_and_actions(bot: Bot, chat: Chat) -> None:
    """They are seen in the chat, and can be taken back."""
    sent = await bot.send_message(chat.id, "a")
    await sent.set_reaction("👍")
    await sent.pin()
    await bot.send_chat_action(chat.id, "upload_document")
    assert (chat.last.reaction, chat.actions) == ("👍", ["upload_document"])
    assert chat.pinned == [chat.last]
    await sent.set_reaction()
    await sent.unpin()
    assert (chat.last.reaction, chat.pinned) == ("", [])
    with pytest.raises(BadRequest, match=r"(?i)reaction_invalid"):
        await sent.set_reaction("🎵")


async def test_a_draft_goes_when_the_message_comes(bot: Bot, chat: Chat) -> None:
    """It is seen meanwhile and leaves nothing behind."""
    await bot.send_message_draft(chat.id, 7, "Compo")
    await bot.send_message_draft(chat.id, 7, "Composing")
    assert chat.drafts == {7: "Composing"}
    await bot.send_message(chat.id, "Composed.")
    assert (chat.drafts, [message.text for message in chat.messages]) == ({}, ["Composed."])


async def test_messages_are_deleted(bot: Bot, chat: Chat) -> None:
    """One, or several of which some are gone already; a reply to one that is gone may be sent."""
    sent = [await bot.send_message(chat.id, str(number)) for number in range(3)]
    await sent[0].delete()
    assert await bot.delete_messages(chat.id, [message.message_id for message in sent[:2]])
    assert [message.text for message in chat.messages] == ["2"]
    await bot.send_message(
        chat.id, "3", reply_to_message_id=sent[0].message_id, allow_sending_without_reply=True
    )
    assert chat.last.reply_to is None


async def test_who_is_who_in_a_group(fake: TelegramFake, bot: Bot) -> None:
    """Owner, administrators, members, and those who are not there."""
    ann, bob, cyd, dan = (fake.user(name) for name in ("Ann", "Bob", "Cyd", "Dan"))
    group = fake.supergroup("Band", ann, bob, cyd, admins=[bob])
    members = [await bot.get_chat_member(group.id, each.id) for each in (ann, bob, cyd, dan)]
    assert [each.status for each in members] == ["creator", "administrator", "member", "left"]
    leaders = await bot.get_chat_administrators(group.id)
    assert {each.user.id for each in leaders} == {ann.id, bob.id}
    assert await bot.get_chat_member_count(group.id) == 4
    await fake.leave(cyd, group)
    assert await bot.get_chat_member_count(group.id) == 3
    assert (await bot.get_chat(group.id)).title == "Band"


async def test_a_bot_leaves_and_comes_back(fake: TelegramFake, bot: Bot) -> None:
    """It is told when it is thrown out and taken in, and who did that."""
    ann = fake.user("Ann")
    group = fake.group("Band", ann)
    await bot.leave_chat(group.id)
    assert group.bot_status == "left"
    await fake.add_bot(group, by=ann)
    await fake.kick(group)
    changes = [update.my_chat_member for update in await bot.get_updates()]
    statuses = [each and (each.from_user.id, each.new_chat_member.status) for each in changes]
    assert statuses == [(ann.id, "member"), (ann.id, "kicked")]


async def test_a_block_ends_with_a_word(fake: TelegramFake, bot: Bot, chat: Chat) -> None:
    """Who writes to a bot again has taken it back."""
    assert chat.user
    await fake.block(chat.user)
    await fake.say(chat.user, chat, "/start")
    blocked, back, message = await bot.get_updates()
    assert blocked.my_chat_member
    assert back.my_chat_member
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    assert back.my_chat_member.new_chat_member.status == "member"
    assert message.message
    await message.message.reply_text("Welcome back.")


async def test_topics_by_the_bot(fake: TelegramFake, bot: Bot) -> None:
    """An administrator may open one, and people write there."""
    ann = fake.user("Ann")
    forum = fake.supergroup("Band", ann, forum=True)
    with pytest.raises(BadRequest, match=r"(?i)not enough rights"):
        await bot.create_forum_topic(forum.id, "Jam")
    await fake.promote(forum)
    made = await bot.create_forum_topic(forum.id, "Jam")
    topic = forum.topics[made.message_thread_id]
    asked = await fake.say(ann, forum, "hello", topic=topic)
    reply = await bot.send_message(forum.id, "hello", reply_to_message_id=asked.id)
    assert (reply.message_thread_id, forum.last.topic) == (topic.id, topic)


async def test_menus_and_profile(fake: TelegramFake, bot: Bot) -> None:
    """Each scope and language has its own."""
    await bot.set_my_commands([("start", "begin")])
    await bot.set_my_commands([("jam", "play")], BotCommandScopeChat(5), "de")
    assert set(fake.world.commands) == {("default", ""), ("chat:5", "de")}
    (command,) = await bot.get_my_commands()
    assert command.command == "start"
    await bot.delete_my_commands()
    assert not await bot.get_my_commands()
    await bot.set_my_short_description("It composes.")
    assert (await bot.get_my_short_description()).short_description == "It composes."


async def test_other_forms_of_requests(fake: TelegramFake, chat: Chat) -> None:
    """JSON and a query string do as well as forms, in any case."""
    url = f"{fake.origin}/bot{fake.token}"
    async with aiohttp.ClientSession() as http:
        wished = {"chat_id": chat.id, "text": "a", "reply_markup": AGAIN.to_dict()}
        async with http.post(f"{url}/sendmessage", json=wished) as answer:
            assert (await answer.json())["ok"]
        query = {"chat_id": str(chat.id), "text": "b", "reply_markup": json.dumps(AGAIN.to_dict())}
        async with http.get(f"{url}/sendMessage", params=query) as answer:
            assert (await answer.json())["ok"]
    assert [(each.text, each.buttons) for each in chat.messages] == [
        ("a", [["Again"]]),
        ("b", [["Again"]]),
    ]


async def test_updates_of_other_kinds(fake: TelegramFake, bot: Bot, chat: Chat) -> None:
    """Whatever else may come can be told; what the bot did not ask for is not."""
    assert chat.user
    await bot.get_updates(allowed_updates=["inline_query"])
    told = {"id": "1", "from": {"id": 1, "is_bot": False, "first_name": "Ann"}}
    await fake.update("inline_query", told | {"query": "waltz", "offset": ""})
    unheard = await fake.say(chat.user, chat, "hello")
    (update,) = await bot.get_updates()
    assert update.inline_query
    assert update.inline_query.query == "waltz"
    with pytest.raises(LookupError):
        await unheard.heard()
