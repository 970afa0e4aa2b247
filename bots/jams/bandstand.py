"""The bandstand: every open jam of the house, on its stand, with its card.

open ──▶ a row ──▶ a card in the chat ──▶ a stand with its clock and its poster ──▶ the end
resume ──▶ the same, for the jams that a restart has interrupted
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext, suppress

import structlog

from audiogroove.errors import Gone, JamFault, JamRefused, StoreFailed
from audiogroove.jam.jam import Jam, Spot
from audiogroove.store.rows import StoredJam
from bots.chat import Line, Reply, Undeliverable, Unreachable
from bots.jams import card
from bots.jams.door import JamDoor
from bots.jams.poster import CARD, Poster, Printing
from bots.jams.stand import Backstage, Stand
from bots.jams.takes import awaited
from bots.jams.view import JamView
from bots.jams.watch import Watch
from bots.patience import pause_s

FAREWELL_S = 5.0  # for what is being shown when we leave
TRIES = 8  # at a card that breaks: about four minutes

_LOG = structlog.get_logger()


class Bandstand:
    """The owner of all open jams."""

    def __init__(self, backstage: Backstage, printing: Printing) -> None:
        """Set up with no jam; `resume` takes up those that are open."""
        self._backstage, self._printing = backstage, printing
        self._store, self._doors = backstage.store, printing.doors
        self._stands: dict[str, Stand] = {}
        self._posters: dict[str, Poster] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._opening: set[Spot] = set()
        self._asking: dict[str, str] = {}  # persons, and in which jam
        self._left: dict[str, StoredJam] = {}  # that have not come back yet
        self._open_door = ExitStack()

    # Coming and going.

    async def resume(self) -> None:
        """Open the door for takes and take up what an earlier process left.

        Then the desk resumes, and after it this goes on with `begin`.
        """
        door = JamDoor(self._store, self.stand)
        self._open_door.enter_context(self._doors.held_open(door))
        for stored in await self._store.jams.open_ones():
            stand = Stand(stored.jam, self._backstage)
            try:
                await stand.read()  # before the desk brings takes
            except Gone as fault:
                await self._give_up(stand, fault)
                continue
            if CARD not in stored.address:  # we were gone before it was put up
                await self._give_up(stand, "it has no card")
                continue
            self._stands[stored.jam.id] = stand
            self._left[stored.jam.id] = stored

    async def begin(self) -> None:
        """Go on with what `resume` has taken up, now that the desk has, too."""
        for jam_id, stored in self._left.items():
            stand = self._stands[jam_id]
            try:
                await stand.come_back()
            except (Gone, StoreFailed) as fault:
                del self._stands[jam_id]
                await self._give_up(stand, fault)
            else:
                self._start(stand, stored.address)
        if self._left:
            _LOG.info("jams taken up after a restart", jams=len(self._left))
        self._left = {}

    async def _give_up(self, stand: Stand, fault: object) -> None:
        """End a jam that cannot go on."""
        _LOG.error("a jam cannot go on", jam=stand.jam.id, fault=repr(fault))
        with suppress(StoreFailed, Gone):
            await stand.abandon()

    async def close(self) -> None:
        """Leave all jams as they are kept; the next process goes on with them."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=FAREWELL_S)
        self._open_door.close()

    async def settled(self) -> None:
        """Wait until every card shows what is true."""
        while unsettled := [each for each in self._posters.values() if not each.is_settled]:
            await asyncio.gather(*(poster.settled() for poster in unsettled))

    # Looking.

    def __len__(self) -> int:
        """Count the open jams."""
        return len(self._stands)

    def stand(self, jam_id: str) -> Stand | None:
        """Find an open jam's stand by its id."""
        return self._stands.get(jam_id)

    def at(self, spot: Spot) -> Stand | None:
        """Find the stand at a spot: of the jam that was opened or is at home there."""
        for stand in self._stands.values():
            jam = stand.jam
            is_here = (jam.spot.platform, jam.spot.chat) == (spot.platform, spot.chat)
            topics = {jam.spot.topic, jam.home} if jam.home else {jam.spot.topic}
            if is_here and spot.topic in topics and not jam.phase.is_over:
                return stand
        return None

    @contextmanager
    def composing_for(self, person: str, jam_id: str) -> Iterator[None]:
        """Let somebody ask for a take in a jam, one at a time in all jams together.

        Yields:
            While it is asked for; once it is, the jam itself tells.

        Raises:
            JamRefused: when one of theirs is under way elsewhere.
        """
        elsewhere = any(
            awaited(stand.jam) and stand.jam.turn and stand.jam.turn.player == person
            for stand in self._stands.values()
            if stand.jam.id != jam_id
        )
        if elsewhere or self._asking.get(person, jam_id) != jam_id:
            raise JamRefused(JamFault.TAKE_UNDER_WAY)
        self._asking[person] = jam_id
        try:
            yield
        finally:
            self._asking.pop(person, None)

    async def look(self, jam_id: str) -> JamView:
        """Tell how a jam is, or was; Gone when it is not kept, or no longer."""
        if stand := self._stands.get(jam_id):
            return stand.view()
        jam = (await self._store.jams.look(jam_id)).jam
        return JamView(jam, await self._store.piece(jam.laid) if jam.laid else None)

    @contextmanager
    def watch(self, jam_id: str) -> Iterator[Watch]:
        """Watch an open jam for as long as the block lasts; of any other there are no news.

        Yields:
            What tells the news.
        """
        stand = self._stands.get(jam_id)
        watch = Watch(stand.view if stand else None)
        with stand.heard_by(watch.tell) if stand else nullcontext():
            yield watch

    # Doing.

    async def open(self, jam: Jam, line: Line) -> Jam:
        """Put a jam up where the line is; at most one is open at a spot.

        Raises:
            JamRefused: when one is.
        """
        if self.at(jam.spot) or jam.spot in self._opening:
            raise JamRefused(JamFault.ONE_IS_OPEN)
        self._opening.add(jam.spot)
        try:
            return await self._open(jam, line)
        finally:
            self._opening.discard(jam.spot)

    async def _open(self, jam: Jam, line: Line) -> Jam:
        kept = await self._store.jams.open(jam, {})
        if kept is None:
            raise JamRefused(JamFault.ONE_IS_OPEN)
        stand = Stand(kept, self._backstage)
        self._stands[kept.id] = stand  # who is quick presses what appears in the same instant
        try:
            poster = await self._put_up(stand, line)
        except (Undeliverable, Unreachable) as fault:
            raise JamRefused(JamFault.NO_CARD) from fault
        finally:
            if kept.id not in self._posters:
                del self._stands[kept.id]
                await self._give_up(stand, "its card was not put up")
        await poster.place()
        return stand.jam

    async def _put_up(self, stand: Stand, line: Line) -> Poster:
        await stand.read()
        told = card.card_of(stand.view(), page=self._printing.page)
        address = await line.gather(told, card.title(stand.jam))
        board = await self._doors.board(stand.jam.spot.platform)
        stand.settle_at(board.topic_of(address))
        return self._start(stand, {CARD: dict(address)}, told)

    def renew(self, jam_id: str) -> None:
        """Put a jam's card up anew, below all that was said since."""
        if poster := self._posters.get(jam_id):
            poster.renew()

    async def reread(self, jam_ids: tuple[str, ...]) -> None:
        """Take up jams as somebody else has changed them in the store."""
        for jam_id in jam_ids:
            if stand := self._stands.get(jam_id):
                await stand.reread()

    # Going on.

    def _start(
        self, stand: Stand, address: Mapping[str, object], told: Reply | None = None
    ) -> Poster:
        poster = Poster(stand, address, self._backstage, self._printing, told=told)
        jam_id = stand.jam.id
        self._posters[jam_id] = poster
        self._tasks[jam_id] = asyncio.create_task(
            self._carry(stand, poster), name=f"stand.{jam_id}"
        )
        return poster

    async def _carry(self, stand: Stand, poster: Poster) -> None:
        """Keep a jam going until it is over and its piece is in the chat."""
        jam_id = stand.jam.id
        clock = asyncio.create_task(self._keep_time(stand))
        try:
            with structlog.contextvars.bound_contextvars(jam=jam_id):
                await self._show(stand, poster)
        finally:
            clock.cancel()
            self._posters.pop(jam_id, None)
            self._tasks.pop(jam_id, None)
            self._stands.pop(jam_id, None)

    async def _keep_time(self, stand: Stand) -> None:
        """Keep a jam's clock going, also when a move of its breaks."""
        failures = 0
        while not stand.jam.phase.is_over:
            try:
                await stand.keep_time()
            except Exception:  # noqa: BLE001  (the border: one jam's misfortune is not another's)
                _LOG.exception("a jam's clock broke")
                await self._backstage.world.sleep(pause_s(failures))
                failures += 1

    async def _show(self, stand: Stand, poster: Poster) -> None:
        """Keep a card true, also when that breaks now and then."""
        for failures in range(TRIES):
            try:
                await poster.run()
            except Exception:  # noqa: BLE001  (the border: one jam's misfortune is not another's)
                _LOG.exception("a jam broke")
                await self._backstage.world.sleep(pause_s(failures))
            else:
                return
        await self._give_up(stand, "it broke again and again")
