"""From scores to a choice: every step alone, then together, with numbers worked by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from audiogroove.model.sampling import (
    BAR_HASTE,
    EASE,
    EASE_OF_FIELDS,
    FAITH,
    HURRY_BAR,
    HURRY_PART,
    HURRY_PLACE,
    MIN_P,
    NEVER,
    PART_HASTE,
    PLACE_HASTE,
    REST,
    SETTINGS,
    STEADINESS,
    STEADY,
    TOP_K,
    Logits,
    Odds,
    draw,
    forbid,
    lean,
    least_of_top_k,
    least_of_top_p,
    pick,
    settings_of,
    sift,
    temper,
    temperature_of,
)
from audiogroove.request import Sampling
from audiogroove.tokens.codec import COLUMNS
from audiogroove.tokens.form import LIKE, NEW, SAME, UNKNOWN
from audiogroove.tokens.rules import outside_scale

OPEN = Sampling(temperature=1, rhythm_temperature=1, top_k=0, top_p=1, min_p=0)  # no filter at all
NO_NATS = np.zeros(0)


def logs(*shares: float) -> Logits:
    """Write shares as logits."""
    with np.errstate(divide="ignore"):
        row: Logits = np.log(np.array(shares, dtype=np.float64))
    return row


def odds_of(*shares: float) -> Odds:
    """Write shares as odds."""
    row: Odds = np.array(shares, dtype=np.float64) / max(shares)
    return row


def possible(logits: Logits) -> list[int]:
    """List what may still come."""
    return np.flatnonzero(logits > NEVER).tolist()


def kept(odds: Odds) -> list[int]:
    """List what may still come."""
    return np.flatnonzero(odds > 0).tolist()


def forbidden(logits: list[float], allowed: list[bool]) -> list[float]:
    """Forbid what is not allowed."""
    row = np.array(logits, dtype=np.float64)
    forbid(row, np.array(allowed))
    return [float(value) for value in row]


def leant(logits: list[float], nats: list[float]) -> Logits:
    """Take nats off."""
    row = np.array(logits, dtype=np.float64)
    lean(row, np.array(nats, dtype=np.float64))
    return row


def sifted(sampling: Sampling, logits: Logits, temperature: float = 1.0) -> Odds:
    """Make odds of logits, and drop what the settings drop."""
    odds = logits.copy()
    temper(odds, temperature)
    sift(odds, settings_of(sampling))
    return odds


rows = st.lists(st.floats(-30, 30), min_size=1, max_size=12).map(np.array)
samplings = st.builds(
    Sampling,
    st.floats(0.05, 3),
    st.floats(0.05, 3),
    st.integers(0, 15),
    st.floats(1e-6, 1),
    st.floats(0, 0.99),
)
throws = st.floats(0, 1, exclude_max=True)


# Filters alone


def test_what_is_forbidden_cannot_come() -> None:
    """The rest keeps its scores."""
    assert forbidden([1.0, 2.0, 3.0], [True, False, True]) == [1.0, NEVER, 3.0]


def test_a_prohibition_of_everything_gives_way() -> None:
    """What is scored is all there is."""
    assert forbidden([1.0, 2.0], [False, False]) == [1.0, 2.0]


def test_leaning_takes_nats_off() -> None:
    """Three off the second value."""
    assert leant([1.0, 2.0, 3.0], [0.0, 3.0, 0.0]).tolist() == [1.0, -1.0, 3.0]


def test_leaning_without_end_is_a_ban() -> None:
    """Infinite nats leave nothing of a value, while another is left."""
    assert possible(leant([1.0, 2.0, 3.0], [0.0, np.inf, np.inf])) == [0]


def test_a_ban_gives_way_where_nothing_else_is_left() -> None:
    """What the rules have left is more than what the ban would leave."""
    assert leant([NEVER, 2.0, 3.0], [0.0, np.inf, np.inf]).tolist() == [NEVER, 2.0, 3.0]


def test_a_strict_scale_leaves_its_own_pitches() -> None:
    """Two octaves in C major: the white keys."""
    pitches = np.arange(60, 84)
    against = outside_scale(pitches, frozenset({0, 2, 4, 5, 7, 9, 11}))
    left = possible(leant([0.0] * 24, np.where(against, np.inf, 0.0).tolist()))
    assert left == [0, 2, 4, 5, 7, 9, 11, 12, 14, 16, 17, 19, 21, 23]


@pytest.mark.parametrize(
    ("temperature", "shares"),
    [(1.0, (0.2, 0.8)), (0.5, (1 / 17, 16 / 17)), (2.0, (1 / 3, 2 / 3))],
)
def test_temperature_sharpens_and_flattens(temperature: float, shares: tuple[float, ...]) -> None:
    """One to four becomes one to sixteen at a half, one to two at two."""
    assert_allclose(sifted(OPEN, logs(0.2, 0.8), temperature), odds_of(*shares))


@pytest.mark.parametrize(
    ("k", "left"), [(0, [0, 1, 2, 3]), (1, [2]), (2, [0, 2, 3]), (3, [0, 2, 3]), (9, [0, 1, 2, 3])]
)
def test_the_k_likeliest_stay(k: int, left: list[int]) -> None:
    """Of 0.2, 0.1, 0.5 and 0.2; what is as likely as the last one stays too, and 0 is no limit."""
    assert left == kept(sifted(replace(OPEN, top_k=k), logs(0.2, 0.1, 0.5, 0.2)))


def test_the_kth_is_counted_from_above() -> None:
    """Of rising odds."""
    assert least_of_top_k(np.array([0.1, 0.2, 0.4, 1.0]), 2) == 0.4


@pytest.mark.parametrize(
    ("p", "left"),
    [
        (1e-9, [1]),
        (0.4, [1]),
        (0.51, [1, 2]),
        (0.74, [1, 2]),
        (0.76, [0, 1, 2]),
        (1, [0, 1, 2, 3]),
    ],
)
def test_the_likeliest_that_make_up_a_share_stay(p: float, left: list[int]) -> None:
    """Of 0.15, 0.5, 0.25 and 0.1: half needs one, three quarters need two."""
    assert left == kept(sifted(replace(OPEN, top_p=p), logs(0.15, 0.5, 0.25, 0.1)))


def test_a_rest_of_nothing_keeps_the_least() -> None:
    """Of rising odds; a rest of nearly all keeps the likeliest."""
    ordered = np.array([0.1, 0.2, 0.4, 1.0])
    assert (least_of_top_p(ordered, 0.0), least_of_top_p(ordered, 1 - 2**-53)) == (0.1, 1.0)


@pytest.mark.parametrize(
    ("share", "left"), [(0, [0, 1, 2]), (0.1, [0, 1, 2]), (0.3, [0, 1]), (0.6, [0]), (0.99, [0])]
)
def test_what_is_too_unlikely_beside_the_likeliest_goes(share: float, left: list[int]) -> None:
    """Of 0.6, 0.3 and 0.1: a half and a sixth of the likeliest."""
    assert left == kept(sifted(replace(OPEN, min_p=share), logs(0.6, 0.3, 0.1)))


def test_filters_follow_one_another() -> None:
    """At temperature 2 the odds 16:9:4:1 are 4:3:2:1; three stay, then two, then one."""
    logits = logs(16, 9, 4, 1)
    for sampling, left in (
        (Sampling(top_p=1, min_p=0, top_k=3), [0, 1, 2]),
        (Sampling(top_p=0.7, min_p=0, top_k=3), [0, 1]),
        (Sampling(top_p=0.7, min_p=0.8, top_k=3), [0]),
    ):
        assert left == kept(sifted(sampling, logits, 2.0))


# Settings as numbers

FIELDS = range(len(COLUMNS))
TONAL = [field for field in FIELDS if COLUMNS[field] in {"part", "pitch"}]
LEVELS = (UNKNOWN, NEW, LIKE, SAME)


@given(samplings)
def test_settings_are_told_in_their_order(sampling: Sampling) -> None:
    """Everything has a place of its own, by which it is found again."""
    told = settings_of(sampling)
    rest = 1 - sampling.top_p if sampling.top_p < 1 else -1
    named = {
        **dict(zip(range(EASE, STEADY), FAITH, strict=True)),
        STEADY: STEADINESS,
        HURRY_PART: PART_HASTE,
        HURRY_BAR: BAR_HASTE,
        HURRY_PLACE: PLACE_HASTE,
        TOP_K: sampling.top_k,
        REST: rest,
        MIN_P: sampling.min_p,
    }
    assert len(FIELDS) == len(EASE_OF_FIELDS) == EASE
    assert len(named) == len(FAITH) + 7
    assert min(named) == len(FIELDS)
    assert max(named) < len(told) == SETTINGS
    assert {place: told[place] for place in named} == named


@given(samplings)
def test_who_and_what_have_one_temperature_and_rhythm_another(sampling: Sampling) -> None:
    """Each field with an ease of its own."""
    told = settings_of(sampling)
    for field in FIELDS:
        heat = sampling.temperature if field in TONAL else sampling.rhythm_temperature
        assert temperature_of(told, field, NEW, 0) == pytest.approx(
            heat * EASE_OF_FIELDS[field] * FAITH[NEW]
        )


@given(samplings, st.sampled_from(FIELDS))
def test_what_comes_again_is_no_place_for_surprises(sampling: Sampling, field: int) -> None:
    """The more alike a bar is to be, the sharper are its odds; a form has as many levels."""
    told = settings_of(sampling)
    unknown, new, like, same = (temperature_of(told, field, level, 0) for level in LEVELS)
    assert unknown == new > like > same > 0
    assert len(FAITH) == len(LEVELS)


@given(samplings, st.sampled_from(FIELDS), st.sampled_from(LEVELS))
def test_a_drummer_keeps_to_a_pattern(sampling: Sampling, field: int, level: int) -> None:
    """A kit's odds are sharper, in every bar."""
    told = settings_of(sampling)
    others, kit = (temperature_of(told, field, level, kits) for kits in (0, 1))
    assert kit == pytest.approx(STEADINESS * others)
    assert kit < others


# Laws


@settings(deadline=None)
@given(rows, samplings, st.floats(0.05, 3))
def test_the_likeliest_always_survives(
    logits: Logits, sampling: Sampling, temperature: float
) -> None:
    """Whatever the settings."""
    assert sifted(sampling, logits, temperature)[logits.argmax()] == 1


@settings(deadline=None)
@given(rows, throws)
def test_one_likeliest_is_greedy(logits: Logits, throw: float) -> None:
    """With k = 1, p near 0 or a share near 1 the dice say nothing, but between equals."""
    for sampling in (
        Sampling(top_k=1, top_p=1, min_p=0),
        Sampling(top_p=1e-12, min_p=0),
        Sampling(top_p=1e-300, min_p=0),
        Sampling(top_p=1, min_p=0.999999999),
    ):
        chosen = draw(sifted(sampling, logits, 0.05), throw)
        assert logits[chosen] >= logits.max() - 1e-6


@settings(deadline=None)
@given(rows, samplings, throws, st.data())
def test_only_what_is_allowed_and_left_is_picked(
    logits: Logits, sampling: Sampling, throw: float, data: st.DataObject
) -> None:
    """However near to 0 or to 1 the throw."""
    allowed = np.array([data.draw(st.booleans()) for _ in logits])
    settings_here = settings_of(sampling)
    chosen = pick(logits.copy(), allowed, NO_NATS, 1.0, settings_here, throw)
    assert allowed[chosen] or not allowed.any()
    barred = logits.copy()
    forbid(barred, allowed)
    assert chosen in kept(sifted(sampling, barred))


def test_a_wish_comes_after_the_rules() -> None:
    """A ban of all that the rules have left gives way to them."""
    nats = np.array([0.0, np.inf])
    chosen = pick(np.zeros(2), np.array([False, True]), nats, 1.0, settings_of(OPEN), 0.5)
    assert chosen == 1


# The throw


@pytest.mark.parametrize(
    ("throw", "value"),
    [(0, 0), (0.2499, 0), (0.25, 2), (0.7499, 2), (0.75, 3), (0.9999, 3), (1 - 2**-53, 3)],
)
def test_a_throw_is_read_off_the_ladder(throw: float, value: int) -> None:
    """A quarter, nothing, a half, a quarter: a threshold belongs to the value above it."""
    assert value == draw(odds_of(0.25, 0, 0.5, 0.25), float(throw))


@settings(deadline=None)
@given(st.lists(st.floats(1e-300, 1), min_size=1, max_size=50))
def test_the_highest_throw_there_is_takes_a_value_that_can_come(shares: list[float]) -> None:
    """However the sum is rounded, and though the last values of all cannot come."""
    odds = odds_of(*shares, 0, 0)
    assert odds[draw(odds, 1 - 2**-53)] > 0


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=8).filter(any))
def test_equal_throws_are_shared_out_as_the_odds_say(odds: list[int]) -> None:
    """A throw into the middle of each of so many equal parts: each value its number of parts."""
    total = sum(odds)
    drawn = [draw(odds_of(*odds), (part + 0.5) / total) for part in range(total)]
    assert odds == np.bincount(drawn, minlength=len(odds)).tolist()
