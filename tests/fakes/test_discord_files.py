"""The fake takes, shows, keeps and refuses files as Discord does: plain requests, no bot."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.discord import BOT_PERMISSIONS, Message, Permission, Setup
from tests.fakes.discord.record import Json
from tests.fakes.discord_wire import Wire, form, wired

ROLL, SONG, SOUND = ("roll.png", b"PNG"), ("a.mid", b"MThd"), ("a.mp3", b"ID3")
FRAME: Json = {"image": {"url": "attachment://roll.png"}}


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """Give a Discord of small files, and a wire to it.

    Yields:
        The wire.
    """
    setup = Setup(judges_itself=True, upload_limit_bytes=100, request_limit_bytes=250)
    async with wired(setup) as made:
        yield made


def sending(wire: Wire) -> str:
    """Tell the path of the channel's messages."""
    return f"/channels/{wire.channel.id}/messages"


async def sent(wire: Wire, said: Json, *files: tuple[str, bytes]) -> tuple[Message, Json]:
    """Let the bot say something with files; give it as people see it and as the bot is told."""
    status, told = await wire.call("POST", sending(wire), form(said, *files))
    assert status == 200
    return wire.channel.messages[-1], told


def changing(wire: Wire, message: Message) -> str:
    """Tell the path of a message."""
    return f"{sending(wire)}/{message.id}"


async def test_files_come_with_what_is_told_of_them(wire: Wire) -> None:
    """By the number of each."""
    about = [{"id": 1, "description": "a song"}, {"id": 0, "description": "a roll"}]
    message, told = await sent(wire, {"attachments": about}, ROLL, SONG)
    assert [(each.name, each.data, each.description) for each in message.files] == [
        (*ROLL, "a roll"),
        (*SONG, "a song"),
    ]
    assert [each["content_type"] for each in told["attachments"]] == ["image/png", "audio/midi"]


async def test_picture_in_a_frame_is_told_of_once(wire: Wire) -> None:
    """The frame has its link; it no longer counts among the attachments."""
    message, told = await sent(wire, {"embeds": [FRAME]}, ROLL, SONG)
    assert message.framed is message.files[0]
    assert told["embeds"][0]["image"]["url"] == message.files[0].url
    assert [each["filename"] for each in told["attachments"]] == ["a.mid"]


@pytest.mark.parametrize("files", [[], [SONG]])
async def test_frame_of_what_is_not_there_is_refused(
    wire: Wire, files: list[tuple[str, bytes]]
) -> None:
    """50035, and a violation."""
    said = form({"content": "x", "embeds": [FRAME]}, *files)
    assert await wire.code("POST", sending(wire), said) == (400, 50035)
    assert len(wire.fake.violations) == 1


async def test_frame_shows_pictures_only(wire: Wire) -> None:
    """No song has a face."""
    said = {"content": "x", "embeds": [{"image": {"url": "attachment://a.mid"}}]}
    assert await wire.code("POST", sending(wire), form(said, SONG)) == (400, 50035)


async def test_long_descriptions_are_refused(wire: Wire) -> None:
    """1024 characters are enough for everybody."""
    said = {"attachments": [{"id": 0, "description": "x" * 1025}]}
    assert await wire.code("POST", sending(wire), form(said, ROLL)) == (400, 50035)


@pytest.mark.parametrize("sizes", [(101,), (90, 90, 90)])
async def test_too_large_is_refused(wire: Wire, sizes: tuple[int, ...]) -> None:
    """Each file has its limit, and all together theirs; neither is a violation."""
    files = [(f"{number}.mp3", bytes(size)) for number, size in enumerate(sizes)]
    assert await wire.code("POST", sending(wire), form({}, *files)) == (413, 40005)
    assert not wire.channel.messages
    wire.fake.check()


async def test_limit_may_sink(wire: Wire) -> None:
    """What was told of it before is no promise."""
    asked = await wire.ask()
    wire.fake.limit_uploads(2)
    said = form({"type": 4, "data": {"content": "x"}}, SOUND)
    path = f"/interactions/{asked.id}/{asked.token}/callback"
    assert await wire.code("POST", path, said) == (413, 40005)


async def test_files_need_a_permission(wire: Wire) -> None:
    """To be sent, and to be put into a message that is there."""
    message, _ = await sent(wire, {"content": "x"})
    wire.fake.permit(wire.channel, BOT_PERMISSIONS & ~Permission.ATTACH_FILES)
    listed = {"attachments": [{"id": 0}]}
    assert await wire.code("POST", sending(wire), form({}, SONG)) == (403, 50013)
    assert await wire.code("PATCH", changing(wire, message), form(listed, SONG)) == (403, 50013)


async def test_frames_that_are_not_permitted_are_dropped(wire: Wire) -> None:
    """Without a word: the picture stands by itself."""
    wire.fake.permit(wire.channel, BOT_PERMISSIONS & ~Permission.EMBED_LINKS)
    message, told = await sent(wire, {"content": "x", "embeds": [FRAME]}, ROLL)
    assert (message.embeds, message.framed) == ([], None)
    assert [each["filename"] for each in told["attachments"]] == ["roll.png"]


async def test_answers_need_no_permission(wire: Wire) -> None:
    """Whoever used a command wants to see what it brings."""
    wire.fake.permit(wire.channel, Permission.VIEW_CHANNEL)
    asked = await wire.ask()
    said = form({"type": 4, "data": {"embeds": [FRAME]}}, ROLL)
    await wire.call("POST", f"/interactions/{asked.id}/{asked.token}/callback", said)
    assert asked.response
    assert asked.response.framed


async def test_changed_words_leave_files_and_frames(wire: Wire) -> None:
    """Only what is named changes."""
    message, _ = await sent(wire, {"embeds": [FRAME]}, ROLL)
    await wire.call("PATCH", changing(wire, message), {"content": "y"})
    assert message.framed
    assert message.content == "y"


async def test_files_are_kept_by_their_id(wire: Wire) -> None:
    """Beside those that are new."""
    message, _ = await sent(wire, {"content": "x"}, SONG, SOUND)
    song = message.files[0]
    said = {"attachments": [{"id": str(song.id)}, {"id": 0}]}
    await wire.call("PATCH", changing(wire, message), form(said, ROLL))
    assert [each.name for each in message.files] == ["a.mid", "roll.png"]
    assert message.files[0] is song


async def test_new_files_without_a_list_replace_the_old(wire: Wire) -> None:
    """Since version 10 of the API."""
    message, _ = await sent(wire, {"content": "x"}, SONG, SOUND)
    await wire.call("PATCH", changing(wire, message), form({}, ROLL))
    assert [each.name for each in message.files] == ["roll.png"]


@pytest.mark.parametrize("listed", [[], [{"id": 1}], [{"id": 0}, {"id": 7}]])
async def test_list_and_files_must_agree(wire: Wire, listed: list[Json]) -> None:
    """A file that is not listed, or one that is not sent, is a mistake."""
    message, _ = await sent(wire, {"content": "x"}, SONG)
    said = form({"attachments": listed}, ROLL)
    assert await wire.code("PATCH", changing(wire, message), said) == (400, 50035)
    assert [each.name for each in message.files] == ["a.mid"]


async def test_frame_must_not_lose_its_picture(wire: Wire) -> None:
    """Whoever takes the file away takes the frame away."""
    message, _ = await sent(wire, {"content": "x", "embeds": [FRAME]}, ROLL)
    path = changing(wire, message)
    assert await wire.code("PATCH", path, {"attachments": []}) == (400, 50035)
    assert await wire.code("PATCH", path, {"attachments": [], "embeds": []}) == (200, 0)
    assert not message.files
