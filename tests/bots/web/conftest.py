"""A house on the web for each test, and somebody who visits it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bots.web.client import Client, client_of
from tests.bots.web.stage import Setting, Stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Open a house whose engine plays at once.

    Yields:
        The stage.
    """
    async with Stage(tmp_path, Setting()) as opened:
        yield opened


@pytest.fixture
async def ann(stage: Stage) -> AsyncIterator[Client]:
    """Let Ann visit.

    Yields:
        Ann.
    """
    async with client_of(stage) as client:
        yield client
