"""A clock that a test moves by hand: whoever sleeps wakes when it has come that far."""

import asyncio
from dataclasses import dataclass

BEGIN_S = 1_700_000_040.0  # 22:14 UTC
TURNS = 10  # of the loop: more than anybody needs to fall asleep again


@dataclass(frozen=True, eq=False)
class _Sleeper:
    """Somebody who waits."""

    seconds: float
    due_s: float
    alarm: asyncio.Future[None]


class Clock:
    """Tells the time and lets others sleep; nothing passes until `pass_s`."""

    def __init__(self, now_s: float = BEGIN_S) -> None:
        """Stand still at a time, in seconds since 1970."""
        self._now_s = now_s
        self._sleepers: list[_Sleeper] = []
        self._lulled = asyncio.Event()

    def now_s(self) -> float:
        """Tell the time."""
        return self._now_s

    async def sleep(self, seconds: float) -> None:
        """Wait until so many seconds have passed."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        alarm = asyncio.get_running_loop().create_future()
        sleeper = _Sleeper(seconds, self._now_s + seconds, alarm)
        self._sleepers.append(sleeper)
        self._lulled.set()
        try:
            await alarm
        finally:
            self._sleepers.remove(sleeper)

    async def asleep(self, seconds: float) -> None:
        """Wait until somebody sleeps for just so long."""
        while not any(sleeper.seconds == seconds for sleeper in self._sleepers):
            self._lulled.clear()
            await self._lulled.wait()

    def pass_s(self, seconds: float) -> None:
        """Let so many seconds pass at once."""
        self._now_s += seconds
        for sleeper in self._sleepers:
            if sleeper.due_s <= self._now_s and not sleeper.alarm.done():
                sleeper.alarm.set_result(None)


async def turns() -> None:
    """Let everybody who has been woken fall asleep again, if nothing else keeps them."""
    for _ in range(TURNS):
        taken = asyncio.Event()
        asyncio.get_running_loop().call_soon(taken.set)
        await taken.wait()
