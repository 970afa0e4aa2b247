"""Which updates are worked on at once: each chat in its order, all chats together."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor
from typing_extensions import override

AT_ONCE = 4096  # updates: so many that one chat's pile is never another chat's delay


class ChatOrder(BaseUpdateProcessor):
    """One message at a time in each chat; presses do not wait: their answers are due at once."""

    def __init__(self) -> None:
        """Begin with nothing under way."""
        super().__init__(AT_ONCE)
        # A lock lives as long as somebody holds it or waits for it.
        self._locks = WeakValueDictionary[int, asyncio.Lock]()
        self._tasks = set[asyncio.Task[Any]]()

    def __len__(self) -> int:
        """Count the chats in which something is under way."""
        return len(self._locks)

    def cancel(self) -> None:
        """Cancel all that is under way."""
        for task in self._tasks:
            task.cancel()

    @override
    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Work on an update when its turn comes."""
        task = asyncio.current_task()
        if task:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        is_begun = False
        try:
            async with self._turn(update):
                is_begun = True
                await coroutine
        finally:
            if not is_begun and asyncio.iscoroutine(coroutine):
                coroutine.close()  # cancelled while it waited: nobody will await it

    @asynccontextmanager
    async def _turn(self, update: object) -> AsyncGenerator[None]:
        if not isinstance(update, Update) or update.message is None:
            yield
            return
        lock = self._locks.setdefault(update.message.chat.id, asyncio.Lock())
        async with lock:
            yield

    @override
    async def initialize(self) -> None:
        """Nothing is needed."""

    @override
    async def shutdown(self) -> None:
        """Nothing is left."""
