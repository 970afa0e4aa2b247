"""How long a call to Discord is stood by."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

import structlog

from bots.chat import Unreachable
from bots.discord.faults import reaching

TRIES = 3  # of a first answer when the connection breaks: there is no time to wait

T = TypeVar("T")
_LOG = structlog.get_logger()


async def at_once(call: Callable[[], Awaitable[T]]) -> T:
    """Make a call that has a deadline, again at once when the connection breaks."""
    for _ in range(TRIES - 1):
        try:
            return await reaching(call())
        except Unreachable as fault:
            _LOG.info("once more at once", fault=str(fault))
    return await reaching(call())


async def finished(call: Coroutine[Any, Any, T]) -> T:
    """Await a call to its end, although whoever waits for it is cancelled meanwhile.

    `Task.cancelling` still tells that it was.
    """
    task = asyncio.create_task(call)
    while not task.done():
        with suppress(asyncio.CancelledError):
            await asyncio.wait({task})
    return task.result()
