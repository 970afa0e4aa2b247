"""Replies as Telegram shows them: cut to fit, spelled so that nothing is obeyed."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat import Button, File, Reply, Verb
from bots.telegram.rendering import (
    CAPTION_UNITS,
    caption_of,
    cut,
    keyboard_of,
    menu_of,
    one_file_each,
    piece_of_menu,
    text_of,
)


def units(text: str) -> int:
    """Count as Telegram does."""
    return len(text.encode("utf-16-le")) // 2


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(1, 40))
def test_a_cut_text_fits_and_is_a_beginning(text: str, room: int) -> None:
    """However its letters are counted."""
    kept = cut(text, room)

    assert units(kept) <= room
    assert kept == text or text.startswith(kept.removesuffix("…"))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("all twenty units of it", "all twenty units of…"),
        ("as much as it takes.", "as much as it takes."),
        ("a " + "very" * 9 + " long word", "a veryveryveryveryv…"),
        ("𝄞" * 11, "𝄞" * 9 + "…"),
    ],
)
def test_a_text_is_cut_at_a_word_where_one_ends_near(text: str, kept: str) -> None:
    """And never within a character."""
    assert cut(text, 20) == kept


def test_markup_in_words_is_shown() -> None:
    """The server takes `<b>` for markup, whoever wrote it."""
    assert text_of(Reply("<b> & </i>")) == "&lt;b&gt; &amp; &lt;/i&gt;"


def test_a_caption_is_measured_as_it_is_seen() -> None:
    """An ampersand is one letter there, and five on its way."""
    caption = caption_of(Reply("&" * CAPTION_UNITS))

    assert html.unescape(caption) == "&" * CAPTION_UNITS


def test_a_menu_knows_whose_it_is() -> None:
    """Nothing needs to be remembered to find the way back."""
    choice = Button("Bars 1-4", Verb.VARY, "k3v9x2m4qa", "1-4")

    assert piece_of_menu(menu_of(((choice,),), "k3v9x2m4qa")) == "k3v9x2m4qa"
    assert piece_of_menu(keyboard_of(((choice,),))) is None


def test_several_files_are_several_messages() -> None:
    """The first of them has the words and the buttons."""
    score, parts = File("score.mid", b"1"), File("parts.mid", b"2")
    rows = ((Button("Again", Verb.AGAIN, "k3v9x2m4qa"),),)

    assert one_file_each(Reply("Done", (score, parts), rows)) == (
        Reply("Done", (score,), rows),
        Reply("", (parts,)),
    )
