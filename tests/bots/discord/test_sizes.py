"""What is left out where Discord takes only so much."""

from hypothesis import given
from hypothesis import strategies as st

from bots.chat import File, Medium, Reply
from bots.discord.place import read
from bots.discord.sizes import ALL_BYTES, FILES, versions
from tests.bots.discord import stage as usual
from tests.bots.discord.stage import JOB, MIDI, STATUS, Stage
from tests.fakes.discord import Message

EACH_BYTES = 1000
SONG = File("a.mid", bytes(10), Medium.MIDI)
ROLL = File("a.png", bytes(200), Medium.PICTURE)
SOUND = File("a.mp3", bytes(900), Medium.SOUND)
PIECE = Reply("A waltz", (SOUND, SONG, ROLL))


def names(reply: Reply) -> list[list[str]]:
    """List the names of the files that would be tried, try by try."""
    return [[file.name for file in each.files] for each in versions(reply, EACH_BYTES)]


def test_ever_less_is_tried() -> None:
    """The largest preview goes first, the piece last of all, and words remain."""
    assert names(PIECE) == [["a.mp3", "a.mid", "a.png"], ["a.mid", "a.png"], ["a.mid"], []]


def test_words_are_said_once() -> None:
    """They have nothing to leave out."""
    assert list(versions(Reply("Hello"), EACH_BYTES)) == [Reply("Hello")]


def test_preview_over_the_limit_is_not_tried() -> None:
    """It would be refused."""
    long = File("long.mp3", bytes(EACH_BYTES + 1), Medium.SOUND)
    assert names(Reply("A waltz", (long, SONG))) == [["a.mid"], []]


def test_piece_over_the_limit_is_tried() -> None:
    """Discord has the last word on what it takes."""
    long = File("long.mid", bytes(EACH_BYTES + 1), Medium.MIDI)
    assert names(Reply("A waltz", (long,))) == [["long.mid"], []]


def test_answer_of_which_nothing_fits_is_words() -> None:
    """A film that does not come is named."""
    film = File("a.mp4", bytes(EACH_BYTES + 1), Medium.VIDEO)
    (words,) = versions(Reply("The film", (film,)), EACH_BYTES)
    assert "a.mp4" in words.text


def test_score_that_is_too_large_for_one_message_goes_without_its_last_pages() -> None:
    """The whole score has them all."""
    pages = tuple(File(f"{page}.png", b"", Medium.PICTURE) for page in range(12))
    score = File("score.pdf", bytes(5)), File("score.musicxml", bytes(5))
    first, *_ = names(Reply("The score", pages + score))
    assert first == [*(f"{page}.png" for page in range(8)), "score.pdf", "score.musicxml"]


media = st.lists(
    st.builds(
        File, st.uuids().map(str), st.integers(0, 1500).map(bytes), st.sampled_from(Medium)
    ).filter(lambda file: file.medium in {Medium.SOUND, Medium.PICTURE, Medium.VIDEO}),
    max_size=20,
)


@given(media)
def test_piece_is_in_every_version_but_the_words(previews: list[File]) -> None:
    """Each version has fewer files, and no more than Discord takes."""
    *larger, words = versions(Reply("A waltz", (*previews, SONG)), EACH_BYTES)
    counts = [len(each.files) for each in larger]
    assert all(SONG in each.files for each in larger)
    assert sorted(set(counts), reverse=True) == counts
    assert not words.files


@given(media)
def test_first_version_is_within_every_limit(previews: list[File]) -> None:
    """As far as limits are known."""
    first, *_ = versions(Reply("A waltz", (*previews, SONG)), EACH_BYTES)
    sizes = [len(file.data) for file in first.files]
    assert max(sizes) <= EACH_BYTES
    assert sum(sizes) <= ALL_BYTES
    assert len(sizes) <= FILES or all(file.medium is not Medium.PICTURE for file in first.files)


# On Discord itself.


def attached(message: Message) -> list[str]:
    """List what a message has attached."""
    return [each.name for each in message.files]


async def test_limit_is_what_discord_told(stage: Stage) -> None:
    """With each command, and kept for whatever comes later."""
    stage.fake.limit_uploads(500)
    _, line = await stage.asked()
    address = await line.open(STATUS)
    door = await stage.doors.reach("discord")
    await door.deliver(address, usual.PIECE, nonce=JOB, placed=stage.keep)
    assert read(address).grants.each_bytes == 500
    assert attached(stage.channel.messages[0]) == ["rag.mid", "rag.png"]
    assert not stage.fake.record.refused(40005)


async def test_limit_that_sank_costs_the_largest_preview(stage: Stage) -> None:
    """The others come, in their frame."""
    _, line = await stage.asked()
    address = await line.open(STATUS)
    stage.fake.limit_uploads(500)
    door = await stage.doors.reach("discord")
    await door.deliver(address, usual.PIECE, nonce=JOB, placed=stage.keep)
    (message,) = stage.channel.messages
    assert attached(message) == ["rag.mid", "rag.png"]
    assert message.framed
    assert message.content == usual.PIECE.text


async def test_piece_goes_alone_where_no_preview_may(stage: Stage) -> None:
    """Without a frame for a picture that is not there."""
    large = File("rag.png", bytes(900), Medium.PICTURE)
    _, line = await stage.asked()
    address = await line.open(STATUS)
    stage.fake.limit_uploads(500)
    door = await stage.doors.reach("discord")
    piece = Reply("A rag", (usual.SOUND, usual.SONG, large))
    await door.deliver(address, piece, nonce=JOB, placed=stage.keep)
    (message,) = stage.channel.messages
    assert (attached(message), message.embeds) == (["rag.mid"], [])


async def test_quick_piece_that_is_too_large_is_still_the_first_answer(stage: Stage) -> None:
    """A refusal has answered nothing."""
    asked, line = await stage.asked()
    stage.fake.limit_uploads(500)
    await line.say(usual.PIECE)
    answer = await asked.original()
    assert answer.file(".mid").data == MIDI
    assert stage.channel.messages == [answer]


async def test_film_that_is_too_large_is_named(stage: Stage) -> None:
    """In place of thinking, and in reply to a message."""
    film = Reply("The film", (File("rag.mp4", bytes(900), Medium.VIDEO),))
    asked, line = await stage.asked()
    await line.hold()
    said = await stage.fake.say(stage.ann, stage.channel, "film", mention_bot=True)
    _, reply_line = await stage.ear.next()
    stage.fake.limit_uploads(500)
    await line.say(film)
    await reply_line.say(film)
    for answer in (await asked.original(), said.answers[0]):
        assert "rag.mp4" in answer.content
        assert not answer.files
