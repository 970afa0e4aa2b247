"""`audiogroove evaluate jsb` and `… polyphony`, as they are typed."""

import json
from pathlib import Path

import pytest

from audiogroove.__main__ import main
from audiogroove.evaluation.frames.rolls import SETS
from tests.evaluation.frames import scores


@pytest.fixture
def chorales(tmp_path: Path) -> str:
    """Write the chorales' file."""
    scores.save_chorales(tmp_path / "jsb.json", scores.chorale_splits(pieces=2))
    return str(tmp_path / "jsb.json")


@pytest.fixture
def sets(tmp_path: Path) -> str:
    """Write the folder of piano rolls."""
    for name in SETS:
        scores.save_rolls(tmp_path, name, scores.roll_splits(pieces=2))
    return str(tmp_path)


def test_chorales_are_told_beside_what_was_published(
    chorales: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Counting, ours, then the others with their sources; and how far the split leaks."""
    out = str(tmp_path / "out")
    assert main(["evaluate", "jsb", chorales, "--out", out, "--minutes", "0.001"]) == 0
    printed = capsys.readouterr().out
    names = [line.split("|")[1].strip() for line in printed.splitlines() if line.startswith("|")]
    assert names[2:5] == ["unigram", "copy previous", "ours"]
    assert "relative Transformer" in names
    assert "The split leaks" in printed


def test_chorales_are_told_to_programs(
    chorales: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line of JSON, both splits of each row in it."""
    words = ["evaluate", "jsb", chorales, "--out", str(tmp_path / "out"), "--minutes", "0.001"]
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    ours = told["rows"][-1]
    assert ours["valid"]["frame"] == pytest.approx(4 * ours["valid"]["cell"])
    assert {"valid", "test"} <= ours.keys()


def test_sets_are_told_beside_what_was_published(
    sets: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those that were asked for, and no column more; and what of them was heard before."""
    words = ["--set", "MuseData", "--set", "JSB_Chorales", "--minutes", "0.001"]
    assert main(["evaluate", "polyphony", sets, *words]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "| test, nats a frame | JSB_Chorales | MuseData | source |"
    assert not any("R-Transformer" in line for line in lines)
    assert [line.split(":")[0] for line in lines[-2:]] == ["JSB_Chorales", "MuseData"]
    assert all("occur in train" in line for line in lines[-2:])


def test_sets_are_told_to_programs(sets: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One line of JSON."""
    words = ["--set", "MuseData", "--minutes", "0.001", "--json"]
    assert main(["evaluate", "polyphony", sets, *words]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in told["rows"]] == ["unigram", "copy previous", "ours"]
    assert told["heard"]["MuseData"]["test"].keys() == {"known", "again"}


def test_a_file_that_is_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a line, not a traceback."""
    assert main(["evaluate", "jsb", str(tmp_path / "none.json")]) == 2
    assert main(["evaluate", "polyphony", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
