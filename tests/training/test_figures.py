"""What was measured is read, kept and shown."""

from pathlib import Path

import pytest

from audiogroove.commands.parser import build_parser
from audiogroove.errors import RequestRefused
from audiogroove.training.figures import MEASURES, draw, read, tables
from tests.test_readme import commands


def test_figures_are_read_by_the_name_of_their_measure(tmp_path: Path) -> None:
    """As `evaluate … --json` left them."""
    (tmp_path / "jsb.json").write_text('[{"nats": 0.4}]\n')
    assert read([tmp_path / "jsb.json"]) == {"jsb": [{"nats": 0.4}]}


@pytest.mark.parametrize(
    ("name", "text"),
    [("results.json", "[]"), ("jsb.json", "{"), ("jsb.json", "[NaN]"), ("jsb.json", "[" * 99_999)],
)
def test_what_is_no_figure_is_refused(tmp_path: Path, name: str, text: str) -> None:
    """Another name, no JSON, or no number."""
    (tmp_path / name).write_text(text)
    with pytest.raises(RequestRefused, match=name):
        read([tmp_path / name])


def test_every_measure_can_be_shown() -> None:
    """Each that `audiogroove evaluate` knows, and no other."""
    assert build_parser().prog == "audiogroove"
    branches = commands()["evaluate"]._actions
    measures = next(action.choices for action in branches if action.dest == "what")
    assert list(MEASURES) == list(measures or ())


def test_measures_come_in_their_own_order() -> None:
    """Whichever was taken first."""
    told = draw({"ablations": [{"a": 1}], "jsb": [{"a": 1}]})
    assert told.index("evaluate jsb") < told.index("evaluate ablations")


def test_objects_are_rows() -> None:
    """What one has and another has not stays empty; an object within is spread out."""
    told = tables([{"model": "a|b", "nats": {"pitch": 1.23456}}, {"model": "c", "count": 12000}])
    assert told.splitlines() == [
        "| model | nats pitch | count |",
        "|---|---|---|",
        "| a\\|b | 1.235 |  |",
        "| c |  | 12000 |",
    ]


def test_an_object_of_lists_is_a_table_each() -> None:
    """What is beside them comes first."""
    told = tables({"seed": 1, "rows": [{"a": 1}], "range": [1.5, 2.5]})
    assert told == ("| seed | range |\n|---|---|\n| 1 | 1.5 2.5 |\n\nrows:\n\n| a |\n|---|\n| 1 |")
