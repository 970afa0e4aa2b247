"""Wall time in whole microseconds that never steps back while the process lives."""

from collections.abc import Callable

US_PER_S = 1_000_000


class SteadyClock:
    """A wall clock whose backward steps are taken out, so that no wait grows and no age shrinks.

    It goes on from the latest time told: after a step back it runs ahead of the wall by so much.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._latest_us = 0
        self._ahead_us = 0

    def now_us(self) -> int:
        """Tell the microseconds since 1970."""
        wall_us = round(self._clock() * US_PER_S)
        self._ahead_us = max(self._ahead_us, self._latest_us - wall_us)
        self._latest_us = wall_us + self._ahead_us
        return self._latest_us
