"""What is agreed from what was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.errors import RequestRefused, WishUnknown
from audiogroove.jam.settings import Settings, Way
from audiogroove.music.piece import Key
from bots.jams import agreeing
from tests.jams.club import CUSTOMS
from tests.strategies_jam import settings as agreements

KNOWN = {**CUSTOMS, "": CUSTOMS["folk"], "waltz": CUSTOMS["folk"], "bossa nova": CUSTOMS["folk"]}


def agreed(text: str, before: Settings | None = None) -> Settings:
    """Agree on what was typed."""
    return agreeing.settings_of(agreeing.heard(text, {}), CUSTOMS, 1, before)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("", {}),
        ("ragtime", {}),
        ("band", {"way": "parts"}),
        ("BAND, ragtime", {"way": "parts"}),
        ("in parts", {"way": "parts"}),
        ("in sections", {"way": "sections"}),
        ("sections", {"way": "sections"}),
        ("way: parts", {"way": "parts"}),
        ("way=sections", {"way": "sections"}),
        ("3 rounds", {"rounds": "3"}),
        ("1 round", {"rounds": "1"}),
        ("rounds: 4", {"rounds": "4"}),
        ("round 4", {"rounds": "4"}),
        ("slow jam", {"pace": "slow"}),
        ("pace: slow", {"pace": "slow"}),
        ("live mode", {"pace": "live"}),
        ("slow", {}),
        ("ragtime in d minor, 3 rounds, band, slow jam",
         {"way": "parts", "rounds": "3", "pace": "slow"}),
    ],
)  # fmt: skip
def test_a_jams_own_words_are_heard(text: str, own: dict[str, str]) -> None:
    """All else are wishes as for a piece."""
    assert agreeing.heard(text, {}).own == own


def test_wishes_are_heard_beside_a_jams_own_words() -> None:
    """In any order."""
    said = agreeing.heard("2 rounds ragtime band in d minor 90 bpm", {})
    assert said.wishes == {"style": "ragtime", "key": "d minor", "tempo": "90"}


def test_what_was_chosen_counts_more_than_what_was_typed() -> None:
    """Both can be had at once on Discord."""
    said = agreeing.heard("band, folk, 2 rounds", {"way": "sections", "style": "ragtime"})
    assert (said.own["way"], said.wishes["style"]) == ("sections", "ragtime")


def test_nothing_said_is_nothing() -> None:
    """As by a bare /jam start."""
    assert not agreeing.heard("", {})
    assert agreeing.heard("band", {})


def test_a_word_that_means_nothing_is_refused() -> None:
    """Instead of being left out silently."""
    with pytest.raises(WishUnknown):
        agreeing.heard("ragtime blurp", {})


@given(st.integers(0, 2**32))
def test_whatever_the_dice_say_it_can_be_played(seed: int) -> None:
    """Nobody wished for anything."""
    settings = agreeing.settings_of(agreeing.heard("", {}), CUSTOMS, seed)
    assert settings.style in CUSTOMS
    assert settings.way is Way.SECTIONS
    assert settings == agreeing.settings_of(agreeing.heard("", {}), CUSTOMS, seed)


@given(agreements().filter(lambda settings: settings.style in KNOWN))
def test_saying_nothing_new_changes_nothing(before: Settings) -> None:
    """What was agreed stays."""
    assert agreeing.settings_of(agreeing.heard("", {}), KNOWN, 1, before) == before


@given(agreements(), st.sampled_from(Way))
def test_the_way_is_the_one_that_was_chosen(before: Settings, way: Way) -> None:
    """With seats where each has an instrument, and only there."""
    after = agreeing.in_way(before, way)
    assert after.way is way
    assert bool(after.seats) is (way is Way.PARTS)


def test_what_is_changed_leaves_the_rest() -> None:
    """In the lobby, step by step."""
    before = agreed("ragtime in d minor 90 bpm, 3 rounds")
    after = agreed("80 bpm", before)
    assert (after.tempo_bpm, after.key, after.rounds) == (80.0, Key(2, "minor"), 3)


def test_another_style_brings_its_own_customs() -> None:
    """But not what was said with it."""
    before = agreed("ragtime 90 bpm, 3 rounds")
    after = agreed("folk in g", before)
    assert (after.style, after.tempo_bpm, after.key, after.rounds) == ("folk", 96.0, Key(7), 3)


def test_instruments_are_seats_in_a_band_and_an_ensemble_else() -> None:
    """The same words."""
    assert [seat.word for seat in agreed("band, piano and bass").seats] == ["piano", "bass"]
    assert agreed("piano and bass").ensemble == ("piano", "bass")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("polka", "style"),
        ("99 rounds", "rounds"),
        ("0 rounds", "rounds"),
        ("1000 bpm", "tempo"),
        ("64 bars", "bars"),
        ("form XYZ", "form"),
    ],
)
def test_the_impossible_is_refused(text: str, field: str) -> None:
    """By its own name."""
    with pytest.raises(RequestRefused) as refused:
        agreed(text)
    assert refused.value.field == field


@pytest.mark.parametrize(("name", "value"), [("way", "both"), ("rounds", "many"), ("pace", "fast")])
def test_an_option_that_is_none_is_refused(name: str, value: str) -> None:
    """By its own name."""
    with pytest.raises(RequestRefused) as refused:
        agreeing.settings_of(agreeing.heard("ragtime", {name: value}), CUSTOMS, 1)
    assert refused.value.field == name


@pytest.mark.parametrize(
    ("text", "seat"), [("piano", 1), ("chords", 1), (" Melody ", 0), ("drums", 3), ("", None)]
)
def test_a_seat_is_found_by_its_role_or_its_instrument(text: str, seat: int | None) -> None:
    """As people call it."""
    assert agreeing.seat_named(agreed("band, folk"), text) == seat


def test_a_seat_that_there_is_not_is_refused() -> None:
    """With those that there are."""
    with pytest.raises(RequestRefused, match="melody"):
        agreeing.seat_named(agreed("band, folk"), "kazoo")


def test_in_sections_there_are_no_seats() -> None:
    """Whatever is said."""
    assert agreeing.seat_named(agreed("folk"), "piano") is None


@pytest.mark.parametrize("style", ["folk", "ragtime", "blues", "jazz"])
def test_a_usual_band_has_eight_instruments_and_no_two_alike(style: str) -> None:
    """And one drummer."""
    seats = agreeing.usual_seats(style)
    assert len({seat.part for seat in seats}) == len(seats) == 8
    assert sum(seat.part.is_drums for seat in seats) == 1
