import asyncio

from bots.chat import Button, Reply, Verb
from tests.bots.discord.stage import AGAIN, MIDI, PIECE, SECRET, STATUS, Stage
from tests.fakes.discord import Callback

MENU = Reply(
    "Which bars?",
    buttons=((Button("Bars 1-4", Verb.VARY, "k3v9x2m4qa", "1-4"),),),
    is_private=True,
    is_menu=True,
)


async def test_button_becomes_an_ask(stage: Stage) -> None:
    """What it belongs to stands in its id."""
    piece = await stage.piece()
    pressed = await stage.fake.press(stage.ann, piece, AGAIN.label)
    ask, _ = await stage.ear.next()
    assert (ask.verb, ask.subject, ask.argument) == (Verb.AGAIN, "k3v9x2m4qa", "")
    assert ask.is_press
    assert ask.id == f"discord.{pressed.id}"


async def test_button_works_after_a_restart(quiet: Stage) -> None:
    """Nothing is kept for it."""
    async with quiet.on_air():
        piece = await quiet.piece()
    async with quiet.on_air():
        pressed, line = await quiet.press(piece, AGAIN.label)
        await line.open(STATUS)
        assert (await pressed.original()).content == STATUS.text


async def test_answer_to_a_button_leaves_its_message_alone(stage: Stage) -> None:
    """A new piece is a new message."""
    piece = await stage.piece()
    _, line = await stage.press(piece, AGAIN.label)
    address = await line.open(STATUS)
    door = await stage.doors.reach("discord")
    await door.deliver(address, PIECE, nonce="discord.8", placed=stage.keep)
    first, second = stage.channel.messages
    assert first.history[-1] == piece.history[-1]
    assert second.file(".mid").data == MIDI


async def test_double_press_is_two_asks(stage: Stage) -> None:
    """Each is answered for itself; nobody stumbles over the other."""
    piece = await stage.piece()
    stage.ear.says(STATUS)
    one = await stage.fake.press(stage.ann, piece, AGAIN.label)
    two = await stage.fake.press(stage.ann, piece, AGAIN.label)
    assert (await one.original()).id != (await two.original()).id


async def test_patient_button_is_deferred_unseen(quiet: Stage) -> None:
    """Whether the answer is private or public is not known yet."""
    async with quiet.on_air():
        piece = await quiet.piece()
    async with quiet.on_air(patience_s=0.0):
        pressed, line = await quiet.press(piece, AGAIN.label)
        assert await pressed.acknowledged() is Callback.DEFER_UPDATE
        await line.say(SECRET)
        assert (await pressed.followup()).is_ephemeral
    assert not piece.is_deleted


async def test_status_after_a_deferred_button(quiet: Stage) -> None:
    """It is a message of its own, which then becomes the piece."""
    async with quiet.on_air():
        piece = await quiet.piece()
    async with quiet.on_air(patience_s=0.0) as door:
        pressed, line = await quiet.press(piece, AGAIN.label)
        await pressed.acknowledged()
        address = await line.open(STATUS)
        await door.deliver(address, PIECE, nonce="discord.8", placed=quiet.keep)
        assert (await pressed.followup()).file(".mid").data == MIDI
    assert len(quiet.channel.messages) == 2


async def test_piece_for_a_deferred_button_that_was_never_answered(quiet: Stage) -> None:
    """After a restart it is a new message, never the one with the button."""
    async with quiet.on_air():
        piece = await quiet.piece()
    async with quiet.on_air(patience_s=0.0):
        pressed, line = await quiet.press(piece, AGAIN.label)
        await pressed.acknowledged()
        address = dict(line.address)
        quiet.ear.lines.clear()
        del line
    async with quiet.on_air() as door:
        await door.deliver(address, PIECE, nonce="discord.8", placed=quiet.keep)
    assert [len(each.history) for each in quiet.channel.messages] == [2, 1]


async def test_torn_answer_to_a_button_is_seen_once(stage: Stage) -> None:
    """Also where Discord had heard it before the connection broke."""
    piece = await stage.piece()
    stage.fake.fail("POST", r"/interactions/.*", is_reset=True, is_applied=True)
    pressed, line = await stage.press(piece, AGAIN.label)
    address = await line.open(STATUS)
    assert pressed.response
    assert address["message"] == str(pressed.response.id)
    assert len(stage.channel.messages) == 2


async def test_unknown_button_is_answered_kindly(stage: Stage) -> None:
    """It may be of a version that nobody remembers."""
    piece = await stage.piece()
    piece.components[0]["components"][0]["custom_id"] = "0:remix:7"
    pressed = await stage.fake.press(stage.ann, piece, "0:remix:7")
    answer = await pressed.original()
    assert answer.is_ephemeral
    assert "no longer" in answer.content


async def test_choice_is_shown_to_whoever_pressed(stage: Stage) -> None:
    """Without touching the piece that everybody sees."""
    piece = await stage.piece()
    stage.ear.says(MENU)
    pressed = await stage.fake.press(stage.ann, piece, AGAIN.label)
    menu = await pressed.original()
    assert menu.is_ephemeral
    assert [each.label for each in menu.buttons] == ["Bars 1-4"]


async def test_answer_takes_the_place_of_a_choice(stage: Stage) -> None:
    """A choice that was made cannot be made again."""
    asked, line = await stage.asked("forget")
    await line.say(MENU)
    menu = await asked.original()
    _, line = await stage.press(menu, "Bars 1-4")
    await line.say(SECRET)
    assert (menu.content, menu.buttons) == (SECRET.text, [])


async def test_piece_after_a_choice_is_for_everybody(stage: Stage) -> None:
    """The choice was private, what comes of it is not."""
    asked, line = await stage.asked("vary")
    await line.say(MENU)
    pressed, line = await stage.press(await asked.original(), "Bars 1-4")
    await line.open(STATUS)
    status = await pressed.original()
    assert not status.is_ephemeral


async def test_message_with_the_button_can_be_removed(stage: Stage) -> None:
    """And a word about it is still heard."""
    piece = await stage.piece()
    pressed, line = await stage.press(piece, "🗑 Delete")
    await line.remove(line.address)
    await line.say(SECRET)
    assert piece.is_deleted
    assert (await pressed.followup()).is_ephemeral


async def test_removing_twice_is_quiet(stage: Stage) -> None:
    """Two people may press at once."""
    piece = await stage.piece()
    _, one = await stage.press(piece, "🗑 Delete")
    _, two = await stage.press(piece, "🗑 Delete")
    await asyncio.gather(one.remove(one.address), two.remove(two.address))
    assert piece.is_deleted


async def test_removing_after_having_spoken(stage: Stage) -> None:
    """The message goes by the bot's own right."""
    piece = await stage.piece()
    _, line = await stage.press(piece, "🗑 Delete")
    await line.say(SECRET)
    await line.remove(line.address)
    assert piece.is_deleted


async def test_button_that_only_acts_is_acknowledged(quiet: Stage) -> None:
    """Nobody is told that it failed."""
    async with quiet.on_air():
        piece = await quiet.piece()
    async with quiet.on_air(patience_s=0.0):
        pressed = await quiet.fake.press(quiet.ann, piece, AGAIN.label)
        assert await pressed.acknowledged() is Callback.DEFER_UPDATE


async def test_removed_by_a_late_press(stage: Stage) -> None:
    """Too late to answer is not too late to delete."""
    piece = await stage.piece()
    _, line = await stage.press(piece, "🗑 Delete")
    stage.fake.clock.advance(5)
    await line.remove(line.address)
    assert piece.is_deleted


async def test_torn_deferring_of_a_button_leaves_its_message_alone(stage: Stage) -> None:
    """What answered already may be no message at all."""
    piece = await stage.piece()
    pressed, line = await stage.press(piece, AGAIN.label)
    pressed.callback, pressed.response = Callback.DEFER_UPDATE, piece  # by an earlier process
    await line.open(STATUS)
    assert piece.content == PIECE.text
    assert (await pressed.followup()).content == STATUS.text


async def test_message_that_cannot_be_removed(stage: Stage) -> None:
    """It is logged, and a word can still be said."""
    piece = await stage.piece()
    stage.fake.fail("DELETE", r"/webhooks/.*", status=403)
    pressed, line = await stage.press(piece, AGAIN.label)
    await line.remove(line.address)
    await line.say(SECRET)
    assert (await pressed.followup()).content == SECRET.text


async def test_command_has_no_message_to_remove(stage: Stage) -> None:
    """Nothing was pressed."""
    asked, line = await stage.asked()
    await line.remove(line.address)
    assert asked.callback is None
