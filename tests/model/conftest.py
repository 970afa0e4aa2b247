"""What the model's tests share."""

import pytest

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
