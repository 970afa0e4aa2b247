"""The library's application, taken up and down by hand.

    connected: initialize … shutdown    started: start … stop    polled: start_polling … stop

Whichever step fails or is cancelled, all earlier ones are undone, quickly and completely.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Application, ApplicationBuilder, Updater

from bots.telegram.order import ChatOrder
from bots.telegram.pulse import Pulse
from bots.telegram.requests import Polls, Requests

KINDS = (Update.MESSAGE, Update.CALLBACK_QUERY)  # edited ones are not asked for: never run again
POLL_S = 25
HEAR_OUT_S = 2.0  # at the end, for what was just heard
LAST_POLL_S = 3.0  # at the end, to confirm what was heard

Running = Application[Any, Any, Any, Any, Any, Any]


@asynccontextmanager
async def connected(
    token: str, origin: str, order: ChatOrder, pulse: Pulse
) -> AsyncGenerator[Running]:
    """Connect to the Bot API at an origin such as https://api.telegram.org.

    Yields:
        The application, with a bot that knows its own name.
    """
    application = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{origin}/bot")
        .base_file_url(f"{origin}/file/bot")
        .request(Requests(token))
        .get_updates_request(Polls(token, pulse))
        .concurrent_updates(order)
        .job_queue(None)
        .build()
    )
    try:
        await application.initialize()
        yield application
    finally:
        await application.shutdown()
        await application.bot.shutdown()  # which the former leaves out where it never was up


@asynccontextmanager
async def started(application: Running, order: ChatOrder) -> AsyncGenerator[None]:
    """Work on updates; at the end finish, or cancel, what was just heard."""
    await application.start()
    try:
        yield
    finally:
        stopping = asyncio.create_task(application.stop())
        done, _ = await asyncio.wait({stopping}, timeout=HEAR_OUT_S)
        if not done:
            order.cancel()
        await stopping


@asynccontextmanager
async def polled(application: Running, pulse: Pulse) -> AsyncGenerator[None]:
    """Poll for updates; at the end confirm those that were heard, if Telegram is there."""
    updater = cast("Updater", application.updater)  # the builder makes one unless told not to
    try:
        await updater.start_polling(
            timeout=POLL_S, allowed_updates=KINDS, error_callback=pulse.missed
        )
        yield
    finally:
        if updater.running:
            with suppress(TelegramError, TimeoutError):
                async with asyncio.timeout(LAST_POLL_S):
                    await updater.stop()
