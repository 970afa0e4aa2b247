"""What is deleted: on somebody's wish, and with time."""

import asyncio

import pytest
from sqlalchemy import select

from audiogroove.errors import Gone, QuotaReached
from audiogroove.store import Store
from audiogroove.store.jobs import MAX_SWEPT
from audiogroove.store.rows import Charge, Forgotten
from audiogroove.store.tables import JOB, QUOTA
from tests.store.builders import Clock, new_job, new_piece

DAY_S = 24 * 3600.0


async def test_a_person_is_forgotten(store: Store) -> None:
    """Jobs and pieces, of all chats; what is under way is told, to be stopped."""
    await store.accept(new_job("waiting", person="ada"))
    await store.accept(new_job("running", person="ada", chat="attic"))
    await store.started(["running"])
    await store.accept(new_job("delivered", person="ada"))
    piece = new_piece()
    await store.finished("delivered", piece)
    await store.delivered("delivered")
    assert await store.forget("ada") == Forgotten(open_jobs=("running", "waiting"), pieces=1)
    assert await store.forget("ada") == Forgotten(open_jobs=(), pieces=0)
    for name in ("waiting", "running", "delivered"):
        with pytest.raises(Gone):
            await store.job(name)
    with pytest.raises(Gone):
        await store.piece(piece.id)


async def test_others_are_not_forgotten(store: Store) -> None:
    """In the same chat, at the same time."""
    await store.accept(new_job("hers", person="ada"))
    await store.accept(new_job("his", person="bob"))
    await store.finished("his", new_piece())
    await store.forget("ada")
    assert (await store.piece_of_job("his")).person == "bob"


async def test_a_quota_is_not_forgotten(store: Store) -> None:
    """That would be a way around it."""
    once = Charge("person:ada", "you", every_s=3600, burst=1)
    await store.accept(new_job("first", person="ada"), [once])
    await store.forget("ada")
    with pytest.raises(QuotaReached):
        await store.accept(new_job("second", person="ada"), [once])


async def test_old_pieces_are_swept(url: str, clock: Clock) -> None:
    """After their retention, counted from their acceptance."""
    async with await Store.open(url, clock=clock, retention_s=2 * DAY_S) as store:
        for name in ("old", "newer"):
            await store.accept(new_job(name))
            await store.finished(name, new_piece())
            await store.delivered(name)
            clock.step(1.5 * DAY_S)
        await store.sweep()
        with pytest.raises(Gone):
            await store.piece_of_job("old")
        assert (await store.piece_of_job("newer")).job == "newer"


async def test_much_is_swept_in_turns(url: str, clock: Clock) -> None:
    """Until nothing old is left."""
    async with await Store.open(url, clock=clock, retention_s=DAY_S) as store:
        names = [f"{number}" for number in range(2 * MAX_SWEPT + 1)]
        await asyncio.gather(*(store.accept(new_job(name)) for name in names))
        await asyncio.gather(*(store.cancelled(name) for name in names))
        clock.step(2 * DAY_S)
        await store.sweep()
        assert not await store._database.rows(select(JOB.c.id))


async def test_open_jobs_are_never_swept(url: str, clock: Clock) -> None:
    """Somebody still waits for them; those that came to nothing go."""
    async with await Store.open(url, clock=clock, retention_s=DAY_S) as store:
        for name in ("done", "failed", "queued", "running"):
            await store.accept(new_job(name))
        await store.started(["running"])
        await store.failed("failed", "five attempts")
        await store.finished("done", new_piece())
        clock.step(2 * DAY_S)
        await store.sweep()
        left = await store.jobs_of("discord:ada")
        assert [job.id for job in left] == ["done", "queued", "running"]
        with pytest.raises(Gone):
            await store.job("failed")


async def test_quotas_that_have_run_out_are_swept(store: Store, clock: Clock) -> None:
    """And no others."""
    short = Charge("person:ada", "you", every_s=10, burst=1)
    long = Charge("person:bob", "you", every_s=3600, burst=1)
    await store.accept(new_job("hers"), [short])
    await store.accept(new_job("his"), [long])
    clock.step(60)
    await store.sweep()
    assert [row.key for row in await store._database.rows(select(QUOTA.c.key))] == ["person:bob"]
