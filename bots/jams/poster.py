"""The card of a jam in its chat: kept true, no more often than the chat can bear.

    something moved ──▶ the words at once, and what is to be seen and heard with them if it is
                        ready soon ──▶ Board.revise ──▶ a pause ──▶ whatever is true then
    the jam is over ──▶ the card without buttons ──▶ the finished piece as a message of its own

Only what is true now is ever shown: moves that follow each other fast are one change.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

import structlog

from audiogroove.errors import StoreFailed
from audiogroove.jam.jam import Jam, Phase
from audiogroove.jam.settings import SLOW
from audiogroove.store.rows import StoredPiece
from bots.chat import Address, Board, File, Reply, Undeliverable, Unreachable
from bots.doors import Doors
from bots.jams import card, words
from bots.jams.stand import Backstage, Stand
from bots.patience import pause_s
from bots.previews import Previews, affordable

SOON_S = 2.5  # for pictures and sound of a new take; words wait no longer for them
CARD, END = "card", "end"  # the two addresses of a jam: of its card and of the finished piece

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
        is_back: bool = False,
    ) -> None:
        """Show a stand's jam at an address, which is a card's and, later, an end's."""
        self._stand, self._store, self._desk = stand, backstage.store, backstage.desk
        self._sleep = backstage.world.sleep
        self._doors, self._previews, self._page = (
            printing.doors,
            printing.previews,
            printing.page,
        )
        self._address = dict(address)
        self._back_at = stand.jam.version if is_back else -1  # until the next move
        self._told = Reply("")
        self._shown = ""  # the piece that the card shows
        self._made: dict[str, tuple[File, ...]] = {}  # by piece: of the one that is heard
        self._making: asyncio.Task[None] | None = None
        self._is_new, self._is_true = asyncio.Event(), asyncio.Event()
        self._is_wanted_below = False
        self._turns = stand.jam.turns  # that were called out
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
        try:
            with self._stand.heard_by(self._wake):
                await self._keep_true()
        except Undeliverable as fault:
            _LOG.warning("a jam has no chat any more", jam=self._id, fault=str(fault))
            await self._stand.abandon()
        finally:
            if self._making:
                self._making.cancel()
            self._is_true.set()

    @property
    def _id(self) -> str:
        return self._stand.jam.id

    async def _keep_true(self) -> None:
        while True:
            await self._is_new.wait()
            self._is_new.clear()
            await self._patiently(self._show)
            if self._stand.jam.phase.is_over:
                break
            if not self._is_new.is_set():
                self._is_true.set()
            board = await self._board()
            await self._sleep(board.card_pause_s(self._card))  # others want to speak, too
        if self._stand.jam.phase is Phase.FINISHED:
            await self._patiently(self._end)

    async def _patiently(self, call: Callable[[], Awaitable[None]]) -> None:
        failures = 0
        while True:
            try:
                return await call()
            except Unreachable as fault:
                _LOG.info("a card is late", jam=self._id, fault=str(fault))
                await self._sleep(fault.retry_after_s or pause_s(failures))
            except StoreFailed as failure:
                _LOG.error("the store failed", fault=failure.fault)
                await self._sleep(pause_s(failures))
            failures += 1

    async def _board(self) -> Board:
        return await self._doors.board(self._stand.jam.spot.platform)

    @property
    def _card(self) -> Address:
        address = self._address.get(CARD)
        return address if isinstance(address, Mapping) else {}

    # The card.

    async def _show(self) -> None:
        heard = self._stand.view().heard
        if heard and heard.id != self._shown:
            await self._prepare(heard)
        view = self._stand.view()  # as it is now
        piece = view.heard.id if view.heard else ""
        files = self._made.get(piece, ()) if piece != self._shown else ()
        self._call_out(view.jam)
        is_back = view.jam.version == self._back_at
        told = card.card_of(view, page=self._page, is_back=is_back)
        if told == self._told and not files and not self._is_wanted_below:
            return
        await self._put(replace(told, files=files))
        self._told = told
        if files:
            self._shown = piece

    def _call_out(self, jam: Jam) -> None:
        """Have the next player told where turns last for hours: a new message is noticed."""
        if jam.settings.pace == SLOW and jam.turns > self._turns:
            self._is_wanted_below = True
        self._turns = jam.turns

    async def _put(self, reply: Reply) -> None:
        board, jam = await self._board(), self._stand.jam
        if self._is_wanted_below:
            files = reply.files or self._made.get(self._shown, ())
            call, reply = board.renew, replace(reply, files=files)
        else:
            call = board.revise
        nonce = f"jam.{jam.id}.{jam.version}"
        address = await call(self._card, reply, nonce=nonce)
        self._is_wanted_below = False
        if address != self._card:
            await self._place(CARD, address)
            if not reply.files and self._shown:  # it is another message, which shows nothing yet
                self._shown = ""
                self._wake()

    async def _place(self, which: str, address: Address) -> None:
        self._address[which] = dict(address)
        await self._store.jams.place(self._id, self._address)

    async def _prepare(self, heard: StoredPiece) -> None:
        """Have what is to be seen and heard made, and wait for it a little."""
        if heard.id in self._made:
            return
        if self._making is None or self._making.get_name() != heard.id:
            if self._making:
                self._making.cancel()
            self._making = asyncio.create_task(self._make(heard), name=heard.id)
        await asyncio.wait({self._making}, timeout=SOON_S)

    async def _make(self, heard: StoredPiece) -> None:
        door = await self._doors.reach(self._stand.jam.spot.platform)
        wanted = affordable(door.previews, sum(self._desk.count()))
        files = await self._previews.of(heard, wanted)
        self._made = {heard.id: files}
        self._wake()

    # The end.

    async def _end(self) -> None:
        """Bring the finished piece; called again after a failure or a restart it is seen once."""
        view = self._stand.view()
        if view.heard is None:  # it would not be finished
            return
        door = await self._doors.reach(view.jam.spot.platform)
        files = self._made.get(view.heard.id) or await self._previews.of(view.heard, door.previews)
        reply = words.finished(view.jam, view.heard, files, self._previews.offers)
        begun = self._address.get(END)
        beside = begun if isinstance(begun, Mapping) else (await self._board()).beside(self._card)

        async def placed(address: Address) -> None:
            await self._place(END, address)

        await door.deliver(beside, reply, nonce=f"jam.{view.jam.id}", placed=placed)
        await self._store.jams.deliver(view.jam.id)
