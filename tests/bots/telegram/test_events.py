"""What people write and press, as the ear hears it."""

import json
import struct
import time

import pytest

from audiogroove.errors import FileUnreachable, SeedFault, SeedRejected
from bots.chat import Door, Person, Verb
from tests.bots.telegram.stage import MIDI, PIECE, RAG, SONG, STATUS, ScriptedEar, deliver
from tests.fakes.telegram import TelegramFake

pytestmark = pytest.mark.usefixtures("door")


async def test_a_command_is_heard_with_its_wishes(fake: TelegramFake, ear: ScriptedEar) -> None:
    """Who asks where for what, under an id that is the same when Telegram tells it twice."""
    ann = fake.user("Ann <b>")
    chat = fake.private(ann)
    said = await fake.say(ann, chat, "/compose ragtime\n16 bars")

    ask = await ear.ask()

    assert (ask.verb, ask.text) == (Verb.COMPOSE, "ragtime 16 bars")
    assert (ask.person.key, ask.person.name) == (f"telegram:{ann.id}", "Ann <b>")
    assert (ask.chat.key, ask.chat.is_private) == (f"telegram:{chat.id}", True)
    assert ask.id == f"telegram.{chat.id}.{said.id}"


@pytest.mark.parametrize(
    ("words", "verb", "text"),
    [
        ("/start", Verb.HELP, ""),
        ("/start jam_1", Verb.HELP, "jam_1"),
        ("/COMPOSE@audiogroove_bot waltz", Verb.COMPOSE, "waltz"),
        ("/nonsense", Verb.HELP, ""),
        ("continue 8 bars", Verb.CONTINUE, "8 bars"),
        ("a slow waltz", Verb.COMPOSE, "a slow waltz"),
    ],
)
async def test_words_in_private_ask_for_something(
    fake: TelegramFake, ear: ScriptedEar, words: str, verb: Verb, text: str
) -> None:
    """Commands are read as such, and all other words as wishes for a piece."""
    ann = fake.user("Ann")
    await fake.say(ann, fake.private(ann), words)

    ask = await ear.ask()

    assert (ask.verb, ask.text) == (verb, text)


async def test_a_picture_in_private_asks_for_help(fake: TelegramFake, ear: ScriptedEar) -> None:
    """Nobody is left without an answer there."""
    ann = fake.user("Ann")
    png = b"\x89PNG\r\n\x1a\n" + bytes(8) + struct.pack(">II", 100, 100)
    await fake.send_photo(ann, fake.private(ann), png)

    assert (await ear.ask()).verb is Verb.HELP


@pytest.mark.parametrize("words", ["lovely weather", "/compose@other_bot jazz", "/nonsense"])
async def test_a_group_is_left_in_peace(fake: TelegramFake, ear: ScriptedEar, words: str) -> None:
    """What is not meant for us is not heard, even where we see everything."""
    ann = fake.user("Ann")
    band = fake.group("Band", ann)
    await fake.promote(band)
    await fake.say(ann, band, words)
    await fake.send_file(ann, band, "mine.mid", MIDI, "my song")
    await fake.say(ann, band, "/compose jazz")

    assert (await ear.ask()).text == "jazz"


async def test_what_bots_say_is_not_heard(fake: TelegramFake, ear: ScriptedEar) -> None:
    """Two bots that answer each other would never stop."""
    ann, robot = fake.user("Ann"), fake.user("Robot")
    robot.is_bot = True
    band = fake.group("Band", ann, robot)
    await fake.promote(band)
    await fake.say(robot, band, "/compose noise")
    await fake.say(ann, band, "/compose jazz")

    assert (await ear.ask()).text == "jazz"


async def test_an_edited_command_is_not_run_again(fake: TelegramFake, ear: ScriptedEar) -> None:
    """The next that is heard is the next that was said."""
    ann = fake.user("Ann")
    said = await fake.say(ann, fake.private(ann), "/compose jazz")
    await ear.ask()
    await fake.edit(ann, said, "/compose more jazz")
    await fake.say(ann, fake.private(ann), "/help")

    assert (await ear.ask()).verb is Verb.HELP


async def test_a_hidden_administrator_speaks_as_the_group(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """Telegram names a bot as the sender; behind it is somebody who may tidy up."""
    ann = fake.user("Ann")
    band = fake.supergroup("Band", ann)
    chat = {"id": band.id, "type": "supergroup", "title": "Band"}
    hidden = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    words = {"message_id": 99, "date": int(time.time()), "text": "/settings"}
    await fake.update("message", {**words, "chat": chat, "from": hidden, "sender_chat": chat})

    ask, line = await ear.listen()

    assert ask.person == Person(f"telegram:{band.id}", "Band")
    assert await line.is_moderator()


# Files.


async def test_a_file_in_private_is_a_seed(fake: TelegramFake, ear: ScriptedEar) -> None:
    """A .mid without words goes on, and its bytes come when they are asked for."""
    ann = fake.user("Ann")
    await fake.send_file(ann, fake.private(ann), "song.mid", MIDI)

    ask = await ear.ask()

    assert ask.verb is Verb.CONTINUE
    assert ask.seed
    assert (ask.seed.name, ask.seed.size_bytes) == ("song.mid", len(MIDI))
    assert await ask.seed.fetch() == MIDI


@pytest.mark.parametrize(
    ("caption", "verb", "text"),
    [
        ("/vary bars 5-8", Verb.VARY, "bars 5-8"),
        ("vary bars 5-8", Verb.VARY, "bars 5-8"),
        ("but faster", Verb.CONTINUE, "but faster"),
    ],
)
async def test_the_words_below_a_file_say_what_to_do_with_it(
    fake: TelegramFake, ear: ScriptedEar, caption: str, verb: Verb, text: str
) -> None:
    """A caption is read like a message."""
    ann = fake.user("Ann")
    await fake.send_file(ann, fake.private(ann), "song.MID", MIDI, caption)

    ask = await ear.ask()

    assert (ask.verb, ask.text) == (verb, text)
    assert ask.seed


async def test_a_command_below_a_file_is_heard_in_a_group(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """It is addressed to us as any other command is."""
    ann = fake.user("Ann")
    band = fake.group("Band", ann)
    await fake.promote(band)
    await fake.send_file(ann, band, "song.mid", MIDI, "/accompany@audiogroove_bot bass")

    ask = await ear.ask()

    assert (ask.verb, ask.text, ask.chat.is_private) == (Verb.ACCOMPANY, "bass", False)
    assert ask.seed


async def test_a_file_in_reply_to_us_is_heard_in_a_group(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """That is how privacy mode lets people hand us a file."""
    ann = fake.user("Ann")
    band = fake.group("Band", ann)
    ear.says(STATUS)
    asked = await fake.say(ann, band, "/compose")
    await ear.ask()
    await fake.send_file(ann, band, "song.mid", MIDI, reply_to=await asked.reply())

    ask = await ear.ask()

    assert ask.verb is Verb.CONTINUE
    assert ask.seed


async def test_a_command_in_reply_to_a_file_has_it_for_a_seed(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """Anybody's .mid in a group can be gone on with."""
    ann, bob = fake.user("Ann"), fake.user("Bob")
    band = fake.group("Band", ann, bob)
    sent = await fake.send_file(ann, band, "song.mid", MIDI)
    await fake.say(bob, band, "/compose jazz", reply_to=sent)

    ask = await ear.ask()

    assert ask.seed
    assert await ask.seed.fetch() == MIDI


async def test_a_command_in_reply_to_a_piece_of_ours_means_that_piece(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """It is kept here: nothing is fetched."""
    ann = fake.user("Ann")
    chat = fake.private(ann)
    ear.says(SONG)
    asked = await fake.say(ann, chat, "/compose")
    await ear.ask()
    await fake.say(ann, chat, "/vary bars 5-8", reply_to=await asked.reply())

    ask = await ear.ask()

    assert (ask.subject, ask.seed) == (PIECE, None)


async def test_a_command_in_reply_to_a_picture_of_ours_names_it(
    fake: TelegramFake, ear: ScriptedEar, door: Door
) -> None:
    """It has no buttons that say which piece it belongs to; the piece's address does."""
    ann = fake.user("Ann")
    chat = fake.private(ann)
    await fake.say(ann, chat, "/compose")
    delivered = await deliver(door, (await ear.line()).address, RAG)
    picture = chat.from_bot[0]
    await fake.say(ann, chat, "/continue", reply_to=picture)

    ask = await ear.ask()

    assert picture.photo
    assert (ask.subject, ask.seed) == ("", None)
    assert ask.answers in json.dumps(delivered)
    assert str(picture.id) in ask.answers


async def test_a_file_of_ones_own_goes_before_what_it_replies_to(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """Only one thing can be meant."""
    ann = fake.user("Ann")
    chat = fake.private(ann)
    ear.says(SONG)
    asked = await fake.say(ann, chat, "/compose")
    await ear.ask()
    await fake.send_file(ann, chat, "mine.mid", MIDI, reply_to=await asked.reply())

    ask = await ear.ask()

    assert ask.subject == ""
    assert ask.seed
    assert ask.seed.name == "mine.mid"


async def test_cancel_in_reply_to_a_status_means_that_job(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """The job stands in its button."""
    ann = fake.user("Ann")
    chat = fake.private(ann)
    ear.says(STATUS)
    asked = await fake.say(ann, chat, "/compose")
    await ear.ask()
    await fake.say(ann, chat, "/cancel", reply_to=await asked.reply())

    assert (await ear.ask()).subject == "job"


async def test_a_file_that_is_no_midi_is_refused_unseen(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """Nothing is downloaded to find that out."""
    ann = fake.user("Ann")
    await fake.send_file(ann, fake.private(ann), "song.pdf", b"%PDF")
    seed = (await ear.ask()).seed
    assert seed

    with pytest.raises(SeedRejected) as refused:
        await seed.fetch()

    assert refused.value.fault is SeedFault.NOT_MIDI
    assert not fake.called("getFile")


async def test_a_file_too_large_for_bots_is_not_asked_for(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """Telegram hands out 20 MB at most."""
    ann = fake.user("Ann")
    await fake.send_file(ann, fake.private(ann), "song.mid", MIDI, claimed_size=21_000_000)
    seed = (await ear.ask()).seed
    assert seed

    with pytest.raises(FileUnreachable):
        await seed.fetch()

    assert not fake.called("getFile")


async def test_a_file_that_telegram_keeps_back_is_unreachable(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """The error knows the file's name."""
    ann = fake.user("Ann")
    await fake.send_file(ann, fake.private(ann), "song.mid", MIDI)
    seed = (await ear.ask()).seed
    assert seed
    fake.fail("getFile", code=400, description="Bad Request: wrong file_id")

    with pytest.raises(FileUnreachable) as unreachable:
        await seed.fetch()

    assert unreachable.value.name == "song.mid"


# Buttons and topics.


async def test_a_pressed_button_is_heard(fake: TelegramFake, ear: ScriptedEar) -> None:
    """With the piece that it belongs to, under an id of its own."""
    ann, bob = fake.user("Ann"), fake.user("Bob")
    band = fake.group("Band", ann, bob)
    ear.says(SONG)
    asked = await fake.say(ann, band, "/compose")
    await ear.ask()
    press = await fake.press(bob, await asked.reply(), "Again")

    ask = await ear.ask()

    assert (ask.verb, ask.subject, ask.is_press) == (Verb.AGAIN, PIECE, True)
    assert (ask.person.key, ask.id) == (f"telegram:{bob.id}", f"telegram.{press.id}")
    assert ask.chat.key == f"telegram:{band.id}"


async def test_an_answer_in_a_topic_stays_in_it(fake: TelegramFake, ear: ScriptedEar) -> None:
    """And what opened the topic is no message that is replied to."""
    ann = fake.user("Ann")
    forum = fake.supergroup("Band", ann, forum=True)
    topic = await fake.open_topic(ann, forum, "Blues")
    ear.says(STATUS)

    asked = await fake.say(ann, forum, "/compose blues", topic=topic)

    assert (await asked.reply()).topic is topic


async def test_a_chain_of_replies_is_no_topic(fake: TelegramFake, ear: ScriptedEar) -> None:
    """It has a thread id all the same, and sending there would be refused."""
    ann = fake.user("Ann")
    band = fake.supergroup("Band", ann)
    ear.says(STATUS)
    first = await fake.say(ann, band, "listen")

    asked = await fake.say(ann, band, "/compose", reply_to=first)

    assert (await asked.reply()).topic is None


# Late.


async def test_what_was_asked_long_ago_is_not_done(fake: TelegramFake, ear: ScriptedEar) -> None:
    """One line in each chat says so, whatever lies there."""
    ann = fake.user("Ann")
    chat = fake.private(ann)
    await fake.say(ann, chat, "/compose jazz", age_s=3600)
    await fake.say(ann, chat, "/compose blues", age_s=1800)
    await fake.say(ann, chat, "/compose ragtime", age_s=300)

    assert (await ear.ask()).text == "ragtime"
    assert [message.text[:10] for message in chat.from_bot] == ["I was away"]
