"""Jams that outlive the process: it may end at any moment, and nothing is lost."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from audiogroove.jam.jam import Jam, Phase
from audiogroove.music.credits import Credit
from tests.jams.club import Club
from tests.jams.playing import cards, endings, gathered, played_on, taken

BACK = "I am back; nothing is lost"
GRACE_S = 60.0
ROOMS = 8

Reach = Callable[[Club], Awaitable[None]]


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[Club]:
    """Open a club.

    Yields:
        The club.
    """
    async with Club(tmp_path) as club:
        yield club


# In every phase.


async def in_lobby(club: Club) -> None:
    """Wait for players."""
    await club.say("Ann", "/jam start ragtime in d minor, 1 round")
    await club.press("Bob", "➕ Join")


async def in_turn(club: Club) -> None:
    """Wait for Bob, after Ann."""
    await gathered(club, "Ann", "Bob")
    await taken(club, "Ann")


async def in_taking(club: Club) -> None:
    """Wait for a composer who has begun."""
    await in_turn(club)
    club.fiddler.hold()
    await club.press("Bob", "▶ Play")
    await club.fiddler.begun.acquire()


async def in_hearing(club: Club) -> None:
    """Wait for Bob's judgement."""
    await in_turn(club)
    await club.press("Bob", "▶ Play")


async def in_voting(club: Club) -> None:
    """Wait for everybody's, after the first."""
    await in_hearing(club)
    await club.press("Ann", "🗳 Let all vote")
    await club.press("Ann", "👍")


PHASES = {
    Phase.LOBBY: in_lobby,
    Phase.TURN: in_turn,
    Phase.TAKING: in_taking,
    Phase.HEARING: in_hearing,
    Phase.VOTING: in_voting,
}


@pytest.mark.parametrize(("phase", "reach"), PHASES.items(), ids=PHASES)
async def test_a_jam_is_as_it_was(club: Club, phase: Phase, reach: Reach) -> None:
    """Whoever plays, what is laid down, votes and takes: all but the time that is left."""
    await reach(club)
    before = await club.jam()
    await club.kill()
    await club.calm()
    after = await club.jam()
    assert before.phase is phase
    assert timeless(after) == timeless(before)


@pytest.mark.parametrize(("phase", "reach"), PHASES.items(), ids=PHASES)
async def test_everybody_gets_a_minute(club: Club, phase: Phase, reach: Reach) -> None:
    """Although time was up while nobody was there."""
    await reach(club)
    await club.die()
    club.clock.pass_s(10_000)
    await club.revive()
    await club.calm()
    jam = await club.jam()
    assert jam.phase is phase
    assert min(jam.deadline_s, jam.ends_s) == club.clock.now_s() + GRACE_S


@pytest.mark.parametrize("reach", PHASES.values(), ids=PHASES)
async def test_the_card_says_that_we_are_back(club: Club, reach: Reach) -> None:
    """In the same message, until somebody moves."""
    await reach(club)
    (before,) = cards(club)
    await club.kill()
    await club.calm()
    (card,) = cards(club)
    assert BACK in card
    assert before.splitlines()[-1] == card.splitlines()[-1]
    club.fiddler.let_go()
    await club.press("Cleo", "➕ Join")
    assert BACK not in cards(club)[0]


@pytest.mark.parametrize("reach", PHASES.values(), ids=PHASES)
async def test_a_jam_goes_on_to_its_end(club: Club, reach: Reach) -> None:
    """By the buttons of the card that hung there before."""
    await reach(club)
    await club.kill()
    club.fiddler.let_go()
    await played_on(club)
    assert [text.splitlines()[1:] for text in endings(club)] == [["Ann: bars 1-4", "Bob: bars 5-8"]]


def timeless(jam: Jam) -> Jam:
    """Leave out when its phase ends, and which version it is."""
    return replace(jam, deadline_s=0.0, ends_s=0.0, version=0)


async def test_a_piece_that_could_not_be_brought_comes_later(club: Club) -> None:
    """The jam was over, and nobody could be told."""
    await in_hearing(club)
    club.walls.is_shut = True
    await club.press("Bob", "✅ Keep")
    assert (await club.jam()).phase is Phase.FINISHED
    await club.die()
    club.walls.is_shut = False
    await club.revive()
    await club.calm()
    assert len(endings(club)) == 1
    assert await club.store.jams.open_ones() == []


async def test_a_piece_that_is_there_does_not_come_again(club: Club) -> None:
    """However often we start anew."""
    await in_turn(club)
    await played_on(club)
    for _ in range(2):
        await club.kill()
        await club.calm()
    assert len(endings(club)) == 1


async def test_a_jam_that_nobody_else_may_open_twice(club: Club) -> None:
    """It is still the one of its chat."""
    await in_turn(club)
    await club.kill()
    assert await club.say("Dan", "/jam start folk") == [
        "A jam is open here already; join it, or finish it first."
    ]


async def test_many_restarts_in_a_row_do_no_harm(club: Club) -> None:
    """A version each at the most, and one card."""
    await in_hearing(club)
    before = await club.jam()
    for _ in range(3):
        await club.kill()
    await club.calm()
    assert timeless(await club.jam()) == timeless(before)
    assert len(cards(club)) == 1


async def test_takes_of_many_jams_are_credited_after_a_restart(club: Club) -> None:
    """The desk brings them while the bandstand still fetches what they are played on."""
    rooms = {number: f"stage:room {number}" for number in range(ROOMS)}
    for number, room in rooms.items():
        await gathered(club, f"Ann{number}", f"Bob{number}", room=room)
        await taken(club, f"Ann{number}", room)
    club.fiddler.hold()
    for number, room in rooms.items():
        await club.press(f"Bob{number}", "▶ Play", room)
    await club.die()
    club.fiddler.let_go()
    await club.revive()
    await club.calm()
    for number, room in rooms.items():
        jam = await club.jam(room)
        assert jam.phase is Phase.HEARING
        credited = (await club.store.piece(jam.heard)).credits
        assert credited == (Credit(f"Ann{number}", 0, 4), Credit(f"Bob{number}", 4, 8))
