"""The way to Discord's chats outside of any event, also for what an earlier process began."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from weakref import WeakValueDictionary

import structlog
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bots.chat import Address, Medium, Placed, Reply, Undeliverable, Unreachable
from bots.discord.line import InteractionLine
from bots.discord.place import Place, read, write
from bots.discord.rendering import nonce_of
from bots.discord.voice import Voice
from bots.pace import Limit, Pace
from bots.sender import Sender, Urgency

PAUSE_S = 2.0  # between two changes of a status: 5 in 5 s are allowed, and the piece needs one
SHOW_S = 1.0  # for one change of a status; the piece must not wait for it
CHANNEL_SHARE = (Limit(2, 5.0),)  # of the 5 changes in 5 s that all messages of a channel share
ALL_SHARE = (Limit(10, 1.0),)  # of all statuses together: they must not keep us from work
CARD_PAUSE_S = 2.5  # between two changes of a card: half of the same 5 in 5 s
SPOILT_KEPT = 1000

_LOG = structlog.get_logger()


class DiscordDoor:
    """Shows statuses when that is easy, and delivers pieces whatever it takes."""

    platform = "discord"
    previews = frozenset({Medium.PICTURE, Medium.SOUND})

    def __init__(
        self,
        voice: Voice,
        sender: Sender,
        lines: WeakValueDictionary[int, InteractionLine],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Set up a door; `lines` are those still open, by the interaction that opened them."""
        self._voice, self._sender, self._lines, self._clock = voice, sender, lines, clock
        self._shares = Pace(lambda channel: CHANNEL_SHARE if channel else ALL_SHARE)
        self._showing: dict[str, asyncio.Task[None]] = {}
        self._spoilt: OrderedDict[str, None] = OrderedDict()  # statuses that cannot be changed

    def pause_s(self, _address: Address) -> float:
        """Tell how long to wait between two changes of a message there."""
        return PAUSE_S

    async def show(self, address: Address, reply: Reply) -> None:
        """Change the words of an answer that was opened; given up silently when it is not easy."""
        place = self._latest(read(address))
        if self._is_hard(place):
            return
        try:
            async with asyncio.timeout(SHOW_S):
                await self._sender.send(
                    place.key, lambda: self._glance(place, reply), Urgency.STATUS
                )
        except (TimeoutError, Unreachable):
            _LOG.debug("a status was left out")

    def _latest(self, place: Place) -> Place:
        """Tell what an open line knows better: it may have spoken since the address was kept."""
        line = self._lines.get(place.born)
        return line.place if line and place.message is None else place

    def _is_hard(self, place: Place) -> bool:
        if place.message is None or place.key in self._spoilt or place.key in self._showing:
            return True
        # An interaction has a limit of its own, which the pause respects.
        return self._sender.is_behind or not self._has_share("" if place.passed else place.channel)

    def _has_share(self, channel: int | str) -> bool:
        now_s, shares = self._clock(), {"", str(channel)}
        if any(self._shares.ready_at(share, now_s) > now_s for share in shares):
            return False
        for share in shares:
            self._shares.spend(share, now_s)
        return True

    async def _glance(self, place: Place, reply: Reply) -> None:
        """Begin a change and look for a moment whether it is done.

        The library waits out limits without a word, up to minutes; that is left behind here, and
        `deliver` ends it.
        """
        task = asyncio.create_task(self._show(place, reply))
        self._showing[place.key] = task
        await asyncio.wait({task}, timeout=SHOW_S)

    async def _show(self, place: Place, reply: Reply) -> None:
        # With a queue of its own in the library: its waiting must not hold up the piece's.
        async_context.set(AsyncWebhookAdapter())  # type: ignore[no-untyped-call]
        try:
            await self._voice.touch_up(place, reply)
        except Unreachable as fault:
            _LOG.debug("a status was not shown", fault=str(fault))
        except Undeliverable as fault:
            _LOG.debug("no more statuses there", fault=str(fault))
            self._spoil(place)
        finally:
            del self._showing[place.key]

    def _spoil(self, place: Place) -> None:
        self._spoilt[place.key] = None
        if len(self._spoilt) > SPOILT_KEPT:
            self._spoilt.popitem(last=False)

    async def deliver(self, address: Address, reply: Reply, *, nonce: str, placed: Placed) -> None:
        """Put a finished answer there, in place of the words that waited for it.

        It is one message, whole or not there; `placed` is told of a message that the address does
        not name, so that the same delivered once more changes that one. Raises Unreachable when
        it should be tried again later, Undeliverable when it never will arrive.
        """
        place = self._latest(read(address))
        await self._end_showing(place)
        now = await self._brought(place, reply, nonce)
        if now.message != read(address).message:
            await placed(write(now))

    async def _brought(self, place: Place, reply: Reply, nonce: str) -> Place:
        line = self._lines.get(place.born)
        if line and place.message is None:  # the piece itself may be the first words
            await line.bring(reply)
            return line.place
        told = nonce_of(nonce, reply)
        return await self._sender.send(
            place.key, lambda: self._voice.bring(place, reply, told), Urgency.PIECE
        )

    # Cards.

    def card_pause_s(self, _address: Address) -> float:
        """Tell how long to wait between two changes of a card, so that others can speak, too."""
        return CARD_PAUSE_S

    def changes_of(self, _card: Reply) -> int:
        """Tell how many changes a change to this card is: it is one message."""
        return 1

    def chat_of(self, address: Address) -> str:
        """Tell the key of the channel that an address lies in, whatever its thread."""
        place = read(address)
        return f"{self.platform}:{place.parent or place.channel}"

    def topic_of(self, address: Address) -> str:
        """Tell the thread that an address lies in, as `Chat.topic` does."""
        place = read(address)
        return str(place.channel) if place.parent else ""

    def beside(self, address: Address) -> Address:
        """Make an address for something new in the same channel as a card."""
        return write(read(address).beside)

    async def revise(self, address: Address, card: Reply, *, nonce: str) -> Address:
        """Bring a card up to date, and tell where it is then.

        Put up anew, because it was deleted, it has the files of this card and no earlier ones.
        Raises Unreachable when it should be tried again later, Undeliverable when it never will
        be there.
        """
        place = read(address)
        return write(
            await self._sender.send(place.key, lambda: self._voice.revise(place, card, nonce))
        )

    async def renew(self, address: Address, card: Reply, *, nonce: str) -> Address:
        """Put a card up anew, below all that was said since, and take the old one down.

        Raises as `revise` does; an old one that will not go stays.
        """
        place = read(address)
        now = await self._sender.send(place.key, lambda: self._voice.put_up(place, card, nonce))
        try:
            await self._sender.send(place.key, lambda: self._voice.take_down(place))
        except (Unreachable, Undeliverable) as fault:
            _LOG.info("an old card was left", fault=str(fault))
        return write(now)

    async def close(self) -> None:
        """Leave what is still being shown."""
        showing = set(self._showing.values())
        for task in showing:
            task.cancel()
        if showing:
            await asyncio.wait(showing)

    async def _end_showing(self, place: Place) -> None:
        showing = self._showing.get(place.key)
        if showing:
            showing.cancel()
            await asyncio.wait({showing})
