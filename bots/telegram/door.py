"""The way to Telegram's chats outside of any event.

A piece takes the place of the words that waited for it: the same message becomes the file, so
that however often that is tried, after a failure or a restart, it is seen once. Only where no
words were ever said, or they are gone, a new message is sent; then, and only then, a piece is
seen twice when Telegram took it and its answer was lost. Telegram has nothing to prevent that.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from bots.chat import Address, Reply, Undeliverable, Unreachable
from bots.pace import Limit, Pace
from bots.sender import Urgency
from bots.telegram.faults import Unchangeable
from bots.telegram.place import Place, from_address, is_group
from bots.telegram.post import Manner, Post
from bots.telegram.rendering import one_file_each

PAUSE_S, GROUP_PAUSE_S = 1.0, 3.0
SHOW_WITHIN_S = 1.0  # a status that waits longer for its turn is stale
STATUSES = (Limit(1, 1.5),)  # of what Telegram allows, a good part is left for pieces
GROUP_STATUSES = (Limit(10, 60.0),)
ALL_STATUSES = (Limit(8, 1.0),)  # of all chats together: the others are for pieces
PIECE = Manner(Urgency.PIECE)


class TelegramDoor:
    """Shows and delivers through one connected bot."""

    platform = "telegram"

    def __init__(self, post: Post, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Open a door; `clock` is in seconds."""
        self._post, self._clock = post, clock
        self._statuses = Pace(lambda chat: GROUP_STATUSES if is_group(chat) else STATUSES)
        self._all_statuses = Pace(lambda _: ALL_STATUSES)

    def pause_s(self, address: Address) -> float:
        """Tell how long to wait between two changes of a message there."""
        return GROUP_PAUSE_S if from_address(address).is_group else PAUSE_S

    async def show(self, address: Address, reply: Reply) -> None:
        """Change the words of an answer that was opened; given up silently when it is not easy."""
        place = from_address(address)
        if place.message_id is None or not self._may_show(place):
            return
        with suppress(Unchangeable, Undeliverable, Unreachable, TimeoutError):
            async with asyncio.timeout(SHOW_WITHIN_S):
                await self._post.rewrite(place, reply, Urgency.STATUS)

    def _may_show(self, place: Place) -> bool:
        now_s = self._clock()
        ready_s = max(
            self._statuses.ready_at(place.chat, now_s), self._all_statuses.ready_at("", now_s)
        )
        if self._post.is_behind or ready_s > now_s:
            return False
        self._statuses.spend(place.chat, now_s)
        self._all_statuses.spend("", now_s)
        return True

    async def deliver(self, address: Address, reply: Reply, *, nonce: str) -> None:
        """Put a finished answer there, in place of the words that waited for it.

        Ends as Unreachable when it should be tried again, as Undeliverable when it should not.
        """
        del nonce  # Telegram takes none: see the module
        place = from_address(address)
        first, *others = one_file_each(reply)
        if not await self._replace(place, first):
            place = await self._post.send(place, first, PIECE)
        for other in others:
            await self._post.send(place, other, PIECE)

    async def _replace(self, place: Place, reply: Reply) -> bool:
        """Turn the waiting words into their answer; False where there are none."""
        if place.message_id is None:
            return False
        try:
            await self._post.rewrite(place, reply, Urgency.PIECE)
        except Unchangeable:
            return False
        return True
