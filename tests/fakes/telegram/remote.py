"""A fake Telegram in another process, from here: start it, act in it, end it."""

import asyncio
import json
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

ROOT = Path(__file__).parents[3]


class Remote:
    """Enter it to start the process, leave it to end it.

    `origin` and `token` are what a bot needs; `do` sends any verb of `control`.
    """

    def __init__(self) -> None:
        self.origin = ""
        self.token = ""
        self._process: asyncio.subprocess.Process | None = None
        self._http: aiohttp.ClientSession | None = None

    async def do(self, verb: str, **asked: Any) -> Any:
        """Ask for something and tell the answer: JSON, or the bytes of a file.

        Raises:
            LookupError: when it was refused.
        """
        assert self._http
        async with self._http.post(f"{self.origin}/control/{verb}", json=asked) as answer:
            if answer.status != 200:
                raise LookupError(f"{verb} {asked}: {await answer.text()}")
            is_json = answer.content_type == "application/json"
            return await answer.json() if is_json else await answer.read()

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.fakes.telegram", stdout=asyncio.subprocess.PIPE, cwd=ROOT
        )
        assert self._process.stdout
        told = json.loads(await self._process.stdout.readline())
        self.origin, self.token = told["origin"], told["token"]
        self._http = aiohttp.ClientSession()
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
            self._process.terminate()
            await self._process.wait()
