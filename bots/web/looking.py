"""Looking compositions up: by their own ids, or by the id of a piece that a chat shows."""

import re
from dataclasses import dataclass

from audiogroove.errors import Gone, Lost
from audiogroove.store.rows import PIECE_ID_ALPHABET, PIECE_ID_CHARS, JobState, StoredPiece
from bots.web import words
from bots.web.client import TOKEN_CHARS
from bots.web.compositions import Compositions, Standing, State
from bots.web.faults import Code, Declined
from bots.web.line import job_of
from bots.web.ports import Library

_ID = re.compile(f"[{PIECE_ID_ALPHABET}]{{1,{TOKEN_CHARS}}}")
_STATES = {
    JobState.QUEUED: State.WAITING,
    JobState.RUNNING: State.WRITING,
    JobState.DONE: State.DONE,
    JobState.DELIVERED: State.DONE,
    JobState.FAILED: State.FAILED,
    JobState.CANCELLED: State.CANCELLED,
}


class NoComposition(Declined):
    """There is none of this name, or it has no piece."""

    def __init__(self) -> None:
        super().__init__(Code.NOT_FOUND, words.NO_SUCH_COMPOSITION)


@dataclass(frozen=True, slots=True)
class Found:
    """A composition, and its piece when it is done."""

    token: str
    standing: Standing
    piece: StoredPiece | None = None


class Lookup:
    """Finds compositions in memory and in the store."""

    def __init__(self, store: Library, compositions: Compositions) -> None:
        """Set up."""
        self._store, self._compositions = store, compositions

    async def find(self, name: str) -> Found:
        """Find a composition.

        Raises:
            NoComposition: when there is none of this name.
        """
        try:
            if is_token(name):
                return await self._of_web(name)
            return await self._of_piece(name)
        except Gone as error:
            raise NoComposition from error

    async def piece(self, name: str) -> StoredPiece:
        """Find the piece of a composition, also in the moment before its end is told.

        Raises:
            NoComposition: when there is none, or not yet.
        """
        try:
            if is_token(name):
                return await self._store.piece_of_job(job_of(name))
            return await self._piece(name)
        except Gone as error:
            raise NoComposition from error

    async def over(self, token: str, standing: Standing) -> Found:
        """Find what belongs to news of a composition."""
        if standing.state is not State.DONE:
            return Found(token, standing)
        try:
            return _done(token, await self._store.piece_of_job(job_of(token)))
        except Gone as error:  # deleted between the news and now
            return Found(token, Standing(State.FAILED, error=error))

    async def _of_web(self, token: str) -> Found:
        if standing := self._compositions.standing(token):
            return Found(token, standing)
        job = await self._store.job(job_of(token))
        state = _STATES[job.state]
        if state is State.DONE:
            return _done(token, await self._store.piece_of_job(job.id))
        lost = Lost("the reason is no longer known") if state is State.FAILED else None
        return Found(token, Standing(state, error=lost))

    async def _piece(self, name: str) -> StoredPiece:
        if _ID.fullmatch(name) is None or len(name) != PIECE_ID_CHARS:
            raise Gone("piece")
        return await self._store.piece(name)

    async def _of_piece(self, name: str) -> Found:
        stored = await self._piece(name)
        token = stored.job.removeprefix("web.")
        return _done(token if is_token(token) else name, stored)


def is_token(name: str) -> bool:
    """Tell whether a name is one that compositions of the web have."""
    return len(name) == TOKEN_CHARS and _ID.fullmatch(name) is not None


def _done(token: str, stored: StoredPiece) -> Found:
    bars = stored.piece.bars
    return Found(token, Standing(State.DONE, bars=bars, total=bars), stored)
