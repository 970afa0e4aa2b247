"""What keeps the process going, and what ends it.

supervise    each front end on its own: one that crashes comes back, the others notice nothing
Watchdog     a loop that stands still ends the process, and the host starts another
until_stopped    the host's wish to stop, once in order and twice at once
"""

import asyncio
import os
import random
import signal
import sys
import threading
import time
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType, TracebackType
from typing import Self

import structlog

from bots.chat import Refused

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 300.0  # before another try
HEALTHY_AFTER_S = 60.0  # of running, old failures no longer count
MAX_DOUBLINGS = 16  # far past the longest pause

BEAT_S = 5.0
PATIENCE_BEATS = 12  # a minute
LAST_WORDS_S = 5.0

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)

_LOG = structlog.get_logger()


class Phase(StrEnum):
    """How a front end stands."""

    RUNNING = "running"
    CRASHED = "crashed"  # and will be tried again
    REFUSED = "refused"  # for good: its platform will not have it
    STOPPED = "stopped"  # as we wished


@dataclass(frozen=True, slots=True)
class State:
    """How a front end stands, and why."""

    phase: Phase
    failures: int = 0  # in a row
    fault: str = ""  # of the last failure


class Registry:
    """How each supervised front end stands, for whoever asks after our health."""

    def __init__(self) -> None:
        self._states: dict[str, State] = {}

    def states(self) -> Mapping[str, State]:
        """Tell how all stand at this moment, by name."""
        return MappingProxyType(dict(self._states))

    def note(self, name: str, state: State) -> None:
        """Note how one stands."""
        self._states[name] = state


@dataclass(frozen=True, slots=True)
class Patience:
    """What a supervisor waits with: its clock, its sleep, its dice (in [0, 1)); for tests."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    dice: Callable[[], float] = random.random


def pause_s(failures: int, die: float) -> float:
    """Tell how long to wait after so many failures in a row (from 1), with a die in [0, 1).

    Doubles up to 5 minutes, and is cut by up to half so that not all come back at once. A
    platform that is asked too often in vain bans the address: Discord after 10,000 in 10 minutes.
    """
    longest_s = FIRST_PAUSE_S * 2.0 ** min(failures - 1, MAX_DOUBLINGS)
    return min(longest_s, LONGEST_PAUSE_S) * (1.0 - die / 2)


async def supervise(
    name: str,
    run: Callable[[], Awaitable[None]],
    registry: Registry,
    patience: Patience = Patience(),
) -> None:
    """Run a front end for ever: again whenever it crashes or returns, after a growing pause.

    Returns when its platform refuses it for good (`Refused`).

    Raises:
        CancelledError: when cancelled; what runs is cancelled with it.
    """
    state = State(Phase.RUNNING)
    try:
        while True:
            registry.note(name, replace(state, phase=Phase.RUNNING))
            began_s = patience.clock()
            fault = await _run_until_it_breaks(name, run)
            is_new = patience.clock() - began_s > HEALTHY_AFTER_S
            state = State(Phase.CRASHED, 1 if is_new else state.failures + 1, fault)
            registry.note(name, state)
            pause = pause_s(state.failures, patience.dice())
            _LOG.info("trying again", platform=name, failures=state.failures, pause_s=int(pause))
            await patience.sleep(pause)
    except Refused as refusal:
        registry.note(name, replace(state, phase=Phase.REFUSED, fault=str(refusal)))
        _LOG.error("refused for good; the others go on", platform=name, fault=str(refusal))
    except asyncio.CancelledError:
        registry.note(name, replace(state, phase=Phase.STOPPED))
        raise


async def _run_until_it_breaks(name: str, run: Callable[[], Awaitable[None]]) -> str:
    """Run, and tell in a word why no longer.

    Raises:
        Refused: when it is of no use to run again.
    """
    try:
        await run()
    except Refused:
        raise
    except Exception as error:  # noqa: BLE001  (a library's flaw must not reach the others)
        _LOG.exception("crashed", platform=name)
        return type(error).__name__  # what it says may hold a secret, and states are shown
    return "returned"


async def until_stopped(*, leave: Callable[[int], object] = os._exit) -> signal.Signals:
    """Wait for SIGTERM or SIGINT and tell which; from then on a second one ends us at once.

    Call it in the main thread. `leave` takes the exit status: 128 and the signal's number. It
    cleans up nothing, which loses nothing: whatever was accepted is in the store.

    Raises:
        CancelledError: when cancelled before any signal; then signals do again what they did.
    """
    loop = asyncio.get_running_loop()
    first: asyncio.Future[signal.Signals] = loop.create_future()

    def hear(sent: signal.Signals) -> None:
        # Only noted: what is raised in here would be lost in the loop.
        if first.done():
            leave(128 + sent)
        else:
            first.set_result(sent)

    for stop in STOP_SIGNALS:
        loop.add_signal_handler(stop, hear, stop)
    try:
        return await first
    except asyncio.CancelledError:
        for stop in STOP_SIGNALS:
            loop.remove_signal_handler(stop)
        raise


class Watchdog:
    """Ends the process when its event loop has stood still for a minute.

    A host's health check may see that nothing answers, but does not restart for it (fly's never
    does); an exit it answers with a new process. The loop beats, and a thread counts the times
    that it looked and saw no beat. Times, not seconds: a machine that was put to sleep and woke
    up again has missed neither.
    """

    def __init__(
        self,
        *,
        beat_s: float = BEAT_S,
        patience: int = PATIENCE_BEATS,
        last_words_s: float = LAST_WORDS_S,
        leave: Callable[[int], object] = os._exit,
    ) -> None:
        """Set up a watchdog that leaves after `patience` looks, `beat_s` apart, without a beat."""
        self._beat_s, self._patience, self._leave = beat_s, patience, leave
        self._last_words_s = last_words_s
        self._is_alive = False  # since the last look; set on the loop, cleared by the thread
        self._missed = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._watched: int | None = None  # the loop's thread
        self._next: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        self._watched = threading.get_ident()
        self._beat()
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._next:
            self._next.cancel()
        self._over.set()
        self._thread.join()

    def look(self) -> None:
        """Look once whether the loop has beaten since the last time, and leave when it is over."""
        self._missed = 0 if self._is_alive else self._missed + 1
        self._is_alive = False
        if self._missed >= self._patience:
            self._bark()
            self._leave(1)

    def _beat(self) -> None:
        self._is_alive = True
        self._next = asyncio.get_running_loop().call_later(self._beat_s / 2, self._beat)

    def _watch(self) -> None:
        while not self._over.wait(self._beat_s):
            self.look()

    def _bark(self) -> None:
        """Tell where the loop stands, if that can still be told.

        In a thread of its own, for the loop may stand still in the midst of writing a log line,
        and hold the lock that every other line waits for.
        """
        frames = sys._current_frames()  # noqa: SLF001  (documented, underscore and all)
        frame = frames.get(self._watched or 0)
        stack = "".join(traceback.format_stack(frame)) if frame else ""
        bark = threading.Thread(
            target=lambda: _LOG.critical("the event loop stands still", stack=stack), daemon=True
        )
        bark.start()
        bark.join(self._last_words_s)
