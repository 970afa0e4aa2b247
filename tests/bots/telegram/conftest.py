"""What the stories about Telegram share."""

from collections.abc import AsyncIterator

import pytest

from bots.telegram.door import TelegramDoor
from tests.bots.telegram.stage import ScriptedEar, Stage
from tests.fakes.telegram import Chat, TelegramFake, User


@pytest.fixture
async def stage(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    """Set up a Telegram, and see in the end that nothing went against its rules.

    Yields:
        The stage, with nothing running on it.
    """
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with TelegramFake() as fake:
        yield Stage(fake)
        assert fake.violations == []
        assert fake.flood.violations == []


@pytest.fixture
def fake(stage: Stage) -> TelegramFake:
    """Give the Telegram of the stage."""
    return stage.fake


@pytest.fixture
def ear(stage: Stage) -> ScriptedEar:
    """Give the ear of the stage."""
    return stage.ear


@pytest.fixture
async def door(stage: Stage) -> AsyncIterator[TelegramDoor]:
    """Run a front end for the length of a test.

    Yields:
        Its door.
    """
    async with stage.running() as door:
        assert isinstance(door, TelegramDoor)
        yield door


@pytest.fixture
def ann(fake: TelegramFake) -> User:
    """Somebody who asks."""
    return fake.user("Ann")


@pytest.fixture
def chat(fake: TelegramFake, ann: User) -> Chat:
    """Her chat."""
    return fake.private(ann)


@pytest.fixture
def band(fake: TelegramFake, ann: User) -> Chat:
    """Her group."""
    return fake.group("Band", ann)
