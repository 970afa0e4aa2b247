"""What the Hub's tests share: a Hub, two people, and a small model to send."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import close_session, constants

from audiogroove.model import checkpoint
from audiogroove.training import card
from tests.hub.people import ANN, BOB, TOKENS
from tests.hub.server import HubServer
from tests.model import builders


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[HubServer]:
    """Open a Hub where Ann and Bob have an account; its client speaks with nobody else.

    Yields:
        The Hub, as long as the test lasts.
    """
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with HubServer() as hub:
        # it would ask the real Hub for this once a day, to tell it in what it runs
        harnesses = tmp_path / "harnesses.json"
        harnesses.write_text('{"standardEnvVars": []}')
        monkeypatch.setattr(constants, "AGENT_HARNESSES_PATH", str(harnesses))
        hub.world.tokens = {TOKENS[ANN]: ANN, TOKENS[BOB]: BOB}
        yield hub
    close_session()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Save the tiny model, with a card."""
    text = card.with_license(card.TITLE, "mit")
    checkpoint.save(tmp_path / "tiny", builders.checkpoint(), card=text)
    return tmp_path / "tiny"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Give a cache of one's own."""
    return tmp_path / "cache"
