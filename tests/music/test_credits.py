"""Who made which bars, and how that is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.music.credits import (
    Credit,
    Credits,
    players_by_bar,
    players_of,
)
from audiogroove.music.piece import MAX_NAME_CHARS
from tests.crediting import credits_of, player_at

JAM = (Credit("Ann", 0, 4), Credit("Bob", 4, 8), Credit("Cy", 2, 6, part=1))


def test_a_bar_is_its_players() -> None:
    """In all parts, or in the one that the credit names."""
    assert players_by_bar(JAM, 0, 6) == ("Ann", "Ann", "Ann", "Ann", "Bob", "Bob")
    assert players_by_bar(JAM, 1, 6) == ("Ann", "Ann", "Cy", "Cy", "Cy", "Cy")


def test_a_bar_that_nobody_made_has_no_player() -> None:
    """As those of a piece that a jam went on from."""
    assert players_by_bar((Credit("Ann", 2, 4),), 0, 3) == ("", "", "Ann")


def test_of_two_who_made_a_bar_the_later_counts() -> None:
    """What was there before was written over."""
    assert players_by_bar((Credit("Ann", 0, 4), Credit("Bob", 0, 4)), 0, 1) == ("Bob",)


def test_players_are_in_the_order_in_which_they_came_in() -> None:
    """Each once, however often their turn came."""
    assert players_of((*JAM, Credit("Ann", 8, 12))) == ("Ann", "Bob", "Cy")


@given(credits_of(bars=12, parts=3), st.integers(0, 3), st.integers(1, 20))
def test_each_bar_is_told(credited: Credits, part: int, bars: int) -> None:
    """Also past the end of the credits, or of the piece."""
    players = tuple(player_at(credited, part, bar) for bar in range(bars))
    assert players_by_bar(credited, part, bars) == players


@pytest.mark.parametrize(("first", "past"), [(-1, 2), (2, 2), (3, 1)])
def test_a_credit_has_bars(first: int, past: int) -> None:
    """An empty or upside-down one is a mistake of whoever makes it."""
    with pytest.raises(ValueError, match="not bars"):
        Credit("Ann", first, past)


@pytest.mark.parametrize("name", ["", "Ann\n", "x" * (MAX_NAME_CHARS + 1), "\u202eAnn"])
def test_a_credit_has_a_name_that_can_be_shown(name: str) -> None:
    """On one line, in a file, in a picture."""
    with pytest.raises(ValueError, match="not a player's name"):
        Credit(name, 0, 4)
