"""A reply brought to its place, message by message, with as much of it as Telegram takes.

    what stands there ──▶ the next message ──▶ taken: noted ──────────▶ what stands there …
                                │
                                └────────────▶ refused: without its file, laid out anew

Only a .mid that is refused ends it, or a reply of which nothing is left.
"""

from collections.abc import Sequence
from dataclasses import replace

import structlog

from bots.chat import Placed, Reply
from bots.telegram.faults import Unacceptable, Unchangeable
from bots.telegram.layout import messages_of, unsent, without
from bots.telegram.media import sendable
from bots.telegram.place import Place, to_address
from bots.telegram.post import Manner, Post

_LOG = structlog.get_logger()


class Delivery:
    """Brings replies in one manner."""

    def __init__(self, post: Post, manner: Manner, placed: Placed | None = None) -> None:
        """Bring by this post; `placed` is told after each message, and without it albums go."""
        self._post, self._manner, self._placed = post, manner, placed

    async def bring(self, place: Place, reply: Reply) -> None:
        """Bring what of a reply does not stand at a place yet.

        Ends as Unreachable when it should be tried again, from the place that was noted last.

        Raises:
            Unacceptable: when the .mid is refused, or all there is.
        """
        reply = replace(reply, files=sendable(reply))
        if not reply.files:
            await self._put(place, reply)
            return
        while rest := self._unsent(place, reply):
            try:
                place = await self._put(place, rest[0])
            except Unacceptable as refusal:
                lesser = without(reply, rest[0].files)
                if lesser is None:
                    raise
                _LOG.warning("a preview was refused", fault=str(refusal))
                reply = lesser

    def _unsent(self, place: Place, reply: Reply) -> Sequence[Reply]:
        is_brief = place.is_group or self._post.is_behind
        messages = messages_of(reply, is_brief=is_brief, albums=self._placed is None)
        return unsent(messages, [medium for _, medium in place.sent])

    async def _put(self, place: Place, message: Reply) -> Place:
        """Put a message in place of the words that wait, or after what stands there."""
        there = None if place.sent else await self._replaced(place, message)
        there = there or await self._post.send(place, message, self._manner_after(place))
        if self._placed:
            await self._placed(to_address(there))
        return there

    def _manner_after(self, place: Place) -> Manner:
        """Ring once a piece: where two messages stand already, at least one was new and rang."""
        is_silent = self._manner.is_silent or len(place.sent) > 1
        return replace(self._manner, is_silent=is_silent)

    async def _replaced(self, place: Place, message: Reply) -> Place | None:
        if place.message_id is None:
            return None
        try:
            return await self._post.rewrite(place, message, self._manner.urgency)
        except Unchangeable:
            return None
