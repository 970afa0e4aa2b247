"""A fake chat in a process of its own, and the way to its people."""

import asyncio
import json
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

ROOT = Path(__file__).parents[2]


class Impossible(AssertionError):
    """People cannot do that, as the chat's own app would not let them; its words."""


class Fake:
    """Enter it to start `python -m MODULE --port 0`, leave it to end that.

    `told` is what the process said of itself: its address and the bot's token.
    """

    def __init__(self, module: str, *options: str) -> None:
        self._command = (sys.executable, "-m", module, "--port", "0", *options)
        self.told: dict[str, str] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._http: aiohttp.ClientSession | None = None

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._process
        return self._process.pid

    async def do(self, verb: str, **asked: Any) -> Any:
        """Let people do something, or ask what happened; JSON. Impossible is raised where not."""
        assert self._http
        return await self._read(self._http.post(f"{self._control}/{verb}", json=asked))

    async def see(self, what: str) -> Any:
        """Look at what happened; JSON."""
        assert self._http
        return await self._read(self._http.get(f"{self._control}/{what}"))

    @property
    def _control(self) -> str:
        return self.told.get("control") or f"{self.told['origin']}/control"

    async def _read(self, request: Any) -> Any:
        async with request as answer:
            told = await answer.json()
            if answer.status != 200:
                raise Impossible(told)
            return told

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *self._command, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout
        self.told = json.loads(await self._process.stdout.readline())
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._http:
            await self._http.close()
        if self._process:
            self._process.kill()
            await self._process.wait()
