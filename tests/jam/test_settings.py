"""What is agreed before a jam begins."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.errors import RequestRefused
from audiogroove.jam.settings import LIVE, MAX_PLAYERS, PACES, SLOW, Seat, Settings, Way
from audiogroove.music.instruments import DRUMS, INSTRUMENTS, Instrument
from audiogroove.music.piece import MAX_BARS, TEMPO_RANGE_BPM, Key, Meter

TRIO = (Seat("melody", "sax"), Seat("bass", "bass"), Seat("drums", "drums"))


BLUES = Settings(Way.SECTIONS, "blues", Key(0), 120.0, Meter())
BAND = replace(BLUES, way=Way.PARTS, seats=TRIO)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("tempo_bpm", TEMPO_RANGE_BPM),
        ("bars", (1, 16)),
        ("rounds", (1, 8)),
        ("pace", ("live", "slow")),
        ("form", (None, "AB", "AABA", "ABCDEFGH", "A" * 16)),
    ],
)
def test_the_possible_can_be_agreed_on(field: str, values: tuple[Any, ...]) -> None:
    """Up to both ends of each range."""
    assert all(getattr(replace(BLUES, **{field: value}), field) == value for value in values)


@pytest.mark.parametrize(
    ("field", "told", "values"),
    [
        ("tempo_bpm", "tempo", (19.9, 400.1, float("nan"), float("inf"), -120.0)),
        ("bars", "bars", (0, -1, 17)),
        ("rounds", "rounds", (0, -1, 9)),
        ("pace", "pace", ("", "Live", "fast")),
        ("form", "form", ("", "A", "A" * 17, "aaba", "AIB", "A B", "AABA\n", "ABÄ")),
    ],
)
def test_the_impossible_cannot_be_agreed_on(field: str, told: str, values: tuple[Any, ...]) -> None:
    """Whoever asks is told what is possible."""
    for value in values:
        with pytest.raises(RequestRefused) as refused:
            replace(BLUES, **{field: value})
        asked = f"{value:g}" if field == "tempo_bpm" else value
        assert (refused.value.field, refused.value.asked) == (told, asked)
        assert refused.value.possible


@pytest.mark.parametrize(
    "seats",
    [
        (),
        TRIO[:1] * (MAX_PLAYERS + 1),
        (*TRIO, Seat("more drums", "drums")),
    ],
    ids=["nobody", "too many", "two at the drums"],
)
def test_a_band_has_its_limits(seats: tuple[Seat, ...]) -> None:
    """One to eight, and only one of them plays drums."""
    with pytest.raises(RequestRefused) as refused:
        replace(BAND, seats=seats)
    assert refused.value.field == "parts"


def test_who_goes_on_with_sections_needs_no_band() -> None:
    """Seats are for parts."""
    assert BLUES.seats == ()
    assert BAND.seats == TRIO


@pytest.mark.parametrize(("bars", "form"), [(8, "AABA"), (4, "AABA"), (12, "ABC"), (16, "A" * 16)])
def test_a_form_divides_the_bars_of_parts(bars: int, form: str) -> None:
    """Each letter has as many."""
    assert replace(BAND, bars=bars, form=form).form == form


@pytest.mark.parametrize(("bars", "form"), [(6, "AABA"), (2, "AABA"), (16, "ABC")])
def test_a_form_that_does_not_divide_the_bars_of_parts_is_refused(bars: int, form: str) -> None:
    """In sections each letter is a turn of its own, so there it may be."""
    with pytest.raises(RequestRefused) as refused:
        replace(BAND, bars=bars, form=form)
    assert refused.value.field == "form"
    assert replace(BLUES, bars=bars, form=form).bars == bars


@given(st.sampled_from((*INSTRUMENTS, DRUMS)))
def test_every_instrument_has_a_seat(instrument: Instrument) -> None:
    """Under the word that people call it."""
    word = instrument.word
    assert Seat(word, word).part == instrument
    assert Seat(word, word).label == word
    assert Seat("melody", word).label == f"melody ({word})"


@pytest.mark.parametrize("word", ["", "lute of doom", "128"])
def test_nobody_sits_at_an_instrument_that_is_none(word: str) -> None:
    """A seat is refused as parts are in a request."""
    with pytest.raises(RequestRefused) as refused:
        Seat("melody", word)
    assert refused.value.field == "parts"


def test_the_longest_jam_is_no_longer_than_a_piece_may_be() -> None:
    """Everybody plays in every round, all bars that one turn has."""
    assert 8 * MAX_PLAYERS * 16 <= MAX_BARS


@pytest.mark.parametrize("name", PACES)
def test_everything_waits_for_people_and_for_nobody_for_ever(name: str) -> None:
    """A turn, its hearing and its vote fit many times into the whole."""
    pace = PACES[name]
    assert all(getattr(pace, field.name) >= 0 for field in fields(pace))
    assert 0 < pace.lobby_s <= pace.longest_lobby_s < pace.whole_s
    assert min(pace.turn_s, pace.hearing_s, pace.vote_s, pace.composing_s) >= 45
    once_s = pace.turn_s + pace.composing_s + pace.hearing_s + pace.vote_s
    assert 8 * once_s <= pace.whole_s


def test_slow_is_slower_than_live() -> None:
    """In each way in which people are waited for; the composer is as quick as ever."""
    live, slow = PACES[LIVE], PACES[SLOW]
    assert live.lobby_s < slow.lobby_s
    assert live.turn_s < slow.turn_s
    assert live.hearing_s < slow.hearing_s
    assert live.vote_s < slow.vote_s
    assert live.whole_s < slow.whole_s
    assert live.composing_s == slow.composing_s
