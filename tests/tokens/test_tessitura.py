"""Where parts lie: told by what stands, drawn as real pieces lie, nowhere if none is known."""

from dataclasses import replace
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.music.piece import Note, Part, Piece
from audiogroove.tokens.customs import Custom, Lay
from audiogroove.tokens.tessitura import (
    ENOUGH,
    OUTLIERS,
    RARE,
    Lays,
    counted,
    customary,
    in_company,
    lay_of,
)
from audiogroove.tokens.vocabulary import DRUMS
from tests.tokens.scores import BASS, CUSTOMS, FLUTE, ORGAN, PIANO, STRINGS, VIOLIN

TRIO = (PIANO, BASS, DRUMS)
ROCK, BRUSHES, SHAKER = (36, 38, 42, 46), (37, 44, 51), (70, 82)
HIGH, LOW = ((60, 84), (40, 55), ROCK), ((48, 72), (28, 43), BRUSHES)
RAGTIME = replace(
    CUSTOMS["ragtime"],
    seatings=((((36, 84),),), (HIGH, LOW)),
    registers=((PIANO, 90, (43.0, 60.0, 77.0)), (BASS, 10, (28.2, 39.0, 49.8))),
)
WALTZ = replace(
    CUSTOMS["waltz"],
    seatings=((((72, 90), (48, 67)),),),
    registers=((STRINGS, 30, (50.0, 60.0, 70.0)), (PIANO, 10, (40.0, 50.0, 60.0))),
)
DRUMMING = replace(
    CUSTOMS["waltz"], ensembles=(((DRUMS,), 1),), seatings=(((SHAKER,),),), registers=()
)
KNOWN = {"ragtime": RAGTIME, "waltz": WALTZ}

many_pitches = st.lists(st.integers(0, 127), min_size=1, max_size=200).map(np.array)
many_hits = st.lists(st.integers(27, 87), min_size=1, max_size=200).map(np.array)


def drawn(
    programs: tuple[int, ...],
    custom: Custom | None,
    customs: dict[str, Custom] | None = None,
    *,
    seeds: int = 30,
) -> set[Lays]:
    """Draw many times how an ensemble lies; give all that came."""
    known = KNOWN if customs is None else customs
    return {customary(programs, custom, known, np.random.default_rng(n)) for n in range(seeds)}


# Where one part lies


@given(many_pitches)
def test_a_part_lies_between_two_of_its_pitches(pitches: np.ndarray) -> None:
    """And hardly any of its notes are elsewhere: so many below, so many above, to the next note."""
    low, high = lay_of(pitches, is_kit=False)
    assert low <= high
    assert {low, high} <= set(pitches.tolist())
    for outside in (pitches < low, pitches > high):
        assert outside.sum() <= OUTLIERS * len(pitches) + 0.5


@given(many_pitches, st.integers(0, 40))
def test_a_part_that_is_transposed_lies_higher(pitches: np.ndarray, up: int) -> None:
    """By as much."""
    low, high = lay_of(pitches, is_kit=False)
    assert lay_of(pitches + up, is_kit=False) == (low + up, high + up)


def test_one_stray_note_says_nothing() -> None:
    """Of many; a part of one note lies at it."""
    usual = np.resize(np.arange(60, 73), ceil(2 / OUTLIERS))
    for stray in (20, 120):
        assert lay_of(np.array([*usual, stray]), is_kit=False) == (60, 72)
    assert lay_of(np.array([64]), is_kit=False) == (64, 64)


@given(many_hits)
def test_a_kit_has_the_keys_that_are_hit(hits: np.ndarray) -> None:
    """Each once, the lowest first, without those that are hardly ever hit."""
    keys = lay_of(hits, is_kit=True)
    assert list(keys) == sorted(set(keys)) != []
    for key, times in zip(*np.unique(hits, return_counts=True), strict=True):
        assert (key in keys) == (times > RARE * len(hits))


def test_one_crash_is_no_key_of_a_kit() -> None:
    """Of many hits."""
    hits = np.array([*np.resize(ROCK, ceil(2 / RARE)), 49])
    assert lay_of(hits, is_kit=True) == ROCK


# Where the parts of a piece lie


def scale(notes: int, *, lowest: int = 60, is_drums: bool = False) -> Part:
    """Play so many notes, up a fifth again and again."""
    played = tuple(Note(12 * index, lowest + index % 8, 6) for index in range(notes))
    return Part(played, is_drums=is_drums)


def test_what_stands_tells_where_it_lies() -> None:
    """Each part by itself, a kit by its keys, and none by too few notes."""
    parts = (
        scale(ENOUGH),
        scale(ENOUGH - 1, lowest=40),
        scale(0),
        scale(ENOUGH, lowest=36, is_drums=True),
    )
    piece = Piece(parts, bars=ENOUGH // 4 + 1)
    assert counted(piece) == ((60, 67), None, None, tuple(range(36, 44)))


# Where new parts lie


def test_an_ensemble_lies_as_one_of_its_pieces_does() -> None:
    """All of its parts together: never one high and another low."""
    assert drawn(TRIO, RAGTIME) == {HIGH, LOW}


def test_the_same_dice_draw_the_same_lays() -> None:
    """A seed settles everything."""
    one, two = (customary(TRIO, RAGTIME, KNOWN, np.random.default_rng(5)) for _ in range(2))
    assert one == two


def test_other_players_lie_as_each_of_them_does_there() -> None:
    """As whole semitones; another style, and another ensemble's seating, have no say in it."""
    assert drawn((PIANO, BASS), RAGTIME) == {((43, 77), (28, 50))}
    assert drawn((PIANO,), WALTZ) == {((40, 60),)}


def test_a_strange_program_lies_as_its_family() -> None:
    """A bright piano as a piano of this style, not as that of another."""
    assert drawn((PIANO + 1,), RAGTIME) == {((43, 77),)}
    assert drawn((PIANO + 1,), WALTZ) == {((40, 60),)}


def test_what_the_style_does_not_know_others_do() -> None:
    """Its program first, then its family."""
    assert drawn((STRINGS,), RAGTIME) == {((50, 70),)}
    assert drawn((STRINGS + 1,), RAGTIME) == {((50, 70),)}


def test_without_a_style_all_styles_answer() -> None:
    """Each as often as it was counted: ninety pianos of one, ten of the other."""
    low, high = 0.9 * 43 + 0.1 * 40, 0.9 * 77 + 0.1 * 60
    assert drawn((PIANO,), None) == {((round(low), round(high)),)}


def test_what_nobody_knows_lies_anywhere() -> None:
    """Beside those of whom something is known; of older customs nothing is."""
    assert drawn((PIANO, ORGAN, FLUTE), RAGTIME) == {((43, 77), None, None)}
    assert drawn((VIOLIN, DRUMS), CUSTOMS["waltz"], CUSTOMS) == {(None, None)}


def test_a_kit_in_another_band_is_one_of_the_style() -> None:
    """Whole, whoever plays beside it."""
    assert drawn((FLUTE, DRUMS), RAGTIME) == {(None, ROCK), (None, BRUSHES)}


def test_a_style_without_drums_borrows_a_kit() -> None:
    """From any that has one."""
    everybody = {**KNOWN, "drums": DRUMMING}
    kits = {(kit,) for kit in (ROCK, BRUSHES, SHAKER)}
    assert drawn((DRUMS,), WALTZ, everybody) == drawn((DRUMS,), None, everybody) == kits


# In company


@pytest.mark.parametrize("heard", [(70, 80), None])
def test_who_was_heard_stays(heard: Lay | None) -> None:
    """Also where too little was heard; new parts lie as they do beside such players."""
    for seed in range(10):
        dice = np.random.default_rng(seed)
        lays = in_company((heard, None, ROCK), {1}, TRIO, RAGTIME, KNOWN, dice)
        assert lays in {(heard, HIGH[1], ROCK), (heard, LOW[1], ROCK)}


def test_everybody_may_be_new() -> None:
    """Then all lie together."""
    dice = np.random.default_rng(1)
    assert in_company((None,) * 3, range(3), TRIO, RAGTIME, KNOWN, dice) in {HIGH, LOW}
