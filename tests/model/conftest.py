"""What the model's tests share."""

from collections.abc import Iterator

import pytest
import torch

from audiogroove.model.checkpoint import Checkpoint
from audiogroove.model.network import Network
from tests.model import builders


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    """Compute on one thread: networks this small only wait for each other on more."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def model() -> Checkpoint:
    """Make the tiny model; nothing changes it."""
    return builders.checkpoint()


@pytest.fixture
def network(model: Checkpoint) -> Network:
    """Give the tiny model's network."""
    return model.network
