"""What is offered while somebody types a wish."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.music.styles import STYLE_NAMES
from audiogroove.request import Mode, parse_range
from audiogroove.wishes import BY_NAME, suggestions
from tests.wishes.granting import is_granted


@pytest.mark.parametrize(
    ("name", "typed", "first"),
    [
        ("style", "", ["classical piano", "romantic piano", "ragtime"]),
        ("style", "wal", ["waltz", "waltzes"]),
        ("style", "bos", ["bossa", "bossa nova"]),
        ("style", "Chop", ["chopin"]),
        ("style", "regtime", ["ragtime"]),
        ("key", "", ["C major", "C minor", "G major"]),
        ("key", "d m", ["D major", "D minor"]),
        ("key", "Dm", ["D minor"]),
        ("key", "f sharp minor", ["F# minor"]),
        ("key", "dorian", ["C dorian"]),
        ("meter", "", ["4/4", "3/4"]),
        ("meter", "7", ["7/8", "7/4"]),
        ("meter", "13/8", ["13/8"]),
        ("meter", "cut", ["2/2"]),
        ("parts", "", ["piano", "violin"]),
        ("parts", "ce", ["cello", "celesta"]),
        ("parts", "violin, ce", ["violin, cello", "violin, celesta"]),
        ("parts", "violin,", ["violin, piano"]),
        ("parts", "rhodes", ["electric piano"]),
        ("parts", "clarinett", ["clarinet"]),
        ("form", "", ["AABA", "ABA"]),
        ("form", "aab", ["AABA", "AABB", "AAB"]),
        ("range", "", ["1-4", "5-8"]),
        ("range", "5", ["5-8", "5-12"]),
        ("range", "7-9", ["7-9"]),
        ("range", "4-4", ["4"]),
        ("tempo", "al", ["allegretto", "allegro"]),
        ("density", "", ["sparse", "light"]),
    ],
)
def test_the_best_comes_first(name: str, typed: str, first: list[str]) -> None:
    """What begins as typed, else what is meant, else what resembles it."""
    assert suggestions(name, typed)[: len(first)] == first


@pytest.mark.parametrize(
    ("name", "typed"),
    [("seed", ""), ("colour", "red"), ("style", "zzzz"), ("range", "x"), ("key", "a" * 101)],
)
def test_where_nothing_is_similar_nothing_is_offered(name: str, typed: str) -> None:
    """An empty list is no error."""
    assert suggestions(name, typed) == []


def test_a_list_is_as_long_as_the_chat_can_show() -> None:
    """Twenty-five, or fewer."""
    assert len(suggestions("style", "")) == 25
    assert suggestions("style", "", limit=3) == list(STYLE_NAMES[:3])


@given(
    st.sampled_from([*BY_NAME, "colour"]),
    st.text(max_size=120) | st.text("abcdef -58,", max_size=8),
)
def test_whatever_is_offered_is_short_and_offered_once(name: str, typed: str) -> None:
    """And nothing that is typed disturbs it."""
    offered = suggestions(name, typed)
    assert len(set(offered)) == len(offered) <= 25
    assert all(1 <= len(each) <= 100 for each in offered)


@given(
    st.sampled_from(["style", "key", "meter", "parts", "form", "tempo", "density"]),
    st.text("abcdefgm#A' 1234578/-", max_size=6),
)
def test_whatever_is_offered_can_be_wished(name: str, typed: str) -> None:
    """A list that is shown to people is a promise."""
    for each in suggestions(name, typed):
        assert is_granted(Mode.COMPOSE, {name: each})


@given(st.text("0123456789-", max_size=6))
def test_whatever_range_is_offered_is_one(typed: str) -> None:
    """Whether a piece has so many bars is not known while typing."""
    assert all(parse_range(each) for each in suggestions("range", typed))
