"""Jobs: operations on a connection, and queries.

An operation is a plain function that a `Writer` performs; a query is a statement for the readers.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, literal, select, text, update

from audiogroove.request import ComposeRequest
from audiogroove.store import quotas
from audiogroove.store.clock import US_PER_S
from audiogroove.store.packing import UNREADABLE, unpack_request
from audiogroove.store.rows import (
    CLOSED,
    COMES_FROM,
    JAM_PERSON,
    JAMS_ALIVE,
    OPEN,
    Charge,
    Forgotten,
    JobState,
    NewJob,
    StoredJob,
)
from audiogroove.store.tables import JAM, JOB, PIECE

MAX_ATTEMPTS = 5  # that may end their process
MAX_FAULT_CHARS = 500
MAX_SWEPT = 500  # jobs at once: nobody waits long for it

# "ON CONFLICT" is the same to SQLite and PostgreSQL; SQLAlchemy has it for each apart only.
_ACCEPT = text(
    "INSERT INTO job"
    " (id, platform, chat, person, parent, state, attempts, created_us, address, request)"
    " VALUES (:id, :platform, :chat, :person, :parent, :state, 0, :now_us, :address, :request)"
    " ON CONFLICT (id) DO NOTHING"
)
_STORED = select(*(column for column in JOB.c if column is not JOB.c.fault))
_OLDEST_FIRST = (JOB.c.created_us, JOB.c.id)


@dataclass(frozen=True, slots=True)
class Left:
    """The rows that an earlier process left behind, the oldest first."""

    open: Sequence[Row[Any]]
    poison: Sequence[Row[Any]]


def accept(
    connection: Connection,
    now_us: int,
    new: NewJob,
    pack: Callable[[], bytes],
    charges: Sequence[Charge],
) -> bool:
    """Insert a job and charge for it; False, and no charge, when its id is known.

    `pack` makes the request's bytes. What cannot be paid ends in QuotaReached, and the caller
    rolls the job back.
    """
    row = {
        "id": new.id,
        "platform": new.platform,
        "chat": new.chat,
        "person": new.person,
        "parent": new.parent,
        "state": JobState.QUEUED,
        "now_us": now_us,
        "address": json.dumps(dict(new.address)),
        "request": pack(),
    }
    if not connection.execute(_ACCEPT, row).rowcount:
        return False
    quotas.charge(connection, now_us, charges)
    return True


def place(connection: Connection, job_id: str, address: Mapping[str, object]) -> None:
    """Change where the answer goes."""
    told = json.dumps(dict(address))
    connection.execute(update(JOB).where(JOB.c.id == job_id).values(address=told))


def move(
    connection: Connection, job_ids: Sequence[str], state: JobState, fault: str | None = None
) -> int:
    """Bring jobs into a state; those that cannot come there from theirs stay. Tell how many did."""
    moved = (
        update(JOB)
        .where(JOB.c.id.in_(job_ids), JOB.c.state.in_(COMES_FROM[state]))
        .values(state=state, fault=fault and _shown(fault))
    )
    return connection.execute(moved).rowcount


def take_up(connection: Connection) -> Left:
    """Queue what was running once more, or fail it when that was too often; find all that is open.

    Only for the one process that works on these jobs, before it does.
    """
    running = JOB.c.state == JobState.RUNNING
    once_more = {"state": JobState.QUEUED, "attempts": JOB.c.attempts + 1}
    connection.execute(update(JOB).where(running).values(once_more))
    is_poison = (JOB.c.state == JobState.QUEUED) & (JOB.c.attempts >= MAX_ATTEMPTS)
    poison = connection.execute(_STORED.where(is_poison).order_by(*_OLDEST_FIRST)).all()
    fault = f"{MAX_ATTEMPTS} attempts ended with their process"
    move(connection, [row.id for row in poison], JobState.FAILED, fault)
    left = connection.execute(_STORED.where(JOB.c.state.in_(OPEN)).order_by(*_OLDEST_FIRST)).all()
    return Left(left, poison)


def forget(connection: Connection, person: str) -> Forgotten:
    """Delete a person's jobs and, with them, their pieces."""
    is_theirs = JOB.c.person == person
    is_open = is_theirs & JOB.c.state.in_(OPEN)
    open_jobs = connection.execute(select(JOB.c.id).where(is_open).order_by(*_OLDEST_FIRST))
    ids = tuple(open_jobs.scalars())
    pieces = select(func.count()).select_from(PIECE.join(JOB)).where(is_theirs)
    forgotten = Forgotten(ids, connection.execute(pieces).scalar_one())
    connection.execute(delete(JOB).where(is_theirs))
    return forgotten


def sweep(connection: Connection, before_us: int) -> bool:
    """Delete some of what is older and no longer open, pieces included; tell if there is more.

    What belongs to a jam that is under way stays.
    """
    is_old = (JOB.c.created_us < before_us) & JOB.c.state.in_(CLOSED)
    jamming = select(literal(JAM_PERSON) + JAM.c.id).where(JAM.c.state.in_(JAMS_ALIVE))
    some = select(JOB.c.id).where(is_old, JOB.c.person.not_in(jamming)).limit(MAX_SWEPT)
    return connection.execute(delete(JOB).where(JOB.c.id.in_(some))).rowcount == MAX_SWEPT


def by_id(job_id: str) -> Select[Any]:
    """Ask for one job."""
    return _STORED.where(JOB.c.id == job_id)


def open_of(person: str) -> Select[Any]:
    """Ask for a person's open jobs, the oldest first."""
    is_open = (JOB.c.person == person) & JOB.c.state.in_(OPEN)
    return _STORED.where(is_open).order_by(*_OLDEST_FIRST)


def read(row: Row[Any], request: ComposeRequest | None = None) -> StoredJob:
    """Make a value of a row, with another request than its own if there is one.

    What cannot be read ends in one of `packing.UNREADABLE`.
    """
    return StoredJob(
        id=row.id,
        platform=row.platform,
        chat=row.chat,
        person=row.person,
        request=request or unpack_request(row.request),
        address=json.loads(row.address),
        parent=row.parent,
        state=JobState(row.state),
        attempts=row.attempts,
        created_s=row.created_us / US_PER_S,
    )


def read_all(rows: Iterable[Row[Any]]) -> tuple[list[StoredJob], list[StoredJob]]:
    """Make values of rows: those that can be read, and the others with an empty request."""
    readable, unreadable = [], []
    for row in rows:
        try:
            readable.append(read(row))
        except UNREADABLE:
            unreadable.append(read(row, ComposeRequest(seed=0)))
    return readable, unreadable


def _shown(fault: str) -> str:
    """Keep of a fault what any database takes."""
    return "".join(char if char.isprintable() else " " for char in fault[:MAX_FAULT_CHARS])
