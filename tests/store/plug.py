"""Keeping a store's writer busy, so that others come to wait for it together."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Connection

from audiogroove.store import Store


class Plug:
    """An operation that keeps the writer busy until it is pulled."""

    def __init__(self) -> None:
        self.is_in = threading.Event()
        self._pulled = threading.Event()

    def __call__(self, _: Connection) -> str:
        """Perform the operation."""
        self.is_in.set()
        self._pulled.wait()
        return "plugged"

    def pull(self) -> None:
        """Let it end."""
        self._pulled.set()


@asynccontextmanager
async def plugged(store: Store) -> AsyncIterator[None]:
    """Let everything that is asked for meanwhile wait for its turn, and then perform it at once."""
    plug = Plug()
    busy = asyncio.create_task(store._writer.do(plug))
    await asyncio.to_thread(plug.is_in.wait)
    try:
        yield
    finally:
        plug.pull()
        assert await busy == "plugged"


async def a_turn() -> None:
    """Let every task that was made until now take its first step, as far as to its waiting."""
    taken = asyncio.Event()
    asyncio.get_running_loop().call_soon(taken.set)
    await taken.wait()
