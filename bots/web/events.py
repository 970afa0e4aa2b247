"""How a composition stands now, and each change until it is over, as server-sent events."""

import asyncio

from aiohttp import web

from bots.web.api import Api
from bots.web.client import CLIENT
from bots.web.compositions import Compositions, State
from bots.web.looking import Found, Lookup
from bots.web.seats import Seats
from bots.web.streams import Stream, streamed

NAMES = {State.DONE: "done", State.FAILED: "failed", State.CANCELLED: "cancelled"}


class Events:
    """Tells those who watch."""

    def __init__(
        self,
        api: Api,
        compositions: Compositions,
        lookup: Lookup,
        seats: Seats,
        *,
        beat_s: float,
    ) -> None:
        """Set up with nobody watching; whoever does takes one of the seats."""
        self._api, self._compositions, self._lookup = api, compositions, lookup
        self._seats, self._beat_s = seats, beat_s

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Tell one who watches, until there is nothing more to tell."""
        name = request.match_info["id"]
        with self._seats.seat(request[CLIENT]), self._compositions.watch(name) as watch:
            found = await self._lookup.find(name)  # after the watch began: nothing is missed
            async with streamed(request) as stream:
                await self._tell(stream, found, request)
                while not found.standing.is_over:
                    try:
                        async with asyncio.timeout(self._beat_s):
                            standing = await watch.news()
                    except TimeoutError:
                        await stream.beat()
                        continue
                    if standing is None:
                        break
                    found = await self._lookup.over(found.token, standing)
                    await self._tell(stream, found, request)
        return stream.response

    async def _tell(self, stream: Stream, found: Found, request: web.Request) -> None:
        name = NAMES.get(found.standing.state, "progress")
        await stream.tell(name, await self._api.told(found, request[CLIENT]))
