"""Everything that may go wrong on purpose, as one tree.

    AudioGrooveError
    ├── SeedRejected         these bytes cannot be a seed          (fault, facts)
    ├── RequestRefused       this wish cannot be granted           (field, asked, possible)
    ├── CheckpointRejected   this folder is not a usable model     (folder, fault)
    └── DatasetRejected      this folder is not a usable data set  (folder, fault)

Errors carry facts. The sentence that a person reads is made from them in
`audiogroove.sentences`, so that every door of the house says the same thing.
"""

from enum import StrEnum
from pathlib import Path


class AudioGrooveError(Exception):
    """The root: whatever is raised on purpose descends from it."""


class SeedFault(StrEnum):
    """Why a stranger's bytes were refused as a seed."""

    EMPTY_FILE = "empty_file"
    TOO_LARGE = "too_large"
    NOT_MIDI = "not_midi"
    DAMAGED = "damaged"
    NO_NOTES = "no_notes"
    TOO_MANY_NOTES = "too_many_notes"
    TOO_MANY_TRACKS = "too_many_tracks"
    TOO_LONG = "too_long"
    IMPOSSIBLE_VALUES = "impossible_values"
    TOO_COSTLY = "too_costly"


class SeedRejected(AudioGrooveError):
    """Bytes that were offered as a seed and cannot be read as a piece.

    `found` and `limit` are the measured and the allowed amount where the fault
    is one of amount (bytes, notes, tracks, bars), else None.
    """

    def __init__(
        self, fault: SeedFault, *, found: float | None = None, limit: float | None = None
    ) -> None:
        super().__init__(fault, found, limit)
        self.fault = fault
        self.found = found
        self.limit = limit


class RequestRefused(AudioGrooveError):
    """A wish that cannot be granted: which field, what was asked, what is possible."""

    def __init__(self, field: str, *, asked: object, possible: str) -> None:
        super().__init__(field, asked, possible)
        self.field = field
        self.asked = asked
        self.possible = possible


class CheckpointRejected(AudioGrooveError):
    """A folder that should hold a model and does not, or whose files disagree."""

    def __init__(self, folder: Path, *, fault: str) -> None:
        super().__init__(folder, fault)
        self.folder = folder
        self.fault = fault


class DatasetRejected(AudioGrooveError):
    """A folder that should hold a prepared data set and does not."""

    def __init__(self, folder: Path, *, fault: str) -> None:
        super().__init__(folder, fault)
        self.folder = folder
        self.fault = fault
