"""Room for what clients hold open: so many each, so many from one network, so many in all."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bots.web import words
from bots.web.client import Client
from bots.web.faults import Code, Declined

RETRY_AFTER_S = 5.0


@dataclass(frozen=True, slots=True)
class Room:
    """How many seats there are."""

    client: int
    network: int
    all: int


STREAMS = Room(client=8, network=64, all=1000)
UPLOADS = Room(client=4, network=8, all=32)  # each up to two megabytes, and read with care
FILES = Room(client=24, network=96, all=400)  # on their way


class Seats:
    """Counts who sits."""

    def __init__(self, room: Room) -> None:
        """Begin with an empty room."""
        self._room = room
        self._taken: Counter[str] = Counter()
        self._all = 0

    @property
    def taken(self) -> int:
        """How many seats are taken."""
        return self._all

    @contextmanager
    def seat(self, client: Client) -> Iterator[None]:
        """Take a seat for as long as the block lasts.

        Raises:
            Declined: when there is none.
        """
        person, network = client.person.key, client.chat.key
        if (
            self._taken[person] >= self._room.client
            or self._taken[f"network {network}"] >= self._room.network
            or self._all >= self._room.all
        ):
            raise Declined(Code.BUSY, words.TOO_MANY_STREAMS, retry_after_s=RETRY_AFTER_S)
        keys = (person, f"network {network}")
        self._taken.update(keys)
        self._all += 1
        try:
            yield
        finally:
            self._taken.subtract(keys)
            for key in keys:
                if not self._taken[key]:
                    del self._taken[key]
            self._all -= 1
