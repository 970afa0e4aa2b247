"""One thread that writes: whatever waits goes into one transaction and is on the disk at once.

A commit costs a flush of the disk. While one is under way, others come to wait for the next; each
runs within a savepoint of its own, so that one's refusal undoes nothing of another's, and is
answered only after the commit of all.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from audiogroove.errors import AudioGrooveError, StoreFailed
from audiogroove.store.database import fault_of

MAX_TOGETHER = 128  # operations in one transaction: nobody waits for all of a crowd

T = TypeVar("T")
Work = Callable[[Connection], T]


@dataclass(frozen=True, slots=True)
class _Operation:
    work: Work[Any]
    answer: Future[Any] = field(default_factory=Future)

    def settle(self, outcome: object) -> None:
        """Answer with a result, or with an exception as an error."""
        if isinstance(outcome, SQLAlchemyError):
            failure = StoreFailed(fault_of(outcome))
            failure.__cause__ = outcome
            self.answer.set_exception(failure)
        elif isinstance(outcome, Exception):
            self.answer.set_exception(outcome)
        else:
            self.answer.set_result(outcome)


class Writer:
    """Performs operations one after the other, each all or not at all."""

    def __init__(self, engine: Engine) -> None:
        """Start the thread; the engine's connections are its own from now on."""
        self._engine = engine
        self._waiting: SimpleQueue[_Operation | None] = SimpleQueue()  # None is the last
        self._is_closed = False
        self._thread = Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    async def do(self, work: Work[T]) -> T:
        """Perform an operation and wait until it is on the disk.

        It may be run more than once, as long as nothing of it is kept, and so has no effects but
        on the connection. What it raises undoes it and is raised here. One whose asker has left
        is not begun; if it was, it goes on.

        Raises:
            StoreFailed: when the database refuses, or is closed.
        """
        if self._is_closed:
            raise StoreFailed("the store is closed")
        operation = _Operation(work)
        self._waiting.put(operation)
        return cast("T", await asyncio.wrap_future(operation.answer))

    async def close(self) -> None:
        """Perform what waits, and end."""
        self._is_closed = True
        self._waiting.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        while together := self._next():
            self._perform([each for each in together if each.answer.set_running_or_notify_cancel()])

    def _next(self) -> list[_Operation]:
        """Wait for an operation and take all that wait with it; none when there will be no more."""
        together: list[_Operation] = []
        operation = self._waiting.get()
        while operation:
            together.append(operation)
            if len(together) == MAX_TOGETHER:
                return together
            try:
                operation = self._waiting.get_nowait()
            except Empty:
                return together
        if together:
            self._waiting.put(None)  # for the next time
        return together

    def _perform(self, operations: Sequence[_Operation]) -> None:
        """Perform operations together, or one by one where that fails, and answer each."""
        outcomes: Sequence[object] | None
        try:
            outcomes = self._perform_together(operations) if operations else ()
        except Exception as error:  # noqa: BLE001  (the border: its asker hears, the thread lives)
            outcomes = [error] * len(operations)
        if outcomes is None:
            for operation in operations:
                self._perform([operation])
            return
        for operation, outcome in zip(operations, outcomes, strict=True):
            operation.settle(outcome)

    def _perform_together(self, operations: Sequence[_Operation]) -> list[object] | None:
        """Perform operations in one transaction: what each came to, in order.

        None, and nothing is kept, when one of several met an error that is no refusal: SQLite
        undoes the whole transaction by itself when the disk is full, so that nobody can tell
        what became of the others.
        """
        with self._engine.connect() as connection:
            transaction = connection.begin()
            try:
                if len(operations) == 1:
                    outcomes = [operations[0].work(connection)]
                else:
                    outcomes = [_attempt(connection, each.work) for each in operations]
            except Exception:
                transaction.rollback()
                if len(operations) == 1:
                    raise
                return None
            transaction.commit()
        return outcomes


def _attempt(connection: Connection, work: Work[Any]) -> object:
    """Perform an operation so that its refusal undoes it alone: its result, or the refusal."""
    try:
        with connection.begin_nested():
            return work(connection)
    except AudioGrooveError as refusal:
        return refusal
