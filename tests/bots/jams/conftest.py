"""Everything on each of the fakes."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.bots.jams.platforms import PLATFORMS
from tests.bots.jams.rooms import Opening, Room
from tests.bots.jams.stage import Stage


@pytest.fixture(autouse=True, scope="package")
def _no_proxy() -> Iterator[None]:
    """Reach this machine directly."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1")
        yield


@pytest.fixture(params=list(PLATFORMS))
def on(request: pytest.FixtureRequest) -> Opening:
    """Choose the platform."""
    return PLATFORMS[request.param]


@pytest.fixture
async def opened(on: Opening, tmp_path: Path) -> AsyncIterator[tuple[Room, Stage]]:
    """Open everything there.

    Yields:
        Where people jam, and what is behind.
    """
    async with on(tmp_path) as both:
        yield both


@pytest.fixture
def room(opened: tuple[Room, Stage]) -> Room:
    """Give the place where people jam."""
    return opened[0]


@pytest.fixture
def stage(opened: tuple[Room, Stage]) -> Stage:
    """Give what is behind."""
    return opened[1]
