"""Time that passes when nothing else is left to do: whole hours of waiting, in no time.

On a `LeapingLoop` all that is ready runs; then its clock leaps to the next timer. A test reads as
with a real clock, waits for nothing, and comes out the same every time.
"""

import asyncio
import functools
import math
import selectors
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import ParamSpec, TypeVar

import pytest
from typing_extensions import override

Asked = ParamSpec("Asked")
Told = TypeVar("Told")


class _LeapingSelector(selectors.SelectSelector):
    """Passes the time that it is asked to wait for, instead of waiting."""

    now_s = 1000.0

    @override
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everybody waits for somebody else")
        if timeout > 0:
            # Forward at least a little, however small the number.
            self.now_s = max(self.now_s + timeout, math.nextafter(self.now_s, math.inf))
        return super().select(0)


class LeapingLoop(asyncio.SelectorEventLoop):
    """An event loop without threads or sockets, whose clock leaps."""

    def __init__(self) -> None:
        self._leaping = _LeapingSelector()
        super().__init__(self._leaping)

    @override
    def time(self) -> float:
        return self._leaping.now_s


def run_in_no_time(story: Coroutine[None, None, Told]) -> Told:
    """Run what awaits on a `LeapingLoop`."""
    with (
        pytest.MonkeyPatch.context() as patch,
        asyncio.Runner(loop_factory=LeapingLoop) as runner,
    ):
        # The throttler reads the machine's clock by itself; here it reads the loop's.
        patch.setattr("asyncio_throttle.throttler.time", SimpleNamespace(monotonic=now_s))
        return runner.run(story)


def in_no_time(story: Callable[Asked, Coroutine[None, None, None]]) -> Callable[Asked, None]:
    """Make an ordinary test of one that awaits."""

    @functools.wraps(story)
    def test(*args: Asked.args, **kwargs: Asked.kwargs) -> None:
        run_in_no_time(story(*args, **kwargs))

    return test


def now_s() -> float:
    """Tell the time of the loop that runs; a clock to pass in."""
    return asyncio.get_running_loop().time()
