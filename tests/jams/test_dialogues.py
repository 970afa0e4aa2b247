"""Whole jams as text: what people do, and every word that they get."""

from pathlib import Path

import pytest

from tests.jams.record import DIALOGUES, recorded

SCRIPTS = {path.stem: path.read_text(encoding="utf-8") for path in DIALOGUES.glob("*.txt")}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS.keys())
async def test_it_is_said_as_written(script: str, tmp_path: Path) -> None:
    """The transcript of the club is the script, word for word."""
    assert (await recorded(script, tmp_path)).splitlines() == script.splitlines()
