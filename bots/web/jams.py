"""Jams to be watched by whoever knows their addresses; nobody plays from here."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable

from aiohttp import web

from audiogroove.errors import Gone
from audiogroove.music.credits import Credits
from audiogroove.store.rows import StoredPiece
from bots.jams.view import JamView
from bots.previews import Maker
from bots.web.api import FRESH
from bots.web.client import CLIENT
from bots.web.files import Files
from bots.web.jam_telling import jam_of
from bots.web.ports import Gallery, Watch
from bots.web.seats import Seats
from bots.web.streams import Stream, streamed
from bots.web.telling import piece_of

CLOSING: web.AppKey[asyncio.Event] = web.AppKey("closing", asyncio.Event)
MOST_WRITTEN = 64  # pieces that are kept as they are told: all who watch are told the same


class Jams:
    """Tells how jams stand."""

    def __init__(self, gallery: Gallery | None, studio: Maker, files: Files) -> None:
        """Set up; without a gallery there are no jams."""
        self._gallery, self._studio, self._files = gallery, studio, files
        self._pieces: OrderedDict[tuple[str, Credits], dict[str, object]] = OrderedDict()
        self._writing = asyncio.Lock()  # when a take lands, all who watch ask at once

    @property
    def gallery(self) -> Gallery:
        """Where they are.

        Raises:
            Gone: when there are none here.
        """
        if self._gallery is None:
            raise Gone("jam")
        return self._gallery

    async def told(self, view: JamView, now_s: float) -> dict[str, object]:
        """Write a jam as JSON values."""
        piece = await self._piece(view.heard) if view.heard else None
        return jam_of(view, piece, now_s)

    async def _piece(self, stored: StoredPiece) -> dict[str, object]:
        """Write a piece once, in a thread, for it may be long."""
        name = (stored.id, stored.credits)  # a player who is forgotten changes the second
        async with self._writing:
            if name not in self._pieces:
                legend, entries = self._studio.legend(stored), self._files.entries()
                self._pieces[name] = await asyncio.to_thread(
                    piece_of, stored.id, stored, legend, entries, is_mine=False
                )
            self._pieces.move_to_end(name)
            while len(self._pieces) > MOST_WRITTEN:
                self._pieces.popitem(last=False)
            return self._pieces[name]


class Seen:
    """Answers those who watch jams."""

    def __init__(
        self,
        jams: Jams,
        seats: Seats,
        *,
        beat_s: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Set up with nobody watching; `clock` tells seconds since 1970."""
        self._jams, self._seats, self._beat_s, self._clock = jams, seats, beat_s, clock

    async def look(self, request: web.Request) -> web.Response:
        """Tell how a jam stands."""
        view = await self._jams.gallery.look(request.match_info["id"])
        return web.json_response(await self._jams.told(view, self._clock()), headers=FRESH)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Tell how a jam stands now, and each change until it is over."""
        jam_id, gallery = request.match_info["id"], self._jams.gallery
        with self._seats.seat(request[CLIENT]), gallery.watch(jam_id) as watch:
            view: JamView | None = await gallery.look(jam_id)  # after the watch: nothing is missed
            async with streamed(request) as stream:
                while view:
                    is_over = view.jam.phase.is_over
                    told = await self._jams.told(view, self._clock())
                    await stream.tell("over" if is_over else "jam", told)
                    view = None if is_over else await self._news(watch, stream, request)
        return stream.response

    async def _news(self, watch: Watch, stream: Stream, request: web.Request) -> JamView | None:
        """Wait for news; None when the house closes, or when none will come."""
        news = asyncio.ensure_future(watch.news())
        closing = asyncio.ensure_future(request.app[CLOSING].wait())
        first = asyncio.FIRST_COMPLETED
        try:
            while True:
                done, _ = await asyncio.wait(
                    {news, closing}, timeout=self._beat_s, return_when=first
                )
                if news in done:
                    return news.result()
                if closing in done:
                    return None
                await stream.beat()
        finally:
            news.cancel()
            closing.cancel()
