"""A jam's way through the store, and what a restart finds of it."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from sqlalchemy import update

from audiogroove.errors import Gone, QuotaReached, StoreFailed
from audiogroove.jam.jam import Jam, Phase, Player
from audiogroove.store import Store
from audiogroove.store.packing import pack_jam, unpack_jam
from audiogroove.store.rows import Charge, StoredJam
from audiogroove.store.tables import JAM
from tests.store.builders import (
    ADDRESS,
    Clock,
    ended,
    jam_job,
    moved,
    new_jam,
    new_job,
    opened,
    voted_on,
)
from tests.store.plug import a_turn, plugged
from tests.strategies_jam import jams

ENDS = [Phase.FINISHED, Phase.EXPIRED, Phase.CANCELLED]


async def open_ids(store: Store) -> list[str]:
    """List what a restart would find."""
    return [stored.jam.id for stored in await store.jams.open_ones()]


# Opening


async def test_an_opened_jam_is_kept_with_its_number(store: Store) -> None:
    """As it is, and with the place of its card."""
    jam = await opened(store, new_jam())
    assert jam == replace(new_jam(), number=1)
    assert await store.jams.look(jam.id) == StoredJam(jam, ADDRESS)


async def test_an_unknown_jam_is_gone(store: Store) -> None:
    """As after its retention."""
    with pytest.raises(Gone) as caught:
        await store.jams.look("k3v9x2m4qa")
    assert caught.value.what == "jam"


async def test_at_one_spot_one_jam_is_open(store: Store) -> None:
    """The first; elsewhere there may be others."""
    await opened(store, new_jam("first"))
    assert await store.jams.open(new_jam("second"), ADDRESS) is None
    await opened(store, new_jam("topic", topic="7"))
    await opened(store, new_jam("chat", chat="discord:attic"))
    assert await open_ids(store) == ["chat", "first", "topic"]


async def test_of_two_that_are_opened_at_once_one_wins(url: str) -> None:
    """Two people press at the same moment, through two processes."""
    async with await Store.open(url) as store, await Store.open(url) as other:
        answers = await asyncio.gather(
            *(
                house.jams.open(new_jam(f"{number}"), ADDRESS)
                for number, house in enumerate([store, other] * 4)
            )
        )
        (winner,) = (jam for jam in answers if jam is not None)
        assert await open_ids(store) == [winner.id]


async def test_a_jam_is_at_home_in_the_thread_that_was_made_for_it(store: Store) -> None:
    """No other is opened there, nor where it was opened."""
    jam = await opened(store, new_jam("first"))
    await store.jams.place(jam.id, ADDRESS, home="99")
    assert await store.jams.open(new_jam("thread", topic="99"), ADDRESS) is None
    assert await store.jams.open(new_jam("chat"), ADDRESS) is None
    await opened(store, new_jam("elsewhere", topic="98"))


async def test_a_jam_without_a_home_leaves_the_chat_itself_free(store: Store) -> None:
    """It is in a topic, and nowhere else."""
    await opened(store, new_jam("topic", topic="7"))
    await opened(store, new_jam("chat"))


@pytest.mark.parametrize("end", ENDS)
async def test_after_a_jam_there_is_room_for_the_next(store: Store, end: Phase) -> None:
    """However it ended."""
    await ended(store, new_jam("first"), end)
    assert (await opened(store, new_jam("second"))).number == 2


async def test_each_chat_counts_its_own_jams(store: Store) -> None:
    """All of them, in whichever topic; one that was not opened has no number."""
    numbers = []
    for name, chat, topic in (("a", "parlour", ""), ("b", "parlour", "7"), ("c", "attic", "")):
        numbers.append((await opened(store, new_jam(name, chat=chat, topic=topic))).number)
        assert await store.jams.open(new_jam("none", chat=chat, topic=topic), ADDRESS) is None
    assert numbers == [1, 2, 1]


async def test_an_id_that_is_known_is_no_new_jam(store: Store) -> None:
    """The one that has it stays."""
    await opened(store, new_jam(topic="7"))
    with pytest.raises(StoreFailed):
        await store.jams.open(new_jam(), ADDRESS)
    assert (await store.jams.look("k3v9x2m4qa")).jam.spot.topic == "7"


# Moving


async def test_a_move_is_kept(store: Store) -> None:
    """All that it changed, beyond a restart."""
    jam = voted_on(await opened(store, new_jam()))
    await store.jams.keep(jam)
    assert (await store.jams.look(jam.id)).jam == jam


@given(jam=jams())
def test_any_jam_is_packed_and_unpacked(jam: Jam) -> None:
    """As it was."""
    assert unpack_jam(pack_jam(jam)) == jam


async def test_a_stale_move_is_refused(store: Store) -> None:
    """Somebody else has moved since; what they did stays."""
    jam = await opened(store, new_jam())
    first, second = moved(jam, Phase.TURN), moved(jam, Phase.CANCELLED)
    await store.jams.keep(first)
    with pytest.raises(StoreFailed, match="version 0"):
        await store.jams.keep(second)
    assert (await store.jams.look(jam.id)).jam == first


async def test_of_two_moves_at_once_one_is_kept(store: Store) -> None:
    """In the same transaction, too."""
    jam = await opened(store, new_jam())
    async with plugged(store):
        tasks = [
            asyncio.create_task(store.jams.keep(moved(jam, phase)))
            for phase in (Phase.TURN, Phase.CANCELLED)
        ]
        await a_turn()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(answer) for answer in answers] == [type(None), StoreFailed]
    assert (await store.jams.look(jam.id)).jam.phase is Phase.TURN


async def test_a_move_in_an_unknown_jam_is_refused(store: Store) -> None:
    """Nothing is kept of it."""
    with pytest.raises(StoreFailed):
        await store.jams.keep(moved(new_jam()))
    assert await open_ids(store) == []


@pytest.mark.parametrize("end", ENDS)
async def test_nothing_moves_after_the_end(store: Store, end: Phase) -> None:
    """A jam that is over stays so."""
    over = await ended(store, new_jam(), end)
    with pytest.raises(StoreFailed, match="over"):
        await store.jams.keep(moved(over, Phase.TURN))
    assert (await store.jams.look(over.id)).jam == over


async def test_a_move_is_charged_for(store: Store) -> None:
    """Once that is used up, nothing moves, and no other quota is touched."""
    once = Charge("jam:ada", "you", every_s=3600, burst=1)
    chat = Charge("chat:parlour", "chat", every_s=3600, burst=2)
    jam = moved(await opened(store, new_jam()), Phase.TURN)
    await store.jams.keep(jam, [once, chat])
    with pytest.raises(QuotaReached):
        await store.jams.keep(moved(jam, Phase.TAKING), [once, chat])
    assert (await store.jams.look(jam.id)).jam == jam
    await store.jams.keep(moved(jam, Phase.TAKING), [chat])


async def test_a_stale_move_costs_nothing(store: Store) -> None:
    """It was not made."""
    once = Charge("jam:ada", "you", every_s=3600, burst=1)
    jam = await opened(store, new_jam())
    with pytest.raises(StoreFailed):
        await store.jams.keep(moved(moved(jam)), [once])
    await store.jams.keep(moved(jam), [once])


async def test_a_card_may_move_without_the_jam(store: Store) -> None:
    """Its home stays until there is another one, whatever is kept meanwhile."""
    jam = await opened(store, new_jam())
    await store.jams.place(jam.id, {"message": 1}, home="99")
    await store.jams.place(jam.id, {"message": 2})
    await store.jams.keep(moved(jam))
    at_home = replace(moved(jam), home="99")
    assert await store.jams.look(jam.id) == StoredJam(at_home, {"message": 2})


async def test_a_home_that_the_jam_knows_is_kept_with_it(store: Store) -> None:
    """Whichever way it came to know."""
    jam = await opened(store, new_jam())
    await store.jams.keep(replace(moved(jam), home="99"))
    assert await store.jams.open(new_jam("other", topic="99"), ADDRESS) is None


# What a restart finds


async def test_open_jams_are_found_the_oldest_first(store: Store) -> None:
    """With where their cards are; those that came to nothing are not."""
    for age, name in enumerate(("late", "early")):
        await opened(store, new_jam(name, topic=name, created_s=1_800_000_000.0 - age))
    await ended(store, new_jam("cancelled"), Phase.CANCELLED)
    await ended(store, new_jam("expired"), Phase.EXPIRED)
    found = await store.jams.open_ones()
    assert [(stored.jam.id, stored.address) for stored in found] == [
        ("early", ADDRESS),
        ("late", ADDRESS),
    ]


async def test_a_finished_jam_is_found_until_it_is_delivered(store: Store) -> None:
    """Whoever starts next brings its piece to the chat."""
    over = await ended(store, new_jam())
    assert [stored.jam for stored in await store.jams.open_ones()] == [over]
    await store.jams.deliver(over.id)
    await store.jams.deliver(over.id)
    assert await store.jams.open_ones() == []


async def test_only_a_finished_jam_is_delivered(store: Store) -> None:
    """One that goes on does so."""
    jam = await opened(store, new_jam())
    await store.jams.deliver(jam.id)
    assert await open_ids(store) == [jam.id]


async def test_a_jam_that_cannot_be_read_is_closed(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """As when another version packed it; its spot is free, and the log says so."""
    await opened(store, new_jam("readable", topic="7"))
    await opened(store, new_jam("damaged"))
    damaged = update(JAM).where(JAM.c.id == "damaged").values(data=b"?")
    await store._writer.do(lambda connection: connection.execute(damaged).rowcount)
    assert await open_ids(store) == ["readable"]
    assert "damaged" in caplog.text
    with pytest.raises(Gone):
        await store.jams.look("damaged")
    await opened(store, new_jam("next"))


async def test_takes_under_way_are_found_as_all_jobs_are(store: Store) -> None:
    """Those of jams among those of people."""
    jam = await opened(store, new_jam())
    await store.accept(new_job("alone"))
    await store.accept(jam_job(jam.id, "together"))
    left = await store.unfinished()
    assert {(job.id, job.person) for job in left.jobs} == {
        ("alone", "discord:ada"),
        ("together", f"jam:{jam.id}"),
    }


async def test_jams_outlive_a_restart(url: str) -> None:
    """And their numbers go on."""
    async with await Store.open(url) as store:
        jam = await opened(store, new_jam())
    async with await Store.open(url) as store:
        assert await store.jams.open_ones() == [StoredJam(jam, ADDRESS)]
        assert (await opened(store, new_jam("next", topic="7"))).number == 2


# History


async def test_a_chat_remembers_what_it_finished(store: Store, clock: Clock) -> None:
    """The last first, delivered or not, and no more than is asked for."""
    for name in ("one", "two", "three"):
        clock.step(60)
        await ended(store, new_jam(name))
    await store.jams.deliver("two")
    await ended(store, new_jam("cancelled"), Phase.CANCELLED)
    await ended(store, new_jam("elsewhere", chat="discord:attic"))
    await opened(store, new_jam("open"))
    found = await store.jams.history("discord", "discord:parlour", limit=2)
    assert [jam.id for jam in found] == ["three", "two"]
    assert [jam.number for jam in found] == [3, 2]
    assert len(await store.jams.history("discord", "discord:parlour", limit=9)) == 3


async def test_a_jam_may_be_left_by_all(store: Store) -> None:
    """It is kept like any other."""
    left = replace(moved(await opened(store, new_jam()), Phase.CANCELLED), host="", players=())
    await store.jams.keep(left)
    assert (await store.jams.look(left.id)).jam == left


async def test_players_may_come_and_go(store: Store) -> None:
    """Whoever is there later is kept like those who were there first."""
    jam = await opened(store, new_jam())
    eve = Player("discord:eve", "Eve")
    jam = replace(moved(jam), players=(*jam.players[1:], eve))
    await store.jams.keep(jam)
    for person in ("discord:ada", "discord:bob", "discord:eve"):
        assert (await store.forget(person)).jams == (jam.id,)
    assert (await store.forget("discord:max")).jams == ()
