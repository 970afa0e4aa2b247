"""What happened, in order, and how to wait for something to have happened."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, runtime_checkable

from tests.fakes.telegram.schema import Upload

T = TypeVar("T")


@runtime_checkable
class Told(Protocol):
    """Something that can be told as JSON."""

    @property
    def told(self) -> dict[str, Any]:
        """What it is just now."""


@dataclass
class Call:
    """A request of the bot and how it was answered; status 0 while it is under way."""

    method: str
    params: dict[str, Any]
    files: dict[str, Upload]
    at_s: float
    status: int = 0  # as in HTTP; 599 where the connection was torn instead
    description: str = ""
    result: object = None
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Event:
    """A change.

    Its kind: "message", "edited", "deleted", "pressed", "answered", "reaction", "action" …
    """

    number: int
    at_s: float
    kind: str
    thing: object
    told: dict[str, Any]  # what the thing was then, as JSON


class Record:
    """Everything that happened, for a test to look at and to wait for."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._changed = asyncio.Condition()
        self.calls: list[Call] = []  # all but getUpdates
        self.polls = 0  # of getUpdates
        self.events: list[Event] = []
        self.violations: list[str] = []  # of the Bot API, by either side

    def note(self, kind: str, thing: object) -> None:
        """Keep a change."""
        told = thing.told if isinstance(thing, Told) else {"words": str(thing)}
        self.events.append(Event(len(self.events), self._clock(), kind, thing, told))

    async def wake(self) -> None:
        """Let those who wait look again."""
        async with self._changed:
            self._changed.notify_all()

    async def wait_for(self, predicate: Callable[[], T], within_s: float) -> T:
        """Wait until something is true and tell what it gave; a LookupError means "not yet".

        Raises:
            AssertionError: when it did not come true in time; with what did happen.
        """
        try:
            async with asyncio.timeout(within_s), self._changed:
                while not (given := _tried(predicate)):
                    await self._changed.wait()
                return given
        except TimeoutError:
            raise AssertionError(f"not within {within_s} s; {self.story()}") from None

    def story(self) -> str:
        """Tell the last calls and the violations, for a failed test."""
        calls = [
            f"  {call.method} {call.params} → {call.status} {call.description}"[:300]
            for call in self.calls[-12:]
        ]
        told = [f"{len(self.calls)} calls, the last of them:", *calls]
        return "\n".join([*told, *(f"  violation: {each}" for each in self.violations)])


def _tried(predicate: Callable[[], T]) -> T | None:
    try:
        return predicate()
    except LookupError:
        return None
