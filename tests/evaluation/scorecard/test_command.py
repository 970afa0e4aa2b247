"""`audiogroove evaluate scorecard`, as it is typed."""

import json
from pathlib import Path

import pytest

from audiogroove.__main__ import main
from audiogroove.evaluation.scorecard.rungs import RUNGS

FEW = "--pieces 2 --seeds 2 --threads 1"


def said(capsys: pytest.CaptureFixture[str], words: str) -> str:
    """Type a command that succeeds, and give what it prints."""
    assert main(["evaluate", "scorecard", *words.split()]) == 0
    return capsys.readouterr().out


def test_it_draws_tables(
    capsys: pytest.CaptureFixture[str], data_folder: Path, model_folder: Path
) -> None:
    """The styles, the whole ladder, the gates, and what is quoted."""
    tables = said(capsys, f"{data_folder} --model {model_folder} {FEW}")
    assert all(f"| {style} " in tables for style in ("waltz", "ragtime", "rock"))
    assert all(f"| {rung} " in tables for rung in RUNGS)
    assert "| with drums |" in tables
    assert "known fragments" in tables


def test_it_tells_all_as_json(
    capsys: pytest.CaptureFixture[str], data_folder: Path, model_folder: Path
) -> None:
    """Only of the style that was named; the same again for the same words."""
    words = f"{data_folder} --model {model_folder} --style waltz --json --no-quotes {FEW}"
    told, again = (json.loads(said(capsys, words)) for _ in range(2))
    assert told == again
    assert list(told["styles"]) == ["waltz"]
    card = told["styles"]["waltz"]["cards"]["model"]
    assert (card["pieces"], len(card["by_seed"])) == (4, 2)
    assert told["quoting"] == {}


def test_other_sampling_makes_other_music(
    capsys: pytest.CaptureFixture[str], data_folder: Path, model_folder: Path
) -> None:
    """So that it can be tuned."""
    words = f"{data_folder} --model {model_folder} --style waltz --json --no-quotes {FEW}"
    usual = json.loads(said(capsys, words))
    timid = json.loads(said(capsys, f"{words} --temperature 0.1 --rhythm-temperature 0.1"))
    cards = [told["styles"]["waltz"]["cards"] for told in (usual, timid)]
    assert cards[0]["model"]["z"] != cards[1]["model"]["z"]
    assert cards[0]["random"] == cards[1]["random"]


@pytest.mark.parametrize("words", ["--style jazz", "--top-p 7"])
def test_what_cannot_be_done_is_refused(
    capsys: pytest.CaptureFixture[str], data_folder: Path, model_folder: Path, words: str
) -> None:
    """In one line, before anything is composed."""
    line = f"evaluate scorecard {data_folder} --model {model_folder} {words}"
    assert main(line.split()) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
