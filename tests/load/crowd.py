"""The people of one chat, whichever it is."""

from typing import Protocol

from tests.load.fake import Fake
from tests.load.outcome import Account


class Crowd(Protocol):
    """People who can ask, in one fake chat."""

    chat: str
    fake: Fake

    def settings(self) -> dict[str, str]:
        """Tell what AudioGroove must find in its environment to come here."""

    async def gather(self, people: int) -> None:
        """Let so many people be there."""

    async def connected(self, within_s: float) -> None:
        """Wait until AudioGroove listens here."""

    async def ask(self, person: int, number: int) -> None:
        """Let a person, counted from 0, ask for the piece with this number as its seed.

        Every ask has a number of its own: by it the answer is known.
        """

    async def unanswered(self) -> int:
        """Count the asks that have got neither a piece nor a time to come back so far."""

    async def account(self) -> Account:
        """Read the whole record."""
