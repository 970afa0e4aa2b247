"""Trouble on demand: refusals, torn connections, late answers, and all of Telegram gone."""

import asyncio
from dataclasses import dataclass
from typing import Literal, TypedDict

ANY = "*"
TEXTS = {429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway"}


class Torn(Exception):
    """The connection is to be torn instead of an answer."""


class How(TypedDict, total=False):
    """What is wrong with an answer.

    code, description, retry_after: refused so, nothing done.
    reset: the connection is torn "before" the method does anything, or "after" it did.
    gate: the method waits for this event before it does anything.
    answer_gate: the method does what it should, but its answer waits for this event.
    """

    code: int
    description: str
    retry_after: int
    reset: Literal["before", "after"]
    gate: asyncio.Event
    answer_gate: asyncio.Event


@dataclass(eq=False)
class Fault:
    """One thing that goes wrong, as often as it is told to."""

    method: str
    how: How
    left: int
    met: int = 0  # how often it struck

    @property
    def code(self) -> int:
        """Tell the status of the refusal, 0 where it is none."""
        return self.how.get("code", 429 if "retry_after" in self.how else 0)

    @property
    def parameters(self) -> dict[str, int] | None:
        """Tell when to come back; Telegram always does with 429."""
        return {"retry_after": self.how.get("retry_after", 1)} if self.code == 429 else None

    @property
    def description(self) -> str:
        """Say what Telegram would say."""
        after = "".join(f": retry after {each}" for each in (self.parameters or {}).values())
        return self.how.get("description", TEXTS.get(self.code, "") + after)


class Faults:
    """All that goes wrong from now on."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self.is_down = False

    def add(self, fault: Fault) -> None:
        """Let something go wrong."""
        self._waiting.append(fault)

    def strike(self, method: str) -> Fault | None:
        """Tell what goes wrong with this request; getUpdates is spared by "*"."""
        names = {method.lower()} if method == "getUpdates" else {method.lower(), ANY}
        for fault in self._waiting:
            if fault.method.lower() in names and fault.left:
                fault.left -= 1
                fault.met += 1
                return fault
        return None
