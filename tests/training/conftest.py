"""What the trainer's tests share: one small corpus, prepared once."""

from pathlib import Path

import pytest
import torch

from audiogroove.model.network import Network
from audiogroove.training.dataset import Dataset, load
from tests.training import tunes


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepare twenty-seven tunes of three styles into a folder; read it, leave it as it is."""
    folder = tmp_path_factory.mktemp("corpus")
    tunes.prepare(tunes.write_corpus(folder / "music"), folder / "data")
    return folder / "data"


@pytest.fixture(scope="session")
def data(data_folder: Path) -> Dataset:
    """Load the prepared tunes."""
    return load(data_folder)


@pytest.fixture
def network(data: Dataset) -> Network:
    """Make a tiny network, the same for every test."""
    torch.manual_seed(3)
    return tunes.tiny_network(data)
