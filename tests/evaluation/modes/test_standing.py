"""Where a model stands between real music and a control."""

from math import isnan, nan

import pytest

from audiogroove.evaluation.modes.standing import Figure, Sheet, summarise, table


def sheets(model: list[float], *, real: float = 0.8, stranger: float = 0.2) -> list[list[Sheet]]:
    """Fill in a sheet a piece, with one measure each, for one seed."""
    return [
        [
            {
                "model": {"likeness": value},
                "real": {"likeness": real + 0.01 * (index % 2)},
                "stranger": {"likeness": stranger},
            }
            for index, value in enumerate(model)
        ]
    ]


def figure(model: list[float], *, real: float = 0.8) -> Figure:
    """Summarise one measure."""
    (found,) = summarise(sheets(model, real=real), "stranger")
    return found


@pytest.mark.parametrize(
    ("model", "standing"), [([0.8, 0.81] * 8, 1), ([0.2] * 16, 0), ([0.5, 0.505] * 8, 0.5)]
)
def test_a_standing_is_told_between_control_and_real(model: list[float], standing: float) -> None:
    """Real is 1, the control is 0, half-way is a half."""
    found = figure(model)
    assert found.standing == pytest.approx(standing, abs=0.01)
    low, high = found.standing_interval
    assert low <= found.standing + 1e-9
    assert found.standing <= high + 1e-9


def test_where_real_and_control_are_one_there_is_no_standing() -> None:
    """Whatever the model does."""
    same = figure([0.9, 0.1] * 8, real=0.195)
    assert isnan(same.standing)
    assert same.means["model"] == pytest.approx(0.5)


def test_a_single_piece_stands_nowhere() -> None:
    """There is no telling how another would have done."""
    assert isnan(figure([0.5]).standing)


def test_the_interval_widens_with_disagreement() -> None:
    """Pieces that all tell the same leave no doubt."""
    assert figure([0.5] * 8).interval == (0.5, 0.5)
    low, high = figure([0, 1] * 8).interval
    assert low < 0.5 < high


def test_what_cannot_be_told_is_left_out() -> None:
    """Of the mean, and a measure that tells nothing at all is no figure."""
    assert figure([nan, 0.4, 0.6]).means["model"] == pytest.approx(0.5)
    assert figure([nan, 0.4, 0.6]).trials == 2
    assert summarise(sheets([nan, nan]), "stranger") == ()


def test_a_measure_may_have_no_control() -> None:
    """Then its means stand alone."""
    (found,) = summarise(sheets([0.5] * 4), "stranger", controls={"likeness": ""})
    assert isnan(found.standing)


def test_a_measure_that_only_the_model_has_is_told_of_it_alone() -> None:
    """Such as whether what was given is still there."""
    alone: list[list[Sheet]] = [[{"model": {"kept": 1.0}, "real": {}, "stranger": {}}]]
    (found,) = summarise(alone, "stranger")
    assert found.means["model"] == 1
    assert isnan(found.means["real"])
    assert found.to_json()["means"] == {"model": 1, "real": None, "stranger": None}


def test_a_table_has_a_line_a_measure() -> None:
    """All lines have as many cells."""
    lines = table("continue", summarise(sheets([0.5, 0.6]), "stranger")).splitlines()
    assert len(lines) == 3
    assert len({line.count("|") for line in lines}) == 1
    assert "likeness | 2 | 0.55" in lines[2]
