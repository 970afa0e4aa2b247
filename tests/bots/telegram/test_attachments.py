"""Files from a Bot API server of the host's own, which tells where they lie on its disk."""

import json
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot, Document
from telegram.request import BaseRequest
from typing_extensions import override

from bots.telegram.attachments import Attachments, is_midi
from tests.bots.telegram.stage import MIDI


class OneAnswer(BaseRequest):
    """Answers whatever is asked with the same result."""

    def __init__(self, result: dict[str, Any]) -> None:
        """Answer with this."""
        self._body = json.dumps({"ok": True, "result": result}).encode()

    @property
    @override
    def read_timeout(self) -> float:
        """Tell the longest wait."""
        return 1.0

    @override
    async def initialize(self) -> None:
        """Nothing is needed."""

    @override
    async def shutdown(self) -> None:
        """Nothing is left."""

    @override
    async def do_request(self, *_args: Any, **_kwargs: Any) -> tuple[int, bytes]:
        """Answer."""
        return 200, self._body


async def test_a_file_on_the_same_disk_is_read_there(tmp_path: Path) -> None:
    """Such a server answers with a path instead of part of an address."""
    path = tmp_path / "file_1.mid"
    path.write_bytes(MIDI)
    answer = OneAnswer({"file_id": "a", "file_unique_id": "b", "file_path": str(path)})
    bot = Bot("4242:token", request=answer, get_updates_request=answer)
    file = Document("a", "b", file_name="song.mid")

    assert await Attachments(bot).attachment(file).fetch() == MIDI


@pytest.mark.parametrize(
    ("name", "mime", "is_one"),
    [
        ("song.mid", None, True),
        ("SONG.MIDI", "application/octet-stream", True),
        ("song.kar", None, True),
        (None, "audio/midi", True),
        ("song", "audio/x-midi", True),
        ("song.mid.exe", None, False),
        ("song.mp3", "audio/mpeg", False),
        (None, None, False),
    ],
)
def test_midi_files_are_known_by_name_or_kind(
    name: str | None, mime: str | None, *, is_one: bool
) -> None:
    """Clients differ in what they call one."""
    assert is_midi(Document("a", "b", file_name=name, mime_type=mime)) is is_one
