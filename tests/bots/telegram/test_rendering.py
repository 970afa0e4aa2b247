"""Replies as Telegram shows them: cut to fit, spelled so that nothing is obeyed."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bots.chat import Button, Reply, Verb, moment
from bots.replies import piece_buttons
from bots.telegram.rendering import (
    CAPTION_UNITS,
    caption_of,
    cut,
    keyboard_of,
    menu_of,
    offers_in,
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


def test_a_time_counts_down_and_says_itself_where_an_app_cannot() -> None:
    """The markup is Telegram's, the words in it are for older apps."""
    told = text_of(Reply(f"<Ann>, time is up {moment(1_700_000_040)}."))

    assert told == (
        '&lt;Ann&gt;, time is up <tg-time unix="1700000040" format="r">at 22:14:00 UTC</tg-time>.'
    )


@given(st.text("ab ", max_size=60), st.integers(0, 2**33), st.text("ab ", max_size=60))
def test_a_text_with_a_time_fits_and_is_never_half_a_time(
    before: str, at_s: int, after: str
) -> None:
    """Wherever it is cut."""
    long = "x" * (CAPTION_UNITS - 70)
    told = caption_of(Reply(f"{long}{before}{moment(at_s)}{after}"))

    shown = re.sub(r"<tg-time[^>]*>|</tg-time>", "", told)
    assert units(shown) <= CAPTION_UNITS
    assert not re.search("[\ue000-\uf8ff]", shown)


def test_a_caption_is_measured_as_it_is_seen() -> None:
    """An ampersand is one letter there, and five on its way."""
    caption = caption_of(Reply("&" * CAPTION_UNITS))

    assert html.unescape(caption) == "&" * CAPTION_UNITS


def test_a_menu_knows_whose_it_is_and_what_that_offers() -> None:
    """Nothing needs to be remembered to find the way back."""
    choice = Button("Bars 1-4", Verb.VARY, "k3v9x2m4qa", "1-4")
    offers = frozenset({Verb.LISTEN, Verb.VIDEO})

    assert piece_of_menu(menu_of(((choice,),), "k3v9x2m4qa", offers)) == ("k3v9x2m4qa", offers)
    assert piece_of_menu(keyboard_of(((choice,),))) is None


def test_a_menu_of_an_earlier_version_is_one_too() -> None:
    """It offers nothing but what every piece does."""
    back = InlineKeyboardButton("‹ Back", callback_data="back:k3v9x2m4qa")

    assert piece_of_menu(InlineKeyboardMarkup([[back]])) == ("k3v9x2m4qa", frozenset())


def test_what_a_piece_offers_is_read_from_its_buttons() -> None:
    """And from its menu, while that is in their place."""
    offers = frozenset({Verb.SCORE, Verb.VIDEO})
    buttons = keyboard_of(piece_buttons("k3v9x2m4qa", offers))

    assert offers_in(buttons) == offers
    assert offers_in(menu_of((), "k3v9x2m4qa", offers_in(buttons))) == offers
    assert offers_in(None) == frozenset()
