"""Shares and amounts with their intervals."""

import json
from math import isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.evaluation.wishes.shares import (
    Amount,
    Grant,
    Share,
    amounts_table,
    grants_table,
)


@pytest.mark.parametrize(
    ("granted", "trials", "low", "high"),
    [
        (10, 10, 0.7225, 1.0),
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_intervals_are_wilsons(granted: int, trials: int, low: float, high: float) -> None:
    """The last is the example of Newcombe, Statistics in Medicine 17 (1998), table I."""
    assert Share(granted, trials).interval == pytest.approx((low, high), abs=1e-4)


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share(counted: tuple[int, int]) -> None:
    """And lies within 0..1."""
    share = Share(*counted)
    low, high = share.interval
    assert 0 <= low <= share.share + 1e-12
    assert share.share <= high + 1e-12
    assert high <= 1


def test_what_tells_nothing_is_no_trial() -> None:
    """Two of three, the fourth is left out; of none anything may be true."""
    assert Share.of([1, 0, 1, nan]) == Share(2, 3)
    assert Share.of([nan]).interval == (0, 1)
    assert isnan(Share.of([nan]).share)


def test_amounts_are_means_of_what_is_known() -> None:
    """With an interval around them."""
    amount = Amount.of("key", "notes", [0.5, 1, nan], [0.25, nan])
    assert (amount.trials, amount.wished, amount.unwished) == (2, 0.75, 0.25)
    assert amount.interval == (0.5, 1)


def test_tables_have_as_many_cells_in_every_line() -> None:
    """What is unknown is a dash, in the tables, and null in JSON."""
    grants = [Grant("key", "in it", Share(1, 2), Share(0, 0))]
    amounts = [Amount.of("key", "notes", [nan], [1.0])]
    for drawn in (grants_table(grants), amounts_table(amounts)):
        assert len({line.count("|") for line in drawn.splitlines()}) == 1
        assert "–" in drawn
    told = json.loads(json.dumps([grants[0].to_json(), amounts[0].to_json()], allow_nan=False))
    assert told[0]["wished"]["granted"] == 1
    assert told[1]["wished"] is None
