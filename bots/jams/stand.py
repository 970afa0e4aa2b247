"""One open jam: its moves in their order, each on the disk before anybody sees it; its clock.

    move ──▶ a pure change ──▶ a take? asked for, charged ──▶ kept ──▶ told: card, watchers, clock

Everything follows from the jam as it is kept: whoever starts anew with it goes on in the same way.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

import structlog

from audiogroove.errors import AudioGrooveError, Busy, Gone, StoreFailed
from audiogroove.jam import session
from audiogroove.jam.jam import FORGOTTEN, Jam
from audiogroove.music.piece import Piece
from audiogroove.store import Store
from audiogroove.store.rows import Charge, StoredJob, StoredPiece
from bots.chat import Reply
from bots.desk import Desk, World
from bots.jams.takes import Slot, Takes, awaited
from bots.jams.view import JamView, Written

RETRY_S = 5.0  # when what is due cannot be done just now
DROPPED = Reply("")  # nobody reads it

Change = Callable[[Jam], Jam]
Due = Callable[[Jam, float], Jam]
_LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Backstage:
    """What all stands share."""

    store: Store
    desk: Desk
    world: World


class Stand:
    """The owner of one jam from its opening, or the last restart, to its end."""

    def __init__(self, jam: Jam, backstage: Backstage) -> None:
        """Take a jam as it is kept."""
        self._jam = jam
        self._store, self._desk, self._world = backstage.store, backstage.desk, backstage.world
        self._takes = Takes(backstage.store, backstage.desk)
        self._turn = asyncio.Lock()  # one move at a time
        self._moved = asyncio.Event()
        self._laid: StoredPiece | None = None
        self._heard: StoredPiece | None = None
        self._written: Written | None = None
        self._listeners: list[Callable[[], None]] = [self._moved.set]

    @property
    def jam(self) -> Jam:
        """The jam as it is kept."""
        return self._jam

    def view(self) -> JamView:
        """Tell how it is."""
        return JamView(self._jam, self._heard, self._written)

    @contextmanager
    def heard_by(self, hear: Callable[[], None]) -> Iterator[None]:
        """Call somebody whenever something has changed, for as long as the block lasts.

        Yields:
            Nothing.
        """
        self._listeners.append(hear)
        try:
            yield
        finally:
            self._listeners.remove(hear)

    async def read(self) -> None:
        """Fetch what is laid down, before anything else; Gone when that is no longer kept."""
        await self._put(self._jam)

    def settle_at(self, home: str) -> None:
        """Note the topic that was made for the jam, if one was."""
        self._jam = replace(self._jam, home=home)

    # Moves.

    async def move(self, change: Change, charges: Sequence[Charge] = ()) -> Jam:
        """Make a move and tell the jam after it; whatever is refused has changed nothing.

        `charges` are for the take that it asks for, if it does.
        """
        async with self._turn:
            before, after = self._jam, change(self._jam)
            if after is before:
                return before
            slot = awaited(after) if awaited(after) != awaited(before) else None
            job = await self._ask(after, charges) if slot else None
            await self._keep(after)
        if dropped := awaited(before) if awaited(after) != awaited(before) else None:
            await self._desk.cancel(dropped.job, DROPPED)
        if job:
            self._desk.take(job)
        elif slot:
            await self.look_for(slot)
        return after

    async def _ask(self, jam: Jam, charges: Sequence[Charge]) -> StoredJob | None:
        if jam.turn is None:
            return None
        return await self._takes.ask(jam, jam.turn, self._laid, charges)

    async def _keep(self, after: Jam) -> None:
        await self._store.jams.keep(after)
        await self._put(after)

    async def _put(self, after: Jam) -> None:
        """Let a jam that is kept be the one that is seen."""
        self._laid = await self._piece(after.laid)
        self._heard = await self._piece(after.heard)
        self._jam, self._written = after, None
        self._tell()

    async def _piece(self, piece_id: str) -> StoredPiece | None:
        known = {each.id: each for each in (self._laid, self._heard) if each}
        if not piece_id or piece_id in known:
            return known.get(piece_id)
        return await self._store.piece(piece_id)

    async def bring(self, key: str, file: Piece, charges: Sequence[Charge]) -> Jam:
        """Have a player's own file for their take."""
        async with self._turn:
            session.check_bring(self._jam, key)
            stored = await self._takes.bring(self._jam, self._laid, file, charges)
            now_s, bars = self._world.now_s(), stored.piece.bars
            await self._keep(session.bring(self._jam, key, now_s, stored.id, bars))
        return self._jam

    async def reread(self) -> None:
        """Take the jam as somebody else has changed it in the store; who is forgotten leaves."""
        async with self._turn:
            stored = await self._store.jams.look(self._jam.id)
            self._laid = self._heard = None
            await self._put(stored.jam)
        await self._dismiss_forgotten()

    async def _dismiss_forgotten(self) -> None:
        for player in self._jam.players:
            is_ghost = player.key.startswith(FORGOTTEN) and not player.has_left
            if is_ghost and not self._jam.phase.is_over:
                key, now_s = player.key, self._world.now_s()
                await self.move(partial(session.leave, key=key, now_s=now_s))

    async def follow(self, chat: str) -> None:
        """Note where the jam is, when its chat has got another key, as when a group grows."""
        if chat and chat != self._jam.spot.chat and not self._jam.phase.is_over:
            await self.move(lambda jam: session.relocate(jam, chat))

    async def abandon(self) -> None:
        """End the jam where its chat is gone: nobody can be told."""
        if not self._jam.phase.is_over:
            await self.move(
                lambda jam: session.finish(jam, jam.host, self._world.now_s(), is_moderator=True)
            )
        await self._store.jams.deliver(self._jam.id)

    # The composer.

    def written(self, slot: Slot, written: Written) -> None:
        """Hear how far a take is."""
        if awaited(self._jam) == slot:
            self._written = written
            self._tell()

    async def taken(self, slot: Slot, stored: StoredPiece) -> None:
        """Take what was composed."""
        jam = self._jam
        if awaited(jam) != slot or jam.turn is None:
            return
        stored = await self._takes.credit(jam, jam.turn, self._laid, stored)
        bars = stored.piece.bars

        def change(jam: Jam) -> Jam:
            now_s = self._world.now_s()
            return session.taken(jam, now_s, slot.turn, slot.roll, stored.id, bars)

        await self.move(change)

    async def failed(self, slot: Slot) -> None:
        """Go on without a take that will not come."""
        await self.move(lambda jam: session.failed(jam, self._world.now_s(), slot.turn, slot.roll))

    async def look_for(self, slot: Slot) -> None:
        """Find a take that was asked for before, perhaps by an earlier process."""
        try:
            stored = await self._takes.find(slot)
        except Gone:
            await self.failed(slot)
        else:
            if stored:
                await self.taken(slot, stored)

    # The clock.

    async def come_back(self) -> None:
        """Take the jam up after a restart: everybody gets a minute, what was asked for is."""
        await self.move(lambda jam: session.grace(jam, self._world.now_s()))
        await self._dismiss_forgotten()
        slot = awaited(self._jam)
        if slot is None:
            return
        try:
            await self.look_for(slot)
        except Gone:  # its row was never written
            await self.failed(slot)

    async def keep_time(self) -> None:
        """Do what is due when it is, until the jam is over."""
        while not self._jam.phase.is_over:
            self._moved.clear()
            left_s = min(self._jam.deadline_s, self._jam.ends_s) - self._world.now_s()
            if left_s > 0:
                await self._wait(left_s)
                continue
            due: Due | None = session.tick
            while due is not None:
                due = await self._try(due)

    async def _wait(self, most_s: float) -> None:
        """Wait until so many seconds are over or anything has changed."""
        alarm = asyncio.create_task(self._ring(most_s))
        try:
            await self._moved.wait()
        finally:
            alarm.cancel()

    async def _ring(self, seconds: float) -> None:
        await self._world.sleep(seconds)
        self._moved.set()

    async def _try(self, due: Due) -> Due | None:
        """Make a move that is due; tell what to do instead where it cannot be made.

        Where nothing can be composed in somebody's stead they are passed over.
        """
        before = self._jam
        try:
            after = await self.move(lambda jam: due(jam, self._world.now_s()))
        except (Busy, StoreFailed) as fault:
            _LOG.warning("a jam waits", jam=self._jam.id, fault=repr(fault))
            await self._world.sleep(RETRY_S)  # nothing tells when there is room again
        except AudioGrooveError as error:
            _LOG.warning("nothing can stand in", jam=self._jam.id, error=repr(error))
            if due is session.tick:
                return session.skip
            await self._world.sleep(RETRY_S)
        else:
            if after is before and due is session.skip:  # it is due all the same
                await self._world.sleep(RETRY_S)
        return None

    def _tell(self) -> None:
        for hear in tuple(self._listeners):
            hear()
