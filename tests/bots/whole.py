"""AudioGroove as it is run, `python -m bots` in a process of its own, between both fakes."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from signal import SIGKILL, SIGTERM, Signals
from typing import Any

from tests.fakes.discord import DiscordFake
from tests.fakes.telegram import TelegramFake

ROOT = Path(__file__).parents[2]
LOG_CHARS = 4000  # of a process that fell, told
PATIENCE_S = 90.0  # of a busy machine: torch alone takes seconds to start


class Whole:
    """Both fakes, one database, and the process that is AudioGroove, again and again."""

    def __init__(self, discord: DiscordFake, telegram: TelegramFake, folder: Path) -> None:
        """Know where everything is; nothing runs yet."""
        self.discord, self.telegram, self.folder = discord, telegram, folder
        self.log = folder / "bots.log"
        guild = discord.add_guild("Studio")
        self.channel = discord.add_channel(guild, "general")
        self.web_port = ""  # none; "0" for any
        self.run = ["-m", "bots"]
        self._process: asyncio.subprocess.Process | None = None

    def environment(self) -> dict[str, str]:
        """Tell what the process finds in its environment."""
        return {
            "PATH": "",
            "PYTHONPATH": str(ROOT),
            "NO_PROXY": "127.0.0.1",
            "DISCORD_TOKEN": self.discord.setup.token,
            "TELEGRAM_TOKEN": self.telegram.token,
            "AUDIOGROOVE_DISCORD_API_URL": self.discord.url,
            "AUDIOGROOVE_TELEGRAM_API_URL": self.telegram.origin,
            "AUDIOGROOVE_DATABASE_URL": f"sqlite:///{self.folder / 'whole.db'}",
            "AUDIOGROOVE_THREADS": "1",
            "AUDIOGROOVE_LOG_FORMAT": "json",
            "AUDIOGROOVE_LOG_LEVEL": "debug",
            "AUDIOGROOVE_GRACE_S": "1",
            "AUDIOGROOVE_WEB_PORT": self.web_port,
        }

    async def start(self) -> None:
        """Start the process and wait until it is on both platforms."""
        polls = self.telegram.world.record.polls
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, *self.run),
                cwd=self.folder,
                env=self.environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        await self._unless_it_falls(self.discord.bot_ready(PATIENCE_S))
        await self._unless_it_falls(
            self.telegram.wait_for(lambda: self.telegram.world.record.polls > polls, PATIENCE_S)
        )

    async def _unless_it_falls(self, event: Awaitable[object]) -> None:
        """Wait for something, unless the process ends meanwhile.

        Raises:
            AssertionError: when it does, with the end of its log.
        """
        assert self._process
        waiting, fallen = asyncio.ensure_future(event), asyncio.ensure_future(self._process.wait())
        await asyncio.wait({waiting, fallen}, return_when=asyncio.FIRST_COMPLETED)
        fallen.cancel()
        if not waiting.done():
            waiting.cancel()
            raise AssertionError(self.log.read_text("utf-8")[-LOG_CHARS:])
        await waiting

    def logged(self, event: str) -> list[dict[str, Any]]:
        """List the lines of the log that tell of this event."""
        lines = map(json.loads, self.log.read_text("utf-8").splitlines())
        return [line for line in lines if line["event"] == event]

    async def stop(self, how: Signals = SIGTERM) -> int:
        """End the process with a signal; its exit status."""
        assert self._process
        if self._process.returncode is None:
            self._process.send_signal(how)
        return await self._process.wait()

    async def kill(self) -> None:
        """End the process as a power cut would."""
        assert await self.stop(SIGKILL) == -SIGKILL


@asynccontextmanager
async def whole(folder: Path) -> AsyncIterator[Whole]:
    """Build both fakes; in the end nothing runs, and neither saw anything unlawful.

    Yields:
        The whole, with no process yet.
    """
    async with DiscordFake() as discord, TelegramFake() as telegram:
        built = Whole(discord, telegram, folder)
        try:
            yield built
        finally:
            if built._process:
                await built.stop(SIGKILL)
        discord.check()
        telegram.check()
