"""Pieces that are deleted: all of their messages, as far as Telegram lets us."""

import pytest

from bots.chat import Address, Ask, Door, Line, Reply
from tests.bots.telegram.stage import (
    RAG,
    Script,
    ScriptedEar,
    deliver,
    piece_in,
)
from tests.fakes.telegram import TelegramFake

pytestmark = pytest.mark.usefixtures("door")


def removing(delivered: Address) -> Script:
    """Answer a press by removing a piece."""

    async def remove(_ask: Ask, line: Line) -> None:
        await line.remove(delivered)

    return remove


async def test_the_pressed_message_can_be_removed(fake: TelegramFake, ear: ScriptedEar) -> None:
    """And what is said then is said to the one who pressed."""
    ann = fake.user("Ann")
    chat = fake.private(ann)
    piece = await piece_in(fake, ear, chat, ann)

    async def delete(_ask: Ask, line: Line) -> None:
        await line.remove({})
        await line.say(Reply("Deleted.", is_private=True))

    ear.script = delete
    press = await fake.press(ann, piece, "Delete")

    assert (await press.answer()).text == "Deleted."
    assert piece.is_deleted


async def test_all_of_a_piece_can_be_removed(
    fake: TelegramFake, ear: ScriptedEar, door: Door
) -> None:
    """By the button under its last message."""
    ann = fake.user("Ann")
    chat = fake.private(ann)
    await fake.say(ann, chat, "/compose")
    delivered = await deliver(door, (await ear.line()).address, RAG)

    ear.script = removing(delivered)
    await fake.press(ann, chat.last, "Delete")
    await ear.ask()

    assert chat.from_bot == []
    assert [message.sender for message in chat.messages] == [ann]


async def test_of_a_piece_that_is_gone_in_part_the_rest_is_removed(
    fake: TelegramFake, ear: ScriptedEar, door: Door
) -> None:
    """Who deleted the picture by hand is rid of the sound as well."""
    ann = fake.user("Ann")
    band = fake.group("Band", ann)
    await fake.say(ann, band, "/compose")
    delivered = await deliver(door, (await ear.line()).address, RAG)
    await fake.delete(band.from_bot[0])

    ear.script = removing(delivered)
    await fake.press(ann, band.last, "Delete")
    await ear.ask()

    assert band.from_bot == []


async def test_of_a_piece_that_is_too_old_what_can_go_goes(
    fake: TelegramFake, ear: ScriptedEar, door: Door
) -> None:
    """A delivery may have taken from before to after that moment."""
    ann = fake.user("Ann")
    band = fake.group("Band", ann)
    await fake.say(ann, band, "/compose")
    delivered = await deliver(door, (await ear.line()).address, RAG)
    sound, notes = band.from_bot
    sound.date -= 3 * 24 * 3600

    ear.script = removing(delivered)
    await fake.press(ann, notes, "Delete")
    await ear.ask()

    assert band.from_bot == [sound]


async def test_a_piece_of_an_earlier_version_is_removed(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """It was one message."""
    ann = fake.user("Ann")
    chat = fake.private(ann)
    piece = await piece_in(fake, ear, chat, ann)

    ear.script = removing({"chat": str(chat.id), "reply_to": "1", "message": str(piece.id)})
    await fake.press(ann, piece, "Delete")
    await ear.ask()

    assert chat.from_bot == []


async def test_a_message_too_old_to_be_removed_loses_its_buttons(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """Telegram lets bots delete for two days."""
    ann = fake.user("Ann")
    piece = await piece_in(fake, ear, fake.group("Band", ann), ann)
    piece.date -= 3 * 24 * 3600

    ear.script = removing({})
    await fake.press(ann, piece, "Delete")

    await piece.until(lambda message: not message.buttons)
    assert not piece.is_deleted


@pytest.mark.parametrize("code", [403, 502])
async def test_a_removal_that_fails_breaks_nothing(
    fake: TelegramFake, ear: ScriptedEar, code: int
) -> None:
    """What is said after it is said."""
    ann = fake.user("Ann")
    piece = await piece_in(fake, ear, fake.private(ann), ann)
    fake.fail("deleteMessages", code=code)

    async def delete(_ask: Ask, line: Line) -> None:
        await line.remove({})
        await line.say(Reply("Deleted.", is_private=True))

    ear.script = delete
    press = await fake.press(ann, piece, "Delete")

    assert (await press.answer()).text == "Deleted."
    assert not piece.is_deleted


async def test_of_several_that_cannot_go_each_is_tried(
    fake: TelegramFake, ear: ScriptedEar, door: Door
) -> None:
    """Telegram may fail at one and take the next."""
    ann = fake.user("Ann")
    band = fake.group("Band", ann)
    await fake.say(ann, band, "/compose")
    delivered = await deliver(door, (await ear.line()).address, RAG)
    sound, notes = band.from_bot
    fake.fail("deleteMessages", code=400, description="Bad Request: message can't be deleted")
    fake.fail("deleteMessages", code=502)

    ear.script = removing(delivered)
    await fake.press(ann, notes, "Delete")
    await ear.ask()

    assert band.from_bot == [notes]
    assert sound.is_deleted
