"""Time as the fake knows it."""

import time
from collections.abc import Callable


class Clock:
    """Real time plus what a test adds by hand: deadlines pass without anybody waiting.

    One that is frozen moves by hand only.
    """

    def __init__(
        self, on_advance: Callable[[], None] = lambda: None, *, is_frozen: bool = False
    ) -> None:
        self._ahead_s = 0.0
        self._on_advance = on_advance
        self._frozen_at = (time.monotonic(), time.time()) if is_frozen else None

    def advance(self, seconds: float) -> None:
        """Let this much time pass at once."""
        self._ahead_s += seconds
        self._on_advance()

    def now_s(self) -> float:
        """Tell the time for measuring: monotonic."""
        now = self._frozen_at[0] if self._frozen_at else time.monotonic()
        return now + self._ahead_s

    def wall_s(self) -> float:
        """Tell the time of day, as seconds since 1970."""
        now = self._frozen_at[1] if self._frozen_at else time.time()
        return now + self._ahead_s
