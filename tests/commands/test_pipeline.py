"""A folder of music to a model and its figures, as a tinkerer types it."""

import json
from pathlib import Path

import pytest

from audiogroove.__main__ import main
from audiogroove.music import midi
from tests.model import builders

TRAINING = "--rows 2 --window 16 --hidden 16 --threads 1"


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write thirty tunes of two styles, and one file that is none."""
    folder = tmp_path_factory.mktemp("music")
    for number in range(30):
        style = folder / ("waltz" if number % 2 else "ragtime")
        style.mkdir(exist_ok=True)
        (style / f"{number}.mid").write_bytes(midi.write(builders.tune(number, bars=6)))
    (folder / "waltz" / "broken.mid").write_bytes(b"MThd, it says")
    return folder


@pytest.fixture(scope="module")
def dataset(music: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepare the tunes."""
    folder = tmp_path_factory.mktemp("dataset")
    assert main(["prepare", str(music), "--out", str(folder), "--min-count", "2"]) == 0
    return folder


@pytest.fixture(scope="module")
def model(dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Train for two steps."""
    folder = tmp_path_factory.mktemp("models") / "two-steps"
    words = f"train {dataset} --out {folder} --steps 2 {TRAINING}"
    assert main(words.split()) == 0
    return folder


def test_prepare_says_what_was_kept_and_refused(
    capsys: pytest.CaptureFixture[str], music: Path, tmp_path: Path
) -> None:
    """Thirty tunes are kept, the broken one is counted by its fault."""
    assert main(["prepare", str(music), "--out", str(tmp_path), "--min-count", "2"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["kept"], sum(report["refused"].values())) == (30, 1)
    assert {"ragtime", "waltz"} == set(report["styles"])


def test_prepare_without_music_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Neither nothing at all nor an empty folder makes a data set."""
    assert main(["prepare", "--out", str(tmp_path)]) == 2
    assert main(["prepare", str(tmp_path), "--out", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_a_trained_model_composes(
    capsys: pytest.CaptureFixture[str], model: Path, tmp_path: Path
) -> None:
    """What train leaves behind, compose takes."""
    out = tmp_path / "a.mid"
    words = f"compose --out {out} --model {model} --style waltz --bars 2 --json"
    assert main(words.split()) == 0
    assert json.loads(capsys.readouterr().out)["model"] == "two-steps"
    assert out.is_file()


def test_training_goes_on_where_it_was(
    capsys: pytest.CaptureFixture[str], dataset: Path, model: Path
) -> None:
    """The same command with more steps takes the others for done."""
    words = f"train {dataset} --out {model} --steps 3 {TRAINING}"
    assert main(words.split()) == 0
    assert "after 3 steps" in capsys.readouterr().out


def test_training_without_a_data_set_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The folder is named."""
    assert main(["train", str(tmp_path), "--out", str(tmp_path / "model")]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_evaluate_sets_the_model_beside_its_baselines(
    capsys: pytest.CaptureFixture[str], dataset: Path, model: Path
) -> None:
    """As JSON: unigram, bigram, the model without and with wishes, and as it composes."""
    words = f"evaluate likelihood {dataset} --model {model} --json --threads 1"
    assert main(words.split()) == 0
    rows = json.loads(capsys.readouterr().out)
    names = ["without wishes", "with wishes"]
    own = [f"two-steps, {name}" for name in names]
    assert [row["name"] for row in rows] == [
        *("unigram", "bigram", *own, "two-steps in eight bits, with wishes")
    ]
    *_, exact, rounded = (row["overall"]["total"] for row in rows)
    assert exact > 0
    assert 0 < abs(exact - rounded) < 0.1


def test_evaluate_draws_tables(
    capsys: pytest.CaptureFixture[str], dataset: Path, model: Path
) -> None:
    """For people: the comparison, then style by style."""
    assert main(f"evaluate likelihood {dataset} --model {model} --limit 1 --threads 1".split()) == 0
    said = capsys.readouterr().out
    assert "bigram" in said
    assert "pitch" in said


def test_decoding_is_measured(capsys: pytest.CaptureFixture[str], model: Path) -> None:
    """A row for each number of pieces and of threads."""
    words = f"benchmark decode --model {model} --rows 1,2 --threads 1 --notes 3 --json"
    assert main(words.split()) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["pieces at once"] for row in rows] == [1, 2]


def test_reading_is_measured(capsys: pytest.CaptureFixture[str], music: Path) -> None:
    """In one process and in two."""
    assert main(f"benchmark read --folder {music} --count 4".split()) == 0
    assert "files/s" in capsys.readouterr().out


def test_bytes_are_thrown_at_the_wall(capsys: pytest.CaptureFixture[str]) -> None:
    """Every one of them is a piece or has a fault."""
    assert main(["benchmark", "fuzz", "--count", "12", "--json"]) == 0
    figures = {row["what"]: row["figure"] for row in json.loads(capsys.readouterr().out)}
    assert figures.pop("count") == 12


def test_kept_notes_are_counted(
    capsys: pytest.CaptureFixture[str], music: Path, model: Path
) -> None:
    """In the three modes that begin with a file, none is lost."""
    words = f"benchmark seeds --folder {music} --count 2 --model {model} --json"
    assert main(words.split()) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["mode"] for row in rows] == ["continue", "vary", "accompany"]
    assert [row["lost or changed"] for row in rows] == [0, 0, 0]


@pytest.mark.parametrize(
    "words", ["decode --rows none", "decode --threads 9999999", "read", "seeds", "novelty", "sing"]
)
def test_what_cannot_be_measured_is_refused(
    capsys: pytest.CaptureFixture[str], model: Path, words: str
) -> None:
    """In one line, with status 2."""
    try:
        status = main(["benchmark", *words.split(), "--model", str(model)])
    except SystemExit as leaving:
        status = int(str(leaving.code))
    assert status == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
