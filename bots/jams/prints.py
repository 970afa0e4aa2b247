"""What is to be seen and heard of a piece on a card, made beside everything else.

One piece at a time: when another is to be heard, nobody waits for the last one any more.
"""

import asyncio
from collections.abc import Callable

from audiogroove.store.rows import StoredPiece
from bots.chat import File, Medium
from bots.previews import Previews

IN_TURN = (Medium.PICTURE, Medium.SOUND)  # a picture takes a tenth of the time


class Prints:
    """Has files made of the piece that is heard, and tells whenever one is there."""

    def __init__(self, previews: Previews, told: Callable[[], None]) -> None:
        """Set up with no piece."""
        self._previews, self._told = previews, told
        self._piece = ""
        self._files: dict[Medium, File] = {}
        self._task: asyncio.Task[None] | None = None

    def begin(self, stored: StoredPiece, wanted: frozenset[Medium]) -> bool:
        """See that a piece's files are made; False when that has begun before."""
        if stored.id == self._piece:
            return False
        self.close()
        self._piece, self._files = stored.id, {}
        self._task = asyncio.create_task(self._make(stored, wanted))
        return True

    async def wait(self, most_s: float) -> None:
        """Wait until all are made, for so many seconds at most."""
        if self._task:
            await asyncio.wait({self._task}, timeout=most_s)

    def files(self, piece: str) -> tuple[File, ...]:
        """Tell what there is of a piece by now."""
        return tuple(self._files.values()) if piece == self._piece else ()

    @property
    def is_done(self) -> bool:
        """Whether nothing more will come."""
        return self._task is None or self._task.done()

    def close(self) -> None:
        """Wait for nothing any more."""
        if self._task:
            self._task.cancel()

    async def _make(self, stored: StoredPiece, wanted: frozenset[Medium]) -> None:
        for medium in IN_TURN:
            made = await self._previews.of(stored, wanted & {medium})
            self._files |= {file.medium: file for file in made}
            self._told()
