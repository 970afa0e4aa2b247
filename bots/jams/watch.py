"""Somebody who watches a jam."""

import asyncio
from collections.abc import Callable

from bots.jams.view import JamView


class Watch:
    """Tells a watcher what is new; news that come fast are one."""

    def __init__(self, look: Callable[[], JamView] | None) -> None:
        """Watch what `look` shows; None shows nothing any more."""
        self._look = look
        self._changed = asyncio.Event()

    def tell(self) -> None:
        """Let the watcher know that something has changed; safe to call at any moment."""
        self._changed.set()

    async def news(self) -> JamView | None:
        """Wait for something newer than what was given last; None when no more will come."""
        if self._look is None:
            return None
        await self._changed.wait()
        self._changed.clear()
        view = self._look()
        if view.jam.phase.is_over:
            self._look = None
        return view
