"""The open line to whoever used a command or pressed a button.

Discord wants the first answer within 3 s, once, and then lets us speak for 15 minutes:

    SILENT ──answer──▶ SPOKEN          what is said at once answers the interaction itself
       │                  ▲
       └──defer──▶ DEFERRED            the guard defers before it is too late: a command shows
                                       "thinking", a button just stops waiting

Whatever is said, and deferring, takes turns; so the guard never comes between.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from enum import Enum, auto
from typing import Any, TypeVar

import discord
import structlog

from bots.chat import Address, Reply, Undeliverable, Unreachable
from bots.discord.calls import at_once, finished
from bots.discord.faults import AlreadyAnswered, MessageGone, TooLate, reaching
from bots.discord.gathering import gathered
from bots.discord.permissions import can_thread
from bots.discord.place import Place, write
from bots.discord.rendering import changed, nonce_of, said
from bots.discord.sizes import sent_as_fits
from bots.discord.voice import Voice
from bots.discord.words import thread_below
from bots.sender import Sender

Interaction = discord.Interaction[Any]
T = TypeVar("T")
_LOG = structlog.get_logger()


class Stage(Enum):
    """How far an interaction is answered."""

    SILENT = auto()
    DEFERRED = auto()
    SPOKEN = auto()


class InteractionLine:
    """A line that an interaction opened."""

    def __init__(
        self,
        interaction: Interaction,
        place: Place,
        voice: Voice,
        sender: Sender,
        *,
        patience_s: float,
    ) -> None:
        """Open a line; on silence it defers by itself after `patience_s`."""
        self._interaction, self.place = interaction, place
        self._voice, self._sender = voice, sender
        self._stage = Stage.SILENT
        self._turn = asyncio.Lock()
        self._is_press = interaction.type is discord.InteractionType.component
        self.guard = asyncio.create_task(self._guarded(patience_s))

    @property
    def address(self) -> Address:
        """Where the answer goes: to what was said already, or anew."""
        return write(self.place)

    async def is_moderator(self) -> bool:
        """Tell whether the one who speaks may manage messages in this channel."""
        return self._interaction.permissions.manage_messages

    # Acknowledging.

    async def _guarded(self, patience_s: float) -> None:
        await asyncio.sleep(patience_s)  # a deadline of Discord's, not a pause: nothing polls here
        await self.hold()

    async def hold(self) -> None:
        """Defer, so that there are 15 minutes instead of 3 seconds.

        Raises:
            CancelledError: when cancelled, though not before it is done.
        """
        async with self._turn:
            if self._stage is Stage.SILENT:
                try:
                    await self._defer()
                except (Unreachable, Undeliverable) as fault:
                    _LOG.info("could not defer", fault=str(fault))
        task = asyncio.current_task()
        if task and task.cancelling():  # while that was finished
            raise asyncio.CancelledError

    async def _defer(self) -> None:
        response = self._interaction.response
        # A button's answer may be private, public or none: only a bare defer leaves that open.
        with suppress(AlreadyAnswered):
            await finished(at_once(lambda: response.defer(thinking=not self._is_press)))
        self._stage = Stage.DEFERRED

    # Saying.

    async def open(self, reply: Reply) -> Address:
        """Say the first words of an answer that will change and end as a piece."""
        await self.bring(reply)
        return self.address

    async def say(self, reply: Reply) -> None:
        """Answer; what cannot be said is logged."""
        try:
            await self.bring(reply)
        except (Unreachable, Undeliverable) as fault:
            _LOG.warning("an answer was not said", fault=str(fault))

    async def nod(self, words: str) -> None:
        """Let a button rest; after a command, or where a choice was made, say it to one person."""
        if self._is_press and not self._is_menu_pressed():
            await self.hold()
        else:
            await self.say(Reply(words, is_private=True))

    async def gather(self, card: Reply, title: str) -> Address:
        """Put up a card for all to see, in a thread of its own where one may be started.

        Raises Unreachable when it is not known to be up, and

        Raises:
            Undeliverable: when it never will be.
        """
        channel, granted = self._interaction.channel, self._interaction.app_permissions
        if self.place.is_foreign:
            raise Undeliverable("a card outlives every pass, and the bot is no member there")
        if not can_thread(channel, granted):
            await self.bring(card)
            return write(self.place.lasting)
        await self.bring(thread_below(title))
        return write(await gathered(self.place, card, title, self._voice, self._sender))

    async def bring(self, reply: Reply) -> None:
        """Say something by whatever way is open; once under way, it is said although cancelled.

        Raises Unreachable when it was not said and may be later, Undeliverable when it never will
        be.
        """
        async with self._turn:
            await sent_as_fits(reply, self.place.grants.each_bytes, self._speak)
        self.guard.cancel()

    async def _speak(self, reply: Reply) -> None:
        is_private = reply.is_private or reply.is_menu
        try:
            if self._stage is Stage.SILENT and await self._answer(reply, is_private=is_private):
                return
            if self._stage is Stage.DEFERRED and not self._is_press:
                await self._settle_thinking(reply, is_private=is_private)
            else:
                await self._follow_up(reply, is_private=is_private)
        except TooLate:
            await self._speak_in_channel(reply, is_private=is_private)

    async def _answer(self, reply: Reply, *, is_private: bool) -> bool:
        """Answer the interaction itself; False when something else has, unknown to us."""
        response, grants = self._interaction.response, self.place.grants

        async def answer() -> int | None:
            if is_private and self._is_menu_pressed():  # it has done its service: take its place
                await response.edit_message(**changed(reply, grants))
                return None
            answer = await response.send_message(**said(reply, grants), ephemeral=is_private)
            return answer.message_id

        try:
            message = await finished(at_once(answer))
        except AlreadyAnswered:
            self._stage = Stage.DEFERRED
            return self._is_press and await self._has_answer()
        self._put(message, is_original=True)
        return True

    def _is_menu_pressed(self) -> bool:
        """Tell whether a button was pressed that only this person sees."""
        message = self._interaction.message
        return self._is_press and message is not None and message.flags.ephemeral

    async def _has_answer(self) -> bool:
        """Find out whether a first answer arrived although its connection broke."""
        original = await reaching(self._interaction.original_response())
        pressed = self._interaction.message
        if pressed and original.id == pressed.id:
            return False  # deferred only
        self._put(original.id, is_original=True)
        return True

    async def _settle_thinking(self, reply: Reply, *, is_private: bool) -> None:
        """Say something in place of "thinking", which everybody sees."""
        if is_private:
            await self._send(self._end_thinking)
            await self._follow_up(reply, is_private=True)
            return
        edit, grants = self._interaction.edit_original_response, self.place.grants
        message = await self._send(lambda: reaching(edit(**changed(reply, grants))))
        self._put(message.id, is_original=True)

    async def _end_thinking(self) -> None:
        with suppress(MessageGone):
            await reaching(self._interaction.delete_original_response())

    async def _follow_up(self, reply: Reply, *, is_private: bool) -> None:
        send, grants = self._interaction.followup.send, self.place.grants

        async def follow_up() -> discord.WebhookMessage:
            sending = send(**said(reply, grants), ephemeral=is_private, wait=True)
            return await reaching(sending, once=True)

        message = await self._send(follow_up)
        self._put(message.id, is_original=False)

    async def _speak_in_channel(self, reply: Reply, *, is_private: bool) -> None:
        """Say something as a member of the channel, when the interaction is too old for us.

        Raises:
            Undeliverable: when it cannot or must not be said there.
        """
        is_ours = self._interaction.context.dm_channel
        if self.place.is_foreign or (is_private and not is_ours):
            raise Undeliverable("the time to answer is over")
        self.place = replace(self.place, passed=None)
        nonce = nonce_of(f"line:{self.place.key}", reply)
        message = await self._send(lambda: self._voice.say(self.place, reply, nonce))
        self._put(message, is_original=False)

    def _put(self, message: int | None, *, is_original: bool) -> None:
        self._stage = Stage.SPOKEN
        self.place = replace(self.place, message=message, is_original=is_original)

    async def _send(self, call: Callable[[], Awaitable[T]]) -> T:
        return await self._sender.send(self.place.key, call)

    # Tidying up.

    async def remove(self, _delivered: Address) -> None:
        """Delete the message whose button was pressed: it is all there is of a piece.

        What is gone already is gone.
        """
        async with self._turn:
            try:
                await self._remove()
            except (Unreachable, Undeliverable) as fault:
                _LOG.warning("a message was not deleted", fault=str(fault))

    async def _remove(self) -> None:
        message = self._interaction.message
        if message is None:
            return
        if self._stage is Stage.SILENT:
            with suppress(TooLate):  # to answer, but not to delete
                await self._defer()
        with suppress(MessageGone):
            if self._stage is Stage.DEFERRED:  # then it is what the interaction calls original
                await self._send(lambda: reaching(self._interaction.delete_original_response()))
            else:
                await self._send(lambda: reaching(message.delete()))
