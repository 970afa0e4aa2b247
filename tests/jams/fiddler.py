"""An engine for jams that plays at once, or when a test lets it."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace

from audiogroove.errors import Lost, RequestRefused
from audiogroove.music.piece import Piece
from audiogroove.request import ComposeRequest
from audiogroove.service.engine import Health
from audiogroove.service.job import Composition, Done, Event, Job, Waiting, Writing
from tests.dialogues.stage import played


class Fiddler:
    """An engine that plays at once; `held`, it plays when it is let go, or it `loses` all."""

    def __init__(self) -> None:
        """Play at once."""
        self.held = False
        self.loses = False
        self.refuses = False
        self.played: list[str] = []  # ids of jobs, each as often as it was begun
        self.begun = asyncio.Semaphore(0)
        self._go = asyncio.Event()

    def hold(self) -> None:
        """Play nothing from now on until `let_go`."""
        self.held = True
        self._go.clear()

    def let_go(self) -> None:
        """Play again."""
        self.held = False
        self._go.set()

    async def start(self) -> None:
        """Be ready."""

    async def stream(self, job: Job) -> AsyncGenerator[Event]:
        """Play a job.

        Yields:
            How far it is, and the piece.

        Raises:
            Lost: when the test wants it so.
            RequestRefused: likewise.
        """
        self.played.append(job.id)
        yield Waiting(0)
        if self.held:
            yield Writing(1, job.request.bars or 4)
            self.begun.release()
            await self._go.wait()
        if self.loses:
            raise Lost("the test wants it so")
        if self.refuses:
            raise RequestRefused("bars", asked=job.request.bars, possible="nothing")
        style = job.request.style or "folk"
        yield Done(Composition(fiddled(job.request), job.request, style, 9, 1))

    def health(self) -> Health:
        """Be well."""
        return Health(ready=True, waiting=0, running=0, notes_per_second=0.0)

    async def close(self, *, drain_s: float = 0.0) -> None:
        """End."""


def fiddled(request: ComposeRequest) -> Piece:
    """Play a request; what goes on from something keeps its tempo and key."""
    piece, before = played(request), request.material
    if before is None:
        return piece
    return replace(piece, tempos=before.tempos, key=before.key)
