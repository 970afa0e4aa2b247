"""Buttons that are pressed: what the presser sees, and the menus in their place."""

import asyncio
from dataclasses import replace

import pytest

from bots.chat import Ask, Line, Reply, Verb
from bots.replies import piece_buttons
from tests.bots.telegram.stage import (
    MENU,
    PIECE,
    SONG,
    ScriptedEar,
    piece_in,
)
from tests.fakes.telegram import Button, TelegramFake

pytestmark = pytest.mark.usefixtures("door")
PRIVATELY = Reply("Stopped.", is_private=True)
LONG = Reply("much to tell " * 30, is_private=True)


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


async def test_a_press_whose_answer_takes_long_shows_that_it_is_being_made(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """The clock on the button stops, and something is being written."""
    ann = fake.user("Ann")
    chat = fake.private(ann)
    piece = await piece_in(fake, ear, chat, ann)
    chat.actions.clear()

    async def take_time(_ask: Ask, line: Line) -> None:
        await line.hold()

    ear.script = take_time
    press = await fake.press(ann, piece, "Details")
    await ear.ask()

    assert (await press.answer()).text == ""
    assert chat.actions == ["typing"]


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


async def test_after_a_menu_a_piece_offers_what_it_did(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """Not every piece has a score or a film to be had; the menu remembers."""
    ann = fake.user("Ann")
    ear.says(replace(SONG, buttons=piece_buttons(PIECE, {Verb.SCORE, Verb.VIDEO})))
    piece = await (await fake.say(ann, fake.private(ann), "/compose")).reply()
    before = piece.buttons
    ear.says(MENU)
    await fake.press(ann, piece, "Vary")
    await piece.until(lambda message: message.buttons != before)

    await fake.press(ann, piece, "‹ Back")

    await piece.until(lambda message: message.buttons == before)
