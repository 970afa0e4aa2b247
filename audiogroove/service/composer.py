"""The engine that lives in this process: many askers, one model.

    stream ─▶ admit ─▶ open ─▶ hop … hop ─▶ finish ─▶ Done
     loop     loop     desk    writer       desk      loop
                                  ▲            │
                                  └─ once more ┘

The event loop owns the state, two threads own the arithmetic. The writer takes every work under
way some notes further, hop by hop. At the desk requests are opened and pieces put together, so
that a long file keeps nobody from being written. Scheduler, works and channels are touched on the
loop only: no locks, no polling.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from audiogroove.errors import AudioGrooveError, Lost
from audiogroove.model.checkpoint import Checkpoint
from audiogroove.service.channel import Channel
from audiogroove.service.engine import Health
from audiogroove.service.job import Done, Event, Job, Waiting, Writing
from audiogroove.service.runner import Hop, Runner, make_runner
from audiogroove.service.scheduler import USUAL, Limits, Scheduler

PLACES_S = 0.5  # between two tellings of all places
GIVE_WAY_S = 0.5  # at most, before each hop
CALM_TURN_S = 0.01  # of the loop: nobody waits
LATELY = 64  # hops that the pace is taken from

W = TypeVar("W")
T = TypeVar("T")

_LOG = logging.getLogger(__name__)


@dataclass(eq=False)
class _Asker:
    """One job from its admission to its end."""

    job: Job
    ticket: int
    work: Any = None  # once it is opened
    progress: Waiting | Writing | None = None
    channel: Channel = field(default_factory=Channel)

    def tell(self, progress: Waiting | Writing) -> None:
        """Say how it goes, if that is news."""
        if progress != self.progress:
            self.progress = progress
            self.channel.tell(progress)


class Composer:
    """Composes for many at once; an `Engine`, see there what each method promises."""

    def __init__(
        self,
        load: Callable[[], Checkpoint | Runner[Any]],
        *,
        limits: Limits = USUAL,
        threads: int = 1,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Set up an engine that `start` makes ready.

        `load` gives a model, or something that runs one; it is called off the loop. `threads` is
        how many of the processor's a model may use.
        """
        self._make_runner = partial(make_runner, load, threads=threads)
        self._runner: Runner[Any]  # from `start` on, and so whenever a job is admitted
        self._clock = clock
        self._scheduler = Scheduler(limits)
        self._askers: dict[int, _Asker] = {}  # by ticket: all that wait or run
        self._opened: dict[Any, _Asker] = {}  # by work: who joins at the next hop
        self._written: dict[Any, _Asker] = {}  # by work: who is in the runner …
        self._leaving: list[Any] = []  # … and which works are, though nobody wants them any more
        self._hops: deque[tuple[float, int]] = deque(maxlen=LATELY)  # seconds and notes
        self._takes = False  # new jobs
        self._is_closed = False
        self._wake, self._idle = asyncio.Event(), asyncio.Event()
        self._idle.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._telling: asyncio.TimerHandle | None = None
        self._writer = ThreadPoolExecutor(1, "writer")
        self._desk = ThreadPoolExecutor(1, "desk")

    async def start(self) -> None:
        """Load the model and write a bar with it; what `load` raises is raised here."""
        loop = asyncio.get_running_loop()
        self._runner = await loop.run_in_executor(self._writer, self._make_runner)
        self._takes = True
        self._spawn(self._serve())

    async def stream(self, job: Job) -> AsyncGenerator[Event]:
        """Compose a job and tell how it goes.

        Yields:
            `Waiting`, `Writing`, and in the end `Done`.
        """
        asker = self._admit(job)
        try:
            while not isinstance(event := await asker.channel.hear(), Done):
                yield event
            yield event
        finally:
            self._end(asker)

    def health(self) -> Health:
        """Tell how the engine is."""
        return Health(
            ready=self._takes,
            waiting=self._scheduler.waiting,
            running=self._scheduler.running,
            notes_per_second=self._pace() if self._written else 0.0,
        )

    async def close(self, *, drain_s: float = 0.0) -> None:
        """Take nothing more, end what can be ended in so many seconds, and lose the rest."""
        self._takes = False
        with suppress(TimeoutError):
            async with asyncio.timeout(drain_s):
                await self._idle.wait()
        self._is_closed = True
        if self._telling:
            self._telling.cancel()
        for asker in tuple(self._askers.values()):
            self._end(asker, Lost("closed"))
        self._wake.set()
        await asyncio.gather(*self._tasks)
        for pool in (self._writer, self._desk):
            await asyncio.to_thread(pool.shutdown)

    # Coming and going.

    def _admit(self, job: Job) -> _Asker:
        """Take a job in.

        Raises:
            Lost: when nothing is taken, yet or any more.
        """
        if not self._takes:
            raise Lost("closed")
        asker = _Asker(job, self._scheduler.admit(job.person))
        self._askers[asker.ticket] = asker
        self._idle.clear()
        self._schedule()
        asker.tell(Waiting(self._scheduler.places().get(asker.ticket, 0)))
        return asker

    def _end(self, asker: _Asker, end: Done | AudioGrooveError | None = None) -> None:
        """Let a job go, wherever it is; nothing happens when it has ended before."""
        if self._askers.pop(asker.ticket, None) is None:
            return
        if end is not None:
            asker.channel.end(end)
        if self._written.pop(asker.work, None):
            self._leaving.append(asker.work)
        self._opened.pop(asker.work, None)
        self._scheduler.end(asker.ticket, self._clock())
        if not self._askers:
            self._idle.set()
        self._schedule()

    def _lose(self, askers: Iterable[_Asker], error: Exception) -> None:
        """Tell those who are concerned that their work came to nothing, and the log why."""
        lost = tuple(askers)
        _LOG.error("%d jobs are lost", len(lost), exc_info=error)
        for asker in lost:
            self._end(asker, Lost(type(error).__name__))

    def _schedule(self) -> None:
        """Open what may begin, and tell the others how many are before them."""
        if self._is_closed:
            return
        for ticket in self._scheduler.begin(self._clock()):
            self._spawn(self._open(self._askers[ticket]))
        if self._telling is None and self._scheduler.waiting:
            self._telling = asyncio.get_running_loop().call_later(PLACES_S, self._tell_places)
        self._wake.set()

    def _tell_places(self) -> None:
        """Tell all who wait how many are before them.

        Not at each coming and going: of a thousand, each would be heard by a thousand.
        """
        self._telling = None
        for ticket, ahead in self._scheduler.places().items():
            self._askers[ticket].tell(Waiting(ahead))

    # At the desk: one job each, however long it takes.

    async def _open(self, asker: _Asker) -> None:
        work = await self._at_desk(asker, self._runner.open, asker.job.request)
        if work is not None:
            asker.work = work
            self._let_in(asker)

    async def _finish(self, asker: _Asker) -> None:
        composition = await self._at_desk(asker, self._runner.finish, asker.work)
        if composition is not None:
            self._end(asker, Done(composition))
        else:  # it is to be written once more, or has failed and ended
            self._let_in(asker)

    def _let_in(self, asker: _Asker) -> None:
        """Let an open work join at the next hop, if it is still wanted."""
        if asker.ticket in self._askers:
            self._opened[asker.work] = asker
            self._wake.set()

    async def _at_desk(self, asker: _Asker, do: Callable[[W], T], what: W) -> T | None:
        """Do something for one asker; give None when it failed and the asker knows."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._desk, do, what)
        except AudioGrooveError as error:
            self._end(asker, error)
        except Exception as error:  # noqa: BLE001  (the border: it concerns this asker alone)
            self._lose([asker], error)
        return None

    # At the writer: all together, hop by hop.

    async def _serve(self) -> None:
        while not self._is_closed:
            if self._opened or self._written or self._leaving:
                await self._give_way()
                await self._hop()
            else:
                self._wake.clear()
                await self._wake.wait()

    async def _give_way(self) -> None:
        """Let the loop work off a crowd that has just come, for a moment.

        The writer and the loop share one interpreter: while both want it, each gets half, and a
        chat that is acknowledged late is worse than a piece that begins late.
        """
        until_s = self._clock() + GIVE_WAY_S
        while (turn_s := self._clock()) < until_s:
            await asyncio.sleep(0)  # one turn of the loop: as long as it has something to do
            if self._clock() - turn_s < CALM_TURN_S:
                return

    async def _hop(self) -> None:
        loop, began_s = asyncio.get_running_loop(), self._clock()
        joining, leaving = tuple(self._opened), tuple(self._leaving)
        self._written |= self._opened
        self._opened.clear()
        self._leaving.clear()
        try:
            hop = await loop.run_in_executor(self._writer, self._runner.hop, joining, leaving)
            self._hops.append((self._clock() - began_s, hop.notes))
            self._settle(hop)
        except Exception as error:  # noqa: BLE001  (the border: whoever asked must hear of it)
            lost = tuple(self._written.values())
            self._written.clear()
            self._lose(lost, error)

    def _settle(self, hop: Hop[Any]) -> None:
        """Tell how all stand that were in a hop and are still wanted."""
        for standing in hop.standings:
            asker = self._written.get(standing.work)
            if asker is None:
                continue  # cancelled during the hop: it leaves with the next
            asker.tell(Writing(standing.bars, standing.total))
            if standing.is_over:
                del self._written[standing.work]
                self._spawn(self._finish(asker))

    def _pace(self) -> float:
        """Tell how many notes a second the last hops wrote."""
        seconds = sum(seconds for seconds, _ in self._hops)
        return sum(notes for _, notes in self._hops) / seconds if seconds else 0.0

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
