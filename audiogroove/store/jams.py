"""Jams: operations on a connection, and queries.

What is asked for by is in columns; the rest of a jam is one packed value.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, or_, select, text, update

from audiogroove.errors import StoreFailed
from audiogroove.jam.jam import Jam, Phase, Spot
from audiogroove.store import quotas
from audiogroove.store.clock import US_PER_S
from audiogroove.store.packing import UNREADABLE, pack_jam, unpack_jam
from audiogroove.store.rows import JAM_PERSON, JAMS_ALIVE, Charge, JamState, StoredJam
from audiogroove.store.tables import JAM, JAM_COUNT, JAM_PLAYER, JOB, PIECE

# Tells the number and, in PostgreSQL, lets nobody else open one in this chat until the commit.
_COUNT = text(
    "INSERT INTO jam_count (platform, chat, jams) VALUES (:platform, :chat, 0)"
    " ON CONFLICT (platform, chat) DO UPDATE SET jams = jam_count.jams RETURNING jams"
)
_NAME = text(
    "INSERT INTO jam_player (jam, person, name) VALUES (:jam, :person, :name)"
    " ON CONFLICT (jam, person, name) DO NOTHING"
)
OLDEST_FIRST = (JAM.c.created_us, JAM.c.id)


def begin(connection: Connection, jam: Jam, address: Mapping[str, object]) -> Jam | None:
    """Insert a jam and tell it with its number; None when one is open there already."""
    whose = {"platform": jam.spot.platform, "chat": jam.spot.chat}
    jams = connection.execute(_COUNT, whose).scalar_one()
    if connection.execute(_open_at(jam.spot)).first() is not None:
        return None
    numbered = replace(jam, number=jams + 1)
    row = {
        **whose,
        "id": jam.id,
        "topic": jam.spot.topic,
        "home": jam.home,
        "number": numbered.number,
        "state": JamState.OPEN,
        "version": jam.version,
        "created_us": round(jam.created_s * US_PER_S),
        "address": json.dumps(dict(address)),
        "data": pack_jam(numbered),
    }
    connection.execute(JAM.insert(), row)
    _note_players(connection, numbered)
    connection.execute(update(JAM_COUNT).filter_by(**whose).values(jams=numbered.number))
    return numbered


def keep(connection: Connection, now_us: int, jam: Jam, charges: Sequence[Charge]) -> None:
    """Put a jam in place of its last version, and charge for the move.

    What cannot be paid ends in QuotaReached, and the caller rolls the move back.

    Raises:
        StoreFailed: when what is kept is not the version before this one, or is over.
    """
    before = (JAM.c.id == jam.id) & (JAM.c.version == jam.version - 1)
    moved = {
        "chat": jam.spot.chat,  # which may have moved
        "state": _state_of(jam.phase),
        "version": jam.version,
        "ended_us": now_us if jam.phase.is_over else None,
        "data": pack_jam(jam),
        **_home(jam.home),
    }
    is_open = JAM.c.state == JamState.OPEN
    if not connection.execute(update(JAM).where(before, is_open).values(moved)).rowcount:
        raise StoreFailed(f"jam {jam.id} is not at version {jam.version - 1}, or is over")
    _note_players(connection, jam)
    quotas.charge(connection, now_us, charges)


def place(connection: Connection, jam_id: str, address: Mapping[str, object], home: str) -> None:
    """Change where the card is, and the home unless that is ""."""
    placed = {"address": json.dumps(dict(address)), **_home(home)}
    connection.execute(update(JAM).where(JAM.c.id == jam_id).values(placed))


def deliver(connection: Connection, jam_id: str) -> None:
    """Note that a finished jam's piece is in the chat; one that is not finished stays as it is."""
    is_it = (JAM.c.id == jam_id) & (JAM.c.state == JamState.FINISHED)
    connection.execute(update(JAM).where(is_it).values(state=JamState.DELIVERED))


def close(connection: Connection, now_us: int, jam_ids: Sequence[str]) -> None:
    """End jams that nobody can go on with."""
    is_alive = JAM.c.id.in_(jam_ids) & JAM.c.state.in_(JAMS_ALIVE)
    closed = {"state": JamState.CLOSED, "ended_us": now_us}
    connection.execute(update(JAM).where(is_alive).values(closed))


def sweep(connection: Connection, before_us: int) -> None:
    """Delete the jams that ended earlier; a piece that is not in the chat yet keeps its jam."""
    is_old = (JAM.c.ended_us < before_us) & JAM.c.state.not_in(JAMS_ALIVE)
    connection.execute(delete(JAM).where(is_old))


def by_id(jam_id: str) -> Select[Any]:
    """Ask for one jam."""
    return select(JAM).where(JAM.c.id == jam_id)


def alive() -> Select[Any]:
    """Ask for all jams that are open or to be delivered, the oldest first."""
    return select(JAM).where(JAM.c.state.in_(JAMS_ALIVE)).order_by(*OLDEST_FIRST)


def finished_in(platform: str, chat: str, limit: int) -> Select[Any]:
    """Ask for a chat's finished jams, the last to finish first."""
    is_finished = JAM.c.state.in_((JamState.FINISHED, JamState.DELIVERED))
    here = select(JAM).where(JAM.c.platform == platform, JAM.c.chat == chat, is_finished)
    return here.order_by(JAM.c.ended_us.desc(), JAM.c.number.desc()).limit(limit)


def read(row: Row[Any]) -> StoredJam:
    """Make a value of a row; what cannot be read ends in one of `packing.UNREADABLE`."""
    jam = replace(unpack_jam(row.data), home=row.home)  # that changes without a move
    return StoredJam(jam, json.loads(row.address))


def read_all(rows: Iterable[Row[Any]]) -> tuple[list[StoredJam], list[str]]:
    """Make values of rows: those that can be read, and the ids of the others."""
    readable, unreadable = [], []
    for row in rows:
        try:
            readable.append(read(row))
        except UNREADABLE:
            unreadable.append(row.id)
    return readable, unreadable


def _open_at(spot: Spot) -> Select[Any]:
    """Ask for the jam that is open at a spot, or made itself at home there."""
    is_there = [JAM.c.topic == spot.topic]
    if spot.topic:  # a home of "" is none
        is_there.append(JAM.c.home == spot.topic)
    is_open = JAM.c.state == JamState.OPEN
    in_chat = (JAM.c.platform == spot.platform) & (JAM.c.chat == spot.chat)
    return select(JAM.c.id).where(in_chat, is_open, or_(*is_there))


def _home(home: str) -> dict[str, str]:
    """Tell what to change: a home that was made stays one."""
    return {"home": home} if home else {}


def _state_of(phase: Phase) -> JamState:
    if phase is Phase.FINISHED:
        return JamState.FINISHED
    return JamState.CLOSED if phase.is_over else JamState.OPEN


def _note_players(connection: Connection, jam: Jam) -> None:
    """Note whom a jam names, beside those whom it has named."""
    named = {(player.key, player.name) for player in jam.players}
    if jam.origin:
        named |= _named_by(connection, jam.origin)
    rows = [{"jam": jam.id, "person": key, "name": name} for key, name in sorted(named)]
    if rows:
        connection.execute(_NAME, rows)


def _named_by(connection: Connection, piece_id: str) -> set[tuple[str, str]]:
    """Tell whom a piece may name: keys and names of the jam's that it came of, if of any."""
    whose = select(JOB.c.person).join_from(PIECE, JOB).where(PIECE.c.id == piece_id)
    jam_id = (connection.execute(whose).scalar() or "").removeprefix(JAM_PERSON)
    named = select(JAM_PLAYER.c.person, JAM_PLAYER.c.name).where(JAM_PLAYER.c.jam == jam_id)
    return {(row.person, row.name) for row in connection.execute(named)}
