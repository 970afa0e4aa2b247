"""One thread that writes for all, and how little they notice of each other."""

import asyncio

import pytest
from sqlalchemy import Connection, event

from audiogroove.errors import QuotaReached, StoreFailed
from audiogroove.store import Store
from audiogroove.store.rows import Charge
from audiogroove.store.writer import MAX_TOGETHER
from tests.store.builders import new_job
from tests.store.plug import Plug, a_turn, plugged


async def asked(store: Store, *jobs: str, charge: Charge | None = None) -> list[asyncio.Task[bool]]:
    """Ask for several jobs at once, so that all wait for the writer."""
    charges = [charge] if charge else []

    async def accept(name: str) -> bool:
        return await store.accept(new_job(name), charges) is not None

    tasks = [asyncio.create_task(accept(name)) for name in jobs]
    await a_turn()
    return tasks


def fail(_: Connection) -> float:
    """Make a mistake."""
    return 1 / 0


async def kept(store: Store) -> list[str]:
    """List the jobs that are kept."""
    return sorted(job.id for job in await store.jobs_of("discord:ada"))


async def test_a_crowd_costs_one_commit(store: Store) -> None:
    """Whoever waits while the disk is busy goes into the next transaction with all others."""
    commits: list[Connection] = []
    event.listen(store._database.writing, "commit", commits.append)
    async with plugged(store):
        tasks = await asked(store, *(f"{n:03}" for n in range(MAX_TOGETHER)))
    assert await asyncio.gather(*tasks) == [True] * MAX_TOGETHER
    assert len(commits) == 2  # the plug's and theirs
    assert len(await kept(store)) == MAX_TOGETHER


async def test_a_larger_crowd_is_answered_in_turns(store: Store) -> None:
    """The first do not wait for the last."""
    commits: list[Connection] = []
    event.listen(store._database.writing, "commit", commits.append)
    async with plugged(store):
        tasks = await asked(store, *(f"{n:03}" for n in range(MAX_TOGETHER + 1)))
    assert all(await asyncio.gather(*tasks))
    assert len(commits) == 3


async def test_a_refusal_undoes_nothing_of_anothers(store: Store) -> None:
    """In the same transaction, one quota for all."""
    twice = Charge("chat:parlour", "chat", every_s=3600, burst=2)
    async with plugged(store):
        tasks = await asked(store, *"abcd", charge=twice)
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert answers[:2] == [True, True]
    assert [type(answer) for answer in answers[2:]] == [QuotaReached, QuotaReached]
    assert await kept(store) == ["a", "b"]


async def test_the_same_id_twice_in_a_crowd_is_one_job(store: Store) -> None:
    """A platform that says it twice may say it twice at once."""
    async with plugged(store):
        tasks = await asked(store, "a", "a", "b")
    assert await asyncio.gather(*tasks) == [True, False, True]


async def test_a_mistake_is_heard_by_its_asker_alone(store: Store) -> None:
    """The others' operations are done, and the thread goes on."""
    async with plugged(store):
        first = await asked(store, "a")
        mistake = asyncio.create_task(store._writer.do(fail))
        last = await asked(store, "b")
    with pytest.raises(ZeroDivisionError):
        await mistake
    assert await asyncio.gather(*first, *last) == [True, True]
    assert await store.accept(new_job("c"))
    assert await kept(store) == ["a", "b", "c"]


async def test_who_leaves_before_their_turn_leaves_no_trace(store: Store) -> None:
    """And takes nobody along."""
    async with plugged(store):
        tasks = await asked(store, *"abc")
        tasks[1].cancel()
        await asyncio.wait([tasks[1]])
    assert await asyncio.gather(*tasks[::2]) == [True, True]
    assert await kept(store) == ["a", "c"]


async def test_who_leaves_during_their_turn_is_not_waited_for(store: Store) -> None:
    """What was begun is done all the same, and nobody is told."""
    async with plugged(store):
        (task,) = await asked(store, "a")
        during = Plug()
        leaver = asyncio.create_task(store._writer.do(during))
        await a_turn()
    await asyncio.to_thread(during.is_in.wait)
    leaver.cancel()
    task.cancel()
    await asyncio.wait([leaver, task])
    during.pull()
    assert await store.accept(new_job("b"))
    assert await kept(store) == ["a", "b"]


async def test_all_may_leave(store: Store) -> None:
    """A turn of nobody is a short one."""
    async with plugged(store):
        tasks = await asked(store, *"abc")
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    assert await store.accept(new_job("d"))
    assert await kept(store) == ["d"]


async def test_who_leaves_a_query_leaves_the_others_alone(store: Store) -> None:
    """Its connection is as good as new."""
    await store.accept(new_job())
    for _ in range(10):
        tasks = [asyncio.create_task(store.job("discord:1")) for _ in range(10)]
        await a_turn()
        for task in tasks[::2]:
            task.cancel()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(answer, asyncio.CancelledError) for answer in answers[::2])
        assert len({answer.id for answer in answers[1::2]}) == 1  # type: ignore[union-attr]


async def test_closing_waits_for_what_was_asked(url: str) -> None:
    """A request that was heard is a row."""
    store = await Store.open(url)
    async with plugged(store):
        tasks = await asked(store, *"abc")
        closing = asyncio.create_task(store.close())
        await a_turn()
    assert await asyncio.gather(*tasks) == [True] * 3
    await closing
    async with await Store.open(url) as reopened:
        assert await kept(reopened) == ["a", "b", "c"]


async def test_a_closed_store_takes_nothing(url: str) -> None:
    """And says so at once."""
    store = await Store.open(url)
    await store.close()
    with pytest.raises(StoreFailed, match="closed"):
        await store.accept(new_job())
