"""Connections on which nothing comes, with a clock that the test moves."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from bots.web.idling import FIRST_S, NEXT_S, Idling


@dataclass
class House:
    """A server with one page, which is shown when `gate` is open."""

    now_s: float = 0.0
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Stand open at first."""
        self.gate.set()
        self.idling = Idling(clock=lambda: self.now_s)
        application = web.Application(middlewares=[self.idling.noticed])
        application.router.add_get("/", self._page)
        self.runner = web.AppRunner(application)

    async def _page(self, _: web.Request) -> web.Response:
        self.asked.set()
        await self.gate.wait()
        return web.Response(text="here you are")

    async def visit(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection."""
        return await asyncio.open_connection(*self.runner.addresses[0])

    async def after(self, seconds: float) -> None:
        """Look after some time; connections that are new are met before."""
        self.idling.look(self.runner)
        self.now_s += seconds
        self.idling.look(self.runner)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """Open the house.

    Yields:
        The house.
    """
    opened = House()
    await opened.runner.setup()
    await web.TCPSite(opened.runner, "127.0.0.1", 0).start()
    yield opened
    await opened.runner.cleanup()


GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def _is_met(house: House) -> None:
    """Wait until the server knows of the connection: it answers another one."""
    reader, writer = await house.visit()
    writer.write(b"GET / HTTP/1.0\r\n\r\n")
    await reader.read()
    writer.close()
    house.asked.clear()


async def test_who_never_asks_is_hung_up_on(house: House) -> None:
    """Half a request is none."""
    reader, writer = await house.visit()
    writer.write(GET[:-2])
    await _is_met(house)
    await house.after(FIRST_S + 1)
    assert await reader.read() == b""
    writer.close()


async def test_who_has_asked_may_take_its_time(house: House) -> None:
    """Browsers keep connections for what comes next."""
    reader, writer = await house.visit()
    writer.write(GET)
    await reader.readuntil(b"here you are")
    await house.after(FIRST_S + 1)
    writer.write(GET)
    await reader.readuntil(b"here you are")
    await house.after(NEXT_S + 1)
    assert await reader.read() == b""
    writer.close()


async def test_who_waits_for_an_answer_is_not_idle(house: House) -> None:
    """A stream may last for hours."""
    house.gate.clear()
    reader, writer = await house.visit()
    writer.write(GET)
    await house.asked.wait()
    await house.after(10 * NEXT_S)
    house.gate.set()
    assert await reader.readuntil(b"here you are")
    writer.close()
