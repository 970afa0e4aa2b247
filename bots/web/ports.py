"""What the web front end works with; the composition root hands it over."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from audiogroove.store.rows import StoredJob, StoredPiece
from bots.chat import Ear, Notes
from bots.doors import Doors
from bots.jams.view import JamView
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


class Watch(Protocol):
    """Somebody who waits for news of one jam."""

    async def news(self) -> JamView | None:
        """Wait for something newer than what was told last; None when no more will come."""


class Gallery(Protocol):
    """Where jams are watched."""

    async def look(self, jam_id: str) -> JamView:
        """Tell how a jam stands, also one that is over; Gone("jam") when it is not kept."""

    def watch(self, jam_id: str) -> AbstractContextManager[Watch]:
        """Watch a jam for as long as the block lasts; one that is not there has no news."""


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
    gallery: Gallery | None = None  # without one no jam can be watched
