"""How something is said on Discord: each way once, with no memory."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final, cast

import discord

from bots.chat import Reply, Undeliverable
from bots.discord.faults import AlreadyThreaded, MessageGone, ThreadArchived, TooLate, reaching
from bots.discord.place import Pass, Place
from bots.discord.rendering import (
    Fields,
    changed,
    content_of,
    nonce_of_card,
    said,
    touched_up,
)
from bots.discord.sizes import sent_as_fits

ORIGINAL = "@original"  # how a pass names the message that answered its interaction
TITLE_CHARS = 100  # of a thread
QUIET_MIN: Final = 1440  # without a message, after which Discord archives a thread: a day


class Voice:
    """Speaks by a client that is logged in.

    Every method raises Unreachable when the same may be tried again, and Undeliverable, or one of
    its kinds in `faults`, when not.
    """

    def __init__(self, client: discord.Client, clock: Callable[[], float] = time.time) -> None:
        """Set up a voice; `clock` tells the time of day in seconds."""
        self._client, self._clock = client, clock

    async def bring(self, place: Place, reply: Reply, nonce: str) -> Place:
        """Put a reply there by the first way that is open: in place of the first words, or anew.

        Said again after a failure it is seen once: changes are the same however often they are
        made, and Discord knows a new message by its nonce. Tells the place as it is then.
        """
        each_bytes = place.grants.each_bytes
        return await sent_as_fits(reply, each_bytes, lambda fit: self._bring(place, fit, nonce))

    async def _bring(self, place: Place, reply: Reply, nonce: str) -> Place:
        passed = self._pass_of(place)
        if passed and (place.message or not passed.is_press):
            with suppress(TooLate, MessageGone):
                fields = changed(reply, place.grants)
                message = await self._change_by_pass(passed, place, fields)
                return place if place.message else _found(place, message, is_original=True)
        if place.is_foreign:
            return _found(place, await self._follow_up(passed, place, reply), is_original=False)
        with suppress(MessageGone):
            await self._change_awake(place, lambda: changed(reply, place.grants))
            return place
        message = await self.say(place, reply, nonce)
        return _found(replace(place, passed=None), message, is_original=False)

    async def touch_up(self, place: Place, reply: Reply) -> None:
        """Change the words and buttons of a message that is there; all else stays."""
        passed = self._pass_of(place)
        if passed:
            await self._change_by_pass(passed, place, touched_up(reply))
        elif not place.is_foreign:
            await self._change(place, touched_up(reply))

    async def say(self, place: Place, reply: Reply, nonce: str) -> int:
        """Say something new in a channel and tell the message's id."""
        message = await self._said(place, reply, nonce)
        return message.id

    async def _said(self, place: Place, reply: Reply, nonce: str) -> discord.Message:
        fields = said(reply, place.grants) | {"nonce": nonce}
        if place.is_reply:
            fields["reference"] = discord.MessageReference(
                message_id=place.born,
                channel_id=place.channel,
                guild_id=place.guild,
                fail_if_not_exists=False,
            )
        message: discord.Message = await reaching(self._channel(place).send(**fields))
        return message

    async def type(self, place: Place) -> None:
        """Show for some seconds that something is being written."""
        await reaching(self._client.http.send_typing(place.channel))

    # Cards.

    async def start_thread(self, place: Place, title: str) -> Place:
        """Start a thread from the message that is there, and tell the place in it."""
        starting = self._client.http.start_thread_with_message(
            place.channel,
            self._message(place).id,
            name=title[:TITLE_CHARS],
            auto_archive_duration=QUIET_MIN,
        )
        with suppress(AlreadyThreaded):  # by an earlier try
            await reaching(starting)
        return place.threaded

    async def put_up(self, place: Place, card: Reply, nonce: str) -> Place:
        """Say a card as something new, once for each nonce, and tell its place."""
        each_bytes = place.grants.each_bytes
        return await sent_as_fits(card, each_bytes, lambda fit: self._put_up(place, fit, nonce))

    async def _put_up(self, place: Place, card: Reply, nonce: str) -> Place:
        message = await self._said(place, card, nonce_of_card(nonce, place.message))
        now = _found(place, message.id, is_original=False)
        if message.content != content_of(card).strip():  # an earlier try's, of an earlier state
            await self._change(now, changed(card, place.grants))
        return now

    async def revise(self, place: Place, card: Reply, nonce: str) -> Place:
        """Bring a card up to date, or put it up anew where it is gone; tell its place then."""
        each_bytes = place.grants.each_bytes
        return await sent_as_fits(card, each_bytes, lambda fit: self._revise(place, fit, nonce))

    async def _revise(self, place: Place, card: Reply, nonce: str) -> Place:
        def fields() -> Fields:
            return changed(card, place.grants) if card.files else touched_up(card)

        try:
            await self._change_awake(place, fields)
        except MessageGone:
            return await self._put_up(place, card, nonce)
        return place

    async def take_down(self, place: Place) -> None:
        """Delete the message that is there; what is gone already is gone."""
        with suppress(MessageGone):
            await reaching(self._message(place).delete())

    # By a pass, and as a member.

    def _pass_of(self, place: Place) -> Pass | None:
        passed = place.passed
        return passed if passed and passed.is_good(self._clock()) else None

    async def _change_by_pass(self, passed: Pass, place: Place, fields: Fields) -> int:
        """Change a message by the pass of the interaction that it answers, and tell its id."""
        name = place.message
        if place.is_original or name is None:
            name = cast("int", ORIGINAL)  # the library puts it into the path as it is
        message = await reaching(self._hook(passed).edit_message(name, **fields))
        return message.id

    async def _change(self, place: Place, fields: Fields) -> None:
        """Change a message of ours as a member of the channel."""
        await reaching(self._message(place).edit(**fields))

    async def _change_awake(self, place: Place, make: Callable[[], Fields]) -> None:
        """Change a message of ours, in a thread that sleeps after waking it."""
        try:
            await self._change(place, make())
        except ThreadArchived:
            await reaching(self._client.http.edit_channel(place.channel, archived=False))
            await self._change(place, make())

    async def _follow_up(self, passed: Pass | None, place: Place, reply: Reply) -> int:
        """Say something new where nothing but a pass lets us speak, and tell the message's id.

        Raises:
            Undeliverable: when it has expired, too.
        """
        if passed is None:
            raise Undeliverable("the time to answer is over, and the bot is no member there")
        fields = said(reply, place.grants)
        message: discord.WebhookMessage = await reaching(
            self._hook(passed).send(**fields, wait=True), once=True
        )
        return message.id

    def _hook(self, passed: Pass) -> discord.Webhook:
        return discord.Webhook.partial(passed.application, passed.token, client=self._client)

    def _message(self, place: Place) -> discord.PartialMessage:
        """Take the message of ours that is there.

        Raises:
            MessageGone: when nothing was said there.
        """
        if place.message is None:
            raise MessageGone("nothing was said there")
        return self._channel(place).get_partial_message(place.message)

    def _channel(self, place: Place) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(place.channel, guild_id=place.guild)


def _found(place: Place, message: int, *, is_original: bool) -> Place:
    return replace(place, message=message, is_original=is_original)
