"""The places of all jams on one platform, whichever it is."""

from dataclasses import dataclass
from typing import Protocol

from tests.load.band import Press
from tests.load.card import Look
from tests.load.fake import Fake
from tests.load.jam_outcome import JamAccount


@dataclass(frozen=True, slots=True)
class Opening:
    """What a host opens a jam with."""

    style: str
    bars: int
    rounds: int
    is_band: bool  # each has an instrument

    @property
    def text(self) -> str:
        """Itself as it is typed."""
        way = " band" if self.is_band else ""
        return f"/jam start {self.style} {self.bars} bars {self.rounds} rounds{way}"


class Hall(Protocol):
    """One fake chat with a place for each jam, and its people in it."""

    chat: str
    fake: Fake

    def settings(self) -> dict[str, str]:
        """Tell what AudioGroove must find in its environment to come here."""

    async def gather(self, jams: int, players: int) -> None:
        """Let there be so many places, each with so many people."""

    async def connected(self, within_s: float) -> None:
        """Wait until AudioGroove listens here."""

    async def start(self, jam: int, opening: Opening) -> None:
        """Let the host of a jam, counted from 0, open it."""

    async def press(self, press: Press) -> None:
        """Let somebody press a button.

        Raises:
            Impossible: where the message has no such button any more.
        """

    async def looks(self) -> list[Look]:
        """See what is new in all places since the last time, in its order."""

    async def account(self) -> JamAccount:
        """Read the whole record."""
