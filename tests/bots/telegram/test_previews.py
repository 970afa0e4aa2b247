"""Sounds, scores and films that a button asked for."""

from dataclasses import replace

import pytest

from bots.chat import File, Medium, Reply
from tests.bots.telegram.stage import (
    PNG,
    SOUND,
    ScriptedEar,
)
from tests.fakes.telegram import TelegramFake

pytestmark = pytest.mark.usefixtures("door")

PAGES = tuple(File(f"rag.{page}.png", PNG, Medium.PICTURE) for page in (1, 2))
BOOKS = (File("rag.pdf", b"%PDF"), File("rag.musicxml", b"<score/>"))
SCORE = Reply("The score", (*PAGES, *BOOKS))
FILM = File("rag.mp4", bytes(4) + b"ftypisom", Medium.VIDEO, title="A rag", duration_s=31.6)


@pytest.mark.parametrize("is_group", [True, False])
async def test_a_score_is_pages_to_look_at_and_files_to_keep(
    fake: TelegramFake, ear: ScriptedEar, *, is_group: bool
) -> None:
    """Two albums, the words below the first page."""
    ann = fake.user("Ann")
    chat = fake.group("Band", ann) if is_group else fake.private(ann)
    ear.says(SCORE)
    asked = await fake.say(ann, chat, "/help")
    await ear.ask()

    kinds = [message.media and message.media.kind for message in asked.replies]
    assert kinds == ["photo", "photo", "document", "document"]
    assert [message.caption for message in asked.replies] == [SCORE.text, "", "", ""]
    assert len(fake.called("sendMediaGroup")) == 2
    assert len({message.album for message in asked.replies}) == 2


async def test_a_score_of_one_page_is_a_picture_and_an_album(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """Telegram makes albums of two or more."""
    ann = fake.user("Ann")
    ear.says(replace(SCORE, files=(PAGES[0], *BOOKS)))
    asked = await fake.say(ann, fake.private(ann), "/help")
    await ear.ask()

    names = [message.media.name for message in asked.replies if message.media]
    assert names == ["photo.jpg", "rag.pdf", "rag.musicxml"]
    assert [bool(message.album) for message in asked.replies] == [False, True, True]


async def test_a_score_whose_pages_are_refused_is_to_be_kept_at_least(
    fake: TelegramFake, ear: ScriptedEar
) -> None:
    """The words are below its files then."""
    ann = fake.user("Ann")
    band = fake.group("Band", ann)
    band.barred = {"photo"}
    ear.says(SCORE)
    asked = await fake.say(ann, band, "/help")
    await ear.ask()

    names = [message.media.name for message in asked.replies if message.media]
    assert names == ["rag.pdf", "rag.musicxml"]
    assert asked.replies[0].caption == SCORE.text


async def test_a_film_is_played_in_place(fake: TelegramFake, ear: ScriptedEar) -> None:
    """While it is still being loaded."""
    ann = fake.user("Ann")
    ear.says(Reply("The film", (FILM,)))

    film = await (await fake.say(ann, fake.private(ann), "/help")).reply()

    assert film.video
    assert (film.video.name, film.video.duration, film.caption) == ("rag.mp4", 32, "The film")
    assert fake.called("sendVideo")[0].params["supports_streaming"]


async def test_a_sound_is_played_in_place(fake: TelegramFake, ear: ScriptedEar) -> None:
    """With its title and its cover."""
    ann = fake.user("Ann")
    ear.says(Reply("The sound", (SOUND,)))

    sound = await (await fake.say(ann, fake.private(ann), "/help")).reply()

    assert sound.audio
    assert (sound.audio.title, sound.caption) == (SOUND.title, "The sound")
    assert sound.audio.thumbnail
