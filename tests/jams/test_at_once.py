"""Everybody at once: in one jam, and in many."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from audiogroove.jam.jam import Jam
from bots.chat import Button
from tests.jams.club import Club
from tests.jams.playing import endings, gathered, played_on, whose

PEOPLE = ("Ann", "Bob", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hal", "Ivy")  # one too many
TAPS = 12  # at once
ROUNDS = 30
JAMS, PLAYERS = 50, 4
BROKEN = "Something went wrong on my side"


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[Club]:
    """Open a club.

    Yields:
        The club.
    """
    async with Club(tmp_path) as club:
        yield club


class Crowd:
    """People who tap whatever there is, and whatever there was."""

    def __init__(self, club: Club, seed: int) -> None:
        """Let them into a club."""
        self._club, self._dice = club, random.Random(seed)
        self.heard: list[str] = []
        self._known: list[Button] = []
        self.owners: dict[tuple[str, int], set[str]] = {}  # by jam and turn
        self.versions: dict[str, list[int]] = {}  # by jam

    async def tap(self) -> None:
        """Tap many things at once, of now and of before."""
        jams = [stored.jam for stored in await self._club.store.jams.open_ones()]
        now = [each for jam in jams for each in self._club.buttons(jam.id)]
        self._known = [*now, *self._known][:200]
        asks = [self._club.ask_of(self._any_of(now), self._anybody(jams)) for _ in range(TAPS)]
        for heard in await asyncio.gather(*(self._club.hear(ask) for ask in asks)):
            self.heard += heard
        await self._club.calm()
        for stored in await self._club.store.jams.open_ones():
            self._look_at(stored.jam)

    def _any_of(self, now: list[Button]) -> Button:
        """Choose what to tap: what ends or thins out a jam but rarely."""
        buttons = now if now and self._dice.random() < 0.7 else self._known
        tapped = self._dice.choice(buttons)
        is_grave = tapped.argument in {"finish", "leave"}
        return self._any_of(now) if is_grave and self._dice.random() < 0.9 else tapped

    def _anybody(self, jams: list[Jam]) -> str:
        """Choose who taps: mostly whoever should."""
        wanted = [name for jam in jams for name in whose(jam)]
        return self._dice.choice(wanted if wanted and self._dice.random() < 0.3 else PEOPLE)

    def _look_at(self, jam: Jam) -> None:
        self.versions.setdefault(jam.id, []).append(jam.version)
        if jam.turn:
            self.owners.setdefault((jam.id, jam.turn.number), set()).add(jam.turn.player)


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_people_tap_a_jam_keeps_its_laws(club: Club, seed: int) -> None:
    """One owner a turn, each take once, a version that rises, and never an accident."""
    crowd = Crowd(club, seed)
    jams = set()
    for number in range(ROUNDS):
        if not await club.store.jams.open_ones():
            way = "band" if number % 2 else "sections"
            await gathered(club, *PEOPLE[:8], words=f"4 rounds, {way}")
        await crowd.tap()
        jams |= {stored.jam.id for stored in await club.store.jams.open_ones()}
        club.clock.pass_s(random.Random(number).choice((0, 1, 50)))
    assert club.fiddler.played
    assert not [each for each in crowd.heard if BROKEN in each]
    assert all(len(owners) == 1 for owners in crowd.owners.values())
    assert all(versions == sorted(versions) for versions in crowd.versions.values())
    assert len(club.fiddler.played) == len(set(club.fiddler.played))
    for jam_id in jams:
        takes = (await club.store.jams.look(jam_id)).jam.takes
        assert len({take.turn for take in takes}) == len(takes)


async def test_many_jams_at_once_all_come_to_their_ends(club: Club) -> None:
    """Each is finished, with everybody in it, and its piece is brought once."""
    names = [f"Player {number}" for number in range(JAMS * PLAYERS)]
    rooms = {f"stage:room {at}": names[at * PLAYERS :][:PLAYERS] for at in range(JAMS)}
    await asyncio.gather(*(gathered(club, *players, room=at) for at, players in rooms.items()))
    await played_on(club)
    for room, players in rooms.items():
        (ending,) = endings(club, room)
        credited = [f"{name}: bars {4 * at + 1}-{4 * at + 4}" for at, name in enumerate(players)]
        assert ending.splitlines()[1:] == credited
    assert len(club.fiddler.played) == len(set(club.fiddler.played)) == len(names)
