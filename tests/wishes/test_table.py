"""The table of wishes, and that it tells the truth."""

import re

import pytest

from audiogroove.request import Mode
from audiogroove.wishes import WISHES, Wish
from tests.wishes.granting import is_granted, refusal

NUMBERS = [wish for wish in WISHES if wish.kind in {"number", "whole"}]


def name_of(wish: Wish) -> str:
    """Name a wish in a test's id."""
    return wish.name


def test_the_table_names_what_a_request_holds() -> None:
    """In the order in which people are shown it, each once."""
    assert [wish.name for wish in WISHES] == [
        *("style", "key", "strict_key", "tempo", "meter", "bars", "range", "parts", "density"),
        *("form", "preset", "temperature", "rhythm_temperature", "top_k", "top_p", "min_p"),
        "seed",
    ]


@pytest.mark.parametrize("wish", WISHES, ids=name_of)
def test_every_wish_explains_itself_in_a_sentence(wish: Wish) -> None:
    """Of at most a hundred characters, as chats allow."""
    assert re.fullmatch(r"[A-Z].{20,98}\.", wish.about)


@pytest.mark.parametrize("wish", WISHES, ids=name_of)
@pytest.mark.parametrize("mode", Mode)
def test_an_example_is_granted_where_it_makes_sense(wish: Wish, mode: Mode) -> None:
    """And refused elsewhere: the table and the request agree."""
    wishes = {wish.name: wish.example} | ({"key": "C"} if wish.name == "strict_key" else {})
    assert is_granted(mode, wishes) == (mode in wish.modes)


@pytest.mark.parametrize("wish", NUMBERS, ids=name_of)
def test_both_ends_of_a_range_are_granted(wish: Wish) -> None:
    """A chat that offers a slider offers nothing impossible."""
    for end in (wish.low, wish.high):
        assert is_granted(Mode.COMPOSE, {wish.name: str(end)})


@pytest.mark.parametrize("wish", NUMBERS, ids=name_of)
def test_beyond_the_ends_is_refused(wish: Wish) -> None:
    """By the name that was typed."""
    assert wish.low is not None
    assert wish.high is not None
    for beyond in (wish.low - 1, wish.high + 1):
        assert refusal(**{wish.name: str(beyond)}).field == wish.name


@pytest.mark.parametrize("wish", WISHES, ids=name_of)
def test_every_choice_and_every_word_is_granted(wish: Wish) -> None:
    """Nothing in the table is only decoration."""
    for word in (*wish.choices, *wish.words):
        assert is_granted(Mode.COMPOSE, {wish.name: word.title()})


@pytest.mark.parametrize("wish", WISHES, ids=name_of)
def test_a_choice_with_its_gloss_fits_every_menu(wish: Wish) -> None:
    """Discord takes 100 characters, and the gloss of a choice only."""
    assert set(wish.glosses) <= set(wish.choices)
    assert all(len(f"{word} – {gloss}") <= 100 for word, gloss in wish.glosses.items())


def test_defaults_are_kept_of_what_describes_music_and_of_nothing_else() -> None:
    """A seed, a form or some bars belong to one piece."""
    assert {wish.name for wish in WISHES if not wish.is_default} == {"range", "form", "seed"}
