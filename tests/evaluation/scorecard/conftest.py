"""What the scorecard's tests share: a small corpus, prepared once, and an untrained model of it."""

from pathlib import Path

import pytest
import torch

from audiogroove.model import checkpoint
from audiogroove.model.checkpoint import Checkpoint
from audiogroove.training import dataset
from audiogroove.training.dataset import Dataset
from audiogroove.training.habits import learn_customs, number_styles
from tests.training import tunes


@pytest.fixture(scope="package")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepare twenty-seven tunes of three styles, some with drums."""
    folder = tmp_path_factory.mktemp("corpus")
    tunes.prepare(tunes.write_corpus(folder / "music"), folder / "data")
    return folder / "data"


@pytest.fixture(scope="package")
def data(data_folder: Path) -> Dataset:
    """Load the prepared tunes."""
    return dataset.load(data_folder)


@pytest.fixture(scope="package")
def model(data: Dataset) -> Checkpoint:
    """Make a network that was drawn and not trained."""
    with torch.random.fork_rng():
        torch.manual_seed(3)
        network = tunes.tiny_network(data)
    styles = tuple(number_styles(data))
    return Checkpoint(network, data.vocabulary, styles, learn_customs(data), "tiny")


@pytest.fixture(scope="package")
def model_folder(model: Checkpoint, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Save it."""
    folder = tmp_path_factory.mktemp("model")
    checkpoint.save(folder, model, card="tiny")
    return folder
