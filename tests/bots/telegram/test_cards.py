"""Cards of jams: one message for hours, which shows and plays whatever is newest."""

from dataclasses import replace

import pytest

from bots.chat import Address, Reply, Undeliverable, Unreachable
from bots.telegram.door import TelegramDoor
from bots.telegram.media import PERFORMER
from tests.bots.telegram.cards import (
    BUTTONS,
    CARD,
    NEWS,
    NEXT,
    NEXT_ROLL,
    NEXT_SOUND,
    TAKE,
    card_in,
    kinds,
    revised,
)
from tests.bots.telegram.stage import MP3, PNG, ROLL, SONG, SOUND, ScriptedEar, deliver
from tests.fakes.telegram import Chat, TelegramFake, User

pytestmark = pytest.mark.usefixtures("door")

LAST = Reply("This jam is over.")


@pytest.fixture
async def address(fake: TelegramFake, ear: ScriptedEar, ann: User, band: Chat) -> Address:
    """The address of a card in the group."""
    return await card_in(fake, ear, band, ann)


@pytest.fixture
async def shown(door: TelegramDoor, address: Address) -> Address:
    """The address of a card that shows a take and plays it."""
    return await revised(door, address, TAKE)


# Put up.


async def test_a_card_is_a_message_that_rings(band: Chat, address: Address) -> None:
    """All are to see it, below the command that asked for it."""
    (card,) = band.from_bot

    assert address["message"] == str(card.id)
    assert (card.text, card.buttons, card.is_silent) == (CARD.text, BUTTONS, False)
    assert card.reply_to is band.messages[0]


async def test_a_card_stays_in_its_topic(
    fake: TelegramFake, ear: ScriptedEar, door: TelegramDoor, ann: User
) -> None:
    """With its sound, and with whatever is put beside it."""
    forum = fake.supergroup("Band", ann, forum=True)
    topic = await fake.open_topic(ann, forum, "Blues")

    address = await revised(door, await card_in(fake, ear, forum, ann, topic), TAKE)
    await deliver(door, door.beside(address), SONG)

    assert kinds(forum) == ["photo", "audio", "document"]
    assert {message.topic for message in forum.from_bot} == {topic}
    assert door.topic_of(address) == str(topic.id)


async def test_a_card_outside_of_topics_is_in_none(door: TelegramDoor, address: Address) -> None:
    """The chat itself is the empty one."""
    assert door.topic_of(address) == ""


async def test_a_card_can_be_put_up_with_all_it_shows(ear: ScriptedEar, fake: TelegramFake) -> None:
    """As for a jam that goes on from a piece."""
    ann = fake.user("Ann")
    band = fake.group("Band", ann)
    await fake.say(ann, band, "/jam start")

    await (await ear.line()).gather(TAKE, "A jam")

    assert kinds(band) == ["photo", "audio"]
    assert band.from_bot[0].words == TAKE.text


async def test_a_card_is_put_up_without_a_picture_that_is_refused(
    fake: TelegramFake, ear: ScriptedEar, ann: User, band: Chat
) -> None:
    """Its words are what matters."""
    band.barred = {"photo"}
    await fake.say(ann, band, "/jam start")

    await (await ear.line()).gather(TAKE, "A jam")

    assert kinds(band) == ["text", "audio"]


@pytest.mark.parametrize(
    ("refusal", "error"),
    [((502, "Bad Gateway"), Unreachable), ((403, "Forbidden: bot was kicked"), Undeliverable)],
)
async def test_a_card_that_was_not_put_up_says_so(
    fake: TelegramFake,
    ear: ScriptedEar,
    ann: User,
    band: Chat,
    refusal: tuple[int, str],
    error: type[Exception],
) -> None:
    """A jam without a card would be nobody's."""
    await fake.say(ann, band, "/jam start")
    line = await ear.line()
    fake.fail("sendMessage", code=refusal[0], description=refusal[1])

    with pytest.raises(error):
        await line.gather(CARD, "A jam")


# Brought up to date.


async def test_words_and_buttons_change_in_place(
    door: TelegramDoor, band: Chat, address: Address
) -> None:
    """No message is added."""
    there = await revised(door, address, NEWS)

    (card,) = band.from_bot
    assert (card.text, card.buttons) == (NEWS.text, BUTTONS)
    assert there == address


async def test_a_card_gets_a_picture_and_below_it_a_sound(
    door: TelegramDoor, band: Chat, address: Address
) -> None:
    """The words become the picture's, and the sound disturbs nobody."""
    card = band.last

    await revised(door, address, TAKE)

    picture, sound = band.from_bot
    assert picture is card
    assert picture.photo
    assert (picture.photo.data, picture.caption, picture.buttons) == (PNG, TAKE.text, BUTTONS)
    assert sound.audio
    assert (sound.audio.title, sound.audio.performer, sound.audio.duration) == (
        SOUND.title,
        PERFORMER,
        32,
    )
    assert sound.audio.thumbnail
    assert (sound.reply_to, sound.caption, sound.is_silent) == (card, "", True)


async def test_words_below_a_picture_change_and_it_stays(
    fake: TelegramFake, door: TelegramDoor, band: Chat, shown: Address
) -> None:
    """Telegram has another method for them."""
    await revised(door, shown, NEWS)

    picture, _sound = band.from_bot
    assert picture.photo
    assert (picture.photo.data, picture.caption, picture.buttons) == (PNG, NEWS.text, BUTTONS)
    assert not fake.called("editMessageText")


async def test_the_next_take_replaces_what_was_shown(
    door: TelegramDoor, band: Chat, shown: Address
) -> None:
    """Picture and sound both, where they stand."""
    before = list(band.from_bot)

    there = await revised(door, shown, NEXT)

    picture, sound = band.from_bot
    assert [picture, sound] == before
    assert picture.photo
    assert picture.photo.data == NEXT_ROLL.data
    assert sound.audio
    assert (sound.audio.data, sound.audio.title) == (NEXT_SOUND.data, NEXT_SOUND.title)
    assert there == shown


async def test_a_sound_stays_until_there_is_another(
    door: TelegramDoor, band: Chat, shown: Address
) -> None:
    """Also where there is a new picture."""
    await revised(door, shown, replace(NEXT, files=(NEXT_ROLL,)))

    picture, sound = band.from_bot
    assert picture.photo
    assert picture.photo.data == NEXT_ROLL.data
    assert sound.audio
    assert sound.audio.data == MP3


async def test_a_card_can_be_heard_before_it_can_be_seen(
    door: TelegramDoor, band: Chat, address: Address
) -> None:
    """A picture that was not made leaves the words as they are."""
    await revised(door, address, replace(TAKE, files=(SOUND,)), NEXT)

    assert kinds(band) == ["photo", "audio"]


async def test_what_is_so_already_is_no_fault(
    fake: TelegramFake, door: TelegramDoor, band: Chat, shown: Address
) -> None:
    """Telegram refuses to change nothing."""
    there = await revised(door, shown, NEWS, NEWS)

    assert fake.calls[-1].status == 400
    assert (there, kinds(band)) == (shown, ["photo", "audio"])


async def test_long_words_are_cut_below_a_picture(
    door: TelegramDoor, band: Chat, shown: Address
) -> None:
    """There is less room than in a message of words."""
    await revised(door, shown, replace(CARD, text="bar " * 600))

    assert band.from_bot[0].caption.endswith("bar…")
    assert 1000 < len(band.from_bot[0].caption) <= 1024


async def test_in_the_end_nothing_can_be_pressed(
    door: TelegramDoor, band: Chat, shown: Address
) -> None:
    """Neither below the card nor below its sound."""
    await revised(door, shown, LAST)

    assert [message.buttons for message in band.from_bot] == [[], []]
    assert band.from_bot[0].caption == LAST.text


async def test_a_card_ends_although_its_sound_is_gone(
    fake: TelegramFake, door: TelegramDoor, band: Chat, shown: Address
) -> None:
    """Nobody can press anything there."""
    await fake.delete(band.last)

    await revised(door, shown, LAST)

    assert (band.last.caption, band.last.buttons) == (LAST.text, [])


async def test_a_finished_piece_answers_the_card(
    door: TelegramDoor, band: Chat, shown: Address
) -> None:
    """Who sees it finds the jam that it is of."""
    await deliver(door, door.beside(shown), SONG)

    assert band.last.document
    assert band.last.reply_to is band.from_bot[0]


# What Telegram does not take.


async def test_a_card_outlives_a_picture_that_is_refused(
    fake: TelegramFake, door: TelegramDoor, band: Chat, address: Address
) -> None:
    """Its words arrive all the same, and the sound."""
    fake.fail("editMessageMedia", code=400, description="Bad Request: IMAGE_PROCESS_FAILED")

    await revised(door, address, TAKE)

    assert kinds(band) == ["text", "audio"]
    assert band.from_bot[0].text == TAKE.text


async def test_a_group_that_bars_pictures_keeps_its_card(
    fake: TelegramFake, door: TelegramDoor, band: Chat, address: Address
) -> None:
    """It is not put up again for that."""
    fake.fail("editMessageMedia", code=400, description="Bad Request: CHAT_SEND_PHOTOS_FORBIDDEN")

    there = await revised(door, address, replace(TAKE, files=(ROLL,)))

    assert [message.words for message in band.from_bot] == [TAKE.text]
    assert there == address


async def test_a_group_that_bars_sounds_gets_pictures(
    door: TelegramDoor, band: Chat, address: Address
) -> None:
    """Its administrators choose what may be sent there."""
    band.barred = {"audio"}

    await revised(door, address, TAKE)

    assert kinds(band) == ["photo"]


async def test_words_follow_a_picture_whose_answer_was_lost(
    fake: TelegramFake, door: TelegramDoor, band: Chat, address: Address
) -> None:
    """Telegram took it and the connection tore: the address still tells of words alone."""
    fake.fail("editMessageMedia", reset="after")
    with pytest.raises(Unreachable):
        await revised(door, address, TAKE)

    there = await revised(door, address, NEWS, CARD)

    assert [message.words for message in band.from_bot] == [CARD.text]
    assert there["sent"] == [[str(band.last.id), "picture"]]


async def test_an_outage_is_for_later(
    fake: TelegramFake, door: TelegramDoor, band: Chat, address: Address
) -> None:
    """The jam tries again with what is true then."""
    with fake.outage(), pytest.raises(Unreachable):
        await revised(door, address, NEWS)

    await revised(door, address, TAKE)

    assert kinds(band) == ["photo", "audio"]


async def test_who_was_shown_out_has_no_card(
    fake: TelegramFake, door: TelegramDoor, band: Chat, address: Address
) -> None:
    """The jam ends with that."""
    await fake.kick(band)

    with pytest.raises(Undeliverable):
        await revised(door, address, NEWS)


# In private, and of old.


async def test_a_card_in_private_is_the_same(
    fake: TelegramFake, ear: ScriptedEar, door: TelegramDoor, ann: User, chat: Chat
) -> None:
    """One can jam alone."""
    await revised(door, await card_in(fake, ear, chat, ann), NEWS, TAKE, NEXT)

    assert kinds(chat) == ["photo", "audio"]


async def test_an_address_without_a_card_gets_one(door: TelegramDoor, band: Chat) -> None:
    """As of a jam that was noted before its card stood."""
    there = await revised(door, {"chat": str(band.id), "reply_to": "7"}, NEWS)

    assert there["message"] == str(band.last.id)


def test_cards_leave_room_for_others(door: TelegramDoor) -> None:
    """A group takes twenty messages a minute, edits among them."""
    assert door.card_pause_s({"chat": "-42"}) == 4.0
    assert door.card_pause_s({"chat": "42"}) == 1.5
