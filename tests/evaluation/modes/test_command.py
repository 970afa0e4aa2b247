"""`audiogroove evaluate modes`, as it is typed."""

import json
from pathlib import Path

import pytest

from audiogroove.__main__ import main
from audiogroove.model import checkpoint
from audiogroove.training import dataset
from tests.evaluation.modes.shelf import shelf
from tests.model import builders


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Lay out a tiny model and two tunes to examine it on."""
    data = shelf([builders.tune(number, bars=16) for number in (1, 2)], ["waltz", "ragtime"])
    events = [data.events(index) for index in range(len(data.pieces))]
    dataset.save(tmp_path, data.pieces, events, data.vocabulary)
    checkpoint.save(tmp_path / "model", builders.checkpoint(), card="")
    return tmp_path


def test_it_tells_of_every_mode(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """As one line of JSON; what had to stay is still there, so all is well."""
    words = f"evaluate modes {folder} --model {folder}/model --pieces 1 --seeds 1 --threads 1"
    assert main([*words.split(), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["mode"] for one in told][:2] == ["continue", "vary"]
    assert all(one["kept"] for one in told)


def test_a_style_without_music_is_refused(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """In one line."""
    words = f"evaluate modes {folder} --model {folder}/model --style polka --threads 1"
    assert main(words.split()) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
