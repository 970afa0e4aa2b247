"""From scores to a choice: every filter alone, then together, with numbers worked by hand."""

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
    Settings,
    draw,
    forbid,
    keep_min_p,
    keep_top_k,
    keep_top_p,
    lean,
    probabilities,
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


def kept(logits: Logits) -> list[int]:
    """List what may still come in the first row."""
    return np.flatnonzero(logits[0] > NEVER).tolist()


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
    against = np.array([[False, True, False]])
    assert lean(np.array([[1.0, 2.0, 3.0]]), against, column(3)).tolist() == [[1.0, -1.0, 3.0]]


def test_leaning_without_end_is_a_ban() -> None:
    """Infinite nats leave nothing of a value, while another is left."""
    against = np.array([[False, True, True]])
    assert kept(lean(np.array([[1.0, 2.0, 3.0]]), against, column(np.inf))) == [0]


def test_a_ban_gives_way_where_nothing_else_is_left() -> None:
    """What the rules have left is more than what the ban would leave."""
    logits = np.array([[NEVER, 2.0, 3.0]])
    against = np.array([[False, True, True]])
    assert logits.tolist() == lean(logits, against, column(np.inf)).tolist()


def test_a_strict_scale_leaves_its_own_pitches() -> None:
    """Two octaves in C major: the white keys."""
    pitches = np.arange(60, 84)
    against = outside_scale(pitches, frozenset({0, 2, 4, 5, 7, 9, 11}))[None]
    left = kept(lean(np.zeros((1, 24)), against, column(np.inf)))
    assert left == [0, 2, 4, 5, 7, 9, 11, 12, 14, 16, 17, 19, 21, 23]


@pytest.mark.parametrize(
    ("temperature", "shares"),
    [(1, (0.2, 0.8)), (0.5, (1 / 17, 16 / 17)), (2, (1 / 3, 2 / 3))],
)
def test_temperature_sharpens_and_flattens(temperature: float, shares: tuple[float, ...]) -> None:
    """One to four becomes one to sixteen at a half, one to two at two."""
    assert_allclose(probabilities(temper(logs(0.2, 0.8), column(temperature))), [shares])


@pytest.mark.parametrize(
    ("k", "left"), [(0, [0, 1, 2, 3]), (1, [2]), (2, [0, 2, 3]), (3, [0, 2, 3]), (9, [0, 1, 2, 3])]
)
def test_the_k_likeliest_stay(k: int, left: list[int]) -> None:
    """Of 0.2, 0.1, 0.5 and 0.2; what is as likely as the last one stays too, and 0 is no limit."""
    assert left == kept(keep_top_k(logs(0.2, 0.1, 0.5, 0.2), column(k)))


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
    assert left == kept(keep_top_p(logs(0.15, 0.5, 0.25, 0.1), column(p)))


@pytest.mark.parametrize(
    ("share", "left"), [(0, [0, 1, 2]), (0.1, [0, 1, 2]), (0.3, [0, 1]), (0.6, [0]), (0.99, [0])]
)
def test_what_is_too_unlikely_beside_the_likeliest_goes(share: float, left: list[int]) -> None:
    """Of 0.6, 0.3 and 0.1: a half and a sixth of the likeliest."""
    assert left == kept(keep_min_p(logs(0.6, 0.3, 0.1), column(share)))


# Laws


@given(rows, settings_of, st.sampled_from(("bar", "pitch")))
def test_the_likeliest_always_survives(logits: Logits, sampling: Sampling, field: str) -> None:
    """Whatever the settings, and what went comes no more."""
    found = Settings.of([sampling]).filtered(field, logits)
    assert int(logits.argmax()) in kept(found)
    assert np.isfinite(probabilities(found)).all()


@given(rows, throws)
def test_one_likeliest_is_greedy(logits: Logits, throw: float) -> None:
    """With k = 1, p near 0 or a share near 1 the dice say nothing, but between equals."""
    for sampling in (
        Sampling(top_k=1, top_p=1, min_p=0),
        Sampling(top_p=1e-12, min_p=0),
        Sampling(temperature=0.05, top_p=1, min_p=0.999999999),
    ):
        found = Settings.of([sampling]).filtered("pitch", logits)
        chosen = int(draw(found, column(throw))[0])
        assert logits[0, chosen] >= logits.max() - 1e-6


@given(rows, settings_of, throws)
def test_only_what_is_left_is_drawn(logits: Logits, sampling: Sampling, throw: float) -> None:
    """However near to 0 or to 1 the throw."""
    found = Settings.of([sampling]).filtered("pitch", logits)
    assert int(draw(found, column(throw))[0]) in kept(found)


@given(st.lists(rows, min_size=1, max_size=5), st.data())
def test_rows_do_not_hear_each_other(several: list[Logits], data: st.DataObject) -> None:
    """A row is filtered and drawn in company as it is alone, whatever the others' settings."""
    width = min(row.shape[1] for row in several)
    logits = np.concatenate([row[:, :width] for row in several])
    samplings = [data.draw(settings_of) for _ in several]
    dice = np.array([[data.draw(throws)] for _ in several])
    together = draw(Settings.of(samplings).filtered("bar", logits), dice)
    for index, sampling in enumerate(samplings):
        row = slice(index, index + 1)
        alone = draw(Settings.of([sampling]).filtered("bar", logits[row]), dice[row])
        assert alone.tolist() == together[row].tolist()


# The throw


@pytest.mark.parametrize(
    ("throw", "value"),
    [(0, 0), (0.2499, 0), (0.25, 2), (0.7499, 2), (0.75, 3), (0.9999, 3), (1 - 2**-53, 3)],
)
def test_a_throw_is_read_off_the_ladder(throw: float, value: int) -> None:
    """A quarter, nothing, a half, a quarter: a threshold belongs to the value above it."""
    assert [value] == draw(logs(0.25, 0, 0.5, 0.25), column(throw)).tolist()


def test_a_throw_past_the_end_takes_the_last_there_is() -> None:
    """The last value of all may be one that cannot come."""
    assert draw(logs(0.5, 0.5, 0, 0), column(1 - 2**-53)).tolist() == [1]
    assert draw(logs(0.5, 0.5, 0, 0), column(1.0)).tolist() == [1]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=8).filter(any))
def test_equal_throws_are_shared_out_as_the_odds_say(odds: list[int]) -> None:
    """A throw into the middle of each of so many equal parts: each value its number of parts."""
    total = sum(odds)
    dice = (np.arange(total)[:, None] + 0.5) / total
    drawn = draw(np.repeat(logs(*odds), total, axis=0), dice)
    assert odds == np.bincount(drawn, minlength=len(odds)).tolist()


# Settings


def test_rhythm_has_a_temperature_of_its_own() -> None:
    """Times, lengths and dynamics follow the one, parts and pitches the other."""
    settings = Settings.of([Sampling(2, 0.5, top_p=1, min_p=0)])
    for field in ("bar", "position", "part", "pitch", "duration", "velocity"):
        wanted = 2.0 if field in RHYTHM else 0.5
        assert [[0, wanted]] == settings.filtered(field, np.array([[0.0, 1.0]])).tolist()
    assert {"bar", "position", "duration", "velocity"} == RHYTHM


def test_without_filters_nothing_changes() -> None:
    """Temperature 1, all of the values, all of the share."""
    logits = np.array([[0.5, -2.0, 3.0]])
    assert logits.tolist() == Settings.of([OPEN]).filtered("pitch", logits).tolist()


def test_filters_follow_one_another() -> None:
    """At temperature 2 the odds 16:9:4:1 are 4:3:2:1; three stay, then two, then one."""
    logits = logs(16, 9, 4, 1)
    for sampling, left in (
        (Sampling(2, top_p=1, min_p=0, top_k=3), [0, 1, 2]),
        (Sampling(2, top_p=0.7, min_p=0, top_k=3), [0, 1]),
        (Sampling(2, top_p=0.7, min_p=0.8, top_k=3), [0]),
    ):
        assert left == kept(Settings.of([sampling]).filtered("pitch", logits))
