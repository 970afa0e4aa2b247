"""The front end as the one who starts it sees it."""

from pathlib import Path

import pytest

from bots.chat import Refused
from tests.bots.web.stage import Setting, Stage


async def test_any_free_port_will_do(stage: Stage) -> None:
    """And it is told which."""
    assert stage.front.port
    assert stage.front.url == f"http://127.0.0.1:{stage.front.port}"


async def test_a_port_that_is_taken_is_refused_in_words(stage: Stage, tmp_path: Path) -> None:
    """Trying again is of no use; another port is."""
    folder = tmp_path / "second"
    with pytest.raises(Refused, match=f"127.0.0.1:{stage.front.port}.*AUDIOGROOVE_WEB_PORT"):
        async with Stage(folder, Setting(port=stage.front.port)):
            pass
