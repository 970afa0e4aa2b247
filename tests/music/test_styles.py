"""Styles: what people type, and where the corpus' tags go."""

import re

import pytest

from audiogroove.errors import RequestRefused
from audiogroove.music.styles import STYLE_NAMES, STYLES, parse_style, style_of


@pytest.mark.parametrize("name", STYLE_NAMES)
def test_every_name_reads_back_as_itself(name: str) -> None:
    """A list that is shown to people can be typed back, in capitals and with underscores."""
    assert name == parse_style(name)
    assert name == parse_style(f" {name.upper().replace(' ', '_')} ")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("rag", "ragtime"),
        ("Bossa-Nova", "latin"),
        ("lo-fi", "lofi"),
        ("mazur", "ballroom"),
        ("sacred_choral", "choral"),
        ("piano", "romantic piano"),
        ("R&B", "soul"),
    ],
)
def test_other_words_for_a_style_are_understood(typed: str, meant: str) -> None:
    """Aliases, the corpus' own tags and unambiguous beginnings are forgiven."""
    assert meant == parse_style(typed)


def test_a_misspelt_style_is_answered_with_the_nearest() -> None:
    """The refusal says what was probably meant, first."""
    with pytest.raises(RequestRefused) as refused:
        parse_style("ragtme")
    assert refused.value.field == "style"
    assert refused.value.possible.startswith("ragtime")


def test_an_ambiguous_beginning_is_answered_with_all_it_may_mean() -> None:
    """Two styles begin alike: neither is chosen in silence."""
    with pytest.raises(RequestRefused, match=r"classical piano.*classical guitar"):
        parse_style("class")


@pytest.mark.parametrize("typed", ["", "xyzzy", "🎷", "a" * 5000])
def test_nonsense_is_answered_with_every_style(typed: str) -> None:
    """When nothing is near, the whole list is the help."""
    with pytest.raises(RequestRefused) as refused:
        parse_style(typed)
    assert ", ".join(STYLE_NAMES) == refused.value.possible


def test_no_word_means_two_styles() -> None:
    """Names and aliases are each used once, so that the table's order cannot matter."""
    words = [word for style in STYLES for word in (style.name, *style.aliases)]
    assert sorted(set(words)) == sorted(words)


def test_every_style_explains_itself_in_one_line() -> None:
    """Help texts hold each `about` as it stands."""
    assert all(re.fullmatch(r"[A-Z].{10,80}[^.]", style.about) for style in STYLES)


def test_tags_fold_into_styles() -> None:
    """The small tags of the corpus become what people ask for."""
    assert style_of("drums_afrobeat") == "drums"
    assert style_of("gospel") == "soul"
    assert style_of("throat singing") is None


def test_a_folk_tune_with_a_band_is_country() -> None:
    """A fiddle alone and five players are different things to ask for."""
    assert style_of("folk", ("melody_only",)) == "folk"
    assert style_of("folk", ("synthetic_accompaniment", "mma:polka")) == "country"


@pytest.mark.parametrize(
    ("programs", "style"),
    [
        ((0,), "romantic piano"),
        ((0, 52), "art song"),
        ((0, 40, 42), "chamber"),
        ((40, 41, 42, 43, 52, 56), "orchestral"),
        ((), "orchestral"),
    ],
)
def test_stage_works_go_where_their_forces_belong(programs: tuple[int, ...], style: str) -> None:
    """An opera's piano score is no orchestra."""
    assert style == style_of("opera", programs=programs)
