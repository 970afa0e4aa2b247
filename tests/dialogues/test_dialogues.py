"""Whole conversations as text: what people say and press, and every word they get."""

from pathlib import Path

import pytest

from bots.conversation import Quota
from bots.desk import Room
from tests.dialogues.stage import Stage

SCRIPTS = {
    path.stem: path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.txt")
}


def cues(script: str) -> list[str]:
    """List what people do in a script; what AudioGroove says is what must come of it."""
    lines = [line for line in script.splitlines() if line and not line.startswith((" ", "(", "#"))]
    return [line for line in lines if not line.startswith("AudioGroove")]


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS.keys())
async def test_it_is_said_as_written(script: str, tmp_path: Path) -> None:
    """The transcript of the stage is the script, word for word."""
    stage = Stage(tmp_path, room=Room(person=2, all=3), person=Quota(60, 5), chat=Quota(600, 50))
    async with stage:
        for cue in cues(script):
            await stage.perform(cue)
    told = [line for line in script.splitlines() if line and not line.startswith("#")]
    assert told == "\n".join(stage.lines).splitlines()
