"""Streams of server-sent events, to one who watches each.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

BEAT_S = 15.0  # proxies cut what is silent for a minute
PATIENCE_S = 20.0  # for one event to be taken
RETRY_MS = 2000
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would hold them back
}


class Stream:
    """A stream that has begun."""

    def __init__(self, response: web.StreamResponse) -> None:
        """Write into an answer whose headers are sent."""
        self.response = response

    async def tell(self, event: str, told: object) -> None:
        """Send an event with JSON values."""
        await self.write(f"event: {event}\ndata: {json.dumps(told)}\n\n")

    async def beat(self) -> None:
        """Show that it lives."""
        await self.write(": \n\n")

    async def write(self, text: str) -> None:
        """Send some lines; a ConnectionError or TimeoutError when nobody takes them."""
        async with asyncio.timeout(PATIENCE_S):
            await self.response.write(text.encode())


@asynccontextmanager
async def streamed(request: web.Request) -> AsyncIterator[Stream]:
    """Answer with a stream for as long as the block lasts; who takes nothing is hung up on.

    Yields:
        The stream.
    """
    stream = Stream(web.StreamResponse(headers=HEADERS))
    await stream.response.prepare(request)
    try:
        await stream.write(f"retry: {RETRY_MS}\n\n")
        yield stream
    except (ConnectionError, TimeoutError):
        if request.transport:
            request.transport.abort()  # what waits for it is memory
