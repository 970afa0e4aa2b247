"""The door through which the desk brings takes: not into a chat, but to the jam that waits."""

from collections.abc import Callable

from audiogroove.errors import Gone, StoreFailed
from audiogroove.service.job import Writing
from audiogroove.store import Store
from audiogroove.store.rows import UNDONE, JobState
from bots.chat import Address, Medium, Placed, Reply, Unreachable
from bots.jams.stand import Stand
from bots.jams.takes import PLATFORM, Slot
from bots.jams.view import Written

PAUSE_S = 1.0  # between two tellings how far a take is


class JamDoor:
    """Hands what the desk brings to the stands."""

    platform = PLATFORM
    previews: frozenset[Medium] = frozenset()  # those are made for the card

    def __init__(self, store: Store, find: Callable[[str], Stand | None]) -> None:
        """Look stands up by the id of their jam."""
        self._store, self._find = store, find

    def pause_s(self, _address: Address) -> float:
        """Tell how long to wait between two changes of a status."""
        return PAUSE_S

    async def show(self, address: Address, reply: Reply) -> None:
        """Tell a stand how far its take is."""
        slot = slot_of(address)
        stand = self._find(slot.jam)
        if stand and isinstance(reply.event, Writing):
            stand.written(slot, Written(reply.event.bars, reply.event.total))

    async def deliver(self, address: Address, reply: Reply, *, nonce: str, placed: Placed) -> None:
        """Bring a stand its take, or the news that there is none; the store knows which it is.

        Raises:
            Unreachable: when the store fails; nothing is lost.
        """
        del reply, placed  # nobody reads it, and it is there at once
        slot = slot_of(address)
        stand = self._find(slot.jam)
        if stand is None:  # the jam is over
            return
        try:
            state = (await self._store.job(nonce)).state
            if state in {JobState.DONE, JobState.DELIVERED}:
                await stand.taken(slot, await self._store.piece_of_job(nonce))
            elif state not in UNDONE:  # else we leave, and the next process takes it up
                await stand.failed(slot)
        except Gone:
            await stand.failed(slot)
        except StoreFailed as failure:
            raise Unreachable(failure.fault) from failure


def slot_of(address: Address) -> Slot:
    """Read which take an address is of."""
    return Slot(str(address["jam"]), int(str(address["turn"])), int(str(address["roll"])))
