"""A reply as messages: what goes where, whatever is missing."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat import File, Medium, Reply
from bots.telegram.layout import messages_of, unsent, without
from tests.bots.telegram.stage import NOTES, RAG, ROLL, SONG, SOUND

PAGES = tuple(File(f"rag.{page}.png", b"page", Medium.PICTURE) for page in range(1, 4))
BOOKS = (File("rag.pdf", b"pdf"), File("rag.musicxml", b"xml"))
SCORE = Reply("The score", (*PAGES, *BOOKS))


def names(messages: Sequence[Reply]) -> list[list[str]]:
    """Name the files of each message by their endings."""
    return [[file.name.removeprefix("rag.") for file in message.files] for message in messages]


def test_a_piece_is_seen_heard_and_had() -> None:
    """In this order, a message each."""
    assert names(messages_of(RAG)) == [["png"], ["mp3"], ["mid"]]


def test_a_brief_piece_has_its_picture_on_the_cover_of_its_sound() -> None:
    """Two messages instead of three."""
    assert names(messages_of(RAG, is_brief=True)) == [["mp3"], ["mid"]]


@pytest.mark.parametrize("is_brief", [True, False])
def test_without_sound_there_is_the_picture(*, is_brief: bool) -> None:
    """Nothing else shows it."""
    silent = replace(RAG, files=(ROLL, NOTES))

    assert names(messages_of(silent, is_brief=is_brief)) == [["png"], ["mid"]]


@given(previews=st.sets(st.sampled_from((ROLL, SOUND))), is_brief=st.booleans())
def test_words_are_below_the_first_and_buttons_below_the_last(
    previews: set[File], *, is_brief: bool
) -> None:
    """Whatever there is; nothing in between says anything."""
    messages = messages_of(replace(RAG, files=(*previews, NOTES)), is_brief=is_brief)

    assert [message.text for message in messages] == [RAG.text, *[""] * (len(messages) - 1)]
    assert [message.buttons for message in messages] == [*[()] * (len(messages) - 1), RAG.buttons]
    assert messages[-1].files == (NOTES,)


def test_words_alone_are_one_message() -> None:
    """As they are."""
    reply = replace(RAG, files=())

    assert messages_of(reply) == (reply,)


@pytest.mark.parametrize("is_brief", [True, False])
def test_a_score_is_two_albums(*, is_brief: bool) -> None:
    """Pages to look at, files to keep."""
    messages = messages_of(SCORE, albums=True, is_brief=is_brief)

    assert names(messages) == [["1.png", "2.png", "3.png"], ["pdf", "musicxml"]]


def test_a_page_alone_is_no_album() -> None:
    """Telegram makes albums of two or more."""
    page = replace(SCORE, files=(*PAGES[:1], *BOOKS))

    assert names(messages_of(page, albums=True)) == [["1.png"], ["pdf", "musicxml"]]


def test_more_pages_than_an_album_holds_are_two() -> None:
    """Ten and the rest."""
    many = Reply("", tuple(File(f"rag.{page}", b"", Medium.PICTURE) for page in range(12)))

    assert [len(message.files) for message in messages_of(many, albums=True)] == [10, 2]


def test_an_album_leaves_its_last_file_to_the_buttons() -> None:
    """It can have none itself."""
    messages = messages_of(replace(SCORE, buttons=RAG.buttons), albums=True)

    assert names(messages) == [["1.png", "2.png", "3.png"], ["pdf"], ["musicxml"]]
    assert messages[-1].buttons == RAG.buttons


# What is still to be sent.


@given(count=st.integers(0, 3), is_brief=st.booleans())
def test_what_stands_is_not_sent_again(count: int, *, is_brief: bool) -> None:
    """The rest is, without the words: they stand below the first."""
    messages = messages_of(RAG, is_brief=is_brief)
    sent = [message.files[0].medium for message in messages[:count]]

    rest = unsent(messages, sent)

    assert [message.files for message in rest] == [message.files for message in messages[count:]]
    assert [message.text for message in rest] == [
        message.text if not count else "" for message in messages[count:]
    ]


def test_what_was_left_out_before_what_stands_stays_out() -> None:
    """A picture that was refused, or had no room in a crowd, does not come after its sound."""
    assert names(unsent(messages_of(RAG), [Medium.SOUND])) == [["mid"]]


def test_a_picture_that_stands_is_followed_by_the_brief_rest() -> None:
    """As when a crowd came meanwhile."""
    rest = unsent(messages_of(RAG, is_brief=True), [Medium.PICTURE])

    assert [(message.text, message.files) for message in rest] == [("", (SOUND,)), ("", (NOTES,))]


def test_of_two_files_of_a_kind_each_is_sent_once() -> None:
    """One that stands is not both."""
    parts = File("rag.parts.mid", b"parts", Medium.MIDI)
    messages = messages_of(replace(SONG, files=(NOTES, parts)))

    assert names(unsent(messages, [Medium.MIDI])) == [["parts.mid"]]
    assert unsent(messages, [Medium.MIDI, Medium.MIDI]) == ()


def test_an_album_stands_as_a_whole() -> None:
    """Telegram takes all of it or none."""
    rest = unsent(messages_of(SCORE, albums=True), [Medium.PICTURE] * 3)

    assert names(rest) == [["pdf", "musicxml"]]


# What is refused.


def test_a_refused_preview_is_given_up() -> None:
    """All others stay."""
    lesser = without(RAG, (SOUND,))

    assert lesser
    assert lesser.files == (ROLL, NOTES)


@pytest.mark.parametrize(("reply", "refused"), [(RAG, NOTES), (Reply("", (SOUND,)), SOUND)])
def test_the_piece_itself_is_never_given_up_nor_all_there_is(reply: Reply, refused: File) -> None:
    """There would be nothing to send."""
    assert without(reply, (refused,)) is None
