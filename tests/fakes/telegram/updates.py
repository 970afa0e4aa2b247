"""The queue of updates: kept until confirmed, given to whoever polls last."""

import asyncio
from typing import Any

from tests.fakes.telegram.record import Record
from tests.fakes.telegram.schema import Schema

LONGEST_POLL_S = 50
UNASKED = {"chat_member", "message_reaction", "message_reaction_count"}  # only when asked for


class Conflict(Exception):
    """Another poller, or a webhook, takes the updates; the message says which."""


class Updates:
    """All updates that are not confirmed yet, oldest first."""

    def __init__(self, schema: Schema, record: Record) -> None:
        self._schema = schema
        self._record = record
        self._next_id = 700_000_001
        self._poll: asyncio.Future[bool] | None = None  # True: there is something, False: go away
        self._allowed: set[str] | None = None
        self.pending: list[dict[str, Any]] = []
        self.confirmed = 0  # all with a smaller id

    @property
    def is_polled(self) -> bool:
        """Whether a poller waits just now."""
        return self._poll is not None

    def allow(self, kinds: list[str] | None) -> None:
        """Keep which kinds the bot wants from now on; an empty list: the usual ones."""
        if kinds is not None:
            self._allowed = set(kinds) or None

    def push(self, kind: str, payload: dict[str, Any]) -> int:
        """Queue an update and tell its id, or 0 where the bot does not want that kind."""
        wanted = kind in self._allowed if self._allowed else kind not in UNASKED
        if not wanted:
            return 0
        update = {"update_id": self._next_id, kind: payload}
        self._next_id += 1
        self._record.violations += self._schema.problems("Update", update, "update")
        self.pending.append(update)
        self._end_poll(has_found=True)
        return self._next_id - 1

    def confirm(self, offset: int) -> None:
        """Forget what is older than an offset; a negative one keeps that many of the newest."""
        if offset < 0:
            offset = self.pending[offset]["update_id"] if -offset <= len(self.pending) else 0
        self.pending = [each for each in self.pending if each["update_id"] >= offset]
        self.confirmed = max(self.confirmed, offset)

    def drop(self) -> None:
        """Forget all."""
        self.pending.clear()

    async def take(self, limit: int, timeout_s: float) -> list[dict[str, Any]]:
        """Tell the oldest updates, waiting for one if there is none; sends other pollers away.

        Raises:
            Conflict: when another poller comes meanwhile.
        """
        if self.pending or timeout_s <= 0:
            return self.pending[:limit]
        self._end_poll(has_found=False)
        poll = self._poll = asyncio.get_running_loop().create_future()
        await self._record.wake()  # a test may wait for the poll
        try:
            async with asyncio.timeout(min(timeout_s, LONGEST_POLL_S)):
                has_found = await poll
        except TimeoutError:
            return []
        finally:
            if self._poll is poll:
                self._poll = None
        if not has_found:
            raise Conflict(
                "terminated by other getUpdates request; "
                "make sure that only one bot instance is running"
            )
        return self.pending[:limit]

    def _end_poll(self, *, has_found: bool) -> None:
        if self._poll and not self._poll.done():
            self._poll.set_result(has_found)
