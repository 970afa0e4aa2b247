"""How far a long run is."""

import json
from io import StringIO
from pathlib import Path

from typing_extensions import override

from audiogroove.training.progress import Progress, clock


class Terminal(StringIO):
    """A screen that people watch."""

    @override
    def isatty(self) -> bool:
        """Say that somebody is there."""
        return True


def test_the_log_grows_by_a_line_a_record(tmp_path: Path) -> None:
    """A run that is taken up writes on where the log ends."""
    log = tmp_path / "log.jsonl"
    Progress(log).tell({"step": 1})
    Progress(log).tell({"step": 2, "total": 4.5})
    assert [json.loads(line) for line in log.read_text().splitlines()] == [
        {"step": 1},
        {"step": 2, "total": 4.5},
    ]


def test_without_a_log_nothing_is_written() -> None:
    """All but the first of several processes keep silent."""
    Progress(None).tell({"step": 1})


def test_a_terminal_shows_the_share_and_the_time_left() -> None:
    """A quarter done in ten minutes leaves half an hour."""
    screen = Terminal()
    Progress(None, screen).show(0.25, 600.0, "4.35 nats a note")
    assert (
        screen.getvalue() == "\r" + "█" * 7 + "·" * 21 + "  25.0%  0:30:00 left  4.35 nats a note  "
    )


def test_at_the_very_beginning_nothing_is_promised() -> None:
    """No share is done yet, so no pace is known."""
    screen = Terminal()
    Progress(None, screen).show(0.0, 3.0, "")
    assert "0.0%  0:00:00 left" in screen.getvalue()


def test_a_file_is_not_drawn_upon() -> None:
    """Where nobody watches, the log is enough."""
    screen = StringIO()
    Progress(None, screen).show(0.5, 1.0, "words")
    assert not screen.getvalue()


def test_a_clock_reads_hours_minutes_seconds() -> None:
    """Rounded to the second."""
    assert [clock(s) for s in (0.4, 65, 100_000)] == ["0:00:00", "0:01:05", "27:46:40"]
