"""Takes of a jam as jobs for the composer: asked for, looked for after a restart, brought along."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from audiogroove.errors import Gone
from audiogroove.jam import commission
from audiogroove.jam.commission import Laid
from audiogroove.jam.fitting import fitted_part, fitted_section
from audiogroove.jam.jam import Jam, Phase, Turn
from audiogroove.music.piece import Piece
from audiogroove.request import ComposeRequest
from audiogroove.store import Store
from audiogroove.store.packing import pack_piece
from audiogroove.store.rows import (
    Charge,
    JobState,
    NewJob,
    NewPiece,
    StoredJob,
    StoredPiece,
    jam_person,
)
from bots.desk import Desk

PLATFORM = "jam"  # the door through which the desk brings takes
SEED_BYTES = 4


@dataclass(frozen=True, slots=True)
class Slot:
    """Which take of which jam."""

    jam: str
    turn: int
    roll: int

    @property
    def job(self) -> str:
        """The id of its job: the same however often it is asked for."""
        return f"{PLATFORM}.{self.jam}.{self.turn}.{self.roll}"

    @property
    def seed(self) -> int:
        """The seed of its dice: a jam that is played again from its rows plays the same."""
        return int.from_bytes(hashlib.blake2b(self.job.encode(), digest_size=SEED_BYTES).digest())


def awaited(jam: Jam) -> Slot | None:
    """Tell which take is being composed; None when none is."""
    if jam.phase is not Phase.TAKING or jam.turn is None:
        return None
    return Slot(jam.id, jam.turn.number, jam.turn.roll)


class Takes:
    """Has takes made, each once."""

    def __init__(self, store: Store, desk: Desk) -> None:
        """Ask this desk."""
        self._store, self._desk = store, desk

    async def ask(
        self, jam: Jam, turn: Turn, laid: StoredPiece | None, charges: Sequence[Charge]
    ) -> StoredJob | None:
        """Make a take a row and charge for it; None when it is one already.

        What the composer cannot do, has no room for, or what nobody can pay is refused.
        """
        slot = Slot(jam.id, turn.number, turn.roll)
        with self._desk.room_for(jam_person(jam.id)):
            return await self._accept(jam, turn, slot, laid, charges)

    async def find(self, slot: Slot) -> StoredPiece | None:
        """Find what came of a take that is a row already; see that one under way goes on.

        None while it does.

        Raises:
            Gone: when nothing came of it and nothing will.
        """
        job = await self._store.job(slot.job)
        if job.state in {JobState.FAILED, JobState.CANCELLED}:
            raise Gone("take")
        if job.state is JobState.DELIVERED:
            return await self._store.piece_of_job(slot.job)
        if not self._desk.holds(job.id):
            self._desk.take(job)
        return None

    async def bring(
        self, jam: Jam, laid: StoredPiece | None, file: Piece, charges: Sequence[Charge]
    ) -> StoredPiece:
        """Fit a player's own file to the turn that it is, and keep it as a take.

        A file that does not fit is refused. The same one brought again, as after a failure, is
        the same take.

        Raises:
            Gone: when it is nobody's turn.
        """
        if jam.turn is None:
            raise Gone("turn")
        turn = replace(jam.turn, roll=jam.turn.roll + 1)
        below = commission.ground(jam, turn, laid_of(laid))
        piece = await asyncio.to_thread(_fitted, jam, turn, below, file)
        slot = Slot(jam.id, turn.number, turn.roll)
        request = commission.request_for(jam, turn, laid_of(laid), slot.seed)
        new = self._new(slot, request, laid, f"{slot.job}.{_print_of(piece)}")
        brought = NewPiece(
            piece,
            jam.settings.style,
            seconds=0.0,
            credits=commission.credited(jam, turn, laid_of(laid), piece),
        )
        await self._store.accept(new, charges)
        await self._store.finished(new.id, brought)
        await self._store.delivered(new.id)
        return await self._store.piece_of_job(new.id)

    async def credit(
        self, jam: Jam, turn: Turn, laid: StoredPiece | None, stored: StoredPiece
    ) -> StoredPiece:
        """Note who made what of a take that was composed."""
        credited = commission.credited(jam, turn, laid_of(laid), stored.piece)
        await self._store.credit(stored.id, credited)
        return replace(stored, credits=credited)

    async def _accept(
        self,
        jam: Jam,
        turn: Turn,
        slot: Slot,
        laid: StoredPiece | None,
        charges: Sequence[Charge],
    ) -> StoredJob | None:
        request = commission.request_for(jam, turn, laid_of(laid), slot.seed)
        return await self._store.accept(self._new(slot, request, laid, slot.job), charges)

    def _new(
        self, slot: Slot, request: ComposeRequest, laid: StoredPiece | None, job: str
    ) -> NewJob:
        whose = jam_person(slot.jam)
        return NewJob(
            id=job,
            platform=PLATFORM,
            chat=whose,
            person=whose,
            request=request,
            address={"jam": slot.jam, "turn": slot.turn, "roll": slot.roll},
            parent=laid.id if laid else None,
        )


def laid_of(stored: StoredPiece | None) -> Laid | None:
    """Tell of a piece what others play on top of."""
    return Laid(stored.piece, stored.credits) if stored else None


def _fitted(jam: Jam, turn: Turn, below: Laid | None, file: Piece) -> Piece:
    seat, base = commission.seat_of(jam, turn), below.piece if below else None
    if seat is None:
        return fitted_section(file, base, jam.settings)
    return fitted_part(file, base, jam.settings, seat)


def _print_of(piece: Piece) -> str:
    """Tell pieces apart."""
    return hashlib.blake2b(pack_piece(piece), digest_size=SEED_BYTES).hexdigest()
