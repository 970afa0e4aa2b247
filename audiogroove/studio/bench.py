"""The child process that draws, engraves and films: what would hold the interpreter for long.

One child, one job at a time. A job that takes too much processor time or memory ends the child,
not us; the next job has a new one.
"""

import asyncio
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from audiogroove.errors import RenderingFailed
from audiogroove.render.child import limited, settle_in

CPU_S = 20  # for one job
CONTEXT = multiprocessing.get_context("spawn")  # a fork would copy locks that other threads hold

T = TypeVar("T")


class Bench:
    """Does work in a child process, and gets a new child when one has died."""

    def __init__(self, *, cpu_s: int = CPU_S) -> None:
        """Set up without a child: the first job starts one."""
        self._cpu_s = cpu_s
        self._pool: ProcessPoolExecutor | None = None

    async def do(self, what: str, work: Callable[..., T], *args: Any) -> T:
        """Do a piece of work, a function of a module, in the child; jobs wait for each other.

        Raises:
            RenderingFailed: when it takes too much, or its process dies; `what` names it.
        """
        pool = self._pool = self._pool or ProcessPoolExecutor(
            1, mp_context=CONTEXT, initializer=settle_in
        )
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(pool, limited, self._cpu_s, work, *args)
        except BrokenProcessPool as error:
            if self._pool is pool:
                self._pool = None
                pool.shutdown(wait=False)
            raise RenderingFailed(what, fault="its process died") from error
        except MemoryError as error:
            raise RenderingFailed(what, fault="it takes too much memory") from error

    async def close(self) -> None:
        """End the child; what waits there comes to nothing."""
        pool, self._pool = self._pool, None
        if pool:
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)
