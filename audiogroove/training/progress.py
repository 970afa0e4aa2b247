"""How far a long run is: a line of JSON at intervals, and one line that people watch."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

WIDTH = 28


@dataclass(frozen=True)
class Progress:
    """Writes records to a log file and, on a terminal, a bar with the time left."""

    log: Path | None
    screen: TextIO = sys.stderr
    quiet: bool = False  # draw no bar, even on a terminal

    def tell(self, record: dict[str, float | int | str]) -> None:
        """Append a record to the log, a line of JSON."""
        if self.log is not None:
            with self.log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(record) + "\n")

    def show(self, share: float, elapsed_s: float, words: str) -> None:
        """Draw the bar for a done share in 0..1, with what is left at this pace."""
        if self.quiet or not self.screen.isatty():
            return
        left_s = elapsed_s / share - elapsed_s if share > 0 else 0.0
        bar = "█" * round(share * WIDTH)
        self.screen.write(f"\r{bar:·<{WIDTH}} {share:6.1%}  {clock(left_s)} left  {words}  ")
        self.screen.flush()


def clock(seconds: float) -> str:
    """Write a duration as h:mm:ss."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}"
