"""What the web front end works with; the composition root hands it over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from audiogroove.store.rows import StoredJob, StoredPiece
from bots.chat import Ear, Notes
from bots.doors import Doors
from bots.metrics import Meters
from bots.previews import Maker
from bots.web.options import Options


class Library(Notes, Protocol):
    """Where compositions are looked up; the store is one."""

    async def job(self, job_id: str) -> StoredJob:
        """Look a job up; Gone when it is not kept."""

    async def piece(self, piece_id: str) -> StoredPiece:
        """Look a piece up; Gone when it is not kept."""

    async def piece_of_job(self, job_id: str) -> StoredPiece:
        """Look up the piece that came of a job; Gone when there is none."""


@dataclass(frozen=True, slots=True)
class Health:
    """How the house is, apart from its store, which is asked for itself."""

    ready: Mapping[str, bool]  # what must be well for it to serve, such as "model"
    facts: Mapping[str, object] = field(default_factory=dict)  # JSON values, told beside


@dataclass(frozen=True, slots=True)
class Ports:
    """All of it."""

    ear: Ear
    doors: Doors
    store: Library
    studio: Maker
    options: Options
    health: Callable[[], Health]
    meters: Meters
