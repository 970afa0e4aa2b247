"""What comes later: the words that wait, and the piece that takes their place."""

import asyncio
from dataclasses import replace

import pytest

from bots.chat import Address, Door, File, Medium, Reply, Undeliverable, Unreachable
from tests.bots.telegram.stage import (
    BUTTONS,
    MIDI,
    SONG,
    STATUS,
    ScriptedEar,
    Stage,
    deliver,
)
from tests.fakes.telegram import Chat, TelegramFake, User

pytestmark = pytest.mark.usefixtures("door")
LATER = Reply("Composing: 8 of 16 bars", buttons=STATUS.buttons)
SORRY = Reply("Cancelled.")


@pytest.fixture
async def unsaid(fake: TelegramFake, ear: ScriptedEar, ann: User, chat: Chat) -> Address:
    """The address of a request to which nothing was said."""
    await fake.say(ann, chat, "/compose")
    return (await ear.line()).address


@pytest.fixture
async def address(fake: TelegramFake, ear: ScriptedEar, ann: User, chat: Chat) -> Address:
    """The address of a request whose status is shown."""
    await fake.say(ann, chat, "/compose")
    return await (await ear.line()).open(STATUS)


async def test_a_status_is_shown_and_changed(door: Door, chat: Chat, address: Address) -> None:
    """One message, and its button stays."""
    await door.show(address, LATER)

    assert chat.last.shown == [STATUS.text, LATER.text]
    assert chat.last.buttons == [["Cancel"]]


async def test_a_piece_takes_the_place_of_the_status(
    door: Door, chat: Chat, address: Address
) -> None:
    """The same message becomes the file."""
    await deliver(door, address, SONG)

    (piece,) = chat.from_bot
    assert piece.document
    assert (piece.document.name, piece.document.data) == ("rag.mid", MIDI)
    assert piece.caption == SONG.text
    assert piece.buttons == BUTTONS


async def test_a_piece_comes_by_itself_where_nothing_was_said(
    door: Door, chat: Chat, unsaid: Address
) -> None:
    """As a reply to what asked for it."""
    await deliver(door, unsaid, SONG)

    assert chat.last.document
    assert chat.last.reply_to is chat.messages[0]


async def test_two_files_of_a_kind_are_two_messages(
    door: Door, chat: Chat, address: Address
) -> None:
    """The first in place of the status, the other after it, and neither is taken for the other."""
    two = replace(SONG, files=(*SONG.files, File("parts.mid", MIDI, Medium.MIDI)))

    await deliver(door, address, two)

    names = [message.document.name for message in chat.from_bot if message.document]
    assert names == ["rag.mid", "parts.mid"]


async def test_last_words_that_are_no_piece_take_that_place_too(
    door: Door, chat: Chat, address: Address
) -> None:
    """And nothing is left to cancel."""
    await deliver(door, address, SORRY)

    assert [message.text for message in chat.from_bot] == ["Cancelled."]
    assert chat.last.buttons == []


async def test_a_piece_is_delivered_after_a_restart(
    stage: Stage, fake: TelegramFake, ear: ScriptedEar
) -> None:
    """The address alone, as JSON, is enough for another process."""
    ann = fake.user("Ann")
    chat = fake.private(ann)
    async with stage.running():
        await fake.say(ann, chat, "/compose")
        address = await (await ear.line()).open(STATUS)
    async with stage.running() as door:
        await deliver(door, address, SONG)

    (piece,) = chat.from_bot
    assert piece.document


async def test_a_piece_whose_answer_was_lost_is_seen_once(
    fake: TelegramFake, door: Door, chat: Chat, address: Address
) -> None:
    """Telegram took it and the connection tore: trying again changes nothing."""
    fake.fail("editMessageMedia", reset="after")
    with pytest.raises(Unreachable):
        await deliver(door, address, SONG)

    await deliver(door, address, SONG)

    assert [message.caption for message in chat.from_bot] == [SONG.text]


async def test_words_that_are_there_already_are_delivered(
    door: Door, chat: Chat, address: Address
) -> None:
    """Telegram complains that nothing changed; nobody else does."""
    await deliver(door, address, SORRY)
    await deliver(door, address, SORRY)

    assert [message.text for message in chat.from_bot] == ["Cancelled."]


async def test_a_piece_comes_anew_where_its_status_was_deleted(
    fake: TelegramFake, door: Door, chat: Chat, address: Address
) -> None:
    """Who tidied up too early still gets it."""
    await fake.delete(chat.last)

    await deliver(door, address, SONG)

    assert chat.last.document


async def test_a_piece_waits_as_long_as_telegram_says(
    fake: TelegramFake, door: Door, chat: Chat, address: Address
) -> None:
    """Told to come back in a second, it comes in a second: the fake would note impatience."""
    refusal = fake.fail("editMessageMedia", retry_after=1)

    await deliver(door, address, SONG)

    assert refusal.met == 1
    assert chat.last.document


async def test_a_status_is_given_up_rather_than_waited_for(
    fake: TelegramFake, door: Door, chat: Chat, address: Address
) -> None:
    """The next one will say more."""
    fake.fail("editMessageText", retry_after=2)

    await door.show(address, LATER)

    assert chat.last.shown == [STATUS.text]


@pytest.mark.parametrize("code", [500, 502])
async def test_when_telegram_is_ill_it_is_unreachable(
    fake: TelegramFake, door: Door, unsaid: Address, code: int
) -> None:
    """The desk will try again."""
    fake.fail("sendDocument", code=code)

    with pytest.raises(Unreachable):
        await deliver(door, unsaid, SONG)


async def test_a_piece_arrives_after_an_outage(
    fake: TelegramFake, door: Door, chat: Chat, address: Address
) -> None:
    """The door stays open meanwhile, and works as soon as Telegram does."""
    with fake.outage(), pytest.raises(Unreachable):
        await deliver(door, address, SONG)

    await deliver(door, address, SONG)

    assert chat.last.document


async def test_who_blocks_us_gets_no_piece(
    fake: TelegramFake, door: Door, ann: User, unsaid: Address
) -> None:
    """It would never arrive."""
    await fake.block(ann)

    with pytest.raises(Undeliverable):
        await deliver(door, unsaid, SONG)


async def test_a_file_that_telegram_does_not_take_is_undeliverable(
    fake: TelegramFake, door: Door, unsaid: Address
) -> None:
    """However often it is tried."""
    fake.fail("sendDocument", code=413, description="Request Entity Too Large")

    with pytest.raises(Undeliverable):
        await deliver(door, unsaid, SONG)


async def test_a_group_that_shows_us_out_gets_no_piece(
    fake: TelegramFake, ear: ScriptedEar, door: Door, ann: User
) -> None:
    """Not even in place of the status."""
    band = fake.group("Band", ann)
    await fake.say(ann, band, "/compose")
    address = await (await ear.line()).open(STATUS)
    await fake.kick(band)

    with pytest.raises(Undeliverable):
        await deliver(door, address, SONG)


async def test_a_closed_topic_gets_no_piece(
    fake: TelegramFake, ear: ScriptedEar, door: Door, ann: User
) -> None:
    """Only administrators may write there."""
    forum = fake.supergroup("Band", ann, forum=True)
    topic = await fake.open_topic(ann, forum, "Blues")
    await fake.say(ann, forum, "/compose", topic=topic)
    address = (await ear.line()).address
    await fake.close_topic(topic)

    with pytest.raises(Undeliverable):
        await deliver(door, address, SONG)


async def test_a_piece_goes_into_the_topic_it_was_asked_for_in(
    fake: TelegramFake, ear: ScriptedEar, door: Door, ann: User
) -> None:
    """Also when nothing was said there before."""
    forum = fake.supergroup("Band", ann, forum=True)
    topic = await fake.open_topic(ann, forum, "Blues")
    await fake.say(ann, forum, "/compose", topic=topic)

    await deliver(door, (await ear.line()).address, SONG)

    assert forum.last.topic is topic


async def test_a_piece_follows_a_group_that_moved(
    fake: TelegramFake, ear: ScriptedEar, door: Door, ann: User
) -> None:
    """Its status stayed behind in the old one."""
    band = fake.group("Band", ann)
    await fake.say(ann, band, "/compose")
    address = await (await ear.line()).open(STATUS)
    moved = await fake.migrate(band)

    await deliver(door, address, SONG)

    assert moved.last.document


async def test_first_words_that_may_have_been_said_are_not_said_again(
    fake: TelegramFake, ear: ScriptedEar, ann: User, chat: Chat
) -> None:
    """A status is seen at most once; the piece comes by itself then."""
    await fake.say(ann, chat, "/compose")
    line = await ear.line()
    fake.fail("sendMessage", reset="after")

    with pytest.raises(Unreachable):
        await line.open(STATUS)

    assert [message.text for message in chat.from_bot] == [STATUS.text]


async def test_first_words_under_way_are_said_although_nobody_waits(
    fake: TelegramFake, ear: ScriptedEar, ann: User, chat: Chat
) -> None:
    """Or their message would be forgotten and stay for ever."""
    await fake.say(ann, chat, "/compose")
    line, gate = await ear.line(), asyncio.Event()
    fake.fail("sendMessage", answer_gate=gate)
    opening = asyncio.create_task(line.open(STATUS))
    await fake.wait_for(lambda: chat.from_bot)
    opening.cancel()
    gate.set()

    assert (await opening)["message"] == str(chat.last.id)


async def test_groups_are_told_more_rarely(
    fake: TelegramFake, ear: ScriptedEar, door: Door, ann: User, address: Address
) -> None:
    """Telegram counts what is said there by the minute."""
    await fake.say(ann, fake.group("Band", ann), "/compose")

    assert door.pause_s(address) == 1.0
    assert door.pause_s((await ear.line()).address) == 3.0
