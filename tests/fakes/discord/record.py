"""What the bot did: every call, every mistake, and a bell that rings at each change."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from typing_extensions import override

Json = dict[str, Any]
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a multipart request."""

    name: str
    data: bytes
    content_type: str
    number: int = 0  # the n of files[n]


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came, and what it was answered."""

    at_s: float
    method: str
    path: str  # below /api/v10, without the query
    route: str  # as Discord documents it, such as "/channels/{channel_id}/messages"
    query: dict[str, str]
    content_type: str
    body: Any
    files: tuple[Upload, ...]
    status: int  # 0 where the connection was torn
    code: int | None  # Discord's own error code

    @override
    def __str__(self) -> str:
        """Tell it in one line."""
        files = "".join(f" +{each.name}({len(each.data)})" for each in self.files)
        code = f"/{self.code}" if self.code else ""
        return f"{self.status}{code} {self.method} {brief(self.path)}{files}"


def brief(path: str) -> str:
    """Shorten the token in a path: it says nothing and is long."""
    return re.sub(r"(/[^/]{12})[^/]{40,}", r"\1…", path)


@dataclass(slots=True)
class Record:
    """The calls in order, and the mistakes that no bot may make."""

    calls: list[Call] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def matching(self, method: str, route: str) -> list[Call]:
        """List the calls of one documented route."""
        return [call for call in self.calls if (call.method, call.route) == (method, route)]

    def refused(self, code: int) -> list[Call]:
        """List the calls that were answered with this Discord error code."""
        return [call for call in self.calls if call.code == code]

    def tail(self, count: int = 15) -> str:
        """Tell the last calls and all violations, for a message of a failed test."""
        calls = [f"  {call}" for call in self.calls[-count:]]
        return "\n".join(["last calls:", *calls, "violations:", *self.violations])


class Changes:
    """A bell: whoever waits looks again each time something happened."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._next = asyncio.Event()

    def notify(self) -> None:
        """Ring it."""
        self._next.set()
        self._next = asyncio.Event()

    async def wait_for(self, predicate: Callable[[], Found | None], within_s: float = 5.0) -> Found:
        """Wait until `predicate` is true and give what it gave.

        Raises:
            AssertionError: when that takes longer; with the bot's last calls.
        """
        try:
            async with asyncio.timeout(within_s):
                while not (found := predicate()):
                    await self._next.wait()
                return found
        except TimeoutError:
            why = f"nothing of the kind within {within_s} s\n{self._record.tail()}"
            raise AssertionError(why) from None
