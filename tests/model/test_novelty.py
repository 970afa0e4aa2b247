"""What a model learnt from travels with it, and is never that of another."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audiogroove.errors import CheckpointRejected
from audiogroove.model import checkpoint
from audiogroove.model.checkpoint import NOVELTY, Checkpoint
from audiogroove.model.sums import SUMS
from audiogroove.quotation.index import Index


@pytest.fixture
def knowing(model: Checkpoint) -> Checkpoint:
    """Give the tiny model something that it must not quote."""
    return replace(model, novelty=Index(np.array([3, 5, 700_000], np.uint32), {"": 20}))


def test_what_a_model_must_not_quote_comes_back_with_it(
    tmp_path: Path, knowing: Checkpoint
) -> None:
    """Fingerprints and yardsticks."""
    checkpoint.save(tmp_path, knowing, card="")
    told = checkpoint.load(tmp_path).novelty
    assert told is not None
    assert told.fingerprints.tolist() == [3, 5, 700_000]
    assert told.yardsticks == {"": 20}


def test_a_model_need_not_know_what_it_learnt_from(
    tmp_path: Path, model: Checkpoint, knowing: Checkpoint
) -> None:
    """And what lay there of another model is gone."""
    checkpoint.save(tmp_path, knowing, card="")
    checkpoint.save(tmp_path, model, card="")
    assert checkpoint.load(tmp_path).novelty is None
    assert not (tmp_path / NOVELTY).exists()


@pytest.mark.parametrize("sealed", [True, False])
def test_a_damaged_index_is_refused_by_its_name(
    tmp_path: Path, knowing: Checkpoint, *, sealed: bool
) -> None:
    """Whether there are sums or not."""
    checkpoint.save(tmp_path, knowing, card="")
    (tmp_path / NOVELTY).write_bytes((tmp_path / NOVELTY).read_bytes()[:-9])
    if not sealed:
        (tmp_path / SUMS).unlink()
    with pytest.raises(CheckpointRejected) as refused:
        checkpoint.load(tmp_path)
    assert refused.value.folder == tmp_path
    assert refused.value.fault.startswith(f"{NOVELTY} is damaged")
