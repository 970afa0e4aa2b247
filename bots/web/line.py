"""The open line to whoever has just asked something of the interface."""

from audiogroove.service.job import Event, Waiting, Writing
from bots.chat import Address, Reply, Undeliverable
from bots.web.compositions import Compositions, Standing, State


def job_of(token: str) -> str:
    """Name the job of a composition of the web."""
    return f"web.{token}"


def standing_of(event: Event | None) -> Standing:
    """Tell how a composition stands from what its engine told last."""
    match event:
        case Waiting(ahead=ahead):
            return Standing(State.WAITING, ahead=ahead)
        case Writing(bars=bars, total=total):
            return Standing(State.WRITING, bars=bars, total=total)
        case _:
            return Standing(State.WAITING)


class WebLine:
    """Keeps what is answered; `token` names the composition that may come of it."""

    def __init__(self, token: str, person: str, compositions: Compositions) -> None:
        """Open a line."""
        self._token, self._person, self._compositions = token, person, compositions
        self.reply: Reply | None = None  # what was said, if anything

    @property
    def address(self) -> Address:
        """Where the answer goes: to whoever watches the composition."""
        return {"composition": self._token, "person": self._person}

    async def hold(self) -> None:
        """Whoever asked waits for the answer anyway."""

    async def open(self, reply: Reply) -> Address:
        """Tell all who watch how it stands."""
        self._compositions.note(self._token, self._person, standing_of(reply.event))
        return self.address

    async def say(self, reply: Reply) -> None:
        """Keep the answer for the one who asked."""
        self.reply = reply

    async def nod(self, words: str) -> None:
        """Nobody plays from here, and so there is nothing to nod at."""

    async def gather(self, card: Reply, title: str) -> Address:
        """No group meets here; jams are only watched.

        Raises:
            Undeliverable: always.
        """
        del card, title
        raise Undeliverable("no group meets on the page")

    async def is_moderator(self) -> bool:
        """Nobody tidies up after others here."""
        return False

    async def remove(self, delivered: Address) -> None:
        """There is no message: what is deleted is no longer found."""
