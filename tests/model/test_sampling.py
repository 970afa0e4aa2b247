"""From scores to a choice: every step alone, then together, with numbers worked by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from audiogroove.model.sampling import (
    NEVER,
    RHYTHM,
    Logits,
    Odds,
    Settings,
    draw,
    forbid,
    lean,
    least_of_top_k,
    least_of_top_p,
    temper,
)
from audiogroove.request import Sampling
from audiogroove.tokens.rules import outside_scale

OPEN = Sampling(temperature=1, rhythm_temperature=1, top_k=0, top_p=1, min_p=0)  # no filter at all


def logs(*shares: float) -> Logits:
    """Write one row of shares as logits."""
    with np.errstate(divide="ignore"):
        row: Logits = np.log(np.array([shares]))
    return row


def column(value: float) -> NDArray[np.float64]:
    """Set one row's setting."""
    return np.array([[value]], dtype=np.float64)


def odds_of(*shares: float) -> Odds:
    """Write one row of shares as odds."""
    row: Odds = np.array([shares]) / max(shares)
    return row


def possible(logits: Logits) -> list[int]:
    """List what may still come in the first row of logits."""
    return np.flatnonzero(logits[0] > NEVER).tolist()


def kept(odds: Odds) -> list[int]:
    """List what may still come in the first row of odds."""
    return np.flatnonzero(odds[0] > 0).tolist()


rows = st.lists(st.floats(-30, 30), min_size=1, max_size=12).map(lambda row: np.array([row]))
settings_of = st.builds(
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
    allowed = np.array([[True, False, True]])
    assert forbid(np.array([[1.0, 2.0, 3.0]]), allowed).tolist() == [[1.0, NEVER, 3.0]]


def test_a_prohibition_of_everything_gives_way() -> None:
    """Row by row: one gives way, the other does not."""
    allowed = np.array([[False, False], [False, True]])
    found = forbid(np.array([[1.0, 2.0], [3.0, 4.0]]), allowed)
    assert found.tolist() == [[1.0, 2.0], [NEVER, 4.0]]


def test_leaning_takes_nats_off() -> None:
    """Three off the second value."""
    nats = np.array([[0.0, 3.0, 0.0]])
    assert lean(np.array([[1.0, 2.0, 3.0]]), nats).tolist() == [[1.0, -1.0, 3.0]]


def test_leaning_without_end_is_a_ban() -> None:
    """Infinite nats leave nothing of a value, while another is left."""
    nats = np.array([[0.0, np.inf, np.inf]])
    assert possible(lean(np.array([[1.0, 2.0, 3.0]]), nats)) == [0]


def test_a_ban_gives_way_where_nothing_else_is_left() -> None:
    """What the rules have left is more than what the ban would leave."""
    logits = np.array([[NEVER, 2.0, 3.0], [1.0, 2.0, 3.0]])
    nats = np.array([[0.0, np.inf, np.inf], [0.0, np.inf, 1.0]])
    assert lean(logits, nats).tolist() == [[NEVER, 2.0, 3.0], [1.0, NEVER, 2.0]]


def test_a_strict_scale_leaves_its_own_pitches() -> None:
    """Two octaves in C major: the white keys."""
    pitches = np.arange(60, 84)
    against = outside_scale(pitches, frozenset({0, 2, 4, 5, 7, 9, 11}))[None]
    left = possible(lean(np.zeros((1, 24)), np.where(against, np.inf, 0.0)))
    assert left == [0, 2, 4, 5, 7, 9, 11, 12, 14, 16, 17, 19, 21, 23]


@pytest.mark.parametrize(
    ("temperature", "shares"),
    [(1, (0.2, 0.8)), (0.5, (1 / 17, 16 / 17)), (2, (1 / 3, 2 / 3))],
)
def test_temperature_sharpens_and_flattens(temperature: float, shares: tuple[float, ...]) -> None:
    """One to four becomes one to sixteen at a half, one to two at two."""
    assert_allclose(temper(logs(0.2, 0.8), column(temperature)), odds_of(*shares))


@pytest.mark.parametrize(
    ("k", "left"), [(0, [0, 1, 2, 3]), (1, [2]), (2, [0, 2, 3]), (3, [0, 2, 3]), (9, [0, 1, 2, 3])]
)
def test_the_k_likeliest_stay(k: int, left: list[int]) -> None:
    """Of 0.2, 0.1, 0.5 and 0.2; what is as likely as the last one stays too, and 0 is no limit."""
    odds = odds_of(0.2, 0.1, 0.5, 0.2)
    assert left == kept(odds * (odds >= least_of_top_k(odds, column(k))))


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
    odds = odds_of(0.15, 0.5, 0.25, 0.1)
    assert left == kept(odds * (odds >= least_of_top_p(odds, column(1 - p))))


@pytest.mark.parametrize(
    ("share", "left"), [(0, [0, 1, 2]), (0.1, [0, 1, 2]), (0.3, [0, 1]), (0.6, [0]), (0.99, [0])]
)
def test_what_is_too_unlikely_beside_the_likeliest_goes(share: float, left: list[int]) -> None:
    """Of 0.6, 0.3 and 0.1: a half and a sixth of the likeliest."""
    sampling = replace(OPEN, min_p=share)
    assert left == kept(Settings.of([sampling]).odds("pitch", logs(0.6, 0.3, 0.1)))


# Laws


@given(rows, settings_of, st.sampled_from(("bar", "pitch")))
def test_the_likeliest_always_survives(logits: Logits, sampling: Sampling, field: str) -> None:
    """Whatever the settings, and what went comes no more."""
    found = Settings.of([sampling]).odds(field, logits)
    assert found[0, logits.argmax()] == 1
    assert set(kept(found)) <= set(possible(logits))


@given(rows, throws)
def test_one_likeliest_is_greedy(logits: Logits, throw: float) -> None:
    """With k = 1, p near 0 or a share near 1 the dice say nothing, but between equals."""
    for sampling in (
        Sampling(top_k=1, top_p=1, min_p=0),
        Sampling(top_p=1e-12, min_p=0),
        Sampling(top_p=1e-300, min_p=0),
        Sampling(temperature=0.05, top_p=1, min_p=0.999999999),
    ):
        found = Settings.of([sampling]).odds("pitch", logits)
        chosen = int(draw(found, column(throw))[0])
        assert logits[0, chosen] >= logits.max() - 1e-6


@given(rows, settings_of, throws)
def test_only_what_is_left_is_drawn(logits: Logits, sampling: Sampling, throw: float) -> None:
    """However near to 0 or to 1 the throw."""
    found = Settings.of([sampling]).odds("pitch", logits)
    assert int(draw(found, column(throw))[0]) in kept(found)


@given(st.lists(rows, min_size=1, max_size=5), st.data())
def test_rows_do_not_hear_each_other(several: list[Logits], data: st.DataObject) -> None:
    """A row is filtered and drawn in company as it is alone, whatever the others' settings."""
    width = min(row.shape[1] for row in several)
    logits = np.concatenate([row[:, :width] for row in several])
    samplings = [data.draw(settings_of) for _ in several]
    dice = np.array([[data.draw(throws)] for _ in several])
    together = draw(Settings.of(samplings).odds("bar", logits), dice)
    for index, sampling in enumerate(samplings):
        row = slice(index, index + 1)
        alone = draw(Settings.of([sampling]).odds("bar", logits[row]), dice[row])
        assert alone.tolist() == together[row].tolist()


# The throw


@pytest.mark.parametrize(
    ("throw", "value"),
    [(0, 0), (0.2499, 0), (0.25, 2), (0.7499, 2), (0.75, 3), (0.9999, 3), (1 - 2**-53, 3)],
)
def test_a_throw_is_read_off_the_ladder(throw: float, value: int) -> None:
    """A quarter, nothing, a half, a quarter: a threshold belongs to the value above it."""
    assert [value] == draw(odds_of(0.25, 0, 0.5, 0.25), column(throw)).tolist()


@given(st.lists(st.floats(1e-300, 1), min_size=1, max_size=50))
def test_the_highest_throw_there_is_takes_a_value_that_can_come(shares: list[float]) -> None:
    """However the sum is rounded, and though the last values of all cannot come."""
    odds = odds_of(*shares, 0, 0)
    assert odds[0, draw(odds, column(1 - 2**-53))] > 0


@given(st.lists(st.integers(0, 9), min_size=1, max_size=8).filter(any))
def test_equal_throws_are_shared_out_as_the_odds_say(odds: list[int]) -> None:
    """A throw into the middle of each of so many equal parts: each value its number of parts."""
    total = sum(odds)
    dice = (np.arange(total)[:, None] + 0.5) / total
    drawn = draw(np.repeat(odds_of(*odds), total, axis=0), dice)
    assert odds == np.bincount(drawn, minlength=len(odds)).tolist()


# Settings


def test_rhythm_has_a_temperature_of_its_own() -> None:
    """Times, lengths and dynamics follow the one, parts and pitches the other."""
    settings = Settings.of([Sampling(2, 0.5, top_p=1, min_p=0)])
    for field in ("bar", "position", "part", "pitch", "duration", "velocity"):
        wanted = 2.0 if field in RHYTHM else 0.5
        found = settings.odds(field, np.array([[0.0, 1.0]]))
        assert_allclose(found, [[np.exp(-wanted), 1]])
    assert {"bar", "position", "duration", "velocity"} == RHYTHM


def test_without_filters_nothing_changes() -> None:
    """Temperature 1, all of the values, all of the share."""
    logits = np.array([[0.5, -2.0, 3.0]])
    assert_allclose(Settings.of([OPEN]).odds("pitch", logits), np.exp(logits - 3))


def test_filters_follow_one_another() -> None:
    """At temperature 2 the odds 16:9:4:1 are 4:3:2:1; three stay, then two, then one."""
    logits = logs(16, 9, 4, 1)
    for sampling, left in (
        (Sampling(2, top_p=1, min_p=0, top_k=3), [0, 1, 2]),
        (Sampling(2, top_p=0.7, min_p=0, top_k=3), [0, 1]),
        (Sampling(2, top_p=0.7, min_p=0.8, top_k=3), [0]),
    ):
        assert left == kept(Settings.of([sampling]).odds("pitch", logits))
