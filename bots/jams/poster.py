"""The card of a jam in its chat: kept true, no more often than the chat can bear.

    something moved ──▶ the words at once, and what is to be seen and heard with them if it is
                        ready soon ──▶ Board.revise ──▶ whatever is true then
    the jam is over ──▶ the card without buttons ──▶ the finished piece as a message of its own

Only what is true now is ever shown: moves that follow each other fast are one change.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import structlog

from audiogroove.errors import StoreFailed
from audiogroove.jam.jam import Jam, Phase
from audiogroove.jam.settings import SLOW
from audiogroove.store.rows import StoredPiece
from bots.chat import Address, Board, Medium, Reply, Undeliverable, Unreachable
from bots.doors import Doors
from bots.jams import card, words
from bots.jams.allowance import Allowance
from bots.jams.prints import Prints
from bots.jams.stand import Backstage, Stand
from bots.jams.view import JamView
from bots.patience import pause_s
from bots.previews import Previews

SOON_S = 1.5  # for pictures and sound of a new take; words wait no longer for them
END_S = 6.0  # the same for the finished piece: there is a button for what comes later
CARD, END = "card", "end"  # the two addresses of a jam: of its card and of the finished piece

T = TypeVar("T")
_LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Printing:
    """What a poster works with besides."""

    doors: Doors
    previews: Previews
    page: str = ""  # where jams can be watched


class Poster:
    """Shows one jam."""

    def __init__(
        self,
        stand: Stand,
        address: Mapping[str, object],
        backstage: Backstage,
        printing: Printing,
        *,
        told: Reply | None = None,
    ) -> None:
        """Show a stand's jam at an address, which is a card's and, later, an end's.

        `told` is what the card says already; without it we have been away.
        """
        self._stand, self._store, self._world = stand, backstage.store, backstage.world
        self._printing = printing
        self._address = dict(address)
        self._is_placed = True
        self._back_at = -1 if told else stand.jam.version  # until the next move
        self._is_new, self._is_true = asyncio.Event(), asyncio.Event()
        self._prints = Prints(printing.previews, self._wake)
        self._allowance = Allowance()
        self._told = told or Reply("")
        self._shown: tuple[str, frozenset[Medium]] = ("", frozenset())  # of which piece what
        self._turns = stand.jam.turns  # that were called out
        self._is_wanted_below = False
        self._wake()

    def _wake(self) -> None:
        self._is_true.clear()
        self._is_new.set()

    def renew(self) -> None:
        """Put the card up anew, below all that was said since."""
        self._is_wanted_below = True
        self._wake()

    @property
    def is_settled(self) -> bool:
        """Whether the card shows what is true."""
        return self._is_true.is_set()

    async def settled(self) -> None:
        """Wait until it does."""
        await self._is_true.wait()

    async def run(self) -> None:
        """Keep the card true until the jam is over and its piece is there."""
        self._wake()
        try:
            with self._stand.heard_by(self._wake):
                await self._keep_true()
        except Undeliverable as fault:
            _LOG.warning("a jam has no chat any more", jam=self._id, fault=str(fault))
            await self._stand.abandon()
        finally:
            self._prints.close()
            self._is_true.set()

    @property
    def _id(self) -> str:
        return self._stand.jam.id

    async def _keep_true(self) -> None:
        shown = Phase.LOBBY
        while not shown.is_over:
            await self._is_new.wait()
            await self._wait()
            self._is_new.clear()
            shown = await self._patiently(self._show)
            if not self._is_new.is_set():
                self._is_true.set()
        self._is_true.clear()
        if shown is Phase.FINISHED:
            await self._patiently(self._end)

    async def _wait(self) -> None:
        """Wait until the card may change: others want to speak, too.

        That a take is being composed its player knows; the change that brings it must not wait.
        """
        board = await self._board()
        pause = board.card_pause_s(self._card)
        while True:
            spare = 1 if self._stand.jam.phase is Phase.TAKING else 0
            wait_s = self._allowance.wait_s(self._world.now_s(), pause, spare)
            if wait_s <= 0:
                return
            self._is_new.clear()
            await self._until_new(wait_s)

    async def _until_new(self, most_s: float) -> None:
        """Wait so many seconds, or until something has changed."""
        sleeping = asyncio.ensure_future(self._world.sleep(most_s))
        waking = asyncio.create_task(self._is_new.wait())
        try:
            await asyncio.wait({sleeping, waking}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            waking.cancel()

    async def _patiently(self, call: Callable[[], Awaitable[T]]) -> T:
        failures = 0
        while True:
            try:
                return await call()
            except Unreachable as fault:
                _LOG.info("a card is late", jam=self._id, fault=str(fault))
                await self._world.sleep(fault.retry_after_s or pause_s(failures))
            except StoreFailed as failure:
                _LOG.error("the store failed", fault=failure.fault)
                await self._world.sleep(pause_s(failures))
            failures += 1

    async def _board(self) -> Board:
        return await self._printing.doors.board(self._stand.jam.spot.platform)

    # Where.

    @property
    def _card(self) -> Address:
        address = self._address.get(CARD)
        return address if isinstance(address, Mapping) else {}

    async def place(self) -> None:
        """Note where the card is, now or as soon as the store takes it."""
        self._is_placed = False
        try:
            await self._note_place()
        except StoreFailed as failure:
            _LOG.error("the store failed", fault=failure.fault)
            self._wake()

    async def _place(self, which: str, address: Address) -> None:
        self._address[which] = dict(address)
        await self._note_place()

    async def _note_place(self) -> None:
        await self._store.jams.place(self._id, self._address, self._stand.jam.home)
        self._is_placed = True

    # The card.

    async def _show(self) -> Phase:
        """Show the jam as it is, and tell the phase that was shown."""
        if not self._is_placed:
            await self._note_place()
        await self._prepare(self._stand.view().heard)
        view = self._stand.view()  # as it is now
        self._call_out(view.jam)
        piece = view.heard.id if view.heard else ""
        files = self._prints.files(piece)
        there = (piece, frozenset(file.medium for file in files))
        files = files if there != self._shown else ()
        told = self._words(view)
        if told != self._told or files or self._is_wanted_below:
            await self._put(replace(told, files=files))
            self._told = told
            self._shown = there if files else self._shown
        return view.jam.phase

    def _words(self, view: JamView) -> Reply:
        piece = view.heard.id if view.heard else ""
        heard = any(file.medium is Medium.SOUND for file in self._prints.files(piece))
        return card.card_of(
            view,
            page=self._printing.page,
            is_back=view.jam.version == self._back_at,
            is_sound_late=bool(piece) and not heard and not self._prints.is_done,
        )

    def _call_out(self, jam: Jam) -> None:
        """Have the next player told where turns last for hours: a new message is noticed."""
        if jam.settings.pace == SLOW and jam.turns > self._turns:
            self._is_wanted_below = True
        self._turns = jam.turns

    async def _prepare(self, heard: StoredPiece | None) -> None:
        """See that what is to be seen and heard is made, and wait for it a little, once."""
        if heard is None:
            if self._shown[0]:  # nothing is laid down any more: a card without a picture
                self._shown, self._is_wanted_below = ("", frozenset()), True
            return
        door = await self._printing.doors.reach(self._stand.jam.spot.platform)
        if self._prints.begin(heard, door.previews):
            await self._prints.wait(SOON_S)

    async def _put(self, reply: Reply) -> None:
        board, jam = await self._board(), self._stand.jam
        call = board.revise
        if self._is_wanted_below:
            call = board.renew
            reply = replace(reply, files=reply.files or self._prints.files(self._shown[0]))
        nonce = f"jam.{jam.id}.{jam.version}"
        pause = board.card_pause_s(self._card)
        self._allowance.spend(self._world.now_s(), pause, board.changes_of(reply))
        address = await call(self._card, reply, nonce=nonce)
        self._is_wanted_below = False
        if address != self._card:
            await self._place(CARD, address)
            await self._stand.follow(board.chat_of(address))
            if not reply.files and self._shown[0]:  # it is another message, and shows nothing yet
                self._shown = ("", frozenset())
                self._wake()

    # The end.

    async def _end(self) -> None:
        """Bring the finished piece; called again after a failure or a restart it is seen once."""
        view = self._stand.view()
        if view.heard is None:  # it would not be finished
            return
        door = await self._printing.doors.reach(view.jam.spot.platform)
        self._prints.begin(view.heard, door.previews)
        await self._prints.wait(END_S)
        files = self._prints.files(view.heard.id)
        reply = words.finished(view.jam, view.heard, files, self._printing.previews.offers)
        begun = self._address.get(END)
        beside = begun if isinstance(begun, Mapping) else (await self._board()).beside(self._card)

        async def placed(address: Address) -> None:
            await self._place(END, address)

        await door.deliver(beside, reply, nonce=f"jam.{view.jam.id}", placed=placed)
        await self._store.jams.deliver(view.jam.id)
