"""The values that go into the store and come out of it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from audiogroove.jam.jam import Jam
from audiogroove.music.credits import Credits
from audiogroove.music.piece import Piece
from audiogroove.request import ComposeRequest

PIECE_ID_CHARS = 10  # fifty bits: nobody guesses another's piece
PIECE_ID_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # no l, o, 0 or 1, which look alike


class JobState(StrEnum):
    """How far a job has come.

    QUEUED → RUNNING → DONE → DELIVERED, or out of these to FAILED or CANCELLED. The first three
    are open: somebody still waits.
    """

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"  # the piece is kept, but not yet in the chat
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNDONE = (JobState.QUEUED, JobState.RUNNING)
OPEN = (*UNDONE, JobState.DONE)
CLOSED = (JobState.DELIVERED, JobState.FAILED, JobState.CANCELLED)
COMES_FROM: Mapping[JobState, tuple[JobState, ...]] = MappingProxyType(
    {
        JobState.QUEUED: (JobState.RUNNING,),
        JobState.RUNNING: (JobState.QUEUED,),
        JobState.DONE: UNDONE,
        JobState.DELIVERED: (JobState.DONE,),
        JobState.FAILED: OPEN,
        JobState.CANCELLED: UNDONE,
    }
)


@dataclass(frozen=True, slots=True)
class NewJob:
    """A request to accept."""

    id: str  # the platform's own for the event that asked: the same when it is told twice
    platform: str
    chat: str
    person: str
    request: ComposeRequest
    address: Mapping[str, object]  # JSON values: where the answer goes
    parent: str | None = None  # the piece that it grew out of


@dataclass(frozen=True, slots=True)
class Charge:
    """What one request costs of one quota: one use, of one every `every_s`, `burst` at once.

    Raises:
        ValueError: on construction, when it would allow nothing or everything.
    """

    key: str  # whose quota it is, among all
    whose: str  # "you" or "chat", for those who are told
    every_s: float  # at least a microsecond
    burst: int  # 1..

    def __post_init__(self) -> None:
        if not 1e-6 <= self.every_s < float("inf") or self.burst < 1:
            raise ValueError(f"not a quota: {self.burst} at once, one every {self.every_s} s")


@dataclass(frozen=True, slots=True)
class StoredJob:
    """An accepted request and how far it has come."""

    id: str
    platform: str
    chat: str
    person: str
    request: ComposeRequest
    address: Mapping[str, object]
    parent: str | None
    state: JobState
    attempts: int  # at composing it that died with their process
    created_s: float  # since 1970


def new_piece_id() -> str:
    """Make an id for a piece: short, unguessable, and fit for URLs and buttons."""
    return "".join(secrets.choice(PIECE_ID_ALPHABET) for _ in range(PIECE_ID_CHARS))


@dataclass(frozen=True, slots=True)
class NewPiece:
    """What came of a job."""

    piece: Piece
    style: str  # empty when a file set the tone
    seconds: float  # that composing took
    id: str = field(default_factory=new_piece_id)
    credits: Credits = ()


@dataclass(frozen=True, slots=True)
class StoredPiece:
    """A piece that was composed here, and for whom."""

    id: str
    job: str
    chat: str
    person: str
    parent: str | None  # the piece that it grew out of, which may be gone
    request: ComposeRequest
    piece: Piece
    style: str
    seconds: float
    created_s: float  # since 1970
    credits: Credits = ()  # where several people made it together


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What an earlier process left behind, the oldest first.

    `poison` are jobs that failed because they have ended too many processes, or because their
    request can no longer be read; of the latter `request` is an empty one in its place.
    """

    jobs: tuple[StoredJob, ...]  # QUEUED or DONE
    poison: tuple[StoredJob, ...]  # FAILED; their persons do not know yet


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted of a person's."""

    open_jobs: tuple[str, ...]  # ids of jobs that may be under way
    pieces: int
    jams: tuple[str, ...] = ()  # ids of jams under way that are now without their key and name


class JamState(StrEnum):
    """How far a jam has come: OPEN → FINISHED → DELIVERED, or OPEN → CLOSED."""

    OPEN = "open"
    FINISHED = "finished"  # the piece is not in the chat yet
    DELIVERED = "delivered"
    CLOSED = "closed"  # nothing came of it


JAMS_ALIVE = (JamState.OPEN, JamState.FINISHED)
JAM_PERSON = "jam:"


def jam_person(jam_id: str) -> str:
    """Tell as whose a jam's jobs are kept."""
    return JAM_PERSON + jam_id


@dataclass(frozen=True, slots=True)
class StoredJam:
    """A jam, and where its card is."""

    jam: Jam
    address: Mapping[str, object]  # JSON values
