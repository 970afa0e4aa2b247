"""The power may go at any moment: what is on the disk by then is enough to go on with."""

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from audiogroove.music.credits import Credit
from audiogroove.store.rows import StoredJam
from bots.jams.poster import CARD
from tests.jams.chatroom import Walls
from tests.jams.club import Club, copy_database
from tests.jams.playing import endings, gathered, played_on, taken


@dataclass(frozen=True)
class Moment:
    """What is left when the power goes then."""

    file: Path
    walls: Walls


class Camera:
    """Takes down what would be left of a club, before and after each of its commits."""

    def __init__(self, club: Club, folder: Path) -> None:
        """Watch a club's database and walls."""
        self.moments: list[Moment] = []
        self._club, self._folder = club, folder
        self._numbers = itertools.count()
        self._before: Walls | None = None

    def begins(self, _: Connection) -> None:
        """Take down what is committed, as if nothing were said since, and with what was."""
        now = self._club.walls.copy()
        for walls in filter(None, (self._before, now)):
            file = self._folder / f"moment {next(self._numbers)}.db"
            copy_database(self._club.file, file)
            self.moments.append(Moment(file, walls))

    def commits(self, _: Connection) -> None:
        """Note what is said before it is committed."""
        self._before = self._club.walls.copy()


@contextmanager
def filmed(club: Club, folder: Path) -> Iterator[Camera]:
    """Film everything that a club does.

    Yields:
        The camera.
    """
    camera, engine = Camera(club, folder), club.store._database.writing
    scenes = (("begin", camera.begins), ("commit", camera.commits))
    for name, hear in scenes:
        event.listen(engine, name, hear)
    try:
        yield camera
    finally:
        for name, hear in scenes:
            event.remove(engine, name, hear)


async def left_at(club: Club, moment: Moment) -> list[StoredJam]:
    """Let a club be what is left at a moment; list its open jams."""
    await club.close()
    club.file, club.walls = moment.file, moment.walls.copy()
    await club.revive()
    return await club.store.jams.open_ones()


@pytest.fixture
async def moments(tmp_path: Path) -> list[Moment]:
    """Film a jam from its opening to its end: Ann has a take composed, Bob brings a file."""
    async with Club(tmp_path) as club:
        with filmed(club, tmp_path) as camera:
            await gathered(club, "Ann", "Bob")
            await taken(club, "Ann")
            await club.perform("Bob: /jam take <tune.mid>")
            await club.press("Bob", "✅ Keep")
            await club.calm()
        assert len(endings(club)) == 1
    return camera.moments


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[Club]:
    """Make a club for what is left at a moment.

    Yields:
        The club, closed.
    """
    club = Club(tmp_path)
    yield club
    await club.close()


async def test_a_jam_goes_on_from_any_moment(club: Club, moments: list[Moment]) -> None:
    """By its buttons, to its end: all is laid down, credited and brought, once."""
    assert len(moments) > 30
    for moment in moments:
        for stored in await left_at(club, moment):
            if CARD not in stored.address:
                continue  # see below
            names = [player.name for player in stored.jam.players]
            await played_on(club)
            jam = (await club.store.jams.look(stored.jam.id)).jam
            assert [take.player for take in jam.takes] == [each.key for each in jam.players]
            assert (await club.store.piece(jam.laid)).credits == tuple(
                Credit(name, 4 * at, 4 * at + 4) for at, name in enumerate(names)
            )
            assert len(endings(club)) == 1
            assert club.buttons(stored.jam.id) == []


async def test_a_jam_that_was_over_stays_so(club: Club, moments: list[Moment]) -> None:
    """Its piece is in the chat and is not brought again."""
    assert await left_at(club, moments[-1])
    await club.calm()
    assert len(endings(club)) == 1


async def test_a_jam_whose_card_never_hung_does_not_keep_others_out(
    club: Club, moments: list[Moment]
) -> None:
    """Its row was there and nobody had seen it."""
    for moment in moments:
        if any(CARD not in stored.address for stored in await left_at(club, moment)):
            break
    await club.say("Dan", "/jam start folk")
    await club.calm()
    assert club.button("Dan", "➕ Join").subject == (await club.jam()).id
