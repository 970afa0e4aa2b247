"""The ladder, the gates and the tables, of cards that are made up."""

import json
from collections.abc import Mapping

import pytest

from audiogroove.evaluation.scorecard import table
from audiogroove.evaluation.scorecard.overall import Scorecard
from audiogroove.evaluation.scorecard.rungs import MODEL, RUNGS, StyleReport, faults_of
from audiogroove.evaluation.scorecard.standing import Card
from audiogroove.quotation.exact import LENGTHS, Quotes

IN_ORDER = dict(zip(RUNGS, (0.1, 0.2, 0.4, 1.0, 0.9, 2.0), strict=True))


def card(mean_z: float, *, repeats: float = 1.0) -> Card:
    """Make up a card."""
    figures = {"bar_rep": -mean_z, "scale": mean_z / 2}
    interval = (repeats, repeats, repeats)
    return Card(24, mean_z, 0.1, (mean_z,), 0.5, figures, figures, figures, interval)


def report(
    style: str,
    heights: Mapping[str, float] = IN_ORDER,
    *,
    pieces: int = 200,
    repeats: float = 1.0,
    runs: Mapping[str, int] | None = None,
) -> StyleReport:
    """Make up a style's report; `runs` are the longest runs of each rung's one piece."""
    cards = {name: card(height, repeats=repeats) for name, height in heights.items()}
    quotes = {
        name: [Quotes(dict.fromkeys(LENGTHS, 0.0), run, run)] for name, run in (runs or {}).items()
    }
    return StyleReport(style, "several parts", pieces, cards, quotes)


def test_rungs_are_means_over_styles() -> None:
    """Each style counts alike, and only where it has the rung."""
    less = {name: height for name, height in IN_ORDER.items() if name != "held out"}
    ladder = Scorecard("m", (report("waltz"), report("rock", less | {MODEL: 0.6}))).ladder
    heights = {rung.name: rung.mean_z for rung in ladder}
    assert list(heights) == list(RUNGS)
    assert heights[MODEL] == pytest.approx(0.5)
    assert {rung.styles for rung in ladder if rung.name == "held out"} == {1}


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({}, []),
        ({MODEL: 0.05}, ["real ≥ model"]),
        ({MODEL: 0.95}, ["model ≥ shuffled"]),
        ({"bigram": 2.5}, ["bigram ≥ random"]),
        ({MODEL: 9}, ["model ≥ bigram", "model ≥ shuffled"]),
    ],
)
def test_rungs_out_of_order_are_named(changed: dict[str, float], faults: list[str]) -> None:
    """Real music, the model, counting and shuffling, dice."""
    assert faults_of(IN_ORDER | changed) == faults


def test_a_gate_is_asked_of_styles_with_enough_music() -> None:
    """It is missed by name."""
    near, far = report("waltz"), report("jazz", IN_ORDER | {MODEL: 0.51}, repeats=0.4)
    few = report("lofi", IN_ORDER | {MODEL: 5.0}, pieces=99)
    said = table.draw(Scorecard("m", (near, far, few)))
    assert "Of 2 styles with 100 training pieces or more, 1 have mean|z| ≤ 0.5" in said
    assert "missed by: jazz." in said
    assert "bar_rep within ±50 % of real" in said


def test_the_tables_say_where_the_ladder_is_out_of_order() -> None:
    """Style by style."""
    said = table.draw(Scorecard("m", (report("waltz"), report("rock", IN_ORDER | {MODEL: 0.95}))))
    assert "The ladder of all styles is in order. Out of order in: rock (model ≥ shuffled)." in said


def test_what_is_furthest_off_stands_first() -> None:
    """With its sign."""
    assert "bar_rep -0.4, scale +0.2" in table.draw(Scorecard("m", (report("waltz"),)))


def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    """All lines of a table have one length."""
    said = table.draw(Scorecard("m", (report("waltz"), report("classical guitar"))))
    lines = [line for line in said.split("\n\n")[0].splitlines() if line.startswith("|")]
    assert len({len(line) for line in lines}) == 1


def test_long_runs_are_held_to_the_style_s_real_music() -> None:
    """Or to that of all styles where a style has too little."""
    own = report("waltz", runs={"held out": 20, MODEL: 19})
    other = report("rock", runs={"held out": 20, MODEL: 21})
    told = Scorecard("m", (own, other)).all_quoting
    assert told[MODEL].flagged == 1 / 2
    assert told["held out"].runs == (20, 20, 20)


def test_all_of_it_is_json() -> None:
    """Every card of every style."""
    told = Scorecard("m", (report("waltz", runs={"held out": 9, MODEL: 3}),)).to_json()
    again = json.loads(json.dumps(told))
    assert again["styles"]["waltz"]["cards"][MODEL]["z"]["bar_rep"] == pytest.approx(-0.4)
    assert again["styles"]["waltz"]["quoting"][MODEL]["runs"] == [3, 3, 3]
    assert list(again["ladder"]) == list(RUNGS)
