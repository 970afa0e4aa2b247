"""Connections on which nothing comes: they are hung up on.

aiohttp waits without end for the first request of a connection, and for the rest of its headers.
A few thousand clients that send a letter a minute would hold every file handle that we have.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

FIRST_S = 30.0  # for the first request to arrive
NEXT_S = 90.0  # for each other; longer than connections are kept alive
LOOK_S = 5.0


class Idling:
    """Knows since when nothing was asked on each connection."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Set up; `clock` is in seconds."""
        self._clock = clock
        self._until: dict[object, float] = {}  # by connection: when our patience ends
        self._busy: set[object] = set()

    @web.middleware
    async def noticed(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Notice which connections are in use."""
        connection = request.protocol
        self._busy.add(connection)
        try:
            return await handler(request)
        finally:
            self._busy.discard(connection)
            self._until[connection] = self._clock() + NEXT_S

    async def watch(self, runner: web.AppRunner) -> None:
        """Look after a server's connections until cancelled."""
        while True:
            self.look(runner)
            await asyncio.sleep(LOOK_S)  # a look now and then: nobody tells us of connections

    def look(self, runner: web.AppRunner) -> None:
        """Hang up on those that have asked for nothing for too long."""
        now_s = self._clock()
        connections = runner.server.connections if runner.server else []
        self._until = {
            connection: self._until.get(connection, now_s + FIRST_S) for connection in connections
        }
        for connection in connections:
            is_late = now_s > self._until[connection]
            if is_late and connection not in self._busy and connection.transport:
                connection.transport.abort()
