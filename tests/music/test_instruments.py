"""Instruments: one table, and the words that lead into it."""

import pytest

from audiogroove.errors import RequestRefused
from audiogroove.music.instruments import (
    DRUM_KEYS,
    DRUMS,
    FAMILIES,
    INSTRUMENTS,
    Instrument,
    drum_name,
    instrument,
    name,
    parse_part,
)


def test_the_table_is_general_midis() -> None:
    """128 programs in 16 families; landmarks stand where the standard puts them."""
    assert (len(INSTRUMENTS), len(FAMILIES)) == (128, 16)
    landmarks = {0: "Acoustic Grand Piano", 40: "Violin", 73: "Flute", 127: "Gunshot"}
    assert landmarks == {program: name(program) for program in landmarks}
    assert instrument(71).family == "reed"


@pytest.mark.parametrize("each", [*INSTRUMENTS, DRUMS], ids=lambda each: each.word)
def test_every_instrument_reads_back_by_word_and_by_name(each: Instrument) -> None:
    """Whatever a reply calls a part can be typed into the next request."""
    assert each == parse_part(each.word)
    assert each == parse_part(each.name.upper())


@pytest.mark.parametrize("each", [*INSTRUMENTS, DRUMS], ids=lambda each: each.word)
def test_what_is_comfortable_is_possible(each: Instrument) -> None:
    """Ranges nest and the centre lies in them; pitches are MIDI's."""
    assert 0 <= each.possible[0] <= each.comfortable[0] < each.centre
    assert each.centre < each.comfortable[1] <= each.possible[1] <= 127


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Violin", "violin"),
        ("Violins", "violin"),
        ("violin II", "violin"),
        ("flute 2", "flute"),
        ("1st violin", "violin"),
        ("stand-up bass", "upright bass"),
        ("E-Piano", "electric piano"),
        ("sax", "alto sax"),
        ("drumkit", "drums"),
        ("Electric Piano 2", "fm piano"),
        ("GM number 33", "upright bass"),
        ("program 33", "bass"),
        ("40", "violin"),
    ],
)
def test_musicians_words_are_understood(typed: str, meant: str) -> None:
    """Plurals, desks, nicknames and numbers lead to the instrument."""
    assert meant == parse_part(typed).word


def test_a_misspelt_instrument_is_answered_with_the_nearest() -> None:
    """The refusal names instruments, the most similar first."""
    with pytest.raises(RequestRefused) as refused:
        parse_part("clarinett")
    assert (refused.value.field, refused.value.asked) == ("parts", "clarinett")
    assert refused.value.possible.startswith("clarinet")


@pytest.mark.parametrize("typed", ["", "qqqq", "GM 129", "GM 0", "128", "999999"])
def test_no_instrument_is_answered_with_some(typed: str) -> None:
    """Numbers outside the sound set and nonsense are refused with examples."""
    with pytest.raises(RequestRefused, match="piano, violin"):
        parse_part(typed)


def test_drums_are_played_on_keys() -> None:
    """A drum part's pitches have names of their own, 35..81."""
    assert (instrument(0, is_drums=True).family, DRUMS.program) == ("drums", 0)
    assert drum_name(38) == "Acoustic Snare"
    assert drum_name(90) == "Percussion 90"
    assert (min(DRUM_KEYS), max(DRUM_KEYS)) == (35, 81)
