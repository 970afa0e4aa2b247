"""The open line to whoever has just written to the bot or pressed one of its buttons.

A press shows a clock until it is answered, and can be answered once: with words for the presser
alone, or with none. So it is answered with the first thing that is said, and by `hold` or the
front end when that takes long.
"""

from dataclasses import dataclass, replace

import structlog

from bots.chat import Address, Ask, Reply, Undeliverable, Unreachable, Verb
from bots.telegram.cards import Cards
from bots.telegram.delivery import Delivery
from bots.telegram.faults import Unchangeable
from bots.telegram.place import Place, messages_at, to_address
from bots.telegram.post import Manner, Post
from bots.telegram.removal import remove
from bots.telegram.rendering import GLANCE_CHARS, TOAST_CHARS, cut, menu_of

_LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button: the press by its id, and what is offered of the piece it belongs to."""

    id: str
    offers: frozenset[Verb] = frozenset()


class TelegramLine:
    """Answers one ask, which may have been a press."""

    def __init__(self, post: Post, ask: Ask, place: Place, press: Press | None = None) -> None:
        """Open a line to where the ask came from."""
        self._post, self._ask, self._place, self._press = post, ask, place, press
        self._is_owed = press is not None  # an answer to the press
        self._is_held = False

    @property
    def address(self) -> Address:
        """Where the answer goes if nothing could be said before a restart."""
        return to_address(self._place)

    async def hold(self) -> None:
        """Let the person see at once that an answer will come."""
        if self._is_held:
            return
        self._is_held = True
        await self.release()
        await self._post.act(self._place)

    async def release(self) -> None:
        """Stop the clock of the press, if there was one and it still runs."""
        await self._tell("")

    async def _tell(self, text: str, *, is_alert: bool = False) -> bool:
        """Answer the press; False when there is none to be answered any more."""
        if not self._is_owed or self._press is None:
            return False
        self._is_owed = False
        return await self._post.answer_press(self._press.id, text, is_alert=is_alert)

    async def open(self, reply: Reply) -> Address:
        """Say the first words of an answer that will change and end as a piece; at most once."""
        await self.release()
        return to_address(await self._post.send(self._place, reply))

    async def say(self, reply: Reply) -> None:
        """Answer; nothing more will follow."""
        try:
            if reply.is_menu and self._press and self._ask.subject:
                await self._offer(reply, self._press.offers)
            elif not await self._whisper(reply):
                await self._speak(reply)
        except (Undeliverable, Unreachable) as fault:
            _LOG.info("an answer was not said", ask=self._ask.id, fault=str(fault))

    async def nod(self, words: str) -> None:
        """Let the one who spoke know that it is done: above the chat, or by a thumb."""
        if self._press:
            is_seen = await self._tell(cut(words, TOAST_CHARS))
        else:
            is_seen = await self._post.react(self._place)
        if not is_seen:
            _LOG.info("a nod was not seen", ask=self._ask.id)

    async def gather(self, card: Reply, title: str) -> Address:
        """Put up a card that will change for a long time, in the topic where it is asked for.

        Topics are the group's own: none is opened, so `title` is of no use. Ends as Unreachable
        when it was not put up or that is not known, as Undeliverable when it never will be.
        """
        del title
        return to_address(await Cards(self._post).put_up(self._place, card))

    async def _offer(self, menu: Reply, offers: frozenset[Verb]) -> None:
        """Swap the buttons of the pressed message for a choice, or send it where that is gone."""
        await self._tell(cut(menu.text, TOAST_CHARS))
        keyboard = menu_of(menu.buttons, self._ask.subject, offers)
        try:
            await self._post.swap_buttons(self._pressed, keyboard)
        except Unchangeable:
            await self._speak(menu)

    async def _whisper(self, reply: Reply) -> bool:
        """Say a private reply above the chat, if it can be said there; False when not."""
        is_short = len(reply.text) <= TOAST_CHARS
        if not reply.is_private or reply.files or reply.buttons:
            return False
        if self._ask.chat.is_private and not is_short:
            return False  # nobody else reads the message that it becomes
        text = cut(reply.text, TOAST_CHARS)
        return await self._tell(text, is_alert=len(text) > GLANCE_CHARS)

    async def _speak(self, reply: Reply) -> None:
        await self.release()
        is_silent = reply.is_private and not self._ask.chat.is_private
        manner = Manner(may_repeat=True, is_silent=is_silent)
        await Delivery(self._post, manner).bring(self._place, reply)

    async def is_moderator(self) -> bool:
        """Tell whether the one who speaks may tidy up after others in this chat."""
        person_id = int(self._ask.person.key.rpartition(":")[2])
        if self._ask.chat.is_private or person_id == self._place.chat_id:
            return True  # at home, or an administrator who speaks as the group itself
        return await self._post.is_moderator(self._place.chat_id, person_id)

    async def remove(self, delivered: Address) -> None:
        """Delete the message whose button was pressed and its piece's others, as far as we may."""
        pressed = self._place.reply_to or 0
        others = set(messages_at(delivered, self._place.chat_id)) - {pressed}
        await remove(self._post, self._place, [pressed, *sorted(others)])

    @property
    def _pressed(self) -> Place:
        """The message whose button was pressed: the one that is replied to."""
        return replace(self._place, message_id=self._place.reply_to)
