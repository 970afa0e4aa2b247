"""What the service's tests share."""

import pytest

from audiogroove.model.checkpoint import Checkpoint
from tests.model import builders


@pytest.fixture(scope="session")
def model() -> Checkpoint:
    """Make the tiny model; nothing changes it. Its bars are full, so that a long piece is long."""
    return builders.checkpoint(dense=1)
