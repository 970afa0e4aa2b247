"""Which platforms can be spoken to at this moment."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from bots.chat import Board, Door, Undeliverable


class Doors:
    """The open doors, one a platform; whoever needs a closed one waits for it."""

    def __init__(self) -> None:
        self._open: dict[str, Door] = {}
        self._opened: dict[str, asyncio.Event] = {}

    @contextmanager
    def held_open(self, door: Door) -> Iterator[None]:
        """Keep a platform's door open for as long as the block lasts."""
        event = self._opened.setdefault(door.platform, asyncio.Event())
        self._open[door.platform] = door
        event.set()
        try:
            yield
        finally:
            if self._open.get(door.platform) is door:
                del self._open[door.platform]
                event.clear()

    def is_open(self, platform: str) -> bool:
        """Tell whether a platform can be spoken to now."""
        return platform in self._open

    async def reach(self, platform: str) -> Door:
        """Give the door of a platform, waiting until it is open."""
        event = self._opened.setdefault(platform, asyncio.Event())
        while platform not in self._open:
            await event.wait()
        return self._open[platform]

    async def board(self, platform: str) -> Board:
        """Give the door of a platform for its cards, waiting until it is open.

        Raises:
            Undeliverable: when it has none.
        """
        door = await self.reach(platform)
        if not isinstance(door, Board):
            raise Undeliverable(f"{platform} has no cards")
        return door
