"""What becomes of an update: understood, acknowledged at once, handed to the ear."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import structlog
from telegram import CallbackQuery, InlineKeyboardMarkup, Message, Update

from bots.chat import Ear, Reply, Undeliverable, Unreachable
from bots.replies import piece_buttons
from bots.telegram import words
from bots.telegram.events import FROM_SEEDS, Listener, ask_of_message, ask_of_press, place_of
from bots.telegram.faults import Unchangeable
from bots.telegram.line import Press, TelegramLine
from bots.telegram.place import Place
from bots.telegram.post import Manner, Post
from bots.telegram.rendering import BACK_TO, keyboard_of, offers_in, piece_of_menu

STALE_S = 600.0  # nobody waits any more for what was asked before
PRESS_S = 1.0  # a press shows a clock: it is stopped by then, whatever the ear does

_LOG = structlog.get_logger()


class Hearing:
    """Hears for one connected bot."""

    def __init__(
        self, ear: Ear, post: Post, listener: Listener, *, now: Callable[[], float]
    ) -> None:
        """Pass on to this ear; `now` is in seconds since 1970, as messages are dated."""
        self._ear, self._post, self._listener, self._now = ear, post, listener, now
        self._excused: set[int] = set()  # chats that know that we were away

    async def on_update(self, update: Update, _context: object) -> None:
        """Take one update; none of them may harm another."""
        try:
            if update.message:
                await self._on_message(update.message)
            elif update.callback_query:
                await self._on_press(update.callback_query)
        except Exception:  # noqa: BLE001  (the border: one update's misfortune is not another's)
            _LOG.exception("an update broke", update=update.update_id)

    async def _on_message(self, message: Message) -> None:
        ask = ask_of_message(message, self._listener)
        if ask is None:
            return
        place = place_of(message)
        if self._now() - message.date.timestamp() > STALE_S:
            await self._excuse(place)
            return
        line = TelegramLine(self._post, ask, place)
        async with asyncio.TaskGroup() as tasks:
            if ask.verb in FROM_SEEDS:
                tasks.create_task(line.hold())
            await self._ear.hear(ask, line)

    async def _excuse(self, place: Place) -> None:
        """Tell a chat once that we were away."""
        if place.chat_id in self._excused:
            return
        self._excused.add(place.chat_id)
        with suppress(Undeliverable, Unreachable):
            await self._post.send(place, Reply(words.AWAY), Manner(is_silent=place.is_group))

    async def _on_press(self, query: CallbackQuery) -> None:
        ask = ask_of_press(query)
        if ask is None or query.message is None:
            await self._on_other_press(query)
            return
        press = Press(query.id, offers_in(_keyboard(query)))
        line = TelegramLine(self._post, ask, place_of(query.message), press)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._close_menu(query))
            hearing = tasks.create_task(self._ear.hear(ask, line))
            await asyncio.wait({hearing}, timeout=PRESS_S)
            await line.release()

    async def _on_other_press(self, query: CallbackQuery) -> None:
        """Answer a press that asks for nothing: the way out of a menu, or a button of old."""
        is_back = (query.data or "").startswith(BACK_TO)
        await self._post.answer_press(query.id, "" if is_back else words.OLD_BUTTON)
        await self._close_menu(query)

    async def _close_menu(self, query: CallbackQuery) -> None:
        """Put a piece's own buttons back, where a menu was in their place."""
        message, menu = query.message, piece_of_menu(_keyboard(query))
        if message is None or menu is None:
            return
        place = replace(place_of(message), message_id=message.message_id)
        with suppress(Unchangeable, Undeliverable, Unreachable):
            await self._post.swap_buttons(place, keyboard_of(piece_buttons(*menu)))


def _keyboard(query: CallbackQuery) -> InlineKeyboardMarkup | None:
    """Find the buttons among which one was pressed, where Telegram tells them."""
    return query.message.reply_markup if isinstance(query.message, Message) else None
