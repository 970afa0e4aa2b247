"""Renderings: what was made of a piece to hear, see and read. Operations and queries.

They can be made again at any time, and so are kept for speed alone: up to so many bytes in all,
the oldest go first, and all of a piece's with it.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select, text

from audiogroove.store.tables import RENDERING

EVICTED_TO = 0.9  # of what may be kept, so that not every new one drives out an old one

_KEEP = text(
    "INSERT INTO rendering (piece, name, edition, created_us, size_bytes, data)"
    " SELECT piece.id, :name, :edition, :now_us, :size_bytes, :data FROM piece"
    " WHERE piece.id = :piece"
    " ON CONFLICT (piece, name) DO UPDATE SET edition = excluded.edition,"
    " created_us = excluded.created_us, size_bytes = excluded.size_bytes, data = excluded.data"
)
_OLDEST_FIRST = (RENDERING.c.created_us, RENDERING.c.size_bytes)


@dataclass(frozen=True, slots=True)
class Rendering:
    """Something made of a piece; `edition` names whatever else it depends on."""

    piece: str
    name: str  # of a file, such as "sound.mp3"
    edition: str
    data: bytes


def keep(connection: Connection, now_us: int, rendering: Rendering, most_bytes: int) -> None:
    """Keep a rendering in place of an earlier one, and no more than `most_bytes` of all.

    Of a piece that is gone nothing is kept.
    """
    row = {
        "piece": rendering.piece,
        "name": rendering.name,
        "edition": rendering.edition,
        "now_us": now_us,
        "size_bytes": len(rendering.data),
        "data": rendering.data,
    }
    connection.execute(_KEEP, row)
    total = int(connection.execute(select(func.sum(RENDERING.c.size_bytes))).scalar_one() or 0)
    if total > most_bytes:
        _evict(connection, total - EVICTED_TO * most_bytes)


def _evict(connection: Connection, excess_bytes: float) -> None:
    """Delete the oldest until so many bytes are gone."""
    before = func.sum(RENDERING.c.size_bytes).over(order_by=_OLDEST_FIRST)
    aged = select(RENDERING.c.created_us, (before - RENDERING.c.size_bytes).label("older")).cte()
    last = select(func.max(aged.c.created_us)).where(aged.c.older < excess_bytes)
    connection.execute(delete(RENDERING).where(RENDERING.c.created_us <= last.scalar_subquery()))


def find(piece: str, name: str, edition: str) -> Select[Any]:
    """Ask for the `data` of a rendering of this edition."""
    return select(RENDERING.c.data).where(
        RENDERING.c.piece == piece, RENDERING.c.name == name, RENDERING.c.edition == edition
    )
