"""`audiogroove train` goes on with what it left behind, or says why it cannot."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from audiogroove.__main__ import main
from audiogroove.model import checkpoint
from audiogroove.training import corpus, dataset, reading
from tests.model import builders
from tests.training import tunes


@pytest.fixture(autouse=True)
def _threads_as_before() -> Iterator[None]:
    """Leave torch as many threads as it had."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a data set of a dozen tunes."""
    folder = tmp_path_factory.mktemp("data")
    named = ((f"waltz/{number}.mid", builders.tune(number, bars=6)) for number in range(12))
    outcomes = reading.read_all(tunes.write_folder(folder / "music", named))
    kept = corpus.arrange(outcomes).kept
    words = corpus.learn_words(kept, min_count=1)
    dataset.save(folder, [one.info for one in kept], [one.events for one in kept], words)
    return folder


def train(data: Path, model: Path, *words: str, hidden: int = 16) -> int:
    """Train at the least possible size."""
    tiny = ("--rows", "1", "--window", "8", "--threads", "1", "--hidden", str(hidden))
    return main(["train", str(data), "--out", str(model), *tiny, *words])


def test_a_run_cut_in_two_is_the_run_in_one(data: Path, tmp_path: Path) -> None:
    """A step, and then another, leave the weights that two steps leave."""
    assert train(data, tmp_path / "once", "--steps", "2") == 0
    assert train(data, tmp_path / "twice", "--steps", "1") == 0
    assert train(data, tmp_path / "twice", "--steps", "2") == 0
    once, twice = (checkpoint.load(tmp_path / name).network for name in ("once", "twice"))
    for (name, one), two in zip(once.named_parameters(), twice.parameters(), strict=True):
        torch.testing.assert_close(one, two, rtol=1e-3, atol=1e-4, msg=name)


def test_a_run_that_is_done_is_left_as_it_is(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same command again has nothing to do."""
    train(data, tmp_path, "--steps", "1")
    before = (tmp_path / checkpoint.WEIGHTS).read_bytes()
    assert train(data, tmp_path, "--steps", "1") == 0
    assert before == (tmp_path / checkpoint.WEIGHTS).read_bytes()
    assert capsys.readouterr().out.splitlines()[-1] == f"{tmp_path}: a model after 1 steps"


def test_a_run_may_go_on_with_less_dropout(data: Path, tmp_path: Path) -> None:
    """What is dropped shapes no weight."""
    train(data, tmp_path, "--steps", "1")
    assert train(data, tmp_path, "--steps", "2", "--dropout", "0") == 0


def test_a_run_does_not_go_on_in_another_size(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says which size it has."""
    train(data, tmp_path, "--steps", "1")
    capsys.readouterr()
    assert train(data, tmp_path, "--steps", "2", hidden=8) == 2
    said = capsys.readouterr().err
    assert (len(said.splitlines()), "--hidden 16" in said) == (1, True)


def test_a_run_does_not_go_on_with_other_words(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As after another `prepare`."""
    train(data, tmp_path, "--steps", "1")
    checkpoint.save(tmp_path, builders.checkpoint(), card="")
    capsys.readouterr()
    assert train(data, tmp_path, "--steps", "2") == 2
    assert "other words" in capsys.readouterr().err


def test_a_model_is_not_written_over_a_file(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file stays."""
    (tmp_path / "file").write_text("mine")
    assert train(data, tmp_path / "file", "--steps", "1") == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert (tmp_path / "file").read_text() == "mine"


def test_a_model_is_not_written_over_another(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder with a model and no run in it is somebody's finished work."""
    checkpoint.save(tmp_path, builders.checkpoint(), card="finished")
    before = (tmp_path / checkpoint.WEIGHTS).read_bytes()
    assert train(data, tmp_path, "--steps", "1") == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert (tmp_path / checkpoint.WEIGHTS).read_bytes() == before


def weights_of(folder: Path) -> dict[str, torch.Tensor]:
    """Read a model's weights."""
    return checkpoint.load(folder).network.state_dict()


def test_a_run_may_begin_with_a_model(data: Path, tmp_path: Path) -> None:
    """In its words, its styles and its sizes, whatever is typed; where it began stays as it was."""
    train(data, tmp_path / "old", "--steps", "3")
    before = weights_of(tmp_path / "old")
    begun = ("--from", str(tmp_path / "old"), "--steps", "1", "--rate", "1e-9", "--dropout", "0")
    assert train(data, tmp_path / "new", *begun, hidden=8) == 0
    old, new = (checkpoint.load(tmp_path / name) for name in ("old", "new"))
    assert (old.vocabulary.fingerprint, old.styles) == (new.vocabulary.fingerprint, new.styles)
    assert old.held_out == new.held_out
    for name, weights in weights_of(tmp_path / "new").items():
        torch.testing.assert_close(weights, before[name], rtol=1e-3, atol=1e-3)


def test_what_a_model_was_examined_on_stays_unknown_to_its_successor(
    data: Path, tmp_path: Path
) -> None:
    """Though the data set was divided otherwise since."""
    train(data, tmp_path / "old", "--steps", "1")
    old, known = checkpoint.load(tmp_path / "old"), dataset.load(data)
    other = {"test": tuple(sorted(map(dataset.digest, (one.path for one in known.pieces))))[:2]}
    checkpoint.save(tmp_path / "old", replace(old, held_out=other), card="")
    assert train(data, tmp_path / "new", "--from", str(tmp_path / "old"), "--steps", "1") == 0
    assert dict(checkpoint.load(tmp_path / "new").held_out) == {"valid": (), **other}
