"""What goes wrong around a jam, and what people see of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from audiogroove.jam.jam import MAX_ROLLS, Phase
from audiogroove.store import Store
from bots.chat import Undeliverable
from bots.jams.stand import RETRY_S
from tests.jams.club import HOME, Club
from tests.jams.playing import cards, endings, gathered, played_on, taken

KITCHEN = "stage:kitchen"
NOT_SAVED = "I cannot save anything just now; please try again in a few minutes."
FIRST_PAUSE_S = 1.0  # of the desk and the poster, before they try again
ATTEMPTS = (1.0, 2.0, 4.0, 8.0)  # the pauses between them


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[Club]:
    """Open a club in which Ann and Bob jam, Ann's turn first.

    Yields:
        The club.
    """
    async with Club(tmp_path) as club:
        await gathered(club, "Ann", "Bob")
        yield club


@asynccontextmanager
async def refusing(store: Store, what: str) -> AsyncIterator[None]:
    """Let the database refuse something, such as "INSERT ON job".

    Yields:
        While it does.
    """
    trigger = f"CREATE TRIGGER refuse BEFORE {what} BEGIN SELECT RAISE(ABORT, 'refused'); END"
    await store._writer.do(lambda connection: connection.exec_driver_sql(trigger).rowcount)
    try:
        yield
    finally:
        await store._writer.do(
            lambda connection: connection.exec_driver_sql("DROP TRIGGER refuse").rowcount
        )


# The store.


@pytest.mark.parametrize("label", ["▶ Play", "🔥 Busier", "⏭ Pass", "🚪 Leave", "🏁 Finish"])
async def test_what_cannot_be_kept_has_not_happened(club: Club, label: str) -> None:
    """Whoever tapped is told so, and may tap again later."""
    before = await club.jam()
    async with refusing(club.store, "UPDATE ON jam"):
        assert await club.tap("Ann", label) == [NOT_SAVED]
    assert await club.jam() == before
    assert await club.press("Ann", label) != [NOT_SAVED]
    after = (await club.store.jams.look(before.id)).jam
    assert after.version > before.version


async def test_a_take_that_could_not_be_asked_for_is_not_waited_for(club: Club) -> None:
    """Neither its job nor the move is kept."""
    before = await club.jam()
    async with refusing(club.store, "INSERT ON job"):
        assert await club.tap("Ann", "▶ Play") == [NOT_SAVED]
    assert await club.jam() == before
    assert club.fiddler.played == []


async def test_a_take_is_composed_once_although_its_move_was_not_kept(club: Club) -> None:
    """The second tap finds what the first has asked for."""
    async with refusing(club.store, "UPDATE ON jam"):
        await club.tap("Ann", "▶ Play")
    await club.press("Ann", "▶ Play")
    assert (await club.jam()).phase is Phase.HEARING
    assert len(club.fiddler.played) == 1


async def test_a_file_can_be_brought_although_the_first_try_was_not_kept(club: Club) -> None:
    """It is the same turn and the same take."""
    async with refusing(club.store, "UPDATE ON jam"):
        await club.perform("Ann: /jam take <tune.mid>")
    await club.perform("Ann: /jam take <tune.mid>")
    assert (await club.jam()).phase is Phase.HEARING


async def test_a_turn_that_runs_out_while_nothing_can_be_kept_waits(club: Club) -> None:
    """It goes on as soon as something can."""
    async with refusing(club.store, "UPDATE ON jam"):
        club.clock.pass_s(120)
        await club.clock.asleep(RETRY_S)
        assert (await club.jam()).phase is Phase.TURN
    club.clock.pass_s(RETRY_S)
    await club.calm()
    assert [take.player for take in (await club.jam()).takes] == ["stage:ann"]


async def test_a_piece_that_cannot_be_kept_is_kept_later(club: Club) -> None:
    """It is composed once."""
    async with refusing(club.store, "INSERT ON piece"):
        await club.tap("Ann", "▶ Play")
        await club.clock.asleep(FIRST_PAUSE_S)
    club.clock.pass_s(FIRST_PAUSE_S)
    await club.calm()
    assert (await club.jam()).phase is Phase.HEARING
    assert len(club.fiddler.played) == 1


async def test_a_jam_that_cannot_be_kept_is_not_opened(club: Club) -> None:
    """Nothing hangs in the chat that nobody could play."""
    async with refusing(club.store, "INSERT ON jam"):
        assert await club.say("Cleo", "/jam start folk", KITCHEN) == [NOT_SAVED]
    assert cards(club, KITCHEN) == []
    await club.say("Cleo", "/jam start folk", KITCHEN)
    assert len(cards(club, KITCHEN)) == 1


async def test_a_card_whose_place_could_not_be_noted_leaves_a_way(club: Club) -> None:
    """It hangs there: either it works, or another jam can be opened."""
    async with refusing(club.store, "UPDATE OF address ON jam"):
        await club.say("Cleo", "/jam start folk", KITCHEN)
    await club.say("Cleo", "/jam start folk", KITCHEN)
    assert await club.say("Cleo", "/jam join", KITCHEN) == ["You are in already."]


# The platform.


async def test_what_could_not_be_shown_is_shown_later_as_it_is_then(club: Club) -> None:
    """Only the last of many moves is."""
    club.walls.is_shut = True
    await club.tap("Cleo", "➕ Join")
    await club.tap("Ann", "⏭ Pass")
    await club.clock.asleep(FIRST_PAUSE_S)
    club.walls.is_shut = False
    club.clock.pass_s(FIRST_PAUSE_S)
    await club.calm()
    (card,) = cards(club)
    assert "Bob, it is your turn" in card
    assert "Cleo" in card


async def test_turns_run_out_also_while_nothing_can_be_shown(club: Club) -> None:
    """The jam goes on by itself; its piece waits for its chat."""
    club.walls.is_shut = True
    for _ in range(2):
        club.clock.pass_s(120)
        await club.calm()
    jam = await club.jam()
    assert jam.phase is Phase.FINISHED
    assert endings(club) == []
    club.walls.is_shut = False
    await played_out(club)
    assert len(endings(club)) == 1


async def played_out(club: Club) -> None:
    """Let time pass until nothing is left to be brought."""
    while await club.store.jams.open_ones():
        club.clock.pass_s(60)
        await club.calm()


async def test_a_card_that_was_deleted_comes_again(club: Club) -> None:
    """Once, and its buttons work."""
    await club.perform("(the card is deleted)")
    assert cards(club) == []
    await club.say("Bob", "/jam join")
    await club.say("Cleo", "/jam join")
    await club.calm()
    assert len(cards(club)) == 1
    await played_on(club)
    assert len(endings(club)) == 1


async def test_a_jam_whose_chat_is_gone_ends(club: Club) -> None:
    """Nobody is left who could play; nothing is tried again."""
    jam = await club.jam()
    club.walls.gone.add(HOME)
    await club.tap("Ann", "⏭ Pass")
    await club.calm()
    assert await club.store.jams.open_ones() == []
    assert (await club.store.jams.look(jam.id)).jam.phase.is_over


async def test_a_jam_whose_chat_is_gone_while_a_take_is_composed_ends(club: Club) -> None:
    """The take is dropped."""
    club.fiddler.hold()
    club.walls.gone.add(HOME)
    await club.tap("Ann", "▶ Play")
    await club.desk.settled()
    assert await club.store.jams.open_ones() == []


async def test_a_card_that_could_not_be_put_up_leaves_no_jam(club: Club) -> None:
    """The next one opens."""
    club.walls.faults.append(Undeliverable("the test wants it so"))
    await club.say("Cleo", "/jam start folk", KITCHEN)
    await club.say("Cleo", "/jam start folk", KITCHEN)
    assert len(cards(club, KITCHEN)) == 1


async def test_a_card_that_could_not_be_put_up_is_no_accident(club: Club) -> None:
    """There are places where nobody lets us speak."""
    club.walls.faults.append(Undeliverable("the test wants it so"))
    (told,) = await club.say("Cleo", "/jam start folk", KITCHEN)
    assert "Something went wrong on my side" not in told


async def test_an_accident_with_a_card_keeps_nobody_out(club: Club) -> None:
    """Whatever it was: the next one can open a jam there."""
    club.walls.faults.append(ZeroDivisionError("the test wants it so"))
    (told,) = await club.say("Cleo", "/jam start folk", KITCHEN)
    assert "Something went wrong on my side" in told
    assert not await club.say("Cleo", "/jam start folk", KITCHEN)


# The composer.


async def test_a_take_that_is_lost_is_composed_again(club: Club) -> None:
    """By itself, as every piece is."""
    club.fiddler.loses = True
    await club.tap("Ann", "▶ Play")
    await club.clock.asleep(ATTEMPTS[0])
    club.fiddler.loses = False
    club.clock.pass_s(ATTEMPTS[0])
    await club.calm()
    assert (await club.jam()).phase is Phase.HEARING


async def test_a_take_that_is_lost_for_good_gives_the_turn_back(club: Club) -> None:
    """Its player has the takes that are left."""
    club.fiddler.loses = True
    await club.tap("Ann", "▶ Play")
    for pause_s in ATTEMPTS:
        await club.clock.asleep(pause_s)
        club.clock.pass_s(pause_s)
    club.fiddler.loses = True
    await club.calm()
    jam = await club.jam()
    assert jam.phase is Phase.TURN
    assert jam.turn
    assert (jam.turn.player, jam.turn.roll) == ("stage:ann", 1)


async def test_a_composer_who_can_do_nothing_ends_a_turn_after_its_takes(club: Club) -> None:
    """The next one has theirs."""
    club.fiddler.refuses = True
    for _ in range(MAX_ROLLS):
        await club.press("Ann", "▶ Play")
    jam = await club.jam()
    assert jam.turn
    assert jam.turn.player == "stage:bob"


async def test_whoever_is_away_is_passed_over_when_nothing_can_be_composed(club: Club) -> None:
    """The jam comes to its end all the same."""
    club.fiddler.refuses = True
    await played_out(club)
    assert "It has ended" in cards(club)[0]


# Others.


async def test_a_jam_that_breaks_does_not_harm_another(club: Club) -> None:
    """An accident that nobody foresaw happens to one card."""
    await gathered(club, "Cleo", "Dan", room=KITCHEN)
    club.walls.faults.append(ZeroDivisionError("the test wants it so"))
    await club.tap("Cleo", "⏭ Pass", KITCHEN)
    await club.calm()
    await taken(club, "Ann")
    await taken(club, "Bob")
    assert len(endings(club)) == 1


async def test_a_jam_that_broke_can_be_gone_on_with_after_a_restart(club: Club) -> None:
    """It is kept as it was."""
    club.walls.faults.append(ZeroDivisionError("the test wants it so"))
    await club.tap("Ann", "⏭ Pass")
    await club.calm()
    await club.kill()
    await played_on(club)
    assert len(endings(club)) == 1


async def test_a_jam_that_broke_does_not_keep_its_chat_closed(club: Club) -> None:
    """It can be joined, or another can be opened."""
    club.walls.faults.append(ZeroDivisionError("the test wants it so"))
    await club.tap("Ann", "⏭ Pass")
    await club.calm()
    told = await club.say("Cleo", "/jam start folk") + await club.say("Cleo", "/jam join")
    assert "You are in already." in told or "You play along." in told
