"""A piece of several messages: all of it arrives, in its order, and once."""

from dataclasses import replace

import pytest
from typing_extensions import override

from bots.chat import Address, Door, File, Medium, Reply, Undeliverable, Unreachable
from bots.sender import Urgency
from bots.telegram.door import PIECE, TelegramDoor
from bots.telegram.media import PERFORMER
from bots.telegram.place import Place
from bots.telegram.post import Manner, Post
from tests.bots.telegram.stage import (
    BUTTONS,
    JPEG,
    NOTES,
    PNG,
    RAG,
    ROLL,
    SONG,
    SOUND,
    STATUS,
    Placed,
    ScriptedEar,
    deliver,
)
from tests.fakes.telegram import Chat, Message, TelegramFake, User

pytestmark = pytest.mark.usefixtures("door")


async def asked_in(fake: TelegramFake, ear: ScriptedEar, chat: Chat, ann: User) -> Address:
    """Let a piece be asked for, and its status be shown."""
    await fake.say(ann, chat, "/compose")
    return await (await ear.line()).open(STATUS)


@pytest.fixture
async def address(fake: TelegramFake, ear: ScriptedEar, ann: User, chat: Chat) -> Address:
    """The address of a request in private whose status is shown."""
    return await asked_in(fake, ear, chat, ann)


@pytest.fixture
async def in_band(fake: TelegramFake, ear: ScriptedEar, ann: User, band: Chat) -> Address:
    """The address of a request in the group."""
    return await asked_in(fake, ear, band, ann)


def kinds(chat: Chat) -> list[str]:
    """Tell what people see of the bot, as kinds of files."""
    return [message.media.kind if message.media else "text" for message in chat.from_bot]


def replies_to(message: Message | None, chat: Chat) -> bool:
    """Tell whether all of the bot's messages reply to this one."""
    return all(each.reply_to is message for each in chat.from_bot)


# What arrives.


async def test_in_private_a_piece_is_seen_heard_and_had(
    door: Door, chat: Chat, address: Address
) -> None:
    """A picture in place of the status, then the sound, then the notes with the buttons."""
    await deliver(door, address, RAG)

    picture, sound, notes = chat.from_bot
    assert picture.photo
    assert (picture.photo.data, picture.caption, picture.buttons) == (PNG, RAG.text, [])
    assert sound.audio
    assert (sound.caption, sound.buttons) == ("", [])
    assert notes.document
    assert (notes.document.name, notes.caption, notes.buttons) == ("rag.mid", "", BUTTONS)
    assert replies_to(chat.messages[0], chat)


async def test_sound_is_shown_with_all_that_players_show(
    door: Door, chat: Chat, address: Address
) -> None:
    """What it is, whose, how long, and how it looks."""
    await deliver(door, address, RAG)

    sound = chat.from_bot[1].audio
    assert sound
    assert (sound.name, sound.title, sound.performer) == ("rag.mp3", SOUND.title, PERFORMER)
    assert sound.duration == 32
    assert sound.thumbnail
    assert sound.thumbnail.data == JPEG


async def test_a_piece_rings_once(door: Door, chat: Chat, address: Address) -> None:
    """The picture is a change, which does not; the sound does, and the notes follow quietly."""
    await deliver(door, address, RAG)

    assert [message.is_silent for message in chat.from_bot] == [False, False, True]


async def test_in_a_group_a_piece_is_two_messages(door: Door, band: Chat, in_band: Address) -> None:
    """The sound shows the picture on its cover: twenty messages a minute is all there is."""
    await deliver(door, in_band, RAG)

    sound, notes = band.from_bot
    assert sound.audio
    assert (sound.audio.title, sound.audio.performer) == (SOUND.title, PERFORMER)
    assert sound.audio.thumbnail
    assert (sound.caption, sound.buttons) == (RAG.text, [])
    assert notes.document
    assert notes.buttons == BUTTONS


async def test_in_a_group_a_piece_without_sound_is_seen(
    door: Door, band: Chat, in_band: Address
) -> None:
    """The picture takes its place."""
    await deliver(door, in_band, replace(RAG, files=(ROLL, NOTES)))

    assert kinds(band) == ["photo", "document"]


async def test_a_piece_in_a_topic_stays_there(
    fake: TelegramFake, ear: ScriptedEar, door: Door, ann: User
) -> None:
    """All of it."""
    forum = fake.supergroup("Band", ann, forum=True)
    topic = await fake.open_topic(ann, forum, "Blues")
    await fake.say(ann, forum, "/compose", topic=topic)

    await deliver(door, (await ear.line()).address, RAG)

    assert kinds(forum) == ["audio", "document"]
    assert {message.topic for message in forum.from_bot} == {topic}


class Crowded(Post):
    """A way out before which more waits than can be sent; keeps what is sent."""

    def __init__(self) -> None:
        """Begin with nothing sent."""
        self.messages: list[Reply] = []

    @property
    @override
    def is_behind(self) -> bool:
        """Tell that it is."""
        return True

    @override
    async def rewrite(
        self, place: Place, message: Reply, urgency: Urgency = Urgency.ANSWER
    ) -> Place:
        """Keep a change."""
        return await self.send(place, message)

    @override
    async def send(self, place: Place, message: Reply, manner: Manner = PIECE) -> Place:
        """Keep a message."""
        self.messages.append(message)
        return place.holding((len(self.messages), file.medium) for file in message.files)


async def test_in_a_crowd_a_piece_is_two_messages_in_private_too() -> None:
    """Thirty messages a second are all there is for everybody."""
    post = Crowded()

    await TelegramDoor(post).deliver({"chat": "42"}, RAG, nonce="job", placed=Placed())

    assert [message.files for message in post.messages] == [(SOUND,), (NOTES,)]


async def test_a_piece_waits_where_telegram_says_so(
    fake: TelegramFake, door: Door, chat: Chat, address: Address
) -> None:
    """With all that is left of it, the changes too: the fake would note impatience."""
    refusal = fake.fail("sendAudio", retry_after=1)

    await deliver(door, address, RAG)

    assert refusal.met == 1
    assert kinds(chat) == ["photo", "audio", "document"]


# Once.


async def test_each_message_is_noted_when_it_stands(
    door: Door, chat: Chat, address: Address
) -> None:
    """By what is in it and by its id, JSON."""
    placed = Placed()

    await door.deliver(address, RAG, nonce="job", placed=placed)

    ids = [str(message.id) for message in chat.from_bot]
    sent = [[ids[0], "picture"], [ids[1], "sound"], [ids[2], "midi"]]
    assert [each["sent"] for each in placed.addresses] == [sent[:1], sent[:2], sent]


async def test_a_picture_that_was_not_noted_is_seen_once(
    fake: TelegramFake, door: Door, chat: Chat, address: Address
) -> None:
    """Telegram took it and the connection tore: it takes the same place again."""
    fake.fail("editMessageMedia", reset="after")
    with pytest.raises(Unreachable):
        await deliver(door, address, RAG)

    await deliver(door, address, RAG)

    assert kinds(chat) == ["photo", "audio", "document"]


async def test_a_piece_that_stands_is_not_sent_again(
    fake: TelegramFake, door: Door, address: Address
) -> None:
    """Nothing at all is."""
    placed = await deliver(door, address, RAG)
    calls = len(fake.calls)

    await door.deliver(placed, RAG, nonce="job", placed=Placed())

    assert len(fake.calls) == calls


async def test_a_delivery_goes_on_without_previews(
    fake: TelegramFake, door: Door, chat: Chat, address: Address
) -> None:
    """What cannot be made again is there already, or is left out."""
    placed = Placed()
    fake.fail("sendAudio", code=502)
    with pytest.raises(Unreachable):
        await door.deliver(address, RAG, nonce="job", placed=placed)

    await deliver(door, placed.last, SONG)

    assert kinds(chat) == ["photo", "document"]
    assert [message.caption for message in chat.from_bot] == [RAG.text, ""]


async def test_last_words_after_a_part_of_a_piece_leave_that_in_place(
    fake: TelegramFake, door: Door, chat: Chat, address: Address
) -> None:
    """As when the rest of it is lost."""
    placed = Placed()
    fake.fail("sendAudio", code=502)
    with pytest.raises(Unreachable):
        await door.deliver(address, RAG, nonce="job", placed=placed)

    await deliver(door, placed.last, Reply("The rest is lost."))

    assert [message.words for message in chat.from_bot] == [RAG.text, "The rest is lost."]


async def test_a_piece_follows_a_group_that_moved_meanwhile(
    fake: TelegramFake, door: Door, band: Chat, in_band: Address
) -> None:
    """What stands in the old one is not sent again."""
    placed = Placed()
    fake.fail("sendDocument", code=502)
    with pytest.raises(Unreachable):
        await door.deliver(in_band, RAG, nonce="job", placed=placed)
    moved = await fake.migrate(band)

    there = await deliver(door, placed.last, RAG)

    assert kinds(moved) == ["document"]
    assert moved.last.buttons == BUTTONS
    assert there["sent"] == [[str(moved.last.id), "midi"]]


# What Telegram does not take.

TOO_LARGE = (413, "Request Entity Too Large")
TOO_BIG = (400, "Bad Request: file of size 11000000 bytes is too big for a photo")
NO_PICTURE = (400, "Bad Request: IMAGE_PROCESS_FAILED")
ODD_PICTURE = (400, "Bad Request: PHOTO_INVALID_DIMENSIONS")


@pytest.mark.parametrize("refusal", [TOO_LARGE, TOO_BIG, NO_PICTURE, ODD_PICTURE])
async def test_a_picture_that_is_refused_is_left_out(
    fake: TelegramFake, door: Door, chat: Chat, address: Address, refusal: tuple[int, str]
) -> None:
    """The sound takes its place, and the words are below that."""
    fake.fail("editMessageMedia", code=refusal[0], description=refusal[1])

    await deliver(door, address, RAG)

    assert kinds(chat) == ["audio", "document"]
    assert [message.caption for message in chat.from_bot] == [RAG.text, ""]


async def test_a_picture_that_is_none_is_left_out(door: Door, chat: Chat, address: Address) -> None:
    """Telegram finds that out by itself."""
    broken = replace(ROLL, data=b"no picture")

    await deliver(door, address, replace(RAG, files=(broken, SOUND, NOTES)))

    assert kinds(chat) == ["audio", "document"]


@pytest.mark.parametrize("code", [400, 413])
async def test_sound_that_is_refused_is_left_out(
    fake: TelegramFake, door: Door, chat: Chat, address: Address, code: int
) -> None:
    """Picture and notes stay."""
    fake.fail("sendAudio", code=code, description="file is too big")

    await deliver(door, address, RAG)

    assert kinds(chat) == ["photo", "document"]


async def test_the_piece_arrives_where_all_previews_are_refused(
    fake: TelegramFake, door: Door, chat: Chat, address: Address
) -> None:
    """As it did before there were any."""
    fake.fail("editMessageMedia", times=2, code=413, description="Request Entity Too Large")

    await deliver(door, address, RAG)

    (piece,) = chat.from_bot
    assert piece.document
    assert (piece.caption, piece.buttons) == (RAG.text, BUTTONS)


async def test_a_group_where_sounds_are_barred_gets_the_picture(
    fake: TelegramFake, ear: ScriptedEar, door: Door, band: Chat, ann: User
) -> None:
    """Its administrators choose what may be sent there."""
    band.barred = {"audio"}
    await fake.say(ann, band, "/compose")

    await deliver(door, (await ear.line()).address, RAG)

    assert kinds(band) == ["photo", "document"]


async def test_who_blocks_us_is_not_sent_the_rest(
    fake: TelegramFake, door: Door, chat: Chat, ann: User, address: Address
) -> None:
    """The first refusal says it all."""
    placed = Placed()
    fake.fail("sendAudio", code=502)
    with pytest.raises(Unreachable):
        await door.deliver(address, RAG, nonce="job", placed=placed)
    await fake.block(ann)

    with pytest.raises(Undeliverable):
        await deliver(door, placed.last, RAG)

    assert not fake.called("sendDocument")
    assert kinds(chat) == ["photo"]


async def test_a_file_that_telegram_has_no_room_for_is_not_sent(
    fake: TelegramFake, door: Door, chat: Chat, address: Address
) -> None:
    """Nobody waits for it to be refused."""
    film = File("rag.mp4", bytes(11 << 20), Medium.VIDEO)

    await deliver(door, address, replace(SONG, files=(film, NOTES)))

    assert kinds(chat) == ["document"]
    assert not fake.called("sendVideo")
