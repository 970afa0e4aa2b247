"""All that is sent to one platform: whose turn it is, at what pace, and what came of it.

    send(chat, call, urgency) ──▶ a pile per chat ──▶ one consumer ──▶ call(), in its own task
                                    ▲                  Pace: may this chat?
                                    │                  Throttler: may anybody?
                                    └── Unreachable(retry_after_s): on hold, then once more

Every `send` ends exactly once: with the result of its call, with an error, or withdrawn. Pieces
go before answers and answers before changes of status. Within an urgency it is first come, first
served, but a chat that was just served stands behind those that waited meanwhile: one chat's pile
is no other's delay.

The throttler polls and is not fair to those who wait for it; so only the consumer ever does.
"""

import asyncio
import itertools
import math
import time
from bisect import insort
from collections.abc import Awaitable, Callable
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from enum import IntEnum
from functools import partial
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from asyncio_throttle.throttler import Throttler

from bots.chat import Unreachable
from bots.pace import Pace

MAX_RETRIES = 5  # of one call, each at the time that the platform named
BEHIND_S = 2.0  # of sending at the full rate: with more than that in line, skip what can be skipped

T = TypeVar("T")


class Urgency(IntEnum):
    """What goes first."""

    PIECE = 0
    ANSWER = 1
    STATUS = 2


@dataclass(eq=False, slots=True)
class _Wait(Generic[T]):
    """One `send` that has not ended."""

    chat: str
    urgency: Urgency
    call: Callable[[], Awaitable[T]]
    outcome: asyncio.Future[T]
    place: int  # in the order of arrival
    context: Context = field(default_factory=copy_context)  # the asker's: its log lines say its job
    retries: int = 0

    @property
    def rank(self) -> tuple[Urgency, int]:
        """Where it stands in its chat; the smallest goes first."""
        return self.urgency, self.place


@dataclass(eq=False, slots=True)
class _Pile:
    """What waits for one chat, sorted by rank."""

    waits: list[_Wait[Any]] = field(default_factory=list)
    turn: int = 0  # a place behind all who had come when the chat was last served
    is_in_flight: bool = False

    @property
    def rank(self) -> tuple[Urgency, int]:
        """Where its first stands among those of other chats; the smallest goes first."""
        urgency, place = self.waits[0].rank
        return urgency, max(place, self.turn)


class _Line:
    """Who waits and who is next: decides only, at a time that is passed in."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._piles: dict[str, _Pile] = {}
        self._places = itertools.count()

    def __len__(self) -> int:
        """Count what waits."""
        return sum(len(pile.waits) for pile in self._piles.values())

    def next_place(self) -> int:
        """Give the place of somebody who has just come."""
        return next(self._places)

    def add(self, wait: _Wait[Any]) -> None:
        """Put in line, or back to its place after a failure."""
        pile = self._piles.setdefault(wait.chat, _Pile())
        insort(pile.waits, wait, key=lambda one: one.rank)

    def ready_at(self, now_s: float) -> float:
        """Tell when the next may go: `now_s` when at once, infinity when nobody can."""
        times = (self._pace.ready_at(chat, now_s) for chat, _ in self._able())
        return min(times, default=math.inf)

    def take(self, now_s: float) -> _Wait[Any] | None:
        """Take who goes now out of the line; the chat is in flight until `release`."""
        ready = ((c, p) for c, p in self._able() if self._pace.ready_at(c, now_s) <= now_s)
        chat, pile = min(ready, key=lambda pair: pair[1].rank, default=("", None))
        if pile is None:
            return None
        self._pace.spend(chat, now_s)
        pile.turn, pile.is_in_flight = self.next_place(), True
        return pile.waits.pop(0)

    def release(self, chat: str) -> None:
        """Let the chat be served again."""
        self._piles[chat].is_in_flight = False
        self._forget(chat)

    def withdraw(self, wait: _Wait[Any]) -> bool:
        """Take somebody out of the line; False when they are not, or no longer, in it."""
        pile = self._piles.get(wait.chat)
        if pile is None or wait not in pile.waits:
            return False
        pile.waits.remove(wait)
        self._forget(wait.chat)
        return True

    def dissolve(self) -> list[_Wait[Any]]:
        """Take out everybody, in the order in which they came."""
        waits = [wait for pile in self._piles.values() for wait in pile.waits]
        for pile in self._piles.values():
            pile.waits.clear()
        return sorted(waits, key=lambda wait: wait.place)

    def _able(self) -> list[tuple[str, _Pile]]:
        """List the chats that wait for nothing but their pace."""
        piles = self._piles.items()
        return [(chat, pile) for chat, pile in piles if pile.waits and not pile.is_in_flight]

    def _forget(self, chat: str) -> None:
        pile = self._piles[chat]
        if not pile.waits and not pile.is_in_flight:
            del self._piles[chat]


class Sender:
    """Sends what a front end has to say, as fast as the platform allows; see the module.

    Runs within `async with`, once. On leaving, what waits ends as `Unreachable`, and what is in
    flight is waited for.
    """

    def __init__(
        self,
        throttler: Throttler,
        pace: Pace,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Set up a sender; `clock` and `sleep` are in seconds and belong together."""
        self._throttler, self._pace = throttler, pace
        self._acquire: Callable[[], Awaitable[None]] = throttler.acquire
        self._clock, self._sleep = clock, sleep
        self._line = _Line(pace)
        self._changed = asyncio.Event()
        self._in_flight: set[asyncio.Task[Any]] = set()
        self._consumer: asyncio.Task[None] | None = None
        self._is_closed = False

    @property
    def is_behind(self) -> bool:
        """Whether more waits than can be sent in 2 s: then leave out what can be left out."""
        rate: float = self._throttler.rate_limit / self._throttler.period
        return len(self._line) > BEHIND_S * rate

    async def send(
        self, chat: str, call: Callable[[], Awaitable[T]], urgency: Urgency = Urgency.ANSWER
    ) -> T:
        """Make a call to a chat when its turn comes, and give its result or raise its error.

        Cancelled while it waits, it is withdrawn. Cancelled in flight, it goes on to its end and
        returns as if nothing had happened, for the message will be seen; `Task.cancelling` still
        tells.

        A call that raises `Unreachable` with a time puts its chat on hold until then and is made
        again, at most 5 times; without one it may have arrived, and is not.

        Raises:
            Unreachable: when the sender is closed, or is before the turn comes.
            CancelledError: when the asker is cancelled while it waits.
        """
        if self._is_closed:
            raise Unreachable("this front end has stopped")
        outcome: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        wait = _Wait(chat, urgency, call, outcome, self._line.next_place())
        self._line.add(wait)
        self._changed.set()
        while True:
            try:
                return await asyncio.shield(outcome)
            except asyncio.CancelledError:
                # Nobody cancels `outcome` itself: it is the asker who was cancelled.
                if self._line.withdraw(wait):
                    raise

    async def __aenter__(self) -> Self:
        self._consumer = asyncio.create_task(self._consume())
        # However it ends, nobody is left to wait for it.
        self._consumer.add_done_callback(self._close)
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._consumer is None:
            return
        self._consumer.cancel()
        try:
            await asyncio.wait({self._consumer, *self._in_flight})
        except asyncio.CancelledError:  # there is no more time
            for task in self._in_flight:
                task.cancel()
            raise
        if not self._consumer.cancelled():
            self._consumer.result()  # it broke: say so

    def _close(self, _consumer: asyncio.Task[None]) -> None:
        self._is_closed = True
        for wait in self._line.dissolve():
            wait.outcome.set_exception(Unreachable("this front end has stopped"))

    async def _consume(self) -> None:
        while True:
            self._changed.clear()
            now_s = self._clock()
            ready_s = self._line.ready_at(now_s)
            if ready_s > now_s:
                await self._wait_until(ready_s)
                continue
            await self._acquire()
            # Chosen only now: somebody more urgent may have come, or the last one left.
            wait = self._line.take(self._clock())
            if wait:
                self._start(wait)

    async def _wait_until(self, ready_s: float) -> None:
        """Wait until the time has come or anything has changed."""
        if ready_s == math.inf:
            await self._changed.wait()
            return
        alarm = asyncio.create_task(self._ring(ready_s - self._clock()))
        try:
            await self._changed.wait()
        finally:
            alarm.cancel()

    async def _ring(self, pause_s: float) -> None:
        await self._sleep(pause_s)
        self._changed.set()

    def _start(self, wait: _Wait[Any]) -> None:
        task = asyncio.create_task(_made(wait.call), context=wait.context)
        self._in_flight.add(task)
        task.add_done_callback(partial(self._settle, wait))

    def _settle(self, wait: _Wait[Any], task: asyncio.Task[Any]) -> None:
        """Give what came of a call to who asked for it, or put it in line once more."""
        self._in_flight.discard(task)
        error = Unreachable("the call was cut off") if task.cancelled() else task.exception()
        if error is None:
            wait.outcome.set_result(task.result())
        elif not self._retries(wait, error):
            wait.outcome.set_exception(error)
        self._line.release(wait.chat)
        self._changed.set()

    def _retries(self, wait: _Wait[Any], error: BaseException) -> bool:
        if not isinstance(error, Unreachable) or error.retry_after_s is None or self._is_closed:
            return False
        self._pace.hold(wait.chat, self._clock() + error.retry_after_s)
        if wait.retries == MAX_RETRIES:
            return False
        wait.retries += 1
        self._line.add(wait)
        return True


async def _made(call: Callable[[], Awaitable[T]]) -> T:
    return await call()
