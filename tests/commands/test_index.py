"""`audiogroove index`: a model that knows what it was trained on."""

import argparse
import json
from pathlib import Path

import pytest

from audiogroove.__main__ import main
from audiogroove.commands import index
from audiogroove.model import checkpoint
from audiogroove.model.sums import SUMS
from tests.model import builders
from tests.training import tunes


def test_a_model_is_given_the_index_of_its_data_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside its weights, where it is found and checked with all else."""
    data, model = tmp_path / "data", tmp_path / "model"
    tunes.prepare(tunes.write_corpus(tmp_path / "corpus"), data)
    checkpoint.save(model, builders.checkpoint(), card="tiny")
    assert index.run(argparse.Namespace(dataset=data, model=model)) == 0
    novelty = checkpoint.load(model).novelty
    assert novelty is not None
    assert f"{len(novelty.fingerprints):,} fingerprints" in capsys.readouterr().out
    assert checkpoint.NOVELTY in (model / SUMS).read_text()


def test_its_check_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every piece is checked once."""
    data, model = tmp_path / "data", tmp_path / "model"
    tunes.prepare(tunes.write_corpus(tmp_path / "corpus"), data)
    checkpoint.save(model, builders.checkpoint(), card="tiny")
    assert main(["index", str(data), "--model", str(model)]) == 0
    capsys.readouterr()
    assert main(f"benchmark novelty --model {model} --count 3 --json".split()) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["pieces"] == 3
    assert 0 <= row["copies"] <= 3
