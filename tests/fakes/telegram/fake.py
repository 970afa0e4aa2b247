"""A whole Telegram: the people, the server, the record and the trouble."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self, TypeVar, Unpack

from aiohttp import web

from tests.fakes.telegram.api import Api
from tests.fakes.telegram.chats import PATIENCE_S
from tests.fakes.telegram.control import Control
from tests.fakes.telegram.faults import Fault, Faults, How
from tests.fakes.telegram.flood import Flood
from tests.fakes.telegram.people import People
from tests.fakes.telegram.record import Call, Event
from tests.fakes.telegram.rules import UPLOAD_BYTES
from tests.fakes.telegram.world import World

T = TypeVar("T")
TOKEN = "4242:AAF-fake_token_of_a_fake_bot_0123456789"  # noqa: S105


class TelegramFake(People):
    """A Telegram of its own: enter it to start the server, leave it to stop.

    `clock` measures what Telegram limits by time (flood, press answers); `now` dates messages.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        username: str = "audiogroove_bot",
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        port: int = 0,
    ) -> None:
        super().__init__(World(token=token, username=username, clock=clock, now=now))
        self.token = token
        self.flood = Flood(clock)
        self.origin = ""  # http://127.0.0.1:port, once entered
        self._faults = Faults()
        self._api = Api(self.world, self.flood, self._faults)
        self._port = port
        self._runner: web.AppRunner | None = None

    @property
    def calls(self) -> list[Call]:
        """All requests of the bot but getUpdates."""
        return self.world.record.calls

    def called(self, *methods: str) -> list[Call]:
        """Some requests of the bot."""
        return [call for call in self.calls if call.method in methods]

    @property
    def events(self) -> list[Event]:
        """All changes, in order."""
        return self.world.record.events

    @property
    def violations(self) -> list[str]:
        """Whatever went against the Bot API's description; should be empty."""
        return self.world.record.violations

    def check(self) -> None:
        """Assert that nothing went against the Bot API."""
        assert not self.violations, "\n".join(self.violations)

    async def wait_for(self, predicate: Callable[[], T], within_s: float = PATIENCE_S) -> T:
        """Wait until something is true, looking again after each change; tell what it gave.

        A LookupError counts as "not yet": `lambda: chat.last.audio` may be waited for.
        """
        return await self.world.record.wait_for(predicate, within_s)

    def fail(self, method: str, *, times: int = 1, **how: Unpack[How]) -> Fault:
        """Let the next calls of a method ("*": of any) go wrong; `How` tells the ways."""
        fault = Fault(method, how, times)
        self._faults.add(fault)
        return fault

    @contextmanager
    def outage(self) -> Iterator[None]:
        """Let no connection live or come about while this is open."""
        self.set_down(is_down=True)
        try:
            yield
        finally:
            self.set_down(is_down=False)

    def set_down(self, *, is_down: bool) -> None:
        """Begin or end an outage."""
        self._faults.is_down = is_down
        if is_down:
            self._api.tear_all()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=UPLOAD_BYTES + (1 << 20))
        app.add_routes(self._api.routes())
        app.add_routes(Control(self).routes())
        self._runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.origin = "http://{}:{}".format(*self._runner.addresses[0])
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._api.tear_all()
        if self._runner:
            await self._runner.cleanup()
