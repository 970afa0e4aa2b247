"""The store's front door: what the chats and the desk may ask of it."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Executable, Row

from audiogroove.errors import Gone
from audiogroove.music.credits import Credits
from audiogroove.request import ComposeRequest
from audiogroove.store import forgetting, jams, jobs, pieces, quotas, renderings, settings
from audiogroove.store.clock import US_PER_S, SteadyClock
from audiogroove.store.database import Database, open_database
from audiogroove.store.jam_shelf import JamShelf
from audiogroove.store.packing import UNREADABLE, pack_piece, pack_request
from audiogroove.store.renderings import Rendering
from audiogroove.store.rows import (
    Charge,
    Forgotten,
    JobState,
    NewJob,
    NewPiece,
    StoredJob,
    StoredPiece,
    Unfinished,
)
from audiogroove.store.writer import Writer

DEFAULTS_KEPT = 4096  # chats
RETENTION_S = 30 * 24 * 3600.0
RENDERED_BYTES = 512 * 2**20


class Store:
    """Keeps jobs, pieces and their renderings, quotas, defaults and notes; `open` makes one.

    Jams are asked for at `jams`.

    Whatever changes something returns when it is on the disk. Every method raises StoreFailed
    when the database refuses, as when the disk is full; then nothing of it is kept.
    """

    def __init__(
        self, database: Database, clock: SteadyClock, retention_s: float, rendered_bytes: int
    ) -> None:
        self._database = database
        self._writer = Writer(database.writing)
        self._clock = clock
        self.jams = JamShelf(database, self._writer, clock)
        self._retention_s, self._rendered_bytes = retention_s, rendered_bytes
        self._defaults: dict[str, dict[str, str]] = {}  # by chat, of those asked for lately

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        clock: Callable[[], float] = time.time,
        retention_s: float = RETENTION_S,
        rendered_bytes: int = RENDERED_BYTES,
    ) -> Self:
        """Open a database, made where there is none and brought up to date where it is old.

        `url` is "sqlite+aiosqlite:///path" or "postgresql+psycopg://…"; `clock` tells wall time in
        seconds; what is older than `retention_s` goes with the next `sweep`, and of renderings
        no more than `rendered_bytes` are kept. A database that cannot be had, or that a later
        version has written, ends in StoreFailed.
        """
        database = await asyncio.to_thread(open_database, url)
        return cls(database, SteadyClock(clock), retention_s, rendered_bytes)

    async def close(self) -> None:
        """Write what waits to be written, and close all connections."""
        await self._writer.close()
        await self._database.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    # Jobs: from the moment they are accepted until their piece is in the chat.

    async def accept(self, new: NewJob, charges: Sequence[Charge] = ()) -> StoredJob | None:
        """Keep a request and charge for it, all or nothing; None when its id is known already.

        When a quota is used up it ends in QuotaReached: nothing is kept, nothing charged.
        """
        pack = await _packing(new.request)
        now_us = self._clock.now_us()
        work = partial(jobs.accept, now_us=now_us, new=new, pack=pack, charges=charges)
        if not await self._writer.do(work):
            return None
        return StoredJob(
            id=new.id,
            platform=new.platform,
            chat=new.chat,
            person=new.person,
            request=new.request,
            address=new.address,
            parent=new.parent,
            state=JobState.QUEUED,
            attempts=0,
            created_s=now_us / US_PER_S,
        )

    async def placed(self, job_id: str, address: Mapping[str, object]) -> None:
        """Note that a job's answer goes elsewhere from now on."""
        await self._writer.do(partial(jobs.place, job_id=job_id, address=address))

    async def started(self, job_ids: Sequence[str]) -> None:
        """Note that queued jobs are being composed."""
        await self._move(job_ids, JobState.RUNNING)

    async def requeued(self, job_id: str) -> None:
        """Note that a job that was being composed waits again, which counts as no attempt."""
        await self._move([job_id], JobState.QUEUED)

    async def finished(self, job_id: str, new: NewPiece) -> bool:
        """Keep what came of a job; False when it was cancelled, has failed or is forgotten."""
        packed = await asyncio.to_thread(pack_piece, new.piece)
        now_us = self._clock.now_us()
        work = partial(pieces.finish, now_us=now_us, job_id=job_id, new=new, packed_piece=packed)
        return await self._writer.do(work)

    async def delivered(self, job_id: str) -> None:
        """Note that the piece of a job is in the chat."""
        await self._move([job_id], JobState.DELIVERED)

    async def failed(self, job_id: str, fault: str) -> None:
        """Note that nothing came of a job, or nothing that can be delivered, and why."""
        await self._move([job_id], JobState.FAILED, fault)

    async def cancelled(self, job_id: str) -> bool:
        """Cancel a job that is not done yet; False when it is too late."""
        return await self._move([job_id], JobState.CANCELLED) > 0

    async def unfinished(self) -> Unfinished:
        """Take up what an earlier process left behind; for the one process that works on it.

        What was running is queued, as one attempt more; after five it fails. What was done and
        not delivered is there, too.
        """
        left = await self._writer.do(jobs.take_up)
        readable, unreadable = await asyncio.to_thread(jobs.read_all, left.open)
        await self._move([job.id for job in unreadable], JobState.FAILED, "unreadable request")
        poison, strange = await asyncio.to_thread(jobs.read_all, left.poison)
        given_up = (replace(job, state=JobState.FAILED) for job in poison + strange + unreadable)
        return Unfinished(tuple(readable), tuple(given_up))

    async def job(self, job_id: str) -> StoredJob:
        """Look a job up.

        Raises:
            Gone: when it is not kept, or no longer.
        """
        row = await self._row(jobs.by_id(job_id))
        try:
            job = await asyncio.to_thread(jobs.read, row) if row else None
        except UNREADABLE as error:
            raise Gone("request") from error
        if job is None:
            raise Gone("request")
        return job

    async def jobs_of(self, person: str) -> list[StoredJob]:
        """List a person's open jobs, the oldest first."""
        rows = await self._database.rows(jobs.open_of(person))
        readable, _ = await asyncio.to_thread(jobs.read_all, rows)
        return readable

    # Pieces.

    async def piece(self, piece_id: str) -> StoredPiece:
        """Look a piece up.

        Raises:
            Gone: when it is not kept, or no longer.
        """
        piece = await self._piece(pieces.by_id(piece_id))
        if piece is None:
            raise Gone("piece")
        return piece

    async def piece_of_job(self, job_id: str) -> StoredPiece:
        """Look up the piece that came of a job.

        Raises:
            Gone: when there is none, or no longer.
        """
        piece = await self._piece(pieces.of_job(job_id))
        if piece is None:
            raise Gone("piece")
        return piece

    async def latest(self, chat: str) -> StoredPiece | None:
        """Find the piece that was finished last in a chat."""
        return await self._piece(pieces.latest_in(chat))

    async def piece_noted(self, chat: str, words: str) -> StoredPiece | None:
        """Find the latest piece of a chat whose address, as JSON, has these words in it."""
        return await self._piece(pieces.noted_in(chat, words))

    async def credit(self, piece_id: str, credited: Credits) -> None:
        """Say who made which bars of a piece, in place of what was said; of none that is gone."""
        await self._writer.do(partial(pieces.credit, piece_id=piece_id, credited=credited))

    async def delete_piece(self, piece_id: str) -> bool:
        """Delete a piece and what was asked for it; False when there is none."""
        return await self._writer.do(partial(pieces.remove, piece_id=piece_id))

    async def rendering(self, piece_id: str, name: str, edition: str) -> bytes | None:
        """Fetch what was made of a piece; None when it was not, or in another edition."""
        row = await self._row(renderings.find(piece_id, name, edition))
        return bytes(row.data) if row else None

    async def keep_rendering(self, rendering: Rendering) -> None:
        """Keep what was made of a piece, for as long as it and the room for it last."""
        now_us, most_bytes = self._clock.now_us(), self._rendered_bytes
        work = partial(renderings.keep, now_us=now_us, rendering=rendering, most_bytes=most_bytes)
        await self._writer.do(work)

    # What is assumed in a chat, and facts of the house.

    async def defaults(self, chat: str) -> dict[str, str]:
        """Tell what is assumed in a chat: by option name, as it was typed."""
        if chat not in self._defaults:
            row = await self._row(settings.defaults_of(chat))
            if chat not in self._defaults:  # else they were set while we read
                self._keep_defaults(chat, json.loads(row.options) if row else {})
        return dict(self._defaults[chat])

    async def set_defaults(self, chat: str, options: Mapping[str, str]) -> None:
        """Assume this in a chat from now on, and nothing else."""
        await self._writer.do(partial(settings.set_defaults, chat=chat, options=options))
        self._keep_defaults(chat, options)

    def _keep_defaults(self, chat: str, options: Mapping[str, str]) -> None:
        """Remember what is asked for with every request; nobody else changes it."""
        self._defaults[chat] = dict(options)
        if len(self._defaults) > DEFAULTS_KEPT:
            del self._defaults[next(iter(self._defaults))]

    async def note(self, name: str) -> str | None:
        """Read the fact that was set down under a name."""
        row = await self._row(settings.note(name))
        return str(row.value) if row else None

    async def set_note(self, name: str, value: str) -> None:
        """Set a small fact down, such as which commands a platform was told last."""
        await self._writer.do(partial(settings.set_note, name=name, value=value))

    # Forgetting.

    async def forget(self, person: str) -> Forgotten:
        """Delete a person's jobs and pieces, open jobs too: they are told, to be cancelled.

        What they made with others stays, but nobody can tell any more that it was they: in jams,
        and in the credits of their pieces, they have another key and name. Each such jam is one
        version on; those that are under way are told, to be looked up anew.

        How much of their quota was used stays until it has run out; forgetting would be a way
        around every quota otherwise.
        """
        return await self._writer.do(partial(forgetting.forget, person=person))

    async def sweep(self) -> None:
        """Delete what is past its retention, and quotas that have run out.

        Open jobs stay, and so do jams that are under way, with all that was made for them.
        """
        now_us = self._clock.now_us()
        before_us = now_us - round(self._retention_s * US_PER_S)
        while await self._writer.do(partial(jobs.sweep, before_us=before_us)):
            pass  # others have their turn between
        await self._writer.do(partial(jams.sweep, before_us=before_us))
        await self._writer.do(partial(quotas.sweep, now_us=now_us))

    async def _move(self, job_ids: Sequence[str], state: JobState, fault: str | None = None) -> int:
        if not job_ids:
            return 0
        return await self._writer.do(partial(jobs.move, job_ids=job_ids, state=state, fault=fault))

    async def _piece(self, query: Executable) -> StoredPiece | None:
        row = await self._row(query)
        try:
            return await asyncio.to_thread(pieces.read, row) if row else None
        except UNREADABLE as error:
            raise Gone("piece") from error

    async def _row(self, query: Executable) -> Row[Any] | None:
        return next(iter(await self._database.rows(query)), None)


async def _packing(request: ComposeRequest) -> Callable[[], bytes]:
    """Tell how to pack a request: the writer can, but must not pack large pieces while all wait."""
    if request.material is None:
        return partial(pack_request, request)
    packed = await asyncio.to_thread(pack_request, request)
    return lambda: packed
