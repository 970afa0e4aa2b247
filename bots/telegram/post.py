"""Everything that is sent to Telegram's chats or changed there, each call in its turn.

What counts against Telegram's limits goes through the sender; what does not (chat actions,
answers to presses, questions about members) goes at once.

What goes through the sender ends as Undeliverable when it never will arrive, as Unreachable when
it did not or that is not known, and a change as Unchangeable when there is no such message.
"""

from collections.abc import Awaitable, Callable
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
from telegram.constants import ChatAction, ParseMode
from telegram.error import TelegramError

from bots.chat import Reply
from bots.sender import Sender, Urgency
from bots.telegram.faults import Moved, of_editing, of_sending
from bots.telegram.place import Place
from bots.telegram.rendering import caption_of, document_of, keyboard_of, one_file_each, text_of

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

    async def send(self, place: Place, reply: Reply, manner: Manner = Manner()) -> Place:
        """Send a reply, a message for each of its files, and tell where its words stand."""
        first, *others = one_file_each(reply)
        there = await self._send_one(place, first, manner)
        for other in others:
            await self._send_one(there, other, manner)
        return there

    async def _send_one(self, place: Place, reply: Reply, manner: Manner) -> Place:
        try:
            message = await self._send_to(place, reply, manner)
        except Moved as moved:
            place = place.moved(moved.chat_id)
            message = await self._send_to(place, reply, manner)
        return place.answered(message.message_id)

    async def _send_to(self, place: Place, reply: Reply, manner: Manner) -> Message:
        async def call() -> Message:
            with of_sending(may_repeat=manner.may_repeat):
                return await self._make(place, reply, manner)

        return await self._sender.send(place.chat, call, manner.urgency)

    async def _make(self, place: Place, reply: Reply, manner: Manner) -> Message:
        how: dict[str, Any] = {
            "parse_mode": ParseMode.HTML,
            "reply_markup": keyboard_of(reply.buttons),
            "message_thread_id": place.thread_id,
            "disable_notification": manner.is_silent,
        }
        if place.reply_to:
            how["reply_parameters"] = ReplyParameters(
                place.reply_to,
                allow_sending_without_reply=True,  # what is answered may be deleted by now
            )
        if not reply.files:
            no_preview = LinkPreviewOptions(is_disabled=True)
            return await self._bot.send_message(
                place.chat_id, text_of(reply), link_preview_options=no_preview, **how
            )
        (file,) = reply.files
        return await self._bot.send_document(
            place.chat_id,
            file.data,
            filename=file.name,
            caption=caption_of(reply),
            disable_content_type_detection=True,
            **how,
        )

    # What is there already.

    async def rewrite(self, place: Place, reply: Reply, urgency: Urgency = Urgency.ANSWER) -> None:
        """Put a reply, with at most one file, in place of our message there.

        Doing it again changes nothing that anybody sees.
        """
        target: dict[str, Any] = {
            "chat_id": place.chat_id,
            "message_id": place.message_id,
            "reply_markup": keyboard_of(reply.buttons),
        }
        if reply.files:
            (file,) = reply.files
            await self._edit(
                place,
                lambda: self._bot.edit_message_media(document_of(reply, file), **target),
                urgency,
            )
            return
        no_preview = LinkPreviewOptions(is_disabled=True)
        await self._edit(
            place,
            lambda: self._bot.edit_message_text(
                text_of(reply),
                parse_mode=ParseMode.HTML,
                link_preview_options=no_preview,
                **target,
            ),
            urgency,
        )

    async def swap_buttons(self, place: Place, keyboard: InlineKeyboardMarkup | None) -> None:
        """Put other buttons, or none, under our message there."""
        await self._edit(
            place,
            lambda: self._bot.edit_message_reply_markup(
                place.chat_id, place.message_id, reply_markup=keyboard
            ),
        )

    async def delete(self, place: Place) -> None:
        """Delete our message there; Telegram takes those older than two days for unchangeable."""
        message_id = place.message_id or 0
        await self._edit(place, lambda: self._bot.delete_message(place.chat_id, message_id))

    async def _edit(
        self,
        place: Place,
        call: Callable[[], Awaitable[object]],
        urgency: Urgency = Urgency.ANSWER,
    ) -> None:
        async def edit() -> None:
            with of_editing():
                await call()

        await self._sender.send(place.chat, edit, urgency)

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
