"""Jams as only Discord has them: in threads, with answers that one person alone sees."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bots.jams.discord_room import DiscordRoom, on_discord
from tests.bots.jams.rooms import lost_at_work, tracks_of
from tests.bots.jams.stage import Stage
from tests.fakes.discord import BOT_PERMISSIONS, Callback, ChannelKind, Permission
from tests.jams.club import FILES

RAG = {"style": "ragtime", "key": "d minor", "rounds": 1}
OTHER = {"style": "folk", "key": "c", "rounds": 1}


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[tuple[DiscordRoom, Stage]]:
    """Open everything on a Discord.

    Yields:
        A channel, and what is behind.
    """
    async with on_discord(tmp_path) as both:
        yield both


@pytest.fixture
def room(opened: tuple[DiscordRoom, Stage]) -> DiscordRoom:
    """Give the channel."""
    return opened[0]


def another(room: DiscordRoom, name: str = "kitchen") -> DiscordRoom:
    """Open another channel of the same server."""
    assert room.channel.guild
    return room.beside(room.fake.add_channel(room.channel.guild, name))


async def test_a_jam_has_a_thread(room: DiscordRoom) -> None:
    """Started from the answer to the command, and named like the jam; the piece comes there."""
    await room.gather("Ann", "Bob", **RAG)
    await room.lay("Ann", "Bob")
    await room.piece()
    (answer,) = room.channel.messages
    assert answer.thread is room.hall
    assert room.hall.name == "Jam no. 1 · ragtime in D minor"
    assert answer.interaction
    assert answer.interaction.user is room.person("Ann")


async def test_where_no_thread_may_be_started(room: DiscordRoom) -> None:
    """The jam is in the channel itself, until its piece is there."""
    assert room.channel.guild
    lost = BOT_PERMISSIONS & ~Permission.CREATE_PUBLIC_THREADS
    plain = room.beside(room.fake.add_channel(room.channel.guild, "plain", bot_permissions=lost))
    await plain.gather("Ann", "Bob", **RAG)
    await plain.lay("Ann", "Bob")
    assert list(tracks_of(await plain.piece())) == ["Ann: Piano", "Bob: Piano"]
    assert (plain.hall, plain.cards()) == (plain.channel, 1)


async def test_a_jam_beside_a_call(room: DiscordRoom) -> None:
    """A voice channel has a chat, and no threads."""
    assert room.channel.guild
    voice = room.fake.add_channel(room.channel.guild, "voice", kind=ChannelKind.VOICE)
    call = room.beside(voice)
    await call.gather("Ann", "Bob", **RAG)
    assert call.cards() == 1


async def test_two_channels_and_a_thread_at_once(room: DiscordRoom) -> None:
    """Each has a jam of its own; a person may play in all of them."""
    kitchen = another(room)
    thread = room.beside(room.fake.add_thread(another(room, "hall").channel, "blues"))
    await room.gather("Ann", "Bob", **RAG)
    await kitchen.gather("Bob", "Cleo", **OTHER)
    await thread.gather("Cleo", "Ann", **OTHER)
    await room.lay("Ann", "Bob")
    await kitchen.lay("Bob", "Cleo")
    await thread.lay("Cleo", "Ann")
    tracks = [list(tracks_of(await each.piece())) for each in (room, kitchen, thread)]
    assert tracks == [
        ["Ann: Piano", "Bob: Piano"],
        ["Bob: Piano", "Cleo: Piano"],
        ["Cleo: Piano", "Ann: Piano"],
    ]


async def test_a_second_jam_in_a_channel_is_refused(room: DiscordRoom) -> None:
    """Where the first one is; only who asked reads that."""
    await room.gather("Ann", "Bob", **RAG)
    asked = await room.fake.slash(room.person("Cleo"), room.channel, "jam start", OTHER)
    answer = await asked.original()
    assert answer.is_ephemeral
    assert "A jam is open here already" in answer.content


async def test_a_wrong_tap_is_answered_unseen(room: DiscordRoom) -> None:
    """By a message that nobody else sees."""
    await room.gather("Ann", "Bob", **RAG)
    assert room.message
    pressed = await room.fake.press(room.person("Bob"), room.message, "▶ Play")
    assert await pressed.acknowledged() is Callback.MESSAGE
    answer = await pressed.original()
    assert answer in room.hall.seen_by(room.person("Bob"))
    assert answer not in room.hall.seen_by(room.person("Ann"))


async def test_what_is_done_is_seen_on_the_card_alone(room: DiscordRoom) -> None:
    """In a whole jam, nothing else is said in its thread but the piece."""
    await room.gather("Ann", "Bob", **RAG)
    await room.lay("Ann", "Bob")
    await room.piece()
    card, piece = room.hall.all_messages
    assert card is room.message
    assert [file.name.rpartition(".")[2] for file in piece.files] == ["png", "mp3", "mid"]


async def test_own_file_by_command(room: DiscordRoom) -> None:
    """As an option of /jam take."""
    await room.gather("Ann", "Bob", **RAG)
    before = await room.says("Ann, it is your turn")
    tune = ("tune.mid", FILES["tune.mid"])
    await room.fake.slash(room.person("Ann"), room.hall, "jam take", attachment=tune)
    await room.hear("Ann", before)
    await room.press("Ann", "✅ Keep")
    await room.says("Laid down: Ann 1-4 (own file)")


async def test_where_the_channel_is_deleted(room: DiscordRoom, stage: Stage) -> None:
    """The jam ends quietly, and others go on."""
    kitchen = another(room)
    await room.gather("Ann", "Bob", **RAG)
    await kitchen.gather("Cleo", "Dan", **OTHER)
    await lost_at_work(room, stage, "Ann", room.delete_hall)
    await kitchen.lay("Cleo", "Dan")
    assert list(tracks_of(await kitchen.piece())) == ["Cleo: Piano", "Dan: Piano"]


async def test_where_the_bot_is_shown_out(room: DiscordRoom, stage: Stage) -> None:
    """Likewise, on other servers."""
    elsewhere = room.beside(room.fake.add_channel(room.fake.add_guild("Garage"), "general"))
    await room.gather("Ann", "Bob", **RAG)
    await elsewhere.gather("Cleo", "Dan", **OTHER)
    await lost_at_work(room, stage, "Ann", room.show_bot_out)
    await elsewhere.lay("Cleo", "Dan")
    assert list(tracks_of(await elsewhere.piece())) == ["Cleo: Piano", "Dan: Piano"]
