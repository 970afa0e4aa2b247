"""Server-sent events: how a composition stands now, and each change until it is over.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
import json

from aiohttp import web

from bots.web.api import Api
from bots.web.client import CLIENT
from bots.web.compositions import Compositions, State
from bots.web.looking import Found, Lookup
from bots.web.seats import STREAMS, Seats

BEAT_S = 15.0  # proxies cut what is silent for a minute
PATIENCE_S = 20.0  # for one event to be taken
RETRY_MS = 2000
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would hold them back
}
NAMES = {State.DONE: "done", State.FAILED: "failed", State.CANCELLED: "cancelled"}


class Events:
    """Tells those who watch."""

    def __init__(
        self, api: Api, compositions: Compositions, lookup: Lookup, *, beat_s: float = BEAT_S
    ) -> None:
        """Set up with nobody watching."""
        self._api, self._compositions, self._lookup = api, compositions, lookup
        self._beat_s = beat_s
        self.seats = Seats(STREAMS)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Tell one who watches, until there is nothing more to tell."""
        name = request.match_info["id"]
        response = web.StreamResponse(headers=HEADERS)
        with self.seats.seat(request[CLIENT]), self._compositions.watch(name) as watch:
            found = await self._lookup.find(name)  # after the watch began: nothing is missed
            await response.prepare(request)
            try:
                await _write(response, f"retry: {RETRY_MS}\n\n")
                await self._tell(response, found, request)
                while not found.standing.is_over:
                    try:
                        async with asyncio.timeout(self._beat_s):
                            standing = await watch.news()
                    except TimeoutError:
                        await _write(response, ": \n\n")
                        continue
                    if standing is None:
                        break
                    found = await self._lookup.over(found.token, standing)
                    await self._tell(response, found, request)
            except (ConnectionError, TimeoutError):
                if request.transport:
                    request.transport.abort()  # what waits for it is memory
        return response

    async def _tell(self, response: web.StreamResponse, found: Found, request: web.Request) -> None:
        name = NAMES.get(found.standing.state, "progress")
        told = json.dumps(await self._api.told(found, request[CLIENT]))
        await _write(response, f"event: {name}\ndata: {told}\n\n")


async def _write(response: web.StreamResponse, text: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        await response.write(text.encode())
