"""The way to those who watch compositions, outside of any event."""

import asyncio
from contextlib import suppress

from audiogroove.errors import AudioGrooveError, Gone, StoreFailed
from audiogroove.render.product import Product
from audiogroove.store.rows import JobState
from bots.chat import Address, Medium, Placed, Reply, Unreachable
from bots.previews import Maker
from bots.web.compositions import Compositions, Standing, State
from bots.web.line import standing_of
from bots.web.ports import Library

PAUSE_S = 0.1  # between two changes: nobody counts them here
MOST_AHEAD = 2  # sounds that are made before anybody asks for them, at a time
UNDONE = frozenset({JobState.QUEUED, JobState.RUNNING})


class WebDoor:
    """Changes what is remembered of a composition, and so what is told to those who watch it."""

    platform = "web"
    previews: frozenset[Medium] = frozenset()  # the page asks for files by their addresses

    def __init__(self, compositions: Compositions, store: Library, studio: Maker) -> None:
        """Open the door."""
        self._compositions, self._store, self._studio = compositions, store, studio
        self._making: set[asyncio.Task[None]] = set()

    def pause_s(self, address: Address) -> float:
        """Tell how long to wait between two changes."""
        del address
        return PAUSE_S

    async def show(self, address: Address, reply: Reply) -> None:
        """Tell all who watch how it stands."""
        self._note(address, standing_of(reply.event))

    async def deliver(self, address: Address, reply: Reply, *, nonce: str, placed: Placed) -> None:
        """Tell all who watch how it ended; the store knows that, whatever the words are.

        Raises:
            Unreachable: when the store cannot tell now.
        """
        del placed  # nothing of it is ever half said
        try:
            state = (await self._store.job(nonce)).state
        except Gone:
            state = JobState.CANCELLED  # and forgotten
        except StoreFailed as failure:
            raise Unreachable(failure.fault) from failure
        if state in UNDONE:
            return  # we leave, and the next process takes it up
        if state is JobState.CANCELLED:
            self._note(address, Standing(State.CANCELLED))
        elif state is JobState.FAILED:
            self._note(address, Standing(State.FAILED, error=reply.error))
        else:
            self._make_sound_for(address, nonce)
            self._note(address, Standing(State.DONE))

    def _note(self, address: Address, standing: Standing) -> None:
        self._compositions.note(str(address["composition"]), str(address["person"]), standing)

    def _make_sound_for(self, address: Address, job_id: str) -> None:
        """Begin with the sound for those who watch: they are about to press play."""
        is_watched = self._compositions.is_watched(str(address["composition"]))
        if is_watched and len(self._making) < MOST_AHEAD and self._studio.can(Product.MP3):
            task = asyncio.create_task(self._make_sound(job_id))
            self._making.add(task)
            task.add_done_callback(self._making.discard)

    async def _make_sound(self, job_id: str) -> None:
        with suppress(AudioGrooveError):  # whoever asks for it is told
            await self._studio.make(await self._store.piece_of_job(job_id), Product.MP3)

    async def close(self) -> None:
        """Make nothing more."""
        for task in self._making:
            task.cancel()
        await asyncio.gather(*self._making, return_exceptions=True)
