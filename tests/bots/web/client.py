"""One client of the interface, as aiohttp's own client sees it: a jar of cookies and an address."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import aiohttp

from tests.bots.web.stage import Stage

PATIENCE = aiohttp.ClientTimeout(total=30)


@dataclass(frozen=True)
class Answer:
    """An answer that has arrived in full."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        """What it says as JSON."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of the error that it tells."""
        return str(self.told["error"]["code"])


@dataclass(frozen=True)
class Event:
    """One server-sent event."""

    name: str
    told: Any


class Client:
    """Asks the house for things."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        """Ask in a session."""
        self.session = session

    @property
    def cookie(self) -> str:
        """The one cookie in the jar; none is empty."""
        return next((each.value for each in self.session.cookie_jar), "")

    async def send(self, method: str, path: str, **how: Any) -> Answer:
        """Send a request and wait for the whole answer."""
        async with self.session.request(method, path, **how) as response:
            return Answer(response.status, response.headers, await response.read())

    async def get(self, path: str, **how: Any) -> Answer:
        """Get something."""
        return await self.send("GET", path, **how)

    async def ask(self, mode: str = "compose", *, key: str = "", **fields: Any) -> Answer:
        """Ask for a composition."""
        headers = {"Idempotency-Key": key} if key else {}
        body = {"mode": mode} | fields
        return await self.send("POST", "/api/compositions", json=body, headers=headers)

    async def upload(self, seed: bytes, mode: str = "continue", **fields: Any) -> Answer:
        """Ask for a composition that begins with a file."""
        form = aiohttp.FormData()
        request = json.dumps({"mode": mode} | fields)
        form.add_field("request", request, content_type="application/json")
        form.add_field("seed", BytesIO(seed), filename="../tune.mid", content_type="audio/midi")
        return await self.send("POST", "/api/compositions", data=form)

    async def events(self, token: str) -> AsyncIterator[Event]:
        """Watch a composition until the stream ends.

        Yields:
            Its events.
        """
        async for event in self.stream(f"/api/compositions/{token}/events"):
            yield event

    async def stream(self, path: str) -> AsyncIterator[Event]:
        """Watch something until its stream ends.

        Yields:
            Its events.
        """
        async with self.session.get(path) as response:
            assert response.status == 200, await response.text()
            assert response.content_type == "text/event-stream"
            name = ""
            async for line in response.content:
                if line.startswith(b"event: "):
                    name = line[7:].decode().strip()
                if line.startswith(b"data: "):
                    yield Event(name, json.loads(line[6:]))

    async def finished(self, token: str) -> Any:
        """Wait until a composition is over; how it stands then."""
        *_, last = [event.told async for event in self.events(token)]
        return last

    async def composed(self, mode: str = "compose", **fields: Any) -> Any:
        """Ask for a composition and wait until it is over; how it stands then."""
        answer = await self.ask(mode, **fields)
        assert answer.status == 202, answer.body
        return await self.finished(answer.told["id"])


@asynccontextmanager
async def client_of(stage: Stage, **how: Any) -> AsyncIterator[Client]:
    """Be one more client.

    Yields:
        The client.
    """
    jar = aiohttp.CookieJar(unsafe=True)  # for cookies of an address without a name
    async with aiohttp.ClientSession(stage.url, cookie_jar=jar, timeout=PATIENCE, **how) as session:
        yield Client(session)
