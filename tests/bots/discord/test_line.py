"""What is said to whoever used a command, and when."""

import asyncio

import pytest

from bots.chat import Ask, Button, Line, Reply, Undeliverable, Unreachable, Verb
from tests.bots.discord.stage import (
    JOB,
    LATER,
    MIDI,
    PIECE,
    SECRET,
    STATUS,
    Stage,
)
from tests.fakes.discord import Callback, Permission

CALLBACK = r"/interactions/.*"
HOOK = r"/webhooks/.*"


async def test_first_words_answer_the_command_itself(stage: Stage) -> None:
    """One request, for all to see, with a button to cancel."""
    asked, line = await stage.asked()
    await line.open(STATUS)
    assert asked.callback is Callback.MESSAGE
    answer = await asked.original()
    assert answer.content == STATUS.text
    assert not answer.is_ephemeral
    assert [each.custom_id for each in answer.buttons] == ["1:cancel:discord.7:"]


async def test_private_answer_is_seen_by_one(stage: Stage) -> None:
    """Refusals and details are nobody else's business."""
    asked, line = await stage.asked()
    await line.say(SECRET)
    assert (await asked.original()).is_ephemeral
    assert not stage.channel.messages


async def test_menu_is_seen_by_one(stage: Stage) -> None:
    """A choice is for whoever was asked."""
    asked, line = await stage.asked("forget")
    sure = Button("Yes", Verb.FORGET, argument="yes", is_grave=True)
    await line.say(Reply("Are you sure?", buttons=((sure,),), is_menu=True))
    menu = await asked.original()
    assert menu.is_ephemeral
    assert [each.label for each in menu.buttons] == ["Yes"]


async def test_silence_is_broken_by_the_guard(quiet: Stage) -> None:
    """Before Discord tells people that nobody answered."""
    async with quiet.on_air(patience_s=0.0):
        asked, _ = await quiet.asked()
        assert await asked.acknowledged() is Callback.DEFER


async def test_guard_is_silent_where_something_was_said(quiet: Stage) -> None:
    """It waits for its turn and finds the work done."""
    async with quiet.on_air(patience_s=0.0):
        quiet.ear.says(STATUS)
        gate = quiet.fake.hold("POST", CALLBACK)
        asked = await quiet.fake.slash(quiet.ann, quiet.channel, "compose")
        await quiet.ear.next()
        gate.set()
        assert (await asked.original()).content == STATUS.text
    assert len(asked.channel.messages) == 1


async def test_holding_shows_thinking(stage: Stage) -> None:
    """A file takes seconds to read."""
    asked, line = await stage.asked()
    await line.hold()
    assert asked.callback is Callback.DEFER
    assert asked.response
    assert asked.response.is_loading


async def test_words_take_the_place_of_thinking(stage: Stage) -> None:
    """One message, which then goes on changing."""
    asked, line = await stage.asked()
    await line.hold()
    await line.open(STATUS)
    assert (await asked.original()).content == STATUS.text
    assert len(stage.channel.messages) == 1


async def test_private_words_after_public_thinking(stage: Stage) -> None:
    """What everybody saw goes; the answer comes to one person alone."""
    asked, line = await stage.asked()
    await line.hold()
    await line.say(SECRET)
    answer = await asked.followup()
    assert (answer.content, answer.is_ephemeral) == (SECRET.text, True)
    assert [each.is_deleted for each in stage.channel.messages] == [True]


async def test_too_late_for_the_command_goes_to_the_channel(stage: Stage) -> None:
    """The loop was blocked, or the gateway was: the piece must come nevertheless."""
    asked, line = await stage.asked()
    stage.fake.clock.advance(5)
    address = await line.open(STATUS)
    door = await stage.doors.reach("discord")
    await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)
    assert asked.callback is None
    (message,) = stage.channel.messages
    assert message.content == PIECE.text
    assert message.file(".mid").data == MIDI


async def test_too_late_for_a_private_word(stage: Stage) -> None:
    """It is not said to everybody instead."""
    _, line = await stage.asked()
    stage.fake.clock.advance(5)
    await line.say(SECRET)
    assert not stage.channel.messages


async def test_too_late_where_the_bot_is_not(stage: Stage) -> None:
    """Then there is no way at all, and whoever opens is told."""
    abroad = stage.fake.add_channel(stage.fake.add_guild("Abroad", has_bot=False))
    await stage.fake.slash(stage.ann, abroad, "compose")
    _, line = await stage.ear.next()
    stage.fake.clock.advance(5)
    with pytest.raises(Undeliverable):
        await line.open(STATUS)


@pytest.mark.parametrize("is_applied", [False, True])
async def test_torn_first_answer_is_seen_once(stage: Stage, is_applied: bool) -> None:  # noqa: FBT001
    """Whether or not Discord had heard it before the connection broke."""
    stage.fake.fail("POST", CALLBACK, is_reset=True, is_applied=is_applied)
    asked, line = await stage.asked()
    address = await line.open(STATUS)
    assert (await asked.original()).content == STATUS.text
    assert len(stage.channel.messages) == 1
    assert address["message"] == str(stage.channel.messages[0].id)


async def test_torn_deferring_is_done_once_more(stage: Stage) -> None:
    """There are three seconds, and no time to wait."""
    stage.fake.fail("POST", CALLBACK, is_reset=True, is_applied=True)
    asked, line = await stage.asked()
    await line.hold()
    await line.open(STATUS)
    assert (await asked.original()).content == STATUS.text


async def test_opening_can_be_given_up_while_it_waits(stage: Stage) -> None:
    """Then nothing is said, and the piece itself becomes the first words."""
    asked, line = await stage.asked()
    stage.fake.fail("POST", CALLBACK, is_reset=True)
    gate = stage.fake.hold("POST", CALLBACK)
    holding = asyncio.create_task(line.hold())
    opening = asyncio.create_task(line.open(STATUS))
    await stage.fake.wait_for(lambda: stage.fake.record.calls[-1].status == 0)
    opening.cancel()
    gate.set()
    await holding
    assert opening.cancelled()
    door = await stage.doors.reach("discord")
    await door.deliver(line.address, PIECE, nonce=JOB, placed=stage.keep)
    assert (await asked.original()).content == PIECE.text
    assert len(stage.channel.messages) == 1


async def test_opening_that_is_under_way_is_finished(stage: Stage) -> None:
    """Cancelled or not, it will be seen; so its address is told."""
    asked, line = await stage.asked()
    stage.fake.fail("POST", CALLBACK, is_reset=True)
    gate = stage.fake.hold("POST", CALLBACK)
    opening = asyncio.create_task(line.open(STATUS))
    await stage.fake.wait_for(lambda: stage.fake.record.calls[-1].status == 0)
    opening.cancel()
    gate.set()
    address = await opening
    answer = await asked.original()
    assert address["message"] == str(answer.id)


async def test_quick_piece_is_the_first_answer(stage: Stage) -> None:
    """Where nothing was said yet, file and words come at once."""
    asked, line = await stage.asked()
    door = await stage.doors.reach("discord")
    await door.deliver(line.address, PIECE, nonce=JOB, placed=stage.keep)
    assert asked.callback is Callback.MESSAGE
    assert (await asked.original()).file(".mid").data == MIDI


async def test_what_breaks_is_told_in_private(stage: Stage) -> None:
    """With a number under which the log knows more."""

    async def break_down(_ask: Ask, _line: Line) -> None:
        raise ZeroDivisionError

    stage.ear.answer = break_down
    asked = await stage.fake.slash(stage.ann, stage.channel, "compose")
    answer = await asked.original()
    assert answer.is_ephemeral
    assert "number" in answer.content


async def test_words_are_shown_as_they_are(stage: Stage) -> None:
    """Nothing that people call themselves formats, links or mentions."""
    rogue = "**bold** [x](http://x.y) @everyone\n# head"
    asked, line = await stage.asked()
    await line.say(Reply(rogue))
    shown = (await asked.original()).content
    assert shown == r"\*\*bold\*\* \[x](http://x.y) @" + "\u200beveryone\n" + r"\# head"


async def test_long_words_are_cut(stage: Stage) -> None:
    """Discord takes 2000 characters, whatever they say."""
    asked, line = await stage.asked()
    await line.say(Reply("_" * 2500))
    shown = (await asked.original()).content
    assert len(shown) <= 2000
    assert shown.endswith(r"\_…")


async def test_moderators_are_known(stage: Stage) -> None:
    """Whoever may manage messages may tidy up after others."""
    _, line = await stage.asked()
    assert not await line.is_moderator()
    mod = stage.fake.add_user("mod")
    stage.fake.add_member(stage.guild, mod, Permission(1 << 13 | 1 << 10 | 1 << 31))
    await stage.fake.slash(mod, stage.channel, "help")
    _, line = await stage.ear.next()
    assert await line.is_moderator()


async def test_further_words_follow(stage: Stage) -> None:
    """Should more be said than was meant to be, it is not lost."""
    asked, line = await stage.asked()
    await line.open(STATUS)
    await line.say(LATER)
    assert (await asked.followup()).content == LATER.text


async def test_deferring_too_late_is_no_misfortune(stage: Stage) -> None:
    """What is said next finds its way."""
    _, line = await stage.asked()
    stage.fake.clock.advance(5)
    await line.hold()
    await line.open(STATUS)
    assert stage.channel.messages[0].content == STATUS.text


async def test_holding_that_is_cancelled_ends_when_it_is_done(stage: Stage) -> None:
    """Discord was told, and whoever held goes no further."""
    asked, line = await stage.asked()
    stage.fake.fail("POST", CALLBACK, is_reset=True)
    gate = stage.fake.hold("POST", CALLBACK)
    holding = asyncio.create_task(line.hold())
    await stage.fake.wait_for(lambda: stage.fake.record.calls[-1].status == 0)
    holding.cancel()
    gate.set()
    with pytest.raises(asyncio.CancelledError):
        await holding
    assert asked.callback is Callback.DEFER


async def test_first_answer_that_never_arrives(stage: Stage) -> None:
    """Nobody waits for ever; the piece will find its own way."""
    stage.fake.fail("POST", CALLBACK, times=3, is_reset=True)
    asked, line = await stage.asked()
    with pytest.raises(Unreachable):
        await line.open(STATUS)
    door = await stage.doors.reach("discord")
    await door.deliver(line.address, PIECE, nonce=JOB, placed=stage.keep)
    assert (await asked.original()).content == PIECE.text


async def test_late_word_that_cannot_be_said(stage: Stage) -> None:
    """It is logged, and nothing breaks."""
    asked, line = await stage.asked()
    await line.hold()
    stage.fake.fail("PATCH", HOOK, times=10, is_reset=True)
    await line.say(STATUS)
    assert asked.response
    assert asked.response.is_loading
