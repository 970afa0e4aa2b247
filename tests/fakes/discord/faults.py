"""Bad weather on order."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Fault:
    """What happens to the next `times` calls that fit.

    One of: the connection is torn (`is_reset`), the call is answered with `status`, or it is only
    held until `gate` is set. With `is_applied` it takes effect before it fails.
    """

    method: str
    path: re.Pattern[str]
    times: int
    status: int | None = None
    retry_after_s: float = 0.05
    body: Any = None
    is_reset: bool = False
    is_applied: bool = False
    gate: asyncio.Event | None = None
    hits: int = 0

    def fits(self, method: str, path: str) -> bool:
        """Tell whether a call is to be hit."""
        return (
            self.hits < self.times
            and self.method in {"*", method}
            and self.path.fullmatch(path) is not None
        )


@dataclass(slots=True)
class Faults:
    """All that was ordered."""

    ordered: list[Fault] = field(default_factory=list)

    def take(self, method: str, path: str) -> Fault | None:
        """Find the first fault for a call and count it as happened."""
        for each in self.ordered:
            if each.fits(method, path):
                each.hits += 1
                return each
        return None
