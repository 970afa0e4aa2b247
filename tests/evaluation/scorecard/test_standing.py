"""Where a set of pieces stands among real ones."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.evaluation.scorecard.excerpts import Excerpt
from audiogroove.evaluation.scorecard.metrics import GRAINS, NAMES, Values
from audiogroove.evaluation.scorecard.overlap import overlapped_area
from audiogroove.evaluation.scorecard.passage import Passage
from audiogroove.evaluation.scorecard.standing import Reference, score, stand
from tests.evaluation.scorecard.scores import tune

METRICS = len(NAMES)


def drawn(number: int, count: int = 40, *, shift: float = 0.0) -> Values:
    """Draw values of all metrics, by their own dice, `shift` deviations too high."""
    return 100 + 10 * (np.random.default_rng(number).normal(size=(count, METRICS)) + shift)


def test_a_set_does_not_differ_from_itself() -> None:
    """No deviation anywhere, and all of the area in common."""
    values = drawn(1)
    card = stand(values, Reference(values))
    assert card.mean_z == pytest.approx(0, abs=1e-9)
    assert card.overlap == pytest.approx(1, abs=1e-3)
    assert set(card.z) == set(NAMES)


def test_deviations_are_those_of_real_music() -> None:
    """Two of them too high are two, with their sign."""
    real = drawn(1, 4_000)
    card = stand(drawn(2, 4_000, shift=-2), Reference(real))
    assert card.mean_z == pytest.approx(2, abs=0.1)
    assert all(z < -1.8 for z in card.z.values())


def test_the_interval_holds_what_chance_makes() -> None:
    """Of twenty sets of one kind, nearly all scores lie within two half-widths of their mean."""
    reference = Reference(drawn(1, 128))
    cards = [stand(drawn(number, 72, shift=0.5), reference) for number in range(2, 22)]
    middle = np.mean([card.mean_z for card in cards])
    within = [abs(card.mean_z - middle) <= 2 * card.half_width for card in cards]
    assert np.mean(within) >= 0.9


def test_a_metric_that_few_real_pieces_have_does_not_count() -> None:
    """One piece in five is too few, one in three is not."""
    real = drawn(1, 30)
    real[6:, 0] = math.nan
    real[10:, 1] = math.nan
    card = stand(drawn(2), Reference(real))
    assert NAMES[0] not in card.z
    assert NAMES[1] in card.z


def test_a_metric_that_no_piece_of_the_set_has_is_left_out() -> None:
    """The others are not touched by it."""
    values = drawn(2)
    whole = stand(values, Reference(drawn(1)))
    values[:, 5] = math.nan
    card = stand(values, Reference(drawn(1)))
    assert {name: z for name, z in whole.z.items() if name != NAMES[5]} == pytest.approx(card.z)


def test_a_set_without_any_metric_stands_nowhere() -> None:
    """It has no figure, and none is made up."""
    card = stand(np.full((3, METRICS), math.nan), Reference(drawn(1)))
    assert math.isnan(card.mean_z)
    assert math.isnan(card.overlap)
    assert card.z == {}
    assert card.to_json()["mean_z"] is None
    assert card.repeats is None


def test_where_real_music_never_differs_a_grain_is_one_deviation() -> None:
    """And not the difference of no account infinitely many."""
    real = np.zeros((20, METRICS))
    card = stand(real + GRAINS, Reference(real))
    assert card.mean_z == pytest.approx(1, abs=1e-3)


def test_each_seed_has_its_own_figure() -> None:
    """Pieces of one seed follow those of the other."""
    near, far = drawn(2), drawn(3, shift=3)
    card = stand(np.concatenate((near, far)), Reference(drawn(1)), seeds=2)
    alone = [stand(values, Reference(drawn(1))).mean_z for values in (near, far)]
    assert card.by_seed == pytest.approx(alone)


def test_repeated_bars_are_told_as_a_part_of_real_music_s() -> None:
    """With an interval around it."""
    real, few = np.full((20, METRICS), 0.4), np.full((20, METRICS), 0.1)
    repeats = stand(few, Reference(real)).repeats
    assert repeats == pytest.approx((0.25, 0.25, 0.25), rel=1e-3)


def test_pieces_are_scored_whole() -> None:
    """The same pieces against themselves, their ends included."""
    tunes = [tune(number) for number in range(6)]
    passages = [Passage.of(own) for own in tunes]
    card = score(tunes, Reference.of([Excerpt(own, own) for own in passages]))
    assert card.pieces == 6
    assert card.mean_z == pytest.approx(0, abs=1e-9)
    assert {"end_len", "bar_rep", "sync"} <= set(card.z)


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=20))
def test_what_is_common_is_a_share(values: list[float]) -> None:
    """All of it with itself, none of it with what is far away."""
    column = np.array(values)[:, None]
    assert overlapped_area(column, column) == pytest.approx(1, abs=0.01)
    assert overlapped_area(column, column + 1e6) == pytest.approx(0, abs=0.01)
