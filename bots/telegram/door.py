"""The way to Telegram's chats outside of any event.

The first message of a piece takes the place of the words that waited for it: however often that
is tried, after a failure or a restart, it is seen once. The others are new messages, each noted
as soon as Telegram has said that it is there, and not sent again.

What can still be seen twice is a new message that Telegram took and whose answer was lost, or
that was not noted because we were gone in that instant: one of a piece's, never all of them. So
can the first be, where no words were ever said or they are gone. Telegram has nothing to prevent
that: it knows no nonce, and tells a bot nothing of what stands in a chat.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from bots.chat import Address, Medium, Placed, Reply, Undeliverable, Unreachable
from bots.pace import Limit, Pace
from bots.sender import Urgency
from bots.telegram.cards import Cards
from bots.telegram.delivery import Delivery
from bots.telegram.faults import Unchangeable
from bots.telegram.place import Place, from_address, is_group, to_address
from bots.telegram.post import Manner, Post

PAUSE_S, GROUP_PAUSE_S = 1.0, 3.0
CARD_PAUSE_S, GROUP_CARD_PAUSE_S = 1.5, 4.0  # at most 15 of a group's 20 a minute
SHOW_WITHIN_S = 1.0  # a status that waits longer for its turn is stale
STATUSES = (Limit(1, 1.5),)  # with the piece after them no more than `pace.CHANGES`
GROUP_STATUSES = (Limit(5, 60.0),)  # of the 20 a minute; a piece takes three
ALL_STATUSES = (Limit(8, 1.0),)  # of all chats together: the others are for pieces
PIECE = Manner(Urgency.PIECE)


class TelegramDoor:
    """Shows and delivers through one connected bot."""

    platform = "telegram"
    previews = frozenset({Medium.PICTURE, Medium.SOUND})

    def __init__(self, post: Post, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Open a door; `clock` is in seconds."""
        self._post, self._clock = post, clock
        self._cards = Cards(post)
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

    async def deliver(self, address: Address, reply: Reply, *, nonce: str, placed: Placed) -> None:
        """Put a finished answer there, the first of its messages in place of the waiting words.

        Ends as Unreachable when it should be tried again, as Undeliverable when it should not.
        """
        del nonce  # Telegram takes none: see the module
        await Delivery(self._post, PIECE, placed).bring(from_address(address), reply)

    # Cards.

    def card_pause_s(self, address: Address) -> float:
        """Tell how long to wait between two changes of a card, so that others can speak, too."""
        return GROUP_CARD_PAUSE_S if from_address(address).is_group else CARD_PAUSE_S

    def changes_of(self, card: Reply) -> int:
        """Tell how many changes a change to this card is: a sound is a message of its own."""
        return max(1, len(card.files))

    def chat_of(self, address: Address) -> str:
        """Tell the key of the chat that an address lies in: a group that grew has another one."""
        return f"{self.platform}:{from_address(address).chat}"

    def topic_of(self, address: Address) -> str:
        """Tell the topic that an address lies in, as `Chat.topic` does."""
        return str(from_address(address).thread_id or "")

    def beside(self, address: Address) -> Address:
        """Make an address for something new in the chat and topic of a card, in reply to it."""
        card = from_address(address)
        return to_address(Place(card.chat_id, card.thread_id, reply_to=card.message_id))

    async def revise(self, address: Address, card: Reply, *, nonce: str) -> Address:
        """Bring a card up to date, and tell where it is then.

        Ends as Unreachable when it should be tried again later, as Undeliverable when the chat
        is gone.
        """
        del nonce  # as in `deliver`
        return to_address(await self._cards.revise(from_address(address), card))

    async def renew(self, address: Address, card: Reply, *, nonce: str) -> Address:
        """Put a card up anew, below all that was said since, and take the old one down."""
        del nonce  # as in `deliver`
        return to_address(await self._cards.renew(from_address(address), card))
