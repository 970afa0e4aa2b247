"""What is written to the bot without a command."""

import pytest

from bots.chat import Undeliverable, Verb
from bots.discord.commands import MENU_NAME
from tests.bots.discord.stage import JOB, LATER, MIDI, PIECE, SECRET, STATUS, Stage
from tests.fakes.discord import BOT_PERMISSIONS, Permission

SONG = ("song.mid", MIDI)


async def test_file_beside_our_name_is_continued(stage: Stage) -> None:
    """The words are wishes."""
    said = await stage.fake.say(
        stage.ann, stage.channel, "8 bars slow", files=[SONG], mention_bot=True
    )
    ask, _ = await stage.ear.next()
    assert (ask.id, ask.verb, ask.text) == (f"discord.{said.id}", Verb.CONTINUE, "8 bars slow")
    assert ask.seed
    assert await ask.seed.fetch() == MIDI
    assert ask.chat.key == f"discord:{stage.channel.id}"


async def test_words_beside_our_name_compose(stage: Stage) -> None:
    """Without a file there is nothing to go on with."""
    await stage.fake.say(stage.ann, stage.channel, "a slow waltz", mention_bot=True)
    ask, _ = await stage.ear.next()
    assert (ask.verb, ask.text, ask.seed) == (Verb.COMPOSE, "a slow waltz", None)


async def test_first_word_may_be_a_command(stage: Stage) -> None:
    """As it is called everywhere."""
    await stage.fake.say(stage.ann, stage.channel, "vary bars 5-8", files=[SONG], mention_bot=True)
    ask, _ = await stage.ear.next()
    assert (ask.verb, ask.text) == (Verb.VARY, "bars 5-8")


async def test_direct_message_needs_no_name(stage: Stage) -> None:
    """Who else could be meant."""
    direct = stage.fake.direct(stage.ann)
    await stage.fake.say(stage.ann, direct, files=[SONG])
    ask, _ = await stage.ear.next()
    assert ask.verb is Verb.CONTINUE
    assert ask.chat.is_private


async def test_reply_to_a_piece_is_about_that_piece(stage: Stage) -> None:
    """A command's name makes it a request."""
    piece = await stage.piece()
    await stage.fake.say(stage.ann, stage.channel, "vary bars 1-2", reply_to=piece)
    ask, _ = await stage.ear.next()
    assert (ask.verb, ask.text, ask.subject) == (Verb.VARY, "bars 1-2", "k3v9x2m4qa")


async def test_file_in_reply_to_us_is_a_seed(stage: Stage) -> None:
    """Without our name."""
    piece = await stage.piece()
    await stage.fake.say(stage.ann, stage.channel, files=[SONG], reply_to=piece)
    ask, _ = await stage.ear.next()
    assert ask.seed
    assert (ask.verb, ask.seed.name, ask.subject) == (Verb.CONTINUE, "song.mid", "")


async def test_our_name_in_reply_to_somebodys_file(stage: Stage) -> None:
    """That file is meant."""
    bob = stage.fake.add_user("bob")
    words = f"{stage.fake.bot.mention} help"
    sent = await stage.fake.say(bob, stage.channel, words, files=[SONG])
    await stage.ear.next()
    await stage.fake.say(stage.ann, stage.channel, "faster", mention_bot=True, reply_to=sent)
    ask, _ = await stage.ear.next()
    assert ask.seed
    assert (ask.verb, ask.text, ask.seed.name) == (Verb.CONTINUE, "faster", "song.mid")


async def test_file_that_we_cannot_see(stage: Stage) -> None:
    """Discord hides other people's talk from us; there is a way to show it."""
    bob = stage.fake.add_user("bob")
    sent = await stage.fake.say(bob, stage.channel, files=[SONG])
    said = await stage.fake.say(
        stage.ann, stage.channel, "continue", mention_bot=True, reply_to=sent
    )
    await stage.fake.wait_for(lambda: said.answers)
    assert MENU_NAME in said.answers[0].content
    assert not stage.ear.asks


async def test_talk_is_not_overheard(stage: Stage) -> None:
    """Neither other people's talk, nor files, nor thanks, nor another bot's words."""
    piece = await stage.piece()
    robot = stage.fake.add_user("robot")
    robot.is_bot = True
    await stage.fake.say(stage.ann, stage.channel, "compose something", files=[SONG])
    await stage.fake.say(stage.ann, stage.channel, "thanks, lovely", reply_to=piece)
    await stage.fake.say(robot, stage.channel, "a waltz", mention_bot=True)
    await stage.fake.say(stage.ann, stage.channel, "help", mention_bot=True)
    await stage.ear.next()
    assert [each.verb for each in stage.ear.asks] == [Verb.COMPOSE, Verb.HELP]


async def test_answer_is_a_reply_that_pings_nobody(stage: Stage) -> None:
    """It is seen where it belongs."""
    said = await stage.fake.say(stage.ann, stage.channel, "a waltz", mention_bot=True)
    _, line = await stage.ear.next()
    await line.open(STATUS)
    (answer,) = said.answers
    assert answer.content == STATUS.text
    (call,) = stage.fake.record.matching("POST", "/channels/{channel_id}/messages")
    assert call.body["allowed_mentions"] == {"parse": []}


async def test_piece_takes_the_place_of_the_first_words(stage: Stage) -> None:
    """As after a command."""
    said = await stage.fake.say(stage.ann, stage.channel, "a waltz", mention_bot=True)
    _, line = await stage.ear.next()
    address = await line.open(STATUS)
    door = await stage.doors.reach("discord")
    await door.show(address, LATER)
    await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)
    (answer,) = said.answers
    assert answer.file(".mid").data == MIDI
    assert [each.content for each in answer.history] == [STATUS.text, LATER.text, PIECE.text]


async def test_torn_answer_is_seen_once(stage: Stage) -> None:
    """Whether or not it had arrived."""
    stage.fake.fail("POST", r"/channels/.*/messages", is_reset=True, is_applied=True)
    said = await stage.fake.say(stage.ann, stage.channel, "a waltz", mention_bot=True)
    _, line = await stage.ear.next()
    await line.open(STATUS)
    assert len(said.answers) == 1


async def test_answer_to_a_message_that_is_gone(stage: Stage) -> None:
    """It comes, without referring to anything."""
    said = await stage.fake.say(stage.ann, stage.channel, "a waltz", mention_bot=True)
    _, line = await stage.ear.next()
    await stage.fake.delete(said)
    await line.say(SECRET)
    assert stage.channel.messages[-1].content == SECRET.text


async def test_holding_shows_typing(stage: Stage) -> None:
    """A file takes seconds to read."""
    await stage.fake.say(stage.ann, stage.channel, files=[SONG], mention_bot=True)
    _, line = await stage.ear.next()
    await line.hold()
    assert stage.channel.typed == 1


async def test_nothing_is_removed_by_a_message(stage: Stage) -> None:
    """There was no button."""
    await stage.fake.say(stage.ann, stage.channel, "help", mention_bot=True)
    _, line = await stage.ear.next()
    await line.remove(line.address)
    assert not stage.fake.record.matching("DELETE", "/channels/{channel_id}/messages/{message_id}")


async def test_moderators_are_known_by_their_roles(quiet: Stage) -> None:
    """Whoever may manage messages may tidy up after others."""
    mod = quiet.fake.add_user("mod")
    quiet.fake.add_member(quiet.guild, mod, BOT_PERMISSIONS | Permission.MANAGE_MESSAGES)
    async with quiet.on_air():
        for who, is_moderator in ((quiet.ann, False), (mod, True)):
            await quiet.fake.say(who, quiet.channel, "help", mention_bot=True)
            _, line = await quiet.ear.next()
            assert await line.is_moderator() is is_moderator


@pytest.mark.parametrize("lost", [Permission.READ_MESSAGE_HISTORY, Permission(0)])
async def test_channel_whose_past_is_hidden(stage: Stage, lost: Permission) -> None:
    """Who may not look back cannot reply, but can speak."""
    place = stage.fake.add_channel(stage.guild, "fog", bot_permissions=BOT_PERMISSIONS & ~lost)
    said = await stage.fake.say(stage.ann, place, "a waltz", mention_bot=True)
    _, line = await stage.ear.next()
    await line.open(STATUS)
    assert bool(said.answers) is not bool(lost)
    assert place.messages[-1].content == STATUS.text


async def test_missing_permission_is_named_in_a_reply(stage: Stage) -> None:
    """Before anything is composed."""
    less = BOT_PERMISSIONS & ~Permission.ATTACH_FILES
    place = stage.fake.add_channel(stage.guild, "closed", bot_permissions=less)
    said = await stage.fake.say(stage.ann, place, "a waltz", mention_bot=True)
    await stage.fake.wait_for(lambda: said.answers)
    assert "Attach Files" in said.answers[0].content
    assert not stage.ear.asks


async def test_channel_that_takes_nothing_more(stage: Stage) -> None:
    """Neither typing nor words break anything; only who opens is told."""
    await stage.fake.say(stage.ann, stage.channel, "a waltz", mention_bot=True)
    _, line = await stage.ear.next()
    stage.channel.bot_permissions = BOT_PERMISSIONS & ~Permission.SEND_MESSAGES
    await line.hold()
    await line.say(SECRET)
    with pytest.raises(Undeliverable):
        await line.open(STATUS)
    assert len(stage.channel.messages) == 1
