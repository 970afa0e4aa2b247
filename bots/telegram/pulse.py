"""Whether updates still come: felt with each poll that Telegram answers."""

import asyncio

import structlog
from telegram.error import Conflict, TelegramError

from bots.chat import Unreachable

SILENCE_S = 300.0  # a poll is answered within seconds; after this, something hangs for good

_LOG = structlog.get_logger()


class Pulse:
    """Watches polling from outside: the library's loop may hang or end without a word."""

    def __init__(self, silence_s: float) -> None:
        """Begin to watch; silence of so many seconds is too much."""
        self._silence_s = silence_s
        self._ended = asyncio.Event()
        self._patience: asyncio.Timeout | None = None
        self._told: set[type[TelegramError]] = set()  # what was logged of this outage

    def felt(self) -> None:
        """Note that a poll was answered."""
        if self._told - {Conflict}:
            _LOG.info("polling goes on")
        self._told &= {Conflict}  # another poller lets us through now and then
        if self._patience and not self._patience.expired():
            self._patience.reschedule(asyncio.get_running_loop().time() + self._silence_s)

    def missed(self, error: TelegramError) -> None:
        """Note that a poll failed; the library goes on by itself, ever more slowly."""
        if type(error) in self._told:
            return
        self._told.add(type(error))
        if isinstance(error, Conflict):
            _LOG.error("another program polls with the same token: only one of us hears")
        else:
            _LOG.warning("polling fails, and goes on", fault=str(error))

    def end(self) -> None:
        """Note that there will be no more polls."""
        self._ended.set()

    async def watch(self) -> None:
        """Wait for as long as updates come.

        Raises:
            Unreachable: when they no longer do.
        """
        try:
            async with asyncio.timeout(self._silence_s) as self._patience:
                await self._ended.wait()
        except TimeoutError:
            raise Unreachable(f"no poll was answered for {self._silence_s:g} s") from None
        finally:
            self._patience = None  # the last poll, on leaving, is felt by nobody
        raise Unreachable("Telegram refuses to be polled")
