"""What people saw: one ask with all that came of it, and all asks of one chat."""

import re
from dataclasses import dataclass

BARS_WRITTEN = re.compile(r"\d+ of \d+ bars")  # a status that tells more than a place in line
TOLD_WHEN = re.compile(r"try again in \d")  # a refusal that says when to come back


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one ask; times are in seconds of the monotonic clock."""

    asked_s: float
    acknowledged_s: float | None = None  # the first sign of any kind
    progress_s: float | None = None  # the first status that tells of bars
    pieces_s: tuple[float, ...] = ()  # a file came
    refused_s: tuple[float, ...] = ()  # was told when to come back
    is_failed: bool = False  # the chat's own app said that nobody responds
    last_words: str = ""
    previews: frozenset[str] = frozenset()  # "picture", "sound": what came along

    @property
    def is_lost(self) -> bool:
        """Whether there was neither a piece nor a time to come back."""
        return not self.pieces_s and not self.refused_s

    @property
    def is_doubled(self) -> bool:
        """Whether more than one answer came."""
        return len(self.pieces_s) + len(self.refused_s) > 1


@dataclass(frozen=True, slots=True)
class Account:
    """What a chat's own record tells of a run."""

    chat: str
    outcomes: dict[int, Outcome]  # by the number of the ask
    sent: int  # messages and edits that count against the platform's limit
    floor_s: float | None  # the least time in which the platform lets so many through, if it says
    too_many: int  # answers 429
    flood: int  # calls over a limit
    violations: tuple[str, ...]

    @property
    def lost(self) -> list[Outcome]:
        """All asks that came to nothing."""
        return [each for each in self.outcomes.values() if each.is_lost]

    @property
    def doubled(self) -> list[Outcome]:
        """All asks that were answered twice."""
        return [each for each in self.outcomes.values() if each.is_doubled]

    @property
    def failed(self) -> list[Outcome]:
        """All asks that were acknowledged too late."""
        return [each for each in self.outcomes.values() if each.is_failed]

    @property
    def is_clean(self) -> bool:
        """Whether everyone had one answer and the platform had nothing to object to."""
        wrong = self.lost or self.failed or self.doubled
        return not (wrong or self.flood or self.violations)
