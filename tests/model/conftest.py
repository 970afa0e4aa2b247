"""What the model's tests share."""

from collections.abc import Iterator

import pytest
import torch

from audiogroove.model.checkpoint import Checkpoint
from audiogroove.model.network import Network
from tests.model import builders


@pytest.fixture(scope="session")
def model() -> Checkpoint:
    """Make the tiny model; nothing changes it."""
    return builders.checkpoint()


@pytest.fixture
def network(model: Checkpoint) -> Network:
    """Give the tiny model's network."""
    return model.network


@pytest.fixture(params=[1, 2], ids=["one thread", "two threads"])
def threads(request: pytest.FixtureRequest) -> Iterator[int]:
    """Compute on so many threads.

    Yields:
        How many.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)
