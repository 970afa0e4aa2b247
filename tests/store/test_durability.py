"""What was acknowledged stays, whatever happens to the process or the disk."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from audiogroove.errors import StoreFailed
from audiogroove.store import Store
from audiogroove.store.rows import Charge, NewPiece
from tests.store.builders import TUNE, WALTZ, new_job
from tests.store.plug import a_turn, plugged

ROOT = Path(__file__).parents[2]
ACCEPT_UNTIL_KILLED = """
import asyncio, itertools, sys
from audiogroove.store import Store
from tests.store.builders import new_job

async def accept(store, name):
    for number in itertools.count():
        job = await store.accept(new_job(f"{name}.{number}"))
        print(job.id, flush=True)

async def main(url, name):
    store = await Store.open(url)
    await asyncio.gather(*(accept(store, f"{name}.{place}") for place in range(8)))

asyncio.run(main(*sys.argv[1:]))
"""
ROUNDS = 3
ACKNOWLEDGED = 200  # at least, before each kill


def integrity(connection: Connection) -> object:
    """Let SQLite examine its file."""
    return connection.exec_driver_sql("PRAGMA integrity_check").scalar()


async def fill_up(store: Store, *, spare_pages: int = 0) -> None:
    """Let the database's file grow no more, as on a disk that is full."""

    def limit(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + spare_pages}")

    await store._writer.do(limit)


async def make_room(store: Store) -> None:
    """Let the file grow again."""
    await store._writer.do(
        lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1000000").scalar()
    )


async def accept_until_full(store: Store) -> list[str]:
    """Accept jobs until the disk is full; tell which were."""
    accepted: list[str] = []
    while await has_room(store, f"{len(accepted):04}"):
        accepted.append(f"{len(accepted):04}")
    return accepted


async def has_room(store: Store, job: str) -> bool:
    """Accept a job if there is room for it."""
    try:
        return await store.accept(new_job(job)) is not None
    except StoreFailed:
        return False


async def test_a_killed_process_loses_nothing_that_it_acknowledged(url: str) -> None:
    """Eight askers at a time, killed in the middle of it, again and again."""
    acknowledged: list[str] = []
    for name in range(ROUNDS):
        command = [sys.executable, "-c", ACCEPT_UNTIL_KILLED, url, f"{name}"]
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE)
        assert process.stdout
        said = [await process.stdout.readline() for _ in range(ACKNOWLEDGED)]
        process.kill()
        said += (await process.stdout.read()).splitlines(keepends=True)
        await process.wait()
        acknowledged += [line.decode().strip() for line in said if line.endswith(b"\n")]
    assert len(acknowledged) >= ROUNDS * ACKNOWLEDGED
    async with await Store.open(url) as store:
        kept = {job.id for job in (await store.unfinished()).jobs}
        if url.startswith("sqlite"):
            assert await store._writer.do(integrity) == "ok"
    assert kept >= set(acknowledged)


async def test_a_full_disk_is_told(file_url: str) -> None:
    """What was accepted before can be read; what was not is not there, nor charged for."""
    once = Charge("person:ada", "you", every_s=3600, burst=1)
    async with await Store.open(file_url) as store:
        await fill_up(store, spare_pages=4)
        accepted = await accept_until_full(store)
        with pytest.raises(StoreFailed, match="full"):
            await store.accept(new_job("too much"), [once])
        assert [job.id for job in await store.jobs_of("discord:ada")] == accepted
        assert await store._writer.do(integrity) == "ok"
        await make_room(store)
        assert await store.accept(new_job("too much"), [once])


async def test_a_full_disk_keeps_what_still_fits(file_url: str) -> None:
    """In a crowd that writes together, only those hear of it whose work was too large."""
    async with await Store.open(file_url) as store:
        await fill_up(store, spare_pages=1)
        large = {"style": "waltz " * 20_000}
        async with plugged(store):
            tasks = [
                asyncio.create_task(asking)
                for asking in (
                    store.set_defaults("parlour", {"style": "waltz"}),
                    store.set_defaults("attic", large),
                    store.set_note("commands", "3f9a"),
                )
            ]
            await a_turn()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(answer) for answer in answers] == [type(None), StoreFailed, type(None)]
        assert await store.defaults("parlour") == {"style": "waltz"}
        assert await store.defaults("attic") == {}
        assert await store.note("commands") == "3f9a"


async def test_a_piece_that_finds_no_room_may_be_finished_later(file_url: str) -> None:
    """Its job is not done until it is kept."""
    async with await Store.open(file_url) as store:
        await store.accept(new_job())
        await fill_up(store)
        piece = NewPiece(TUNE, style="waltz " * 2_000, seconds=1)
        with pytest.raises(StoreFailed, match="full"):
            await store.finished("discord:1", piece)
        await make_room(store)
        assert await store.finished("discord:1", piece)


async def test_a_lost_table_is_told(store: Store) -> None:
    """Whatever the database complains of, in its own words."""
    await store._writer.do(lambda connection: connection.execute(text("DROP TABLE note")).rowcount)
    for asking in (store.note("commands"), store.set_note("commands", "3f9a")):
        with pytest.raises(StoreFailed, match="note"):
            await asking
    assert await store.accept(new_job())
    assert (await store.job("discord:1")).request == WALTZ


async def test_a_locked_database_is_told(file_url: str) -> None:
    """Another process holds it and does not let go; later it will do again."""
    async with await Store.open(file_url) as store, await Store.open(file_url) as other:
        await store._writer.do(
            lambda connection: connection.exec_driver_sql("PRAGMA busy_timeout = 0").scalar()
        )
        async with plugged(other):
            for name in ("one", "two"):
                with pytest.raises(StoreFailed, match="locked"):
                    await store.accept(new_job(name))
        assert await store.accept(new_job("one"))
