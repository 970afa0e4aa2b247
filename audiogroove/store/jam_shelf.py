"""What may be asked of the store about jams."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from functools import partial

from audiogroove.errors import Gone
from audiogroove.jam.jam import Jam
from audiogroove.store import jams
from audiogroove.store.clock import SteadyClock
from audiogroove.store.database import Database
from audiogroove.store.rows import Charge, StoredJam
from audiogroove.store.writer import Writer

_LOG = logging.getLogger(__name__)


class JamShelf:
    """Keeps jams, each from its opening until its retention is over; a part of the `Store`.

    As there, whatever changes something returns when it is on the disk, and every method raises
    StoreFailed when the database refuses.
    """

    def __init__(self, database: Database, writer: Writer, clock: SteadyClock) -> None:
        self._database, self._writer, self._clock = database, writer, clock

    async def open(self, jam: Jam, address: Mapping[str, object]) -> Jam | None:
        """Keep a new jam, whose card is at `address`, and tell it with its number in its chat.

        None, and nothing is kept, when a jam is open at its spot, or has its home there.
        """
        return await self._writer.do(partial(jams.begin, jam=jam, address=address))

    async def keep(self, jam: Jam, charges: Sequence[Charge] = ()) -> None:
        """Keep a jam after a move and charge for it, all or nothing.

        When a quota is used up it ends in QuotaReached: nothing is kept, nothing charged. When
        what is kept is not the version before this one, as after one of its players was
        forgotten, or is over, it ends in StoreFailed: look it up, and move again.
        """
        now_us = self._clock.now_us()
        await self._writer.do(partial(jams.keep, now_us=now_us, jam=jam, charges=charges))

    async def place(self, jam_id: str, address: Mapping[str, object], home: str = "") -> None:
        """Note where a jam's card is, and the topic made for it; a `home` of "" changes none."""
        await self._writer.do(partial(jams.place, jam_id=jam_id, address=address, home=home))

    async def look(self, jam_id: str) -> StoredJam:
        """Look a jam up.

        Raises:
            Gone: when it is not kept, or no longer.
        """
        rows = await self._database.rows(jams.by_id(jam_id))
        readable, _ = await asyncio.to_thread(jams.read_all, rows)
        if not readable:
            raise Gone("jam")
        return readable[0]

    async def open_ones(self) -> list[StoredJam]:
        """List the jams that are open, or finished and not delivered yet, the oldest first.

        Those that can no longer be read are closed.
        """
        rows = await self._database.rows(jams.alive())
        readable, unreadable = await asyncio.to_thread(jams.read_all, rows)
        if unreadable:
            _LOG.error("jams that cannot be read are closed: %s", ", ".join(unreadable))
            now_us = self._clock.now_us()
            await self._writer.do(partial(jams.close, now_us=now_us, jam_ids=unreadable))
        return readable

    async def deliver(self, jam_id: str) -> None:
        """Note that the piece of a finished jam is in the chat."""
        await self._writer.do(partial(jams.deliver, jam_id=jam_id))

    async def history(self, platform: str, chat: str, limit: int) -> list[Jam]:
        """List up to `limit` finished jams of a chat, the last to finish first."""
        rows = await self._database.rows(jams.finished_in(platform, chat, limit))
        readable, _ = await asyncio.to_thread(jams.read_all, rows)
        return [stored.jam for stored in readable]
