"""From the loop of an engine to one who listens: the newest progress, and how it ended."""

import asyncio

from audiogroove.errors import AudioGrooveError
from audiogroove.service.job import Done, Event, Waiting, Writing


class Channel:
    """What one listener has not heard yet: told and heard on one event loop.

    Nobody waits for a slow listener: newer progress takes the place of older, and only the end
    stays until it is heard. There is no future in it that a listener who goes away could cancel
    under the hands of the one who tells.
    """

    def __init__(self) -> None:
        self._unheard: list[Event | AudioGrooveError] = []
        self._news = asyncio.Event()

    def tell(self, progress: Waiting | Writing) -> None:
        """Say how it goes, before the end."""
        self._unheard = [progress]
        self._news.set()

    def end(self, end: Done | AudioGrooveError) -> None:
        """Say how it ended, once; progress that came to nothing is no longer of interest."""
        progress = self._unheard if isinstance(end, Done) else []
        self._unheard = [*progress, end]
        self._news.set()

    async def hear(self) -> Event:
        """Wait for what comes next; an error that it ended with is raised."""
        await self._news.wait()
        told = self._unheard.pop(0)
        if not self._unheard:
            self._news.clear()
        if isinstance(told, AudioGrooveError):
            raise told
        return told
