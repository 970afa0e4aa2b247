"""Cards that are gone, or have been left behind: put up anew, and never two of them."""

import pytest

from bots.chat import Address, Undeliverable, Unreachable
from bots.telegram.door import TelegramDoor
from tests.bots.telegram.cards import BUTTONS, CARD, NEWS, NEXT, TAKE, card_in, kinds, revised
from tests.bots.telegram.stage import ScriptedEar, kept
from tests.fakes.telegram import Chat, TelegramFake, User

pytestmark = pytest.mark.usefixtures("door")


@pytest.fixture
async def address(fake: TelegramFake, ear: ScriptedEar, ann: User, band: Chat) -> Address:
    """The address of a card in the group."""
    return await card_in(fake, ear, band, ann)


@pytest.fixture
async def shown(door: TelegramDoor, address: Address) -> Address:
    """The address of a card that shows a take and plays it."""
    return await revised(door, address, TAKE)


async def test_a_deleted_card_comes_back(
    fake: TelegramFake, door: TelegramDoor, band: Chat, address: Address
) -> None:
    """As a new message, which is changed from then on."""
    await fake.delete(band.last)

    there = await revised(door, address, NEWS, CARD)

    (card,) = band.from_bot
    assert (card.text, card.buttons, card.is_silent) == (CARD.text, BUTTONS, True)
    assert there["message"] == str(card.id)


async def test_a_deleted_card_comes_back_with_its_sound_below(
    fake: TelegramFake, door: TelegramDoor, band: Chat, shown: Address
) -> None:
    """The old sound goes: it would stand above it."""
    old_card, old_sound = band.from_bot
    await fake.delete(old_card)

    await revised(door, shown, NEXT)

    assert kinds(band) == ["photo", "audio"]
    assert old_sound.is_deleted


async def test_a_deleted_sound_comes_back_with_the_next_take(
    fake: TelegramFake, door: TelegramDoor, band: Chat, shown: Address
) -> None:
    """Below the card, which stays where it is."""
    card, sound = band.from_bot
    await fake.delete(sound)

    there = await revised(door, shown, NEXT)

    assert kinds(band) == ["photo", "audio"]
    assert band.from_bot[0] is card
    assert there["sent"] == [[str(card.id), "picture"], [str(band.last.id), "sound"]]


async def test_a_card_moves_down(
    fake: TelegramFake, door: TelegramDoor, band: Chat, ann: User, shown: Address
) -> None:
    """Below all that was said since, with what it showed."""
    await fake.say(ann, band, "where was it?")

    there = kept(await door.renew(shown, NEXT, nonce="1"))

    assert [message.sender for message in band.messages[-2:]] == [fake.world.bot] * 2
    assert kinds(band) == ["photo", "audio"]
    assert all(message.is_silent for message in band.from_bot)
    assert there["message"] == str(band.from_bot[0].id)


async def test_a_card_that_is_too_old_to_go_loses_its_buttons(
    door: TelegramDoor, band: Chat, shown: Address
) -> None:
    """Nobody presses those of the one above."""
    for message in band.from_bot:
        message.date -= 3 * 24 * 3600

    await door.renew(shown, CARD, nonce="1")

    assert [message.buttons for message in band.from_bot] == [[], [], BUTTONS]


async def test_a_card_is_not_lost_where_its_sound_is(
    fake: TelegramFake, door: TelegramDoor, band: Chat, shown: Address
) -> None:
    """It stands: where it does is told, and the sound comes with the next take."""
    fake.fail("sendAudio", code=502)

    there = kept(await door.renew(shown, TAKE, nonce="1"))
    await revised(door, there, NEXT)

    assert kinds(band) == ["photo", "audio"]


async def test_a_card_that_is_not_taken_anew_stays(
    fake: TelegramFake, door: TelegramDoor, band: Chat, address: Address
) -> None:
    """The old one goes when the new one is there."""
    card = band.last
    fake.fail("sendMessage", code=502)

    with pytest.raises(Unreachable):
        await door.renew(address, NEWS, nonce="1")

    assert band.from_bot == [card]


async def test_a_card_follows_a_group_that_moved(
    fake: TelegramFake, door: TelegramDoor, band: Chat, shown: Address
) -> None:
    """A group that becomes a supergroup has another id, and none of the old messages."""
    moved = await fake.migrate(band)

    there = await revised(door, shown, NEXT, NEWS)

    assert kinds(moved) == ["photo", "audio"]
    assert moved.from_bot[0].caption == NEWS.text
    assert there["chat"] == str(moved.id)


async def test_a_card_in_a_closed_topic_still_changes(
    fake: TelegramFake, ear: ScriptedEar, door: TelegramDoor, ann: User
) -> None:
    """Nothing new is taken there: once it is deleted, the jam has no place."""
    forum = fake.supergroup("Band", ann, forum=True)
    topic = await fake.open_topic(ann, forum, "Blues")
    address = await card_in(fake, ear, forum, ann, topic)
    await fake.close_topic(topic)

    await revised(door, address, NEWS)
    assert forum.last.text == NEWS.text

    await fake.delete(forum.last)
    with pytest.raises(Undeliverable):
        await revised(door, address, CARD)
