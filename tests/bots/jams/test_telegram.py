"""Jams as only Telegram has them: in topics, with toasts and thumbs."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bots.jams.rooms import lost_at_work, tracks_of
from tests.bots.jams.stage import Stage
from tests.bots.jams.telegram_room import TelegramRoom, on_telegram
from tests.jams.club import FILES

RAG = {"style": "ragtime", "key": "d minor", "rounds": 1}
OTHER = {"style": "folk", "key": "c", "rounds": 1}


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[tuple[TelegramRoom, Stage]]:
    """Open everything on a Telegram.

    Yields:
        A group, and what is behind.
    """
    async with on_telegram(tmp_path) as both:
        yield both


@pytest.fixture
def room(opened: tuple[TelegramRoom, Stage]) -> TelegramRoom:
    """Give the group."""
    return opened[0]


async def topics(room: TelegramRoom, *names: str) -> list[TelegramRoom]:
    """Open topics in a group that has some."""
    owner = room.fake.user("Owner")
    forum = room.fake.supergroup("Forum", owner, forum=True)
    opened = [await room.fake.open_topic(owner, forum, name) for name in names]
    return [room.beside(forum, topic) for topic in opened]


async def test_two_topics_at_once(room: TelegramRoom) -> None:
    """Each has a jam of its own, whose piece comes there."""
    blues, rock = await topics(room, "Blues", "Rock")
    await blues.gather("Ann", **RAG)
    await rock.gather("Bob", **OTHER)
    await blues.lay("Ann")
    await rock.lay("Bob")
    tracks = [list(tracks_of(await each.piece())) for each in (blues, rock)]
    assert tracks == [["Ann: Piano"], ["Bob: Piano"]]


async def test_a_second_jam_in_a_group_is_refused(room: TelegramRoom) -> None:
    """Where the first one is."""
    await room.gather("Ann", "Bob", **RAG)
    assert "A jam is open here already" in await room.does("Cleo", "start", **OTHER)


async def test_a_wrong_tap_is_answered_by_a_toast(room: TelegramRoom) -> None:
    """Nothing is said in the group, and nobody has to close anything."""
    await room.gather("Ann", "Bob", **RAG)
    assert room.message
    before = list(room.chat.messages)
    press = await room.fake.press(room.person("Bob"), room.message, "▶ Play")
    answer = await press.answer()
    assert answer.text.startswith("It is Ann's turn; yours comes later.")
    assert not answer.show_alert
    assert room.chat.messages == before


async def test_what_is_done_is_seen_on_the_card_alone(room: TelegramRoom) -> None:
    """In a whole jam, nothing else is said in the group but its sound and the piece."""
    await room.gather("Ann", "Bob", **RAG)
    await room.lay("Ann", "Bob")
    await room.piece()
    kinds = [each.media.kind if each.media else "text" for each in room.chat.from_bot]
    assert kinds == ["photo", "audio", "audio", "document"]


async def test_a_command_is_answered_by_a_thumb(room: TelegramRoom) -> None:
    """What came of it is on the card."""
    await room.gather("Ann", "Bob", **RAG)
    assert await room.does("Cleo", "join") == ""
    await room.says("Players: Ann (host), Bob, Cleo")


async def test_a_file_in_reply_to_the_sound_is_a_take(room: TelegramRoom) -> None:
    """Who has just listened answers that."""
    await room.gather("Ann", "Bob", **RAG)
    await room.lay("Ann")
    before = await room.says("Bob, it is your turn")
    bob, tune = room.person("Bob"), FILES["tune.mid"]
    await room.fake.send_file(bob, room.chat, "tune.mid", tune, reply_to=room.sound)
    await room.hear("Bob", before)
    await room.press("Bob", "✅ Keep")
    await room.says("Bob 5-8 (own file)")


async def grown(room: TelegramRoom) -> TelegramRoom:
    """Let two jam in a small group that becomes a large one: it has another id, and no message."""
    small = room.beside(room.fake.group("Band", room.person("Ann"), room.person("Bob")))
    await small.gather("Ann", "Bob", **RAG)
    return small.beside(await room.fake.migrate(small.chat))


async def test_a_group_that_grows_keeps_its_jam(room: TelegramRoom, stage: Stage) -> None:
    """The card comes after it, and so does the piece."""
    large = await grown(room)
    stage.hours.pass_s(121)
    await large.lay("Bob")
    assert list(tracks_of(await large.piece())) == ["Ann: Piano", "Bob: Piano"]


async def test_commands_find_a_jam_whose_group_has_grown(room: TelegramRoom, stage: Stage) -> None:
    """Its card is there."""
    large = await grown(room)
    stage.hours.pass_s(121)
    await large.says("Bob, it is your turn")
    assert await large.does("Cleo", "join") == ""


async def test_where_the_bot_is_shown_out(room: TelegramRoom, stage: Stage) -> None:
    """The jam ends quietly, and others go on."""
    elsewhere = room.beside(room.fake.supergroup("Garage", room.fake.user("Owner")))
    await room.gather("Ann", "Bob", **RAG)
    await elsewhere.gather("Cleo", "Dan", **OTHER)
    await lost_at_work(room, stage, "Ann", lambda: room.fake.kick(room.chat))
    await elsewhere.lay("Cleo", "Dan")
    assert list(tracks_of(await elsewhere.piece())) == ["Cleo: Piano", "Dan: Piano"]


async def test_where_the_topic_is_deleted(room: TelegramRoom, stage: Stage) -> None:
    """Likewise: what is in other topics goes on."""
    blues, rock = await topics(room, "Blues", "Rock")
    await blues.gather("Ann", **RAG)
    await rock.gather("Bob", **OTHER)
    assert blues.topic
    gone = blues.topic
    await lost_at_work(blues, stage, "Ann", lambda: room.fake.delete_topic(gone))
    await rock.lay("Bob")
    assert list(tracks_of(await rock.piece())) == ["Bob: Piano"]


async def test_who_does_not_listen_to_the_end(room: TelegramRoom) -> None:
    """A take may be kept as soon as it is seen; the card then says that it was the last one."""
    await room.gather("Ann", **RAG)
    await room.press("Ann", "▶ Play")
    sound = asyncio.Event()
    room.fake.fail("sendAudio", gate=sound)
    await room.press("Ann", "✅ Keep")
    sound.set()
    await room.piece()
    card = room.card()
    assert card
    assert "🏁 Finished." in card.text
