"""Jams as the ear hears of them: commands, presses, takes; and what is nodded at."""

import asyncio
from dataclasses import replace

import pytest

from bots.chat import Address, Ask, Button, Line, Verb
from bots.replies import piece_buttons
from bots.telegram.door import TelegramDoor
from tests.bots.telegram.cards import CARD, JAM, TAKE, card_in
from tests.bots.telegram.stage import MIDI, PIECE, SONG, ScriptedEar
from tests.fakes.telegram import Chat, Message, TelegramFake, User

pytestmark = pytest.mark.usefixtures("door")


async def nod(_ask: Ask, line: Line) -> None:
    """Nod at whatever is heard."""
    await line.nod("You are in.")


@pytest.fixture
async def address(fake: TelegramFake, ear: ScriptedEar, ann: User, band: Chat) -> Address:
    """The address of a card in the group."""
    return await card_in(fake, ear, band, ann)


@pytest.fixture
async def card(address: Address, band: Chat) -> Message:
    """A card in the group."""
    del address
    return band.last


# Commands.


@pytest.mark.parametrize(
    "words", ["/jam start ragtime", "/jam@audiogroove_bot start ragtime", "/JAM start\nragtime"]
)
async def test_a_jam_is_asked_for_in_words(
    fake: TelegramFake, ear: ScriptedEar, ann: User, band: Chat, words: str
) -> None:
    """The ear tells by itself what is to be done."""
    await fake.say(ann, band, words)

    ask = await ear.ask()

    assert (ask.verb, ask.argument, ask.text) == (Verb.JAM, "", "start ragtime")
    assert (ask.chat.topic, ask.subject, ask.seed) == ("", "", None)


async def test_a_jam_is_asked_for_in_a_topic(
    fake: TelegramFake, ear: ScriptedEar, ann: User
) -> None:
    """Each topic is a place of its own; the chat is the same."""
    forum = fake.supergroup("Band", ann, forum=True)
    topic = await fake.open_topic(ann, forum, "Blues")
    await fake.say(ann, forum, "/jam start", topic=topic)

    ask = await ear.ask()

    assert (ask.chat.key, ask.chat.topic) == (f"telegram:{forum.id}", str(topic.id))


async def test_a_chain_of_replies_is_no_topic(
    fake: TelegramFake, ear: ScriptedEar, ann: User
) -> None:
    """Telegram gives it the same field."""
    band = fake.supergroup("Band", ann)
    first = await fake.say(ann, band, "shall we?")
    await fake.say(ann, band, "/jam start", reply_to=first)

    assert (await ear.ask()).chat.topic == ""


async def test_a_press_tells_its_topic(fake: TelegramFake, ear: ScriptedEar, ann: User) -> None:
    """That of the card."""
    forum = fake.supergroup("Band", ann, forum=True)
    topic = await fake.open_topic(ann, forum, "Blues")
    await card_in(fake, ear, forum, ann, topic)
    await fake.press(ann, forum.last, "Join")

    ask = await ear.ask()

    assert (ask.verb, ask.subject, ask.argument) == (Verb.JAM, JAM, "join")
    assert ask.chat.topic == str(topic.id)


async def test_groups_are_told_of_jams(fake: TelegramFake, ear: ScriptedEar, ann: User) -> None:
    """In the menu of commands."""
    await fake.say(ann, fake.private(ann), "/help")
    await ear.ask()  # by then the menus are told
    await fake.wait_for(lambda: len(fake.world.commands) == 2)

    shown = fake.world.commands["all_group_chats", ""]

    assert "jam" in [each["command"] for each in shown]


# Takes of one's own.


async def test_a_command_below_a_file_has_it_for_a_seed(
    fake: TelegramFake, ear: ScriptedEar, ann: User, chat: Chat
) -> None:
    """Its bytes come when they are asked for."""
    await fake.send_file(ann, chat, "mine.mid", MIDI, "/jam take")

    ask = await ear.ask()

    assert (ask.verb, ask.text) == (Verb.JAM, "take")
    assert ask.seed
    assert (ask.seed.name, await ask.seed.fetch()) == ("mine.mid", MIDI)


async def test_a_command_that_answers_a_file_has_it_for_a_seed(
    fake: TelegramFake, ear: ScriptedEar, ann: User, band: Chat
) -> None:
    """Whoever sent it."""
    sent = await fake.send_file(ann, band, "mine.mid", MIDI)
    await fake.say(ann, band, "/jam take", reply_to=sent)

    ask = await ear.ask()

    assert ask.seed
    assert ask.seed.name == "mine.mid"


@pytest.mark.parametrize("words", ["", "a bit softer", "continue softly"])
async def test_a_file_that_answers_the_card_is_a_take(
    fake: TelegramFake, ear: ScriptedEar, ann: User, band: Chat, card: Message, words: str
) -> None:
    """Words below it are wishes, whatever they begin with."""
    await fake.send_file(ann, band, "mine.mid", MIDI, words, reply_to=card)

    ask = await ear.ask()

    assert (ask.verb, ask.argument, ask.subject) == (Verb.JAM, "take", JAM)
    assert ask.text == words
    assert ask.seed
    assert await ask.seed.fetch() == MIDI


async def test_a_file_that_answers_the_card_s_sound_is_a_take(
    fake: TelegramFake,
    ear: ScriptedEar,
    door: TelegramDoor,
    ann: User,
    band: Chat,
    address: Address,
) -> None:
    """Who has just listened answers to that."""
    await door.revise(address, TAKE, nonce="1")
    assert band.last.audio
    await fake.send_file(ann, band, "mine.mid", MIDI, reply_to=band.last)

    ask = await ear.ask()

    assert (ask.verb, ask.argument, ask.subject) == (Verb.JAM, "take", JAM)
    assert ask.seed


async def test_a_command_below_a_file_goes_before_the_card_that_it_answers(
    fake: TelegramFake, ear: ScriptedEar, ann: User, band: Chat, card: Message
) -> None:
    """Who says what to do is obeyed."""
    await fake.send_file(ann, band, "mine.mid", MIDI, "/vary bars 1-4", reply_to=card)

    ask = await ear.ask()

    assert (ask.verb, ask.subject, ask.argument) == (Verb.VARY, "", "")


async def test_a_file_that_answers_a_finished_piece_is_no_take(
    fake: TelegramFake, ear: ScriptedEar, ann: User, band: Chat
) -> None:
    """Although that offers a new jam."""
    jam = (Button("Continue as a new jam", Verb.JAM, JAM, "again"),)
    ear.says(replace(SONG, buttons=(*piece_buttons(PIECE), jam)))
    piece = await (await fake.say(ann, band, "/compose")).reply()
    await ear.ask()
    await fake.send_file(ann, band, "mine.mid", MIDI, reply_to=piece)

    assert (await ear.ask()).verb is Verb.CONTINUE


async def test_the_sound_of_a_card_can_bring_it_down(
    fake: TelegramFake,
    ear: ScriptedEar,
    door: TelegramDoor,
    ann: User,
    band: Chat,
    address: Address,
) -> None:
    """By the one button below it, which asks what the command of that name does."""
    await door.revise(address, TAKE, nonce="1")
    await fake.press(ann, band.last, "Bring the card down here")

    ask = await ear.ask()

    assert (ask.verb, ask.subject, ask.argument) == (Verb.JAM, JAM, "card")


# Nods.


async def test_a_nod_at_a_press_is_a_glance(
    fake: TelegramFake, ear: ScriptedEar, ann: User, band: Chat, card: Message
) -> None:
    """Seen by the presser alone."""
    ear.script = nod

    answer = await (await fake.press(ann, card, "Join")).answer()

    assert (answer.text, answer.show_alert) == ("You are in.", False)
    assert band.from_bot == [card]


async def test_presses_at_once_are_each_nodded_at(
    fake: TelegramFake, ear: ScriptedEar, band: Chat, card: Message
) -> None:
    """Everybody joins in the same second, and everybody is told once."""
    people = [fake.user(name) for name in ("Ann", "Bob", "Cleo", "Dan", "Eve")]
    for person in people:
        await fake.join(person, band)
    ear.script = nod

    presses = await asyncio.gather(*(fake.press(person, card, "Join") for person in people))
    answers = [await press.answer() for press in presses]

    assert [answer.text for answer in answers] == ["You are in."] * 5
    assert len(fake.called("answerCallbackQuery")) == 5


async def test_a_nod_at_words_is_a_thumb(
    fake: TelegramFake, ear: ScriptedEar, ann: User, band: Chat, card: Message
) -> None:
    """No message is sent: others see on the card what came of it."""
    ear.script = nod
    said = await fake.say(ann, band, "/jam join")
    await ear.ask()

    assert said.reaction == "👍"
    assert band.from_bot == [card]


async def test_where_thumbs_are_not_allowed_nothing_is_shown(
    fake: TelegramFake, ear: ScriptedEar, ann: User, band: Chat, card: Message
) -> None:
    """And nothing breaks."""
    band.has_reactions = False
    ear.script = nod
    said = await fake.say(ann, band, "/jam join")
    await ear.ask()

    assert fake.called("setMessageReaction")[0].status == 400
    assert said.reaction == ""
    assert band.from_bot == [card]


async def test_a_nod_that_comes_late_is_no_message(
    fake: TelegramFake, ear: ScriptedEar, ann: User, band: Chat, card: Message
) -> None:
    """The clock on the button was stopped without it."""

    async def think(_ask: Ask, line: Line) -> None:
        await line.hold()
        await line.nod("You are in.")

    ear.script = think
    press = await fake.press(ann, card, "Join")
    await ear.ask()

    assert (await press.answer()).text == ""
    assert band.from_bot == [card]


async def test_a_press_can_gather_and_nod(
    fake: TelegramFake, ear: ScriptedEar, ann: User, band: Chat, card: Message
) -> None:
    """A new jam from an old one: its card answers the old, and the presser is told."""

    async def begin(_ask: Ask, line: Line) -> None:
        await line.gather(replace(CARD, text="Another jam"), "Another")
        await line.nod("A new one.")

    ear.script = begin
    answer = await (await fake.press(ann, card, "Start")).answer()

    assert answer.text == "A new one."
    assert (band.last.text, band.last.reply_to) == ("Another jam", card)
