"""The open line to whoever wrote a message: answers are replies to it."""

from dataclasses import replace

import discord
import structlog

from bots.chat import Address, Reply, Undeliverable, Unreachable
from bots.discord.faults import reaching
from bots.discord.gathering import gathered
from bots.discord.permissions import can_thread, granted_to
from bots.discord.place import Place, write
from bots.discord.rendering import nonce_of
from bots.discord.sizes import sent_as_fits
from bots.discord.voice import Voice
from bots.discord.words import thread_below
from bots.sender import Sender

NOD = "👍"

_LOG = structlog.get_logger()


class MessageLine:
    """A line that a message opened."""

    def __init__(
        self, message: discord.Message, place: Place, voice: Voice, sender: Sender
    ) -> None:
        """Open a line."""
        self._message, self._place = message, place
        self._voice, self._sender = voice, sender

    @property
    def address(self) -> Address:
        """Where the answer goes: to what was said already, or anew."""
        return write(self._place)

    async def is_moderator(self) -> bool:
        """Tell whether the one who speaks may manage messages in this channel."""
        author = self._message.author
        if not isinstance(author, discord.Member):
            return False
        nothing = discord.Permissions.none()
        return granted_to(author, self._message, unknown=nothing).manage_messages

    async def hold(self) -> None:
        """Show that something is being written."""
        try:
            await self._sender.send(self._place.key, lambda: self._voice.type(self._place))
        except (Unreachable, Undeliverable) as fault:
            _LOG.info("could not show typing", fault=str(fault))

    async def open(self, reply: Reply) -> Address:
        """Say the first words of an answer that will change and end as a piece."""
        message = await self._say(reply)
        self._place = replace(self._place, message=message)
        return self.address

    async def say(self, reply: Reply) -> None:
        """Answer for all to see, as there is no other way; what cannot be said is logged."""
        try:
            await self._say(reply)
        except (Unreachable, Undeliverable) as fault:
            _LOG.warning("an answer was not said", fault=str(fault))

    async def _say(self, reply: Reply) -> int:
        return await sent_as_fits(reply, self._place.grants.each_bytes, self._once)

    async def _once(self, reply: Reply) -> int:
        nonce = nonce_of(f"line:{self._place.key}", reply)
        return await self._sender.send(
            self._place.key, lambda: self._voice.say(self._place, reply, nonce)
        )

    async def nod(self, words: str) -> None:
        """Put a thumb under their message: there is no saying something to one person."""
        granted = self._granted()
        if not (granted.add_reactions and granted.read_message_history):
            _LOG.info("a nod was not permitted", words=words)
            return
        try:
            await self._sender.send(
                self._place.key, lambda: reaching(self._message.add_reaction(NOD))
            )
        except (Unreachable, Undeliverable) as fault:
            _LOG.info("a nod was not given", words=words, fault=str(fault))

    async def gather(self, card: Reply, title: str) -> Address:
        """Put up a card in reply, or in a thread of its own where one may be started.

        Raises Unreachable when it is not known to be up, Undeliverable when it never will be.
        """
        if not can_thread(self._message.channel, self._granted()):
            await self.open(card)
            return write(self._place.lasting)
        await self.open(thread_below(title))
        return write(await gathered(self._place, card, title, self._voice, self._sender))

    def _granted(self) -> discord.Permissions:
        """Tell what we may do in this channel, as far as that is known."""
        guild, nothing = self._message.guild, discord.Permissions.none()
        return granted_to(guild.me, self._message, unknown=nothing) if guild else nothing

    async def remove(self, _delivered: Address) -> None:
        """Nothing was pressed, so nothing goes."""
