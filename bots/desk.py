"""The desk: every accepted request from its row in the store to the piece in the chat.

    take(job) ─▶ engine.stream ─▶ store.finished ─▶ previews ─▶ door.deliver ─▶ store.delivered
                    │ told as a status, opened once and edited at the platform's pace
    resume()  ─▶ the same, for what a restart left behind

The desk owns the work under way, on the event loop alone; a work is one task, and a second that
tells how it goes. Nothing is lost on the way: each step is a row before the next begins.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import structlog

from audiogroove.errors import AudioGrooveError, Busy, Lost, StoreFailed
from audiogroove.service.engine import Engine
from audiogroove.service.job import Composition, Done, Event, Job, Writing
from audiogroove.store import Store
from audiogroove.store.rows import JobState, NewPiece, StoredJob
from bots import replies
from bots.chat import Address, Reply, Undeliverable, Unreachable
from bots.doors import Doors
from bots.metrics import Meters
from bots.patience import patient_s, pause_s
from bots.previews import Previews, affordable, bare

MAX_ATTEMPTS = 5  # at composing one piece
USUAL_S = 2.0  # of a piece, until we know better
TRIES_WITH_PREVIEWS = 6  # about a minute: a line that is too slow for them may carry the notes
FAREWELL_S = 5.0  # for telling the chats that we leave
PACE_MEMORY = 0.9  # of the running mean of seconds a piece

T = TypeVar("T")
Open = Callable[[Reply], Awaitable[Address]]
_LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Room:
    """How much may lie on the desk."""

    person: int = 4  # being composed or waiting, of one person
    all: int = 500


@dataclass(frozen=True, slots=True)
class World:
    """What the desk shares with everybody: the time, and the meters."""

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    now_s: Callable[[], float] = time.time  # of the wall, since 1970
    meters: Meters = field(default_factory=Meters)


@dataclass(eq=False)
class _Work:
    """One job on the desk."""

    job: StoredJob
    address: Address
    event: Event | None = None
    news: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None
    telling: asyncio.Task[None] | None = None
    is_hushed: bool = False  # nothing more is to be told
    is_speaking: bool = False  # an edit is on its way: it must arrive before the next
    is_composed: bool = False  # from here on it can no longer be cancelled
    is_delivering: bool = False  # the last words are on their way
    ending: Reply | None = None  # what is said instead of a piece, when its person stopped it
    is_kept: bool = False  # we are leaving: the next process brings it


class Desk:
    """Composes and delivers what was accepted."""

    def __init__(
        self,
        store: Store,
        engine: Engine,
        doors: Doors,
        previews: Previews,
        *,
        room: Room = Room(),
        world: World | None = None,
    ) -> None:
        """Set up an empty desk."""
        self._store, self._engine, self._doors = store, engine, doors
        self._previews = previews
        self._room = room
        self._world = world or World()
        self._sleep = self._world.sleep
        self._works: dict[str, _Work] = {}
        self._kept_for: Counter[str] = Counter()  # by person: room for what is being accepted
        self._pace_s = USUAL_S
        self._is_closing = False

    # What others may ask.

    @contextmanager
    def room_for(self, person: str) -> Iterator[None]:
        """Keep room for one more request of this person, until it is taken or comes to nothing.

        Raises:
            Busy: when there is none.
        """
        undone = [work for work in self._works.values() if not work.is_composed]
        own = sum(work.job.person == person for work in undone) + self._kept_for[person]
        if own >= self._room.person:
            raise Busy(own=True, waiting=own, retry_after_s=self._pace_s)
        waiting = len(self._works) + self._kept_for.total()
        if waiting >= self._room.all:
            raise Busy(own=False, waiting=waiting, retry_after_s=self._pace_s * waiting / 4)
        self._kept_for[person] += 1
        try:
            yield
        finally:
            self._kept_for[person] -= 1
            if not self._kept_for[person]:
                del self._kept_for[person]

    def of_person(self, person: str) -> list[tuple[StoredJob, Event | None]]:
        """List a person's works and how they stand, the oldest first."""
        mine = (work for work in self._works.values() if work.job.person == person)
        return [(work.job, work.event) for work in mine if not work.is_composed]

    def count(self) -> tuple[int, int]:
        """Count what is being written, and what waits."""
        undone = [work for work in self._works.values() if not work.is_composed]
        running = sum(isinstance(work.event, Writing) for work in undone)
        return running, len(undone) - running

    def job(self, job_id: str) -> StoredJob | None:
        """Look up a job on the desk that can still be cancelled."""
        work = self._works.get(job_id)
        return work.job if work and not work.is_composed else None

    def holds(self, job_id: str) -> bool:
        """Tell whether a job is under way, its delivery included."""
        return job_id in self._works

    async def cancel(self, job_id: str, ending: Reply) -> bool:
        """Stop a job, say so where it was asked for; False when it is too late."""
        work = self._works.get(job_id)
        if work is None or work.task is None or work.is_composed or work.ending:
            return False
        work.ending = ending
        await self._store.cancelled(job_id)
        work.task.cancel()
        return True

    # Coming and going.

    def take(self, job: StoredJob, open_answer: Open | None = None) -> None:
        """Begin with a job that is a row in the store; `open_answer` says the first words of it."""
        work = _Work(job, job.address)
        self._works[job.id] = work
        work.is_kept = self._is_closing
        work.task = asyncio.create_task(self._carry(work, open_answer), name=job.id)

    async def settled(self) -> None:
        """Wait until there is nothing on the desk."""
        while tasks := [work.task for work in self._works.values() if work.task]:
            await asyncio.wait(tasks)

    async def resume(self) -> None:
        """Take up what an earlier process left behind; a store that cannot tell raises."""
        left = await self._store.unfinished()
        for job in left.jobs:
            self.take(job)
        for job in left.poison:
            self.take(job)  # to be told of it
        if left.jobs or left.poison:
            _LOG.info("taken up after a restart", jobs=len(left.jobs), given_up=len(left.poison))

    async def close(self, grace_s: float) -> None:
        """Finish what can be finished in so many seconds; the rest is kept for the next start."""
        self._is_closing = True
        tasks = [work.task for work in self._works.values() if work.task]
        if tasks:
            await asyncio.wait(tasks, timeout=grace_s)
        left = [work for work in self._works.values() if work.task and not work.task.done()]
        for work in left:
            work.is_kept = not work.is_delivering
            if work.task:
                work.task.cancel()
        if left:
            _LOG.info("kept for the next start", jobs=len(left))
            await asyncio.wait([work.task for work in left if work.task], timeout=FAREWELL_S)

    # The life of one job.

    async def _carry(self, work: _Work, open_answer: Open | None) -> None:
        with structlog.contextvars.bound_contextvars(job=work.job.id, platform=work.job.platform):
            try:
                await self._carry_on(work, open_answer)
            except asyncio.CancelledError:
                await self._end(work)
            except Exception:  # noqa: BLE001  (the border: one job's misfortune is not another's)
                _LOG.exception("a job broke")
                await self._give_up(work, replies.broken(work.job.id), "broken")
            finally:
                self._works.pop(work.job.id, None)

    async def _carry_on(self, work: _Work, open_answer: Open | None) -> None:
        if work.is_kept:  # asked for while we are leaving
            if open_answer:
                await self._open(work, open_answer, replies.restarting(work.job.request))
            return
        if work.job.state is JobState.FAILED:
            work.is_composed = True
            await self._deliver(work, replies.sorry(Lost("too many attempts"), work.job.id))
        elif work.job.state is JobState.DONE or await self._become_piece(work, open_answer):
            work.is_composed = True
            if await self._deliver(work, await self._finished(work)):
                await self._patiently(lambda: self._store.delivered(work.job.id))
                waited_s = self._world.now_s() - work.job.created_s
                self._world.meters.delivered(work.job.platform, waited_s)

    async def _finished(self, work: _Work) -> Reply:
        """Make the reply of a piece, with what its platform shows and the crowd allows."""
        stored = await self._store.piece_of_job(work.job.id)
        door = await self._doors.reach(work.job.platform)
        others = len(self._works) - 1 - self.count()[0]  # that wait to be written or made heard
        wanted = affordable(door.previews, others)
        files = await self._previews.of(stored, wanted)
        return replies.finished(stored, files, self._previews.offers)

    async def _become_piece(self, work: _Work, open_answer: Open | None) -> bool:
        """Compose, and keep what came of it; False when there is nothing to deliver."""
        work.telling = asyncio.create_task(self._tell(work, open_answer))
        try:
            composition = await self._compose(work)
        except AudioGrooveError as error:
            _LOG.warning("given up", error=repr(error))
            await self._hush(work)
            await self._give_up(work, replies.sorry(error, work.job.id), repr(error))
            return False
        work.is_composed = True
        is_kept = await self._keep(work, composition)
        await self._hush(work)
        return is_kept  # or forgotten meanwhile

    async def _compose(self, work: _Work) -> Composition:
        job = Job(work.job.id, work.job.person, work.job.request)
        attempts = work.job.attempts
        while True:
            try:
                return await self._listen(work, job)
            except Busy as busy:
                await self._sleep(busy.retry_after_s)
            except Lost:
                attempts += 1
                if attempts >= MAX_ATTEMPTS:
                    raise
                _LOG.warning("lost, once more", attempts=attempts)
                await self._store.requeued(job.id)
                await self._sleep(pause_s(attempts - work.job.attempts - 1))

    async def _listen(self, work: _Work, job: Job) -> Composition:
        async with aclosing(self._engine.stream(job)) as events:
            async for event in events:
                if isinstance(event, Done):
                    seconds = event.composition.seconds
                    self._pace_s = PACE_MEMORY * self._pace_s + (1 - PACE_MEMORY) * seconds
                    return event.composition
                begins = isinstance(event, Writing) and not isinstance(work.event, Writing)
                work.event = event
                work.news.set()
                if begins:
                    await self._store.started([job.id])
        raise Lost("the engine said nothing more")

    async def _keep(self, work: _Work, composition: Composition) -> bool:
        piece = NewPiece(
            piece=composition.piece,
            style=composition.style,
            seconds=composition.seconds,
        )
        return await self._patiently(lambda: self._store.finished(work.job.id, piece))

    async def _patiently(self, call: Callable[[], Awaitable[T]]) -> T:
        """Do something in the store, waiting out a full disk: nothing may be lost here."""
        failures = 0
        while True:
            try:
                return await call()
            except StoreFailed as failure:
                _LOG.error("the store failed", fault=failure.fault)
                await self._sleep(pause_s(failures))
                failures += 1

    # Saying how it goes.

    async def _tell(self, work: _Work, open_answer: Open | None) -> None:
        """Open the answer and edit it while there is news, until hushed."""
        await work.news.wait()  # the engine's first word comes at once
        work.news.clear()
        told = replies.status(work.job.id, work.job.request, work.event)
        if open_answer:
            await self._open(work, open_answer, told)
        door = await self._doors.reach(work.job.platform)
        quiet_s = door.pause_s(work.address) / 2  # the first news soon, for those who watch
        while not work.is_hushed:
            await self._sleep(quiet_s)
            quiet_s = patient_s(door.pause_s(work.address), work.event)
            await work.news.wait()
            work.news.clear()
            now = replies.status(work.job.id, work.job.request, work.event)
            if now != told:
                work.is_speaking = True
                await door.show(work.address, now)
                work.is_speaking, told = False, now

    async def _open(self, work: _Work, open_answer: Open, words: Reply) -> None:
        try:
            work.address = await open_answer(words)
        except (Undeliverable, Unreachable) as fault:
            _LOG.info("the first words were not said", fault=str(fault))
            return  # the piece will find its own way
        work.is_speaking = True  # nor may it be forgotten where that was
        await self._store.placed(work.job.id, work.address)
        work.is_speaking = False

    async def _hush(self, work: _Work) -> None:
        """Say no more; what is being said arrives first."""
        if work.telling is None:
            return
        work.is_hushed = True
        if not work.is_speaking:
            work.telling.cancel()
        (outcome,) = await asyncio.gather(work.telling, return_exceptions=True)
        if isinstance(outcome, Exception):
            _LOG.error("telling broke", exc_info=outcome)

    # The last words.

    async def _deliver(self, work: _Work, reply: Reply) -> bool:
        """Bring the last words there, as often as it takes; False when they never will arrive."""
        work.is_delivering = True
        failures = 0
        while True:
            door = await self._doors.reach(work.job.platform)
            try:
                await door.deliver(
                    work.address, reply, nonce=work.job.id, placed=partial(self._place, work)
                )
            except Unreachable as fault:
                _LOG.warning("not delivered yet", fault=str(fault))
                await self._sleep(fault.retry_after_s or pause_s(failures))
                failures += 1
                reply = reply if failures < TRIES_WITH_PREVIEWS else bare(reply)
            except Undeliverable as fault:
                _LOG.warning("undeliverable", fault=str(fault))
                await self._patiently(lambda: self._store.failed(work.job.id, "undeliverable"))
                return False
            else:
                return True

    async def _place(self, work: _Work, address: Address) -> None:
        """Note how far a delivery has come."""
        work.address = address
        await self._patiently(lambda: self._store.placed(work.job.id, address))

    async def _give_up(self, work: _Work, words: Reply, fault: str) -> None:
        await self._patiently(lambda: self._store.failed(work.job.id, fault))
        await self._deliver(work, words)

    async def _end(self, work: _Work) -> None:
        """Say the last words of a job that was stopped, by its person or by our leaving."""
        await self._hush(work)
        if work.is_kept:
            if not work.is_composed:
                await self._store.requeued(work.job.id)  # that we leave is no fault of the job's
            await self._say_once(work, replies.restarting(work.job.request))
        elif work.ending:
            await self._deliver(work, work.ending)

    async def _say_once(self, work: _Work, words: Reply) -> None:
        """Say something that is worth one try."""
        if self._doors.is_open(work.job.platform):
            door = await self._doors.reach(work.job.platform)
            with suppress(Undeliverable, Unreachable):
                await door.deliver(
                    work.address, words, nonce=work.job.id, placed=partial(self._place, work)
                )
