"""Telegram's front end: connects, listens by long polling, speaks, until it is cancelled."""

import time
from collections.abc import Callable

from asyncio_throttle.throttler import Throttler
from telegram import Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import TypeHandler

from bots.chat import Ear, Notes, Refused, Unreachable
from bots.doors import Doors
from bots.sender import Sender
from bots.telegram.attachments import Attachments
from bots.telegram.connection import connected, polled, started
from bots.telegram.door import TelegramDoor
from bots.telegram.events import Listener
from bots.telegram.hearing import Hearing
from bots.telegram.menus import tell_menus
from bots.telegram.order import ChatOrder
from bots.telegram.pace import ChatPace
from bots.telegram.post import Post
from bots.telegram.pulse import SILENCE_S, Pulse

# Messages to all chats: Telegram allows about 30 a second and counts them as they arrive, so they
# are sent evenly, and by a third fewer: what left late may arrive together with what did not.
AT_ONCE, AT_ONCE_S = 2, 0.1


class TelegramFront:
    """AudioGroove in Telegram; each `run` builds its client anew."""

    platform = "telegram"

    def __init__(  # noqa: PLR0913  (what a composition root knows, all by name)
        self,
        *,
        token: str,
        api_url: str,
        ear: Ear,
        doors: Doors,
        notes: Notes,
        now: Callable[[], float] = time.time,
        silence_s: float = SILENCE_S,
    ) -> None:
        """Set up a front end; `api_url` is https://api.telegram.org or a server of one's own."""
        self._token, self._origin = token, api_url.rstrip("/")
        self._ear, self._doors, self._notes = ear, doors, notes
        self._now, self._silence_s = now, silence_s

    async def run(self) -> None:
        """Connect and serve until cancelled.

        Raises:
            Refused: when Telegram does not know the token.
            Unreachable: when Telegram is not there at first, or stays away for long.
        """
        try:
            await self._serve()
        except InvalidToken:
            # The library's own words quote the token.
            raise Refused("Telegram does not know this token") from None
        except TelegramError as error:
            raise Unreachable(str(error)) from None

    async def _serve(self) -> None:
        pulse, order = Pulse(self._silence_s), ChatOrder()
        async with (
            connected(self._token, self._origin, order, pulse) as application,
            Sender(Throttler(AT_ONCE, AT_ONCE_S), ChatPace()) as sender,
        ):
            bot = application.bot
            post = Post(bot, sender)
            listener = Listener(bot.id, bot.username, Attachments(bot).attachment)
            hearing = Hearing(self._ear, post, listener, now=self._now)
            application.add_handler(TypeHandler(Update, hearing.on_update))
            async with started(application, order), polled(application, pulse):
                with self._doors.held_open(TelegramDoor(post)):
                    await tell_menus(bot, self._notes)
                    await pulse.watch()
