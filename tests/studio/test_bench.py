"""The child process that renders: it works, and what ends it ends nothing else."""

import asyncio
import os
import select
import signal
import sys
from collections.abc import AsyncIterator

import pytest

from audiogroove.errors import RenderingFailed
from audiogroove.studio.bench import Bench
from tests.studio import chores

PATIENCE_MS = 20_000


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    """Set up a bench whose jobs may take a second.

    Yields:
        The bench.
    """
    bench = Bench(cpu_s=1)
    try:
        yield bench
    finally:
        await bench.close()


async def test_work_is_done_elsewhere(bench: Bench) -> None:
    """In another process, and its result comes back."""
    assert await bench.do("sum", chores.add, 2, 3) == 5
    assert await bench.do("pid", chores.who) != os.getpid()


async def test_one_process_does_it_all(bench: Bench) -> None:
    """Starting one takes long."""
    first, second = await asyncio.gather(bench.do("a", chores.who), bench.do("b", chores.who))
    assert first == second


@pytest.mark.parametrize(
    ("chore", "fault"),
    [
        (chores.burn, "its process died"),
        (chores.vanish, "its process died"),
        (chores.swallow, "it takes too much memory"),
    ],
)
async def test_what_takes_too_much_is_given_up_and_the_next_is_done(
    bench: Bench, chore: object, fault: str
) -> None:
    """Whoever asked is told; whoever comes next does not notice."""
    with pytest.raises(RenderingFailed) as failure:
        await bench.do("picture", chore)  # type: ignore[arg-type]
    assert (failure.value.what, failure.value.fault) == ("picture", fault)
    assert await bench.do("sum", chores.add, 1, 1) == 2


async def test_what_the_work_itself_raises_is_raised_here(bench: Bench) -> None:
    """With its own words."""
    with pytest.raises(ValueError, match=r"^no$"):
        await bench.do("picture", chores.refuse)


PARENT = """
import asyncio
from audiogroove.studio.bench import Bench
from tests.studio import chores

async def main():
    bench = Bench()
    print(await bench.do("pid", chores.who), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux")
async def test_the_child_leaves_with_a_parent_that_was_killed() -> None:
    """Nobody is left behind to hold the memory."""
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PARENT), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout
    child = os.pidfd_open(int(await parent.stdout.readline()))
    try:
        parent.send_signal(signal.SIGKILL)
        await parent.wait()
        poll = select.poll()
        poll.register(child, select.POLLIN)
        assert await asyncio.to_thread(poll.poll, PATIENCE_MS)
    finally:
        os.close(child)
