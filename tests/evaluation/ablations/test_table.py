"""The table: means and spreads over seeds, and differences seed by seed."""

import json

import pytest

from audiogroove.evaluation.ablations.run import Run
from audiogroove.evaluation.ablations.table import HEAD, MAX_SEEDS, Spread, draw, rows_of, to_json
from audiogroove.model.network import FIELDS
from audiogroove.training.metrics import Cost, Evaluation

COMMAND = "audiogroove evaluate ablations data --minutes 4"


def evaluation(nats: float) -> Evaluation:
    """Make an evaluation of so many nats a note."""
    cost = Cost(3, 300, dict.fromkeys(FIELDS, nats / len(FIELDS)))
    return Evaluation("some", "test", cost, (nats - 1, nats + 1), {}, 0.1)


def run(arm: str, seed: int, *nats: float) -> Run:
    """Make a finished run that took two seconds."""
    told = tuple(evaluation(one) for one in nats)
    return Run(arm, seed, 1_400_000, 900_000, 10, 8000, 2.0, told)


RUNS = [
    *(run("full", seed, nats, nats - 1) for seed, nats in ((1, 5.0), (2, 6.0), (3, 7.0))),
    *(run("gru", seed, nats, nats - 1) for seed, nats in ((1, 5.1), (2, 6.2), (3, 7.3))),
    run("ancestor", 2, 9.0),
]


def test_differences_are_taken_seed_by_seed() -> None:
    """What two arms share with a seed does not widen their interval."""
    _, gru, _ = rows_of(RUNS, COMMAND)
    assert gru.more is not None
    assert (gru.more.mean, gru.more.deviation) == pytest.approx((0.2, 0.1))
    assert (gru.nats.mean, gru.nats.deviation) == pytest.approx((6.2, 1.1))


def test_an_interval_is_students() -> None:
    """Of three figures: 4.303 standard errors (degrees of freedom 2, 95 %)."""
    spread = Spread.of([1.0, 2.0, 3.0])
    assert (spread.low, spread.high) == pytest.approx((2 - 4.303 / 3**0.5, 2 + 4.303 / 3**0.5))


def test_one_figure_has_no_spread() -> None:
    """Nor an interval."""
    assert (str(Spread.of([1.5])), Spread.of([1.5]).interval) == ("1.500", "+1.500")


def test_as_many_seeds_as_are_allowed_have_an_interval() -> None:
    """The table of quantiles reaches as far as the option."""
    assert Spread.of([float(seed) for seed in range(MAX_SEEDS)]).low is not None


def test_an_arm_is_set_beside_the_runs_of_its_own_seeds_only() -> None:
    """The ancestor is finished with seed 2 alone, and knows no wishes."""
    row = rows_of(RUNS, COMMAND)[-1]
    assert (row.more, row.wished, row.wished_more) == (Spread(3.0, None, None, None), None, None)


def test_without_the_full_network_there_is_no_difference() -> None:
    """Figures of the arm itself are told all the same."""
    (row,) = rows_of(RUNS[3:6], COMMAND)
    assert row.more is None
    assert row.nats.mean == pytest.approx(6.2)


def test_every_row_tells_how_to_get_it_again() -> None:
    """With its arm."""
    assert rows_of(RUNS, COMMAND)[1].command == f"{COMMAND} --arm gru"


def test_the_pace_is_notes_in_a_second_of_the_processor() -> None:
    """Eight thousand in two."""
    assert rows_of(RUNS, COMMAND)[0].pace == 4000


def test_all_lines_have_as_many_cells() -> None:
    """So that Markdown makes a table of them."""
    lines = draw(rows_of(RUNS, COMMAND)).splitlines()
    assert {line.count("|") for line in lines} == {len(HEAD) + 1}


def test_rows_are_told_to_programs() -> None:
    """In JSON values."""
    told = json.loads(json.dumps(to_json(rows_of(RUNS, COMMAND))))
    assert [row["arm"] for row in told] == ["full", "gru", "ancestor"]
    assert told[1]["nats"]["mean"] == pytest.approx(6.2)
