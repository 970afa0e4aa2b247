"""Pieces: operations on a connection, and queries.

A piece belongs to the job that it came of, which knows its person, chat and request, and goes
when that goes.
"""

from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from audiogroove.music.credits import Credits
from audiogroove.store import jobs
from audiogroove.store.clock import US_PER_S
from audiogroove.store.packing import (
    pack_credits,
    unpack_credits,
    unpack_piece,
    unpack_request,
)
from audiogroove.store.rows import JobState, NewPiece, StoredPiece
from audiogroove.store.tables import JOB, PIECE

_STORED = select(
    PIECE,
    JOB.c.chat,
    JOB.c.person,
    JOB.c.parent,
    JOB.c.request,
).join_from(PIECE, JOB)


def finish(
    connection: Connection, now_us: int, job_id: str, new: NewPiece, packed_piece: bytes
) -> bool:
    """Keep what came of a job, which is done with that; False when nobody waits for it any more.

    Told twice of the same piece it says True twice.
    """
    if not jobs.move(connection, [job_id], JobState.DONE):
        is_this = (PIECE.c.id == new.id) & (PIECE.c.job == job_id)
        return connection.execute(select(PIECE.c.id).where(is_this)).first() is not None
    row = {
        "id": new.id,
        "job": job_id,
        "style": new.style,
        "seconds": new.seconds,
        "created_us": now_us,
        "piece": packed_piece,
        "credits": pack_credits(new.credits),
    }
    connection.execute(insert(PIECE).values(row))
    return True


def credit(connection: Connection, piece_id: str, credited: Credits) -> None:
    """Replace a piece's credits."""
    told = pack_credits(credited)
    connection.execute(update(PIECE).where(PIECE.c.id == piece_id).values(credits=told))


def remove(connection: Connection, piece_id: str) -> bool:
    """Delete a piece and the job that it came of; False when there is none."""
    job = select(PIECE.c.job).where(PIECE.c.id == piece_id).scalar_subquery()
    return connection.execute(delete(JOB).where(JOB.c.id == job)).rowcount > 0


def by_id(piece_id: str) -> Select[Any]:
    """Ask for one piece."""
    return _STORED.where(PIECE.c.id == piece_id)


def of_job(job_id: str) -> Select[Any]:
    """Ask for the piece that came of a job."""
    return _STORED.where(PIECE.c.job == job_id)


def latest_in(chat: str) -> Select[Any]:
    """Ask for the piece that was finished last in a chat."""
    here = select(PIECE.c.id).join_from(PIECE, JOB).where(JOB.c.chat == chat)
    last = here.order_by(PIECE.c.created_us.desc(), PIECE.c.id).limit(1).scalar_subquery()
    return _STORED.where(PIECE.c.id == last)


def noted_in(chat: str, words: str) -> Select[Any]:
    """Ask for the latest piece of a chat whose address has these words in it."""
    is_it = (JOB.c.chat == chat) & JOB.c.address.contains(words, autoescape=True)
    return _STORED.where(is_it).order_by(PIECE.c.created_us.desc(), PIECE.c.id).limit(1)


def read(row: Row[Any]) -> StoredPiece:
    """Make a value of a row; what cannot be read ends in one of `packing.UNREADABLE`."""
    return StoredPiece(
        id=row.id,
        job=row.job,
        chat=row.chat,
        person=row.person,
        parent=row.parent,
        request=unpack_request(row.request),
        piece=unpack_piece(row.piece),
        style=row.style,
        seconds=row.seconds,
        created_s=row.created_us / US_PER_S,
        credits=unpack_credits(row.credits),
    )
