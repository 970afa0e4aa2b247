"""A front end that crashes comes back, one that is refused does not, and none harms another."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import dataclass, field
from typing import TypeVar

import pytest
import structlog

from bots.chat import Refused
from bots.supervision import (
    LONGEST_PAUSE_S,
    Patience,
    Phase,
    Registry,
    State,
    Watchdog,
    pause_s,
    supervise,
    until_stopped,
)
from tests.bots.clock import in_no_time, now_s

T = TypeVar("T")
TOKEN = "123456:canary"  # noqa: S105  (that is the point)
HOUR_S = 3600.0
PATIENTLY = Patience(clock=now_s, dice=lambda: 0.0)


@dataclass
class FrontEnd:
    """Runs for so many seconds a time and ends as told, the last way for ever."""

    lasts_s: list[float]
    ends: list[Exception | None]
    began_s: list[float] = field(default_factory=list)
    closed_s: list[float] = field(default_factory=list)

    async def run(self) -> None:
        """Run once."""
        self.began_s.append(now_s())
        try:
            await asyncio.sleep(next_of(self.lasts_s))
        finally:
            self.closed_s.append(now_s())
        end = next_of(self.ends)
        if end:
            raise end

    @property
    def pauses_s(self) -> list[float]:
        """How long after a beginning each next one came."""
        pairs = zip(self.began_s, self.began_s[1:], strict=False)
        return [round(later_s - at_s, 3) for at_s, later_s in pairs]


def next_of(ways: list[T]) -> T:
    """Take the next, and the last for ever."""
    return ways.pop(0) if len(ways) > 1 else ways[0]


async def supervise_for(front: FrontEnd, seconds: float, registry: Registry | None = None) -> None:
    """Supervise a front end for so long."""
    with structlog.testing.capture_logs():
        task = asyncio.create_task(
            supervise("discord", front.run, registry or Registry(), PATIENTLY)
        )
        await asyncio.wait({task}, timeout=seconds)
        task.cancel()
        await asyncio.wait({task})


def test_pauses_double_up_to_five_minutes() -> None:
    """However long it goes on."""
    pauses = [pause_s(failures, 0.0) for failures in range(1, 12)]
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert pause_s(10**6, 0.0) == LONGEST_PAUSE_S


def test_pauses_are_cut_by_chance() -> None:
    """By less than half, so that not all who were thrown out come back at once."""
    assert pause_s(3, 0.5) == 3.0
    assert 2.0 < pause_s(3, 0.999) < 2.01


@in_no_time
async def test_a_front_end_that_crashes_comes_back() -> None:
    """Each time a little later."""
    front = FrontEnd([0.0], [OSError("no network")])
    await supervise_for(front, 100.0)
    assert front.pauses_s == [1, 2, 4, 8, 16, 32]


@in_no_time
async def test_a_front_end_that_returns_comes_back() -> None:
    """It should not have, and nobody else would notice."""
    front = FrontEnd([0.0], [None])
    await supervise_for(front, 10.0)
    assert front.pauses_s == [1, 2, 4]


@in_no_time
async def test_old_failures_are_forgotten_after_a_healthy_minute() -> None:
    """A bad night last week is no reason to wait five minutes today."""
    front = FrontEnd([0.0, 0.0, 0.0, 61.0, 59.0], [OSError("no network")])
    await supervise_for(front, 150.0)
    assert front.pauses_s == [1, 2, 4, 61 + 1, 59 + 2]


@in_no_time
async def test_a_front_end_that_is_refused_does_not_come_back() -> None:
    """Asking again and again with a wrong token gets the address banned."""
    registry, front = Registry(), FrontEnd([1.0], [OSError("no network"), Refused("wrong token")])
    with structlog.testing.capture_logs() as log:
        await supervise("discord", front.run, registry, PATIENTLY)
    assert len(front.began_s) == 2
    assert registry.states() == {"discord": State(Phase.REFUSED, 1, "wrong token")}
    assert [line["event"] for line in log if line.get("fault") == "wrong token"] == [
        "refused for good; the others go on"
    ]


@in_no_time
async def test_one_that_crashes_or_is_refused_does_not_disturb_the_others() -> None:
    """Each is supervised on its own."""
    registry = Registry()
    fronts = {
        "discord": FrontEnd([0.0], [ValueError("a flaw")]),
        "telegram": FrontEnd([0.0], [Refused("wrong token")]),
        "console": FrontEnd([HOUR_S], [None]),
    }
    with structlog.testing.capture_logs():
        tasks = [
            asyncio.create_task(supervise(name, front.run, registry, PATIENTLY))
            for name, front in fronts.items()
        ]
        await asyncio.wait(tasks, timeout=HOUR_S / 2)
        phases = {name: state.phase for name, state in registry.states().items()}
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    assert phases == {
        "discord": Phase.CRASHED,
        "telegram": Phase.REFUSED,
        "console": Phase.RUNNING,
    }
    assert len(fronts["console"].began_s) == 1


@in_no_time
async def test_cancellation_escapes_and_takes_the_front_end_along() -> None:
    """It has closed its connections by then."""
    registry, front = Registry(), FrontEnd([HOUR_S], [None])
    task = asyncio.create_task(supervise("discord", front.run, registry, PATIENTLY))
    await asyncio.wait({task}, timeout=1.0)
    assert front.closed_s == []
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert front.closed_s == [front.began_s[0] + 1.0]
    assert registry.states()["discord"].phase is Phase.STOPPED


@in_no_time
async def test_cancellation_escapes_between_two_runs_too() -> None:
    """Nobody waits for the end of a pause."""
    registry, front = Registry(), FrontEnd([0.0], [OSError("no network")])
    await supervise_for(front, 0.5, registry)
    assert len(front.began_s) == 1
    assert registry.states() == {"discord": State(Phase.STOPPED, 1, "OSError")}


@in_no_time
async def test_states_tell_how_it_stands() -> None:
    """While it runs, while it waits, and when it runs again."""
    registry, front = Registry(), FrontEnd([10.0], [OSError("no network")])
    seen = []
    with structlog.testing.capture_logs():
        task = asyncio.create_task(supervise("discord", front.run, registry, PATIENTLY))
        for at_s in (5.0, 5.5, 1.0):
            await asyncio.wait({task}, timeout=at_s)
            seen.append(registry.states()["discord"])
        task.cancel()
        await asyncio.wait({task})
    assert seen == [
        State(Phase.RUNNING),
        State(Phase.CRASHED, 1, "OSError"),
        State(Phase.RUNNING, 1, "OSError"),
    ]


@in_no_time
async def test_states_keep_secrets() -> None:
    """They are shown to whoever asks after our health; the log is redacted, they are not."""
    registry, front = Registry(), FrontEnd([0.0], [OSError(f"GET /bot{TOKEN}/getMe")])
    await supervise_for(front, 10.0, registry)
    assert TOKEN not in f"{registry.states()}"


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
async def test_the_host_stops_us_in_order_and_the_second_time_at_once(stop: signal.Signals) -> None:
    """Whoever is in a hurry asks twice; the status tells what ended us."""
    left: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    stopped = asyncio.create_task(until_stopped(leave=left.set_result))
    await asyncio.wait({stopped}, timeout=0)
    os.kill(os.getpid(), stop)
    assert await stopped is stop
    assert not left.done()
    os.kill(os.getpid(), stop)
    assert await left == 128 + stop


async def test_when_nobody_waits_signals_do_again_what_they_did() -> None:
    """As when the last front end was refused and there is nothing to stop."""
    before = signal.getsignal(signal.SIGTERM)
    stopped = asyncio.create_task(until_stopped())
    await asyncio.wait({stopped}, timeout=0)
    assert signal.getsignal(signal.SIGTERM) is not before
    stopped.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopped
    assert signal.getsignal(signal.SIGTERM) is before


@in_no_time
async def test_a_loop_that_beats_is_left_in_peace() -> None:
    """However often somebody looks."""
    left: list[int] = []
    with Watchdog(beat_s=HOUR_S, patience=2, leave=left.append) as dog:
        for _ in range(10):
            await asyncio.wait({asyncio.create_task(asyncio.sleep(HOUR_S))})
            dog.look()
    assert left == []


@in_no_time
async def test_a_loop_that_stands_still_is_left() -> None:
    """After as many looks in a row as patience lasts; one beat begins it anew."""
    left: list[int] = []
    with (
        structlog.testing.capture_logs() as log,
        Watchdog(beat_s=HOUR_S, patience=3, leave=left.append) as dog,
    ):
        for _ in range(3):  # the first sees the beat with which it began
            dog.look()
        await asyncio.sleep(HOUR_S)
        for _ in range(3):
            dog.look()
        assert left == []
        dog.look()
    assert left == [1]
    assert [line["event"] for line in log] == ["the event loop stands still"]


STALLED = """
    import asyncio, threading
    from bots import logs
    from bots.supervision import Watchdog

    logs.configure("text", "info", [])

    def compose_on_the_loop():
        {held}
        threading.Event().wait()

    async def main():
        with Watchdog(beat_s=0.01, patience=3, last_words_s={last_words_s}):
            compose_on_the_loop()

    asyncio.run(main())
"""


def stalled(**how: object) -> subprocess.CompletedProcess[str]:
    """Let a process stand still until its watchdog ends it."""
    code = textwrap.dedent(STALLED).format(**how)
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )


def test_a_process_whose_loop_stands_still_ends() -> None:
    """With a word about where it stood."""
    process = stalled(held="pass", last_words_s=30)
    assert process.returncode == 1
    (line,) = process.stderr.splitlines()
    assert "the event loop stands still" in line
    assert "in compose_on_the_loop" in line


def test_a_process_that_cannot_even_write_a_line_ends() -> None:
    """The loop may stand still because nobody reads our log any more."""
    process = stalled(held="__import__('logging').root.handlers[0].acquire()", last_words_s=0.01)
    assert process.returncode == 1
    assert process.stderr == ""
