"""One request under way: what is asked of an engine, and what it tells meanwhile."""

from dataclasses import dataclass

from audiogroove.music.piece import Piece
from audiogroove.request import ComposeRequest


@dataclass(frozen=True)
class Composition:
    """What came of a request."""

    piece: Piece
    request: ComposeRequest
    style: str  # the wished one or the one that was drawn; empty when a file set the tone
    new_notes: int
    seconds: float  # from the first to the last step, whoever else was written meanwhile
    resampled: int = 0  # how often it was written anew because it copied too much …
    is_copy: bool = False  # … and whether it still does: more than real music

    @property
    def notes_per_second(self) -> float:
        """How fast the new notes were written."""
        return self.new_notes / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class Job:
    """One request of one person; the id is the platform's own for the event that asked."""

    id: str
    person: str  # whose pile it lies on
    request: ComposeRequest


@dataclass(frozen=True, slots=True)
class Waiting:
    """Not begun; `ahead` counts the jobs that are now expected to begin before it."""

    ahead: int


@dataclass(frozen=True, slots=True)
class Writing:
    """Under way: `bars` of `total` new ones are written."""

    bars: int
    total: int


@dataclass(frozen=True)
class Done:
    """Finished: always the last that is told."""

    composition: Composition


Event = Waiting | Writing | Done
