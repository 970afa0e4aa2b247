"""Everything that is sent to Telegram's chats or changed there, each call in its turn.

What counts against Telegram's limits goes through the sender; what does not (chat actions,
reactions, answers to presses, questions about members) goes at once.

What goes through the sender ends as Undeliverable when it never will arrive (as Unacceptable where
less of it might), as Unreachable when it did not or that is not known, and a change as
Unchangeable when there is no such message.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from telegram import (
    Bot,
    ChatMember,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ChatAction, ParseMode, ReactionEmoji
from telegram.error import TelegramError

from bots.chat import Reply
from bots.sender import Sender, Urgency
from bots.telegram.faults import Moved, of_editing, of_sending
from bots.telegram.media import input_of, send_file
from bots.telegram.pace import changes_in
from bots.telegram.place import Place
from bots.telegram.rendering import caption_of, keyboard_of, text_of

AT_ONCE_S = 5.0  # what is told at once is of no use later
MODERATORS = (ChatMember.OWNER, ChatMember.ADMINISTRATOR)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Manner:
    """How something new is sent."""

    urgency: Urgency = Urgency.ANSWER
    may_repeat: bool = False  # where the connection tears: seen twice rather than never
    is_silent: bool = False


class Post:
    """The way out of one connected bot."""

    def __init__(self, bot: Bot, sender: Sender) -> None:
        """Send by this bot, in this sender's order."""
        self._bot, self._sender = bot, sender

    @property
    def is_behind(self) -> bool:
        """Whether what can be left out should be."""
        return self._sender.is_behind

    # Something new.

    async def send(self, place: Place, message: Reply, manner: Manner = Manner()) -> Place:
        """Send one message, or an album, and tell the place with it in it."""
        try:
            sent = await self._send_to(place, message, manner)
        except Moved as moved:
            place = place.moved(moved.chat_id)
            sent = await self._send_to(place, message, manner)
        noted = zip((each.message_id for each in sent), message.files, strict=False)
        there = place.holding((message_id, file.medium) for message_id, file in noted)
        return there.answered(sent[0].message_id)

    async def _send_to(self, place: Place, message: Reply, manner: Manner) -> tuple[Message, ...]:
        async def call() -> tuple[Message, ...]:
            with of_sending(may_repeat=manner.may_repeat):
                return await self._make(place, message, manner)

        for _ in message.files[1:]:  # Telegram counts each of an album: so many turns
            await self._sender.send(place.chat, _nothing, manner.urgency)
        return await self._sender.send(place.chat, call, manner.urgency)

    async def _make(self, place: Place, message: Reply, manner: Manner) -> tuple[Message, ...]:
        how: dict[str, Any] = {
            "message_thread_id": place.thread_id,
            "disable_notification": manner.is_silent,
        }
        if place.reply_to:
            how["reply_parameters"] = ReplyParameters(
                place.reply_to,
                allow_sending_without_reply=True,  # what is answered may be deleted by now
            )
        if len(message.files) > 1:
            first, *others = message.files
            album = [input_of(first, message), *(input_of(other) for other in others)]
            return await self._bot.send_media_group(place.chat_id, album, **how)
        how |= {"parse_mode": ParseMode.HTML, "reply_markup": keyboard_of(message.buttons)}
        if message.files:
            return (await send_file(self._bot, place.chat_id, message, how),)
        no_preview = LinkPreviewOptions(is_disabled=True)
        words = await self._bot.send_message(
            place.chat_id, text_of(message), link_preview_options=no_preview, **how
        )
        return (words,)

    # What is there already.

    async def rewrite(
        self, place: Place, message: Reply, urgency: Urgency = Urgency.ANSWER
    ) -> Place:
        """Put a message, with at most one file, in place of ours there.

        Doing it again changes nothing that anybody sees.
        """
        message_id = place.message_id or 0
        target: dict[str, Any] = {
            "chat_id": place.chat_id,
            "message_id": message_id,
            "reply_markup": keyboard_of(message.buttons),
        }
        if message.files:
            (file,) = message.files
            await self._edit(
                place,
                lambda: self._bot.edit_message_media(input_of(file, message), **target),
                urgency,
            )
            return place.holding([(message_id, file.medium)])
        no_preview = LinkPreviewOptions(is_disabled=True)
        await self._edit(
            place,
            lambda: self._bot.edit_message_text(
                text_of(message),
                parse_mode=ParseMode.HTML,
                link_preview_options=no_preview,
                **target,
            ),
            urgency,
        )
        return place

    async def recaption(self, place: Place, message: Reply) -> None:
        """Change the words and buttons below a file of ours there, which stays."""
        await self._edit(
            place,
            lambda: self._bot.edit_message_caption(
                place.chat_id,
                place.message_id,
                caption=caption_of(message),
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard_of(message.buttons),
            ),
        )

    async def swap_buttons(self, place: Place, keyboard: InlineKeyboardMarkup | None) -> None:
        """Put other buttons, or none, under our message there."""
        await self._edit(
            place,
            lambda: self._bot.edit_message_reply_markup(
                place.chat_id, place.message_id, reply_markup=keyboard
            ),
        )

    async def delete(self, place: Place, message_ids: Sequence[int]) -> None:
        """Delete messages of ours there, all or none; any that is gone already is no fault.

        Telegram takes those older than two days for unchangeable.
        """
        await self._edit(place, lambda: self._bot.delete_messages(place.chat_id, message_ids))

    async def _edit(
        self,
        place: Place,
        call: Callable[[], Awaitable[object]],
        urgency: Urgency = Urgency.ANSWER,
    ) -> None:
        async def edit() -> None:
            with of_editing():
                await call()

        await self._sender.send(changes_in(place.chat), edit, urgency)

    # What is told or asked at once.

    async def act(self, place: Place) -> None:
        """Show for five seconds that something is being written; of no use when that fails."""
        with suppress(TelegramError):
            await self._bot.send_chat_action(
                place.chat_id,
                ChatAction.TYPING,
                message_thread_id=place.thread_id,
                read_timeout=AT_ONCE_S,
            )

    async def react(self, place: Place) -> bool:
        """Put a thumb under the message that is answered there; False when that is not allowed."""
        try:
            return await self._bot.set_message_reaction(
                place.chat_id, place.reply_to or 0, ReactionEmoji.THUMBS_UP, read_timeout=AT_ONCE_S
            )
        except TelegramError:
            return False

    async def answer_press(self, query_id: str, text: str = "", *, is_alert: bool = False) -> bool:
        """Stop the clock on a pressed button, with up to 200 characters for the presser alone.

        False when it was not seen: Telegram takes an answer once, and within seconds.
        """
        try:
            return await self._bot.answer_callback_query(
                query_id, text or None, show_alert=is_alert, read_timeout=AT_ONCE_S
            )
        except TelegramError:
            return False

    async def is_moderator(self, chat_id: int, person_id: int) -> bool:
        """Tell whether somebody may tidy up in a group; False when that cannot be learned."""
        try:
            member = await self._bot.get_chat_member(chat_id, person_id)
        except TelegramError:
            return False
        return member.status in MODERATORS


async def _nothing() -> None:
    """Take a turn."""
