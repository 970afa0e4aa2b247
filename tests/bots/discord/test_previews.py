"""What a piece brings along: a picture in a frame, a player, a score, a film."""

from dataclasses import replace

from bots.chat import Ask, Button, File, Line, Medium, Reply, Verb
from bots.discord.commands import MENU_NAME
from bots.discord.place import Grants, read
from bots.discord.rendering import nonce_of
from tests.bots.discord.stage import (
    AGAIN,
    JOB,
    LATER,
    PIECE,
    PNG,
    ROLL,
    SONG,
    SOUND,
    STATUS,
    Stage,
)
from tests.fakes.discord import BOT_PERMISSIONS, Message, Permission

TOKEN_LIFE_S = 15 * 60.0
PAGES = tuple(
    File(f"rag-{page}.png", PNG, Medium.PICTURE, about=f"Page {page}") for page in (1, 2, 3)
)
PDF, XML = File("rag.pdf", b"%PDF"), File("rag.musicxml", b"<?xml")
SCORE = Reply("The score", (*PAGES, PDF, XML))
SHOW_SCORE = Button("🎼 Score", Verb.SCORE, "k3v9x2m4qa")
FILM = Reply("The film", (File("rag.mp4", b"ftyp", Medium.VIDEO, duration_s=32.0),))


def names(message: Message) -> list[str]:
    """List what a message has attached."""
    return [each.name for each in message.files]


async def delivered(stage: Stage, piece: Reply = PIECE) -> Message:
    """Let ann ask for a piece, and deliver it in place of its status."""
    asked, line = await stage.asked()
    address = await line.open(STATUS)
    door = await stage.doors.reach("discord")
    await door.deliver(address, piece, nonce=JOB, placed=stage.keep)
    return await asked.original()


async def take_time(_ask: Ask, line: Line) -> None:
    """Answer with a score, which takes its time."""
    await line.hold()
    await line.say(SCORE)


# Shown.


async def test_door_wants_what_discord_can_show(stage: Stage) -> None:
    """A picture to look at and a sound to play."""
    door = await stage.doors.reach("discord")
    assert door.previews == {Medium.PICTURE, Medium.SOUND}


async def test_piece_is_one_message(stage: Stage) -> None:
    """With a player, the piece itself, its picture in a frame, and buttons below."""
    message = await delivered(stage)
    assert stage.channel.messages == [message]
    assert names(message) == ["rag.mp3", "rag.mid", "rag.png"]
    assert message.framed
    assert message.framed.data == PNG
    assert [each.label for each in message.buttons] == ["🎲 Again", "🗑 Delete"]


async def test_players_know_what_they_play_by_its_type(stage: Stage) -> None:
    """Discord tells it by the name."""
    message = await delivered(stage)
    types = [each.content_type for each in message.files]
    assert types == ["audio/mpeg", "audio/midi", "image/png"]


async def test_picture_is_described_for_those_who_cannot_see_it(stage: Stage) -> None:
    """In the frame and as a file."""
    message = await delivered(stage)
    assert message.file(".png").description == ROLL.about
    assert message.embeds[0]["image"]["description"] == ROLL.about


async def test_long_description_is_cut(stage: Stage) -> None:
    """Discord takes 1024 characters."""
    wordy = replace(PIECE, files=(SONG, replace(ROLL, about="x" * 2000)))
    message = await delivered(stage, wordy)
    assert message.file(".png").description == "x" * 1024


async def test_piece_without_previews_is_a_piece(stage: Stage) -> None:
    """Whatever previews cost or fail at, it comes."""
    message = await delivered(stage, replace(PIECE, files=(SONG,)))
    assert (names(message), message.embeds) == (["rag.mid"], [])


# Changed.


async def test_late_status_leaves_files_and_frame(stage: Stage) -> None:
    """Words change, and nothing else."""
    _, line = await stage.asked()
    address = await line.open(STATUS)
    door = await stage.doors.reach("discord")
    await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)
    await door.show(address, LATER)
    (message,) = stage.channel.messages
    assert message.content == LATER.text
    assert message.framed
    assert len(message.files) == 3


async def test_words_in_place_of_a_piece_clear_it(stage: Stage) -> None:
    """No empty frame stays, and no file without one."""
    message = await delivered(stage)
    door = await stage.doors.reach("discord")
    _, line = await stage.asked()
    place = dict(line.address) | {"message": str(message.id)}
    stage.fake.clock.advance(TOKEN_LIFE_S)
    await door.deliver(place, Reply("It is gone."), nonce=JOB, placed=stage.keep)
    assert (message.content, message.files, message.embeds) == ("It is gone.", [], [])


async def test_piece_delivered_again_is_as_it_was(stage: Stage) -> None:
    """Nothing is there twice."""
    _, line = await stage.asked()
    address = await line.open(STATUS)
    door = await stage.doors.reach("discord")
    for _ in range(2):
        await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)
    (message,) = stage.channel.messages
    assert names(message) == ["rag.mp3", "rag.mid", "rag.png"]
    assert len(message.embeds) == 1


async def test_piece_that_comes_once_more_with_fewer_previews_is_the_same(stage: Stage) -> None:
    """One that could not be made this time must not make it two."""
    _, line = await stage.asked()
    address = await line.open(STATUS)
    await stage.fake.delete(stage.channel.messages[0])
    door = await stage.doors.reach("discord")
    for files in (PIECE.files, (SONG,)):
        piece = replace(PIECE, files=files)
        await door.deliver(address, piece, nonce=JOB, placed=stage.keep)
    assert len(stage.channel.messages) == 2


def test_nonce_knows_another_piece() -> None:
    """By its words and by its file, whatever else comes along."""
    bare = replace(PIECE, files=(SONG,))
    other = replace(PIECE, files=(SOUND, replace(SONG, name="waltz.mid"), ROLL))
    assert nonce_of(JOB, PIECE) == nonce_of(JOB, bare)
    assert nonce_of(JOB, PIECE) != nonce_of(JOB, other)
    assert nonce_of(JOB, PIECE) != nonce_of(JOB, replace(PIECE, text="A waltz"))


# Permitted.


async def test_picture_goes_without_a_frame_where_that_is_not_permitted(quiet: Stage) -> None:
    """Discord would drop the frame without a word."""
    quiet.channel.bot_permissions = BOT_PERMISSIONS & ~Permission.EMBED_LINKS
    async with quiet.on_air():
        message = await delivered(quiet)
    assert (message.file(".png").data, message.embeds) == (PNG, [])


async def test_picture_in_reply_to_a_message_where_frames_are_not_permitted(quiet: Stage) -> None:
    """As after a command."""
    quiet.channel.bot_permissions = BOT_PERMISSIONS & ~Permission.EMBED_LINKS
    async with quiet.on_air() as door:
        said = await quiet.fake.say(quiet.ann, quiet.channel, "a rag", mention_bot=True)
        _, line = await quiet.ear.next()
        await door.deliver(await line.open(STATUS), PIECE, nonce=JOB, placed=quiet.keep)
    (answer,) = said.answers
    assert (answer.file(".png").data, answer.embeds) == (PNG, [])
    (call,) = quiet.fake.record.matching("PATCH", "/channels/{channel_id}/messages/{message_id}")
    assert call.body["embeds"] == []


async def test_permission_that_was_taken_away_meanwhile(stage: Stage) -> None:
    """Discord drops the frame, and the picture is seen nevertheless."""
    _, line = await stage.asked()
    address = await line.open(STATUS)
    stage.fake.clock.advance(TOKEN_LIFE_S)
    stage.channel.bot_permissions = BOT_PERMISSIONS & ~Permission.EMBED_LINKS
    door = await stage.doors.reach("discord")
    await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)
    (message,) = stage.channel.messages
    assert (names(message), message.framed) == (["rag.mp3", "rag.mid", "rag.png"], None)


async def test_frame_where_the_bot_is_not(stage: Stage) -> None:
    """Whoever has installed it for themselves sees all of it."""
    abroad = stage.fake.add_channel(stage.fake.add_guild("Abroad", has_bot=False))
    await stage.fake.slash(stage.ann, abroad, "compose")
    _, line = await stage.ear.next()
    door = await stage.doors.reach("discord")
    await door.deliver(await line.open(STATUS), PIECE, nonce=JOB, placed=stage.keep)
    assert abroad.messages[0].framed


# Asked for.


async def test_score_follows_for_all_to_see(stage: Stage) -> None:
    """Its pages side by side, each described, with the score to print and to edit."""
    piece = await delivered(stage)
    stage.ear.answer = take_time
    pressed = await stage.fake.press(stage.ann, piece, AGAIN.label)
    score = await pressed.followup()
    assert names(score) == ["rag-1.png", "rag-2.png", "rag-3.png", "rag.pdf", "rag.musicxml"]
    assert [each.description for each in score.files[:3]] == ["Page 1", "Page 2", "Page 3"]
    assert (score.is_ephemeral, score.embeds) == (False, [])
    assert piece.framed


async def test_film_follows_in_a_thread(stage: Stage) -> None:
    """Where the piece is."""
    thread = stage.fake.add_thread(stage.channel)
    await stage.fake.slash(stage.ann, thread, "compose")
    _, line = await stage.ear.next()
    door = await stage.doors.reach("discord")
    await door.deliver(await line.open(STATUS), PIECE, nonce=JOB, placed=stage.keep)
    pressed, line = await stage.press(thread.messages[0], AGAIN.label)
    await line.hold()
    await line.say(FILM)
    film = await pressed.followup()
    assert film in thread.messages
    assert film.file(".mp4").content_type == "video/mp4"


async def test_score_is_refused_where_files_are(stage: Stage) -> None:
    """Before anything is engraved."""
    piece = await delivered(stage, replace(PIECE, buttons=((SHOW_SCORE,),)))
    stage.channel.bot_permissions = BOT_PERMISSIONS & ~Permission.ATTACH_FILES
    pressed = await stage.fake.press(stage.ann, piece, SHOW_SCORE.label)
    answer = await pressed.original()
    assert answer.is_ephemeral
    assert "Attach Files" in answer.content


async def test_button_for_a_score_tells_the_piece(stage: Stage) -> None:
    """A message with it can be continued."""
    piece = await delivered(stage, replace(PIECE, buttons=((SHOW_SCORE,),)))
    await stage.fake.context_menu(stage.ann, piece, MENU_NAME)
    ask, _ = await stage.ear.next()
    assert ask.subject == SHOW_SCORE.subject


# Placed.


async def test_piece_that_takes_the_place_of_its_status_is_where_it_was(stage: Stage) -> None:
    """There is nothing to keep."""
    await delivered(stage)
    assert not stage.kept


async def test_new_message_is_kept(stage: Stage) -> None:
    """Delivered once more, however late, it is that message that changes."""
    _, line = await stage.asked()
    address = await line.open(STATUS)
    await stage.fake.delete(stage.channel.messages[0])
    door = await stage.doors.reach("discord")
    await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)
    (where,) = stage.kept
    stage.fake.clock.advance(TOKEN_LIFE_S)  # longer than Discord knows a nonce
    await door.deliver(where, PIECE, nonce=JOB, placed=stage.keep)
    assert where["message"] == str(stage.channel.messages[-1].id)
    assert [each.is_deleted for each in stage.channel.messages] == [True, False]
    assert len(stage.kept) == 1


async def test_new_message_is_the_channels(stage: Stage) -> None:
    """The pass of the command does not know it, and is not asked for it."""
    _, line = await stage.asked()
    address = await line.open(STATUS)
    await stage.fake.delete(stage.channel.messages[0])
    door = await stage.doors.reach("discord")
    await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)
    refused = len(stage.fake.record.refused(10008))
    await door.deliver(stage.kept[0], PIECE, nonce=JOB, placed=stage.keep)
    assert len(stage.fake.record.refused(10008)) == refused


async def test_piece_that_is_the_first_answer_is_kept(stage: Stage) -> None:
    """Its address could not know it before."""
    _, line = await stage.asked()
    door = await stage.doors.reach("discord")
    await door.deliver(line.address, PIECE, nonce=JOB, placed=stage.keep)
    (where,) = stage.kept
    assert where["message"] == str(stage.channel.messages[0].id)


async def test_piece_where_only_a_pass_leads_is_kept(quiet: Stage) -> None:
    """After a restart that left it thinking, or in a place without the bot."""
    abroad = quiet.fake.add_channel(quiet.fake.add_guild("Abroad", has_bot=False))
    async with quiet.on_air():
        asked = await quiet.fake.slash(quiet.ann, abroad, "compose")
        _, line = await quiet.ear.next()
        await line.hold()
        address = line.address
    quiet.ear.lines.clear()
    del line
    async with quiet.on_air() as door:
        await door.deliver(address, PIECE, nonce=JOB, placed=quiet.keep)
        await quiet.fake.delete(await asked.original())
        await door.deliver(quiet.kept[0], PIECE, nonce=JOB, placed=quiet.keep)
    assert [each["message"] for each in quiet.kept] == [str(each.id) for each in abroad.messages]


async def test_address_of_an_earlier_version_is_read(stage: Stage) -> None:
    """It knows nothing of limits or frames; what is usual holds there."""
    _, line = await stage.asked()
    address = dict(await line.open(STATUS))
    del address["grants"]
    assert read(address).grants == Grants()
    door = await stage.doors.reach("discord")
    await door.deliver(address, PIECE, nonce=JOB, placed=stage.keep)
    assert stage.channel.messages[0].framed
