"""Forgetting a person: what is theirs alone goes, what they made with others stays without them."""

import secrets
from collections.abc import Container
from dataclasses import replace
from itertools import chain, count
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from audiogroove.jam.jam import FORGOTTEN, Jam, Take
from audiogroove.jam.seating import SOMEBODY
from audiogroove.music.credits import Credits, players_of
from audiogroove.store import jams, jobs
from audiogroove.store.packing import (
    UNREADABLE,
    pack_credits,
    pack_jam,
    unpack_credits,
    unpack_jam,
)
from audiogroove.store.rows import JAMS_ALIVE, Forgotten, jam_person
from audiogroove.store.tables import JAM, JAM_PLAYER, JOB, PIECE, RENDERING

_KEY_BYTES = 8


def forget(connection: Connection, person: str) -> Forgotten:
    """Delete a person's jobs and pieces, and their key and name from the jams that name them."""
    forgotten = jobs.forget(connection, person)
    named = select(JAM_PLAYER.c.jam).where(JAM_PLAYER.c.person == person)
    theirs = select(JAM).where(JAM.c.id.in_(named)).order_by(*jams.OLDEST_FIRST)
    rows = connection.execute(theirs.with_for_update()).all()  # nobody moves until the commit
    for row in rows:
        _forget_in(connection, row, person)
    concerned = (row.id for row in rows if row.state in JAMS_ALIVE)
    return replace(forgotten, jams=tuple(concerned))


def renamed(jam: Jam, person: str, key: str, name: str) -> Jam:
    """Put another key and name in place of a player's, wherever a jam has them."""

    def of(whose: str) -> str:
        return key if whose == person else whose

    def by(take: Take) -> Take:
        return replace(take, player=of(take.player))

    return replace(
        jam,
        host=of(jam.host),
        players=tuple(
            replace(player, key=key, name=name) if player.key == person else player
            for player in jam.players
        ),
        turn=jam.turn and replace(jam.turn, player=of(jam.turn.player)),
        take=jam.take and by(jam.take),
        takes=tuple(map(by, jam.takes)),
        votes=tuple((of(voter), is_for) for voter, is_for in jam.votes),
    )


def _forget_in(connection: Connection, row: Row[Any], person: str) -> None:
    try:
        jam = unpack_jam(row.data)
    except UNREADABLE:
        _drop(connection, row.id)
        return
    credited = _credits_of(connection, jam.id)
    taken = {player.name for player in jam.players}.union(*map(players_of, credited.values()))
    key, name = f"{FORGOTTEN}{secrets.token_hex(_KEY_BYTES)}", _free_name(taken)
    names = _names_of(connection, jam, person)
    for piece, before in credited.items():
        _credit(connection, piece, _recredited(before, names, name))
        connection.execute(delete(RENDERING).where(RENDERING.c.piece == piece))  # they show names
    without = replace(renamed(jam, person, key, name), version=row.version + 1)
    kept = {"version": without.version, "data": pack_jam(without)}
    connection.execute(update(JAM).where(JAM.c.id == jam.id).values(kept))
    is_theirs = (JAM_PLAYER.c.jam == jam.id) & (JAM_PLAYER.c.person == person)
    connection.execute(delete(JAM_PLAYER).where(is_theirs))


def _drop(connection: Connection, jam_id: str) -> None:
    """Delete a jam that cannot be read, and its credits: nobody can tell which are whose."""
    for piece in _credits_of(connection, jam_id):
        _credit(connection, piece, ())
    connection.execute(delete(JAM).where(JAM.c.id == jam_id))


def _credits_of(connection: Connection, jam_id: str) -> dict[str, Credits]:
    """Read the credits of a jam's pieces, by the piece's id; none are what cannot be read."""
    of_jam = select(PIECE.c.id, PIECE.c.credits).join(JOB)
    is_credited = (JOB.c.person == jam_person(jam_id)) & (PIECE.c.credits != "")
    rows = connection.execute(of_jam.where(is_credited)).all()
    return {row.id: _read_credits(row.credits) for row in rows}


def _read_credits(told: str) -> Credits:
    try:
        return unpack_credits(told)
    except UNREADABLE:
        return ()


def _credit(connection: Connection, piece: str, credited: Credits) -> None:
    told = pack_credits(credited)
    connection.execute(update(PIECE).where(PIECE.c.id == piece).values(credits=told))


def _names_of(connection: Connection, jam: Jam, person: str) -> set[str]:
    """Tell what a person is called in a jam's pieces, and none of its other players is."""
    is_theirs = (JAM_PLAYER.c.jam == jam.id) & (JAM_PLAYER.c.person == person)
    names = connection.execute(select(JAM_PLAYER.c.name).where(is_theirs)).scalars()
    return set(names) - {player.name for player in jam.players if player.key != person}


def _recredited(credited: Credits, names: Container[str], name: str) -> Credits:
    return tuple(replace(each, player=name) if each.player in names else each for each in credited)


def _free_name(taken: Container[str]) -> str:
    names = chain([SOMEBODY], (f"{SOMEBODY} {number}" for number in count(2)))
    return next(name for name in names if name not in taken)
