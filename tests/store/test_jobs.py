"""A job's way through the store, and what a restart finds of it."""

import pytest
from sqlalchemy import update

from audiogroove.errors import Gone
from audiogroove.store import Store
from audiogroove.store.rows import JobState, StoredJob
from audiogroove.store.tables import JOB
from tests.store.builders import ADDRESS, ONWARD, WALTZ, Clock, new_job, new_piece


async def state(store: Store, job_id: str = "discord:1") -> JobState:
    """Tell how far a job has come."""
    return (await store.job(job_id)).state


# Accepting


async def test_an_accepted_job_is_a_row(store: Store, clock: Clock) -> None:
    """As it was asked for, waiting, with the time of its acceptance."""
    accepted = await store.accept(new_job(request=ONWARD, parent="k3v9x2m4qa"))
    assert accepted == StoredJob(
        id="discord:1",
        platform="discord",
        chat="discord:parlour",
        person="discord:ada",
        request=ONWARD,
        address=ADDRESS,
        parent="k3v9x2m4qa",
        state=JobState.QUEUED,
        attempts=0,
        created_s=clock.now_s,
    )
    assert await store.job("discord:1") == accepted


async def test_what_is_told_twice_is_accepted_once(store: Store) -> None:
    """The platform's id of the event is the job's; the first word counts."""
    assert await store.accept(new_job())
    assert await store.accept(new_job(request=ONWARD)) is None
    assert (await store.job("discord:1")).request == WALTZ


async def test_an_unknown_job_is_gone(store: Store) -> None:
    """As after its retention."""
    with pytest.raises(Gone) as caught:
        await store.job("discord:1")
    assert caught.value.what == "request"


async def test_an_answer_may_move(store: Store) -> None:
    """Once its first words are said, the rest belongs to that message."""
    await store.accept(new_job())
    await store.placed("discord:1", {"message": 99})
    assert (await store.job("discord:1")).address == {"message": 99}


async def test_open_jobs_are_listed_by_person(store: Store, clock: Clock) -> None:
    """The oldest first; what was delivered is no longer open."""
    for number, person in enumerate(["ada", "bob", "ada", "ada"]):
        await store.accept(new_job(str(9 - number), person=person))
        clock.step(1)
    await store.finished("9", new_piece())
    await store.finished("7", new_piece())
    await store.delivered("9")
    assert [job.id for job in await store.jobs_of("ada")] == ["7", "6"]


# On its way


async def test_a_job_is_queued_running_done_delivered(store: Store) -> None:
    """The way of nearly all."""
    await store.accept(new_job())
    await store.started(["discord:1"])
    assert await state(store) == JobState.RUNNING
    assert await store.finished("discord:1", new_piece())
    assert await state(store) == JobState.DONE
    await store.delivered("discord:1")
    assert await state(store) == JobState.DELIVERED


async def test_a_batch_starts_at_once(store: Store) -> None:
    """Those that have left the queue meanwhile stay where they are."""
    for name in "abc":
        await store.accept(new_job(name))
    await store.cancelled("b")
    await store.started(["a", "b", "c"])
    states = [await state(store, name) for name in "abc"]
    assert states == [JobState.RUNNING, JobState.CANCELLED, JobState.RUNNING]


async def test_nothing_starts_in_an_empty_batch(store: Store) -> None:
    """No job is every job."""
    await store.accept(new_job())
    await store.started([])
    assert await state(store) == JobState.QUEUED


async def test_a_queued_job_may_be_cancelled(store: Store) -> None:
    """And is cancelled only once."""
    await store.accept(new_job())
    assert await store.cancelled("discord:1")
    assert not await store.cancelled("discord:1")
    assert await state(store) == JobState.CANCELLED


async def test_what_is_done_cannot_be_cancelled(store: Store) -> None:
    """The piece is on its way."""
    await store.accept(new_job())
    await store.finished("discord:1", new_piece())
    assert not await store.cancelled("discord:1")
    assert await state(store) == JobState.DONE


async def test_what_failed_says_why(store: Store) -> None:
    """In characters that any database takes."""
    await store.accept(new_job())
    await store.failed("discord:1", "Lost('the\x00engine\ud800')")
    assert await state(store) == JobState.FAILED

    row = await store._row(JOB.select())
    assert row is not None
    assert row.fault == "Lost('the engine ')"


# After a restart


async def test_a_restart_takes_up_what_was_under_way(url: str, clock: Clock) -> None:
    """What was running waits again, after one attempt; what waited, waits; the oldest first."""
    async with await Store.open(url, clock=clock) as store:
        for name in ("old", "new", "newest"):
            clock.step(1)
            await store.accept(new_job(name))
        await store.started(["newest"])
    async with await Store.open(url, clock=clock) as store:
        left = await store.unfinished()
        assert [(job.id, job.state, job.attempts) for job in left.jobs] == [
            ("old", JobState.QUEUED, 0),
            ("new", JobState.QUEUED, 0),
            ("newest", JobState.QUEUED, 1),
        ]
        assert not left.poison
        assert left.jobs[2] == await store.job("newest")


async def test_a_restart_delivers_what_was_done(url: str, clock: Clock) -> None:
    """And nothing that was delivered, cancelled or given up."""
    async with await Store.open(url, clock=clock) as store:
        for name in ("done", "delivered", "cancelled", "failed"):
            await store.accept(new_job(name))
        piece = new_piece()
        await store.finished("done", piece)
        await store.finished("delivered", new_piece())
        await store.delivered("delivered")
        await store.cancelled("cancelled")
        await store.failed("failed", "")
    async with await Store.open(url, clock=clock) as store:
        (left,) = (await store.unfinished()).jobs
        assert (left.id, left.state) == ("done", JobState.DONE)
        assert (await store.piece_of_job("done")).id == piece.id


async def test_an_orderly_stop_is_no_attempt(url: str) -> None:
    """A job that was put back waits as it did."""
    async with await Store.open(url) as store:
        await store.accept(new_job())
        await store.started(["discord:1"])
        await store.requeued("discord:1")
    async with await Store.open(url) as store:
        (left,) = (await store.unfinished()).jobs
        assert left.attempts == 0


async def test_a_job_that_ends_five_processes_is_poison(url: str) -> None:
    """Then it fails, and its person is to be told; once."""
    async with await Store.open(url) as store:
        await store.accept(new_job("harmless"))
        await store.accept(new_job("poison"))
    for attempt in range(4):
        async with await Store.open(url) as store:
            left = await store.unfinished()
            assert [job.attempts for job in left.jobs] == [0, attempt]
            await store.started(["poison"])
    async with await Store.open(url) as store:
        left = await store.unfinished()
        assert left.jobs[1].attempts == 4
        await store.started(["poison"])
    async with await Store.open(url) as store:
        left = await store.unfinished()
        assert [job.id for job in left.jobs] == ["harmless"]
        (poison,) = left.poison
        assert (poison.id, poison.state, poison.attempts) == ("poison", JobState.FAILED, 5)
        assert poison.address == ADDRESS
        assert poison == await store.job("poison")
        assert not (await store.unfinished()).poison


async def test_a_request_that_cannot_be_read_is_poison(store: Store) -> None:
    """As when another version packed it: it fails, and the others go on."""
    await store.accept(new_job("readable"))
    await store.accept(new_job("damaged"))
    damaged = update(JOB).where(JOB.c.id == "damaged").values(request=b"?")
    await store._writer.do(lambda connection: connection.execute(damaged).rowcount)
    left = await store.unfinished()
    assert [job.id for job in left.jobs] == ["readable"]
    assert [(job.id, job.state) for job in left.poison] == [("damaged", JobState.FAILED)]
    with pytest.raises(Gone):
        await store.job("damaged")
