"""`audiogroove evaluate ablations`: trains what is not finished, and tells of what is."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from audiogroove.__main__ import main


@pytest.fixture(autouse=True)
def _threads_as_before() -> Iterator[None]:
    """Leave torch as many threads as it had."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def evaluate(music: Path, *words: str) -> int:
    """Run the command with the least possible budget."""
    return main(["evaluate", "ablations", str(music), "--notes", "1", "--seeds", "1", *words])


def test_a_table_is_printed_and_finished_runs_are_kept(
    music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second time nothing is trained, and the table is the same."""
    words = ("--arm", "full", "--arm", "no-lookback", "--out", str(tmp_path))
    assert evaluate(music, *words) == 0
    first = capsys.readouterr().out
    assert evaluate(music, *words, "--finished") == 0
    assert capsys.readouterr().out == first
    assert first.count("\n| ") == 2
    assert "--notes 1 --seeds 1 --seed 1 --arm NAME" in first


def test_rows_are_one_line_of_json(music: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each with the command that it came from."""
    assert evaluate(music, "--arm", "no-attention", "--json") == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["command"].endswith("--arm no-attention")


@pytest.mark.parametrize("words", [("--arm", "leg"), ("--finished",), ("--seeds", "11")], ids=str)
def test_what_cannot_be_done_is_refused_in_a_line(
    music: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """An arm that does not exist; a table of nothing; more seeds than the interval is known for."""
    try:
        status = evaluate(music, *words)
    except SystemExit as left:
        status = int(left.code or 0)
    assert (status, len(capsys.readouterr().err.splitlines())) == (2, 1)
