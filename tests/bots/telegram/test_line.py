"""What is answered at once in words, and who may tidy up."""

import pytest

from bots.chat import Ask, Line, Reply
from tests.bots.telegram.stage import (
    BUTTONS,
    SONG,
    ScriptedEar,
    piece_in,
)
from tests.fakes.telegram import TelegramFake

pytestmark = pytest.mark.usefixtures("door")
PRIVATELY = Reply("Stopped.", is_private=True)


async def test_an_ask_is_acknowledged_at_once(fake: TelegramFake, ear: ScriptedEar) -> None:
    """The chat shows that something is being written before the ear has done anything."""
    ann = fake.user("Ann")
    chat = fake.private(ann)

    async def wait_for_it(_ask: Ask, line: Line) -> None:
        await fake.wait_for(lambda: chat.actions)
        await line.hold()  # once is enough

    ear.script = wait_for_it
    await fake.say(ann, chat, "/compose")
    await ear.ask()

    assert chat.actions == ["typing"]


async def test_an_answer_is_a_reply_in_plain_words(fake: TelegramFake, ear: ScriptedEar) -> None:
    """Whatever somebody calls themselves, it is shown and not obeyed."""
    ann = fake.user("Ann")
    ear.says(Reply("<b>Ann</b> & 'co' said *this* _that_ </code>"))

    asked = await fake.say(ann, fake.private(ann), "/help")

    answer = await asked.reply()
    assert answer.text == "<b>Ann</b> & 'co' said *this* _that_ </code>"
    assert answer.entities == []


async def test_a_file_goes_out_as_it_is(fake: TelegramFake, ear: ScriptedEar) -> None:
    """Name and bytes are kept, the words below it are words."""
    ann = fake.user("Ann")
    piece = await piece_in(fake, ear, fake.private(ann), ann)

    assert piece.document
    assert (piece.document.name, piece.document.data) == (SONG.files[0].name, SONG.files[0].data)
    assert piece.caption == SONG.text
    assert piece.buttons == BUTTONS
    assert fake.called("sendDocument")[0].params["disable_content_type_detection"]


async def test_too_many_words_are_cut_and_not_lost(fake: TelegramFake, ear: ScriptedEar) -> None:
    """Telegram would refuse them all; it counts a clef as two."""
    ann = fake.user("Ann")
    ear.says(Reply("𝄞 " * 3000))

    asked = await fake.say(ann, fake.private(ann), "/help")

    text = (await asked.reply()).text
    assert text.endswith("𝄞…")
    assert 4090 <= len(text.encode("utf-16-le")) // 2 <= 4096


async def test_private_words_are_a_quiet_reply_in_a_group(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """A command cannot be answered to one person alone: nobody else is disturbed, at least."""
    ann = fake.user("Ann")
    ear.says(PRIVATELY)

    asked = await fake.say(ann, fake.group("Band", ann), "/queue")

    assert (await asked.reply()).is_silent


async def test_the_answer_comes_although_the_question_is_gone(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """Who deletes the command still gets what it asked for."""
    ann = fake.user("Ann")
    chat = fake.private(ann)
    asked = await fake.say(ann, chat, "/help")
    line = await ear.line()
    await fake.delete(asked)

    await line.say(Reply("Here it is."))

    assert chat.last.text == "Here it is."


async def test_an_answer_is_said_again_where_the_connection_tears(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """Seen twice is better than never."""
    ann = fake.user("Ann")
    fake.fail("sendMessage", reset="before")
    ear.says(Reply("Here it is."))

    asked = await fake.say(ann, fake.private(ann), "/help")

    assert (await asked.reply()).text == "Here it is."


async def test_who_blocks_us_breaks_nothing(fake: TelegramFake, ear: ScriptedEar) -> None:
    """The answer goes nowhere, and the next is heard."""
    ann, bob = fake.user("Ann"), fake.user("Bob")
    await fake.say(ann, fake.private(ann), "/help")
    line = await ear.line()
    await fake.block(ann)
    await line.say(Reply("Here it is."))

    ear.says(Reply("Hello."))
    asked = await fake.say(bob, fake.private(bob), "/help")

    assert (await asked.reply()).text == "Hello."


async def test_an_answer_follows_a_group_that_moved(fake: TelegramFake, ear: ScriptedEar) -> None:
    """A group that becomes a supergroup has another id."""
    ann = fake.user("Ann")
    band = fake.group("Band", ann)
    await fake.say(ann, band, "/help")
    line = await ear.line()
    moved = await fake.migrate(band)

    await line.say(Reply("Here it is."))

    assert moved.last.text == "Here it is."


# Who may tidy up.


@pytest.mark.parametrize(("who", "may"), [("owner", True), ("admin", True), ("member", False)])
async def test_who_may_tidy_up_in_a_group(
    fake: TelegramFake, ear: ScriptedEar, who: str, *, may: bool
) -> None:
    """Those who lead it."""
    people = {name: fake.user(name) for name in ("owner", "admin", "member")}
    band = fake.group("Band", *people.values(), admins=[people["admin"]])
    await fake.say(people[who], band, "/settings")

    assert await (await ear.line()).is_moderator() is may


async def test_who_cannot_be_looked_up_is_no_moderator(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """Better to ask again than to let just anybody."""
    ann = fake.user("Ann")
    await fake.say(ann, fake.group("Band", ann), "/settings")
    fake.fail("getChatMember", code=400, description="Bad Request: member list is inaccessible")

    assert not await (await ear.line()).is_moderator()


async def test_everybody_is_master_of_their_own_chat(fake: TelegramFake, ear: ScriptedEar) -> None:
    """Telegram need not be asked."""
    ann = fake.user("Ann")
    await fake.say(ann, fake.private(ann), "/settings")

    assert await (await ear.line()).is_moderator()
    assert not fake.called("getChatMember")
