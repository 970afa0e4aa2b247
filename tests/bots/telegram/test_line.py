"""What is answered at once: words, toasts, menus, and who may tidy up."""

import asyncio

import pytest

from bots.chat import Ask, Line, Reply
from tests.bots.telegram.stage import MENU, SONG, ScriptedEar
from tests.fakes.telegram import Button, Chat, Message, TelegramFake, User

pytestmark = pytest.mark.usefixtures("door")
PRIVATELY = Reply("Stopped.", is_private=True)
LONG = Reply("much to tell " * 30, is_private=True)


async def piece_in(fake: TelegramFake, ear: ScriptedEar, chat: Chat, asker: User) -> Message:
    """Let a piece stand in a chat, and all that is said after it be silence."""
    ear.says(SONG)
    asked = await fake.say(asker, chat, "/compose")
    await ear.ask()
    return await asked.reply()


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
    assert piece.buttons[1][2] == "🗑 Delete"
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


# Presses.


async def test_a_press_is_answered_with_private_words(fake: TelegramFake, ear: ScriptedEar) -> None:
    """Above the chat, for the one who pressed."""
    ann = fake.user("Ann")
    piece = await piece_in(fake, ear, fake.group("Band", ann), ann)
    ear.says(PRIVATELY)

    answer = await (await fake.press(ann, piece, "Details")).answer()

    assert (answer.text, answer.show_alert) == ("Stopped.", False)


async def test_long_private_words_are_an_alert_in_a_group(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """As much of them as fits, up to the end of a word."""
    ann = fake.user("Ann")
    piece = await piece_in(fake, ear, fake.group("Band", ann), ann)
    ear.says(LONG)

    answer = await (await fake.press(ann, piece, "Details")).answer()

    assert answer.show_alert
    assert len(answer.text) <= 200
    assert answer.text.endswith(("much…", "to…", "tell…"))


async def test_long_private_words_are_a_message_in_private(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """Nobody else reads it, and all of it can be read."""
    ann = fake.user("Ann")
    piece = await piece_in(fake, ear, fake.private(ann), ann)
    ear.says(LONG)

    press = await fake.press(ann, piece, "Details")

    assert (await piece.reply()).text == LONG.text.strip()
    assert (await press.answer()).text == ""


async def test_a_press_is_answered_while_the_ear_still_thinks(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """The clock on the button stops whatever happens."""
    ann = fake.user("Ann")
    piece = await piece_in(fake, ear, fake.private(ann), ann)
    thinking = asyncio.Event()

    async def think(_ask: Ask, _line: Line) -> None:
        await thinking.wait()

    ear.script = think
    press = await fake.press(ann, piece, "Again")

    assert (await press.answer()).text == ""
    thinking.set()


async def test_a_press_does_not_wait_for_what_was_said_before(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """Messages in a chat keep their order; presses are due at once."""
    ann = fake.user("Ann")
    chat = fake.private(ann)
    piece = await piece_in(fake, ear, chat, ann)
    answered = asyncio.Event()

    async def first_things_last(ask: Ask, line: Line) -> None:
        if ask.is_press:
            await line.say(PRIVATELY)
            answered.set()
        await answered.wait()

    ear.script = first_things_last
    await (await fake.say(ann, chat, "/compose")).heard()
    press = await fake.press(ann, piece, "Details")

    assert (await press.answer()).text == "Stopped."


async def test_a_press_that_came_too_late_is_answered_by_message(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """Telegram takes an answer for some seconds only."""
    ann = fake.user("Ann")
    piece = await piece_in(fake, ear, fake.private(ann), ann)
    ear.says(PRIVATELY)
    fake.fail("answerCallbackQuery", code=400, description="Bad Request: query is too old")

    await fake.press(ann, piece, "Details")

    assert (await piece.reply()).text == "Stopped."


async def test_a_button_of_another_time_says_so(fake: TelegramFake, ear: ScriptedEar) -> None:
    """What we no longer understand is not passed on."""
    ann = fake.user("Ann")
    piece = await piece_in(fake, ear, fake.private(ann), ann)
    old = {"text": "Old", "callback_data": "0:what:ever"}
    piece.keyboard = [[Button("Old", data="0:what:ever", raw=old)]]

    answer = await (await fake.press(ann, piece, "Old")).answer()

    assert "newer" in answer.text


# Menus.


async def test_a_menu_takes_the_place_of_the_buttons(fake: TelegramFake, ear: ScriptedEar) -> None:
    """Its question is seen by the one who pressed; no message is added."""
    ann = fake.user("Ann")
    chat = fake.private(ann)
    piece = await piece_in(fake, ear, chat, ann)
    ear.says(MENU)

    press = await fake.press(ann, piece, "Vary")

    await piece.until(lambda message: message.buttons == [["Bars 1-4"], ["‹ Back"]])
    assert (await press.answer()).text == "Which bars shall I rewrite?"
    assert chat.from_bot == [piece]


@pytest.mark.parametrize("way", ["‹ Back", "Bars 1-4"])
async def test_after_a_menu_the_buttons_are_back(
    fake: TelegramFake, ear: ScriptedEar, way: str
) -> None:
    """Whether one chose or thought better of it."""
    ann = fake.user("Ann")
    piece = await piece_in(fake, ear, fake.private(ann), ann)
    before = piece.buttons
    ear.says(MENU)
    await fake.press(ann, piece, "Vary")
    await piece.until(lambda message: message.buttons != before)
    ear.says(PRIVATELY)

    press = await fake.press(ann, piece, way)

    await piece.until(lambda message: message.buttons == before)
    await press.answer()


async def test_a_choice_is_heard_with_what_was_chosen(fake: TelegramFake, ear: ScriptedEar) -> None:
    """And which piece it is for."""
    ann = fake.user("Ann")
    piece = await piece_in(fake, ear, fake.private(ann), ann)
    ear.says(MENU)
    await fake.press(ann, piece, "Vary")
    await ear.ask()
    await piece.until(lambda message: message.buttons[-1] == ["‹ Back"])
    await fake.press(ann, piece, "Bars 1-4")

    ask = await ear.ask()

    assert (ask.subject, ask.argument) == (MENU.buttons[0][0].subject, "1-4")


async def test_a_menu_that_nobody_pressed_for_is_a_message(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """A command has no buttons to put it in the place of."""
    ann = fake.user("Ann")
    ear.says(MENU)

    asked = await fake.say(ann, fake.private(ann), "/forget")

    assert (await asked.reply()).buttons == [["Bars 1-4"]]


async def test_a_menu_whose_message_cannot_be_changed_is_a_message(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """The choice is offered all the same."""
    ann = fake.user("Ann")
    piece = await piece_in(fake, ear, fake.private(ann), ann)
    ear.says(MENU)
    fake.fail(
        "editMessageReplyMarkup", code=400, description="Bad Request: message can't be edited"
    )

    await fake.press(ann, piece, "Vary")

    assert (await piece.reply()).buttons == [["Bars 1-4"]]


# Tidying up.


async def test_the_pressed_message_can_be_removed(fake: TelegramFake, ear: ScriptedEar) -> None:
    """And what is said then is said to the one who pressed."""
    ann = fake.user("Ann")
    chat = fake.private(ann)
    piece = await piece_in(fake, ear, chat, ann)

    async def delete(_ask: Ask, line: Line) -> None:
        await line.remove()
        await line.say(Reply("Deleted.", is_private=True))

    ear.script = delete
    press = await fake.press(ann, piece, "Delete")

    assert (await press.answer()).text == "Deleted."
    assert piece.is_deleted


async def test_a_message_too_old_to_be_removed_loses_its_buttons(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """Telegram lets bots delete for two days."""
    ann = fake.user("Ann")
    piece = await piece_in(fake, ear, fake.group("Band", ann), ann)
    piece.date -= 3 * 24 * 3600

    async def delete(_ask: Ask, line: Line) -> None:
        await line.remove()

    ear.script = delete
    await fake.press(ann, piece, "Delete")

    await piece.until(lambda message: not message.buttons)
    assert not piece.is_deleted


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
