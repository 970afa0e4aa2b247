"""How late the event loop is: what every front end feels when something holds it up."""

import asyncio
import math
import time
from collections import Counter
from types import TracebackType
from typing import Self

TICK_S = 0.05


class LoopLag:
    """Ticks on the loop and counts by how many milliseconds each tick came late."""

    def __init__(self) -> None:
        self._late_ms: Counter[int] = Counter()
        self._due_s = 0.0
        self._next: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        self._wait()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._next:
            self._next.cancel()

    def quantile_ms(self, share: float) -> int:
        """Tell the lateness that this share (0..1) of all ticks stayed within; 0 without any."""
        wanted = math.ceil(share * self._late_ms.total())
        for late_ms in sorted(self._late_ms):
            wanted -= self._late_ms[late_ms]
            if wanted <= 0:
                return late_ms
        return 0

    def _wait(self) -> None:
        self._due_s = time.monotonic() + TICK_S
        self._next = asyncio.get_running_loop().call_later(TICK_S, self._tick)

    def _tick(self) -> None:
        self._late_ms[math.ceil(1000 * max(0.0, time.monotonic() - self._due_s))] += 1
        self._wait()
