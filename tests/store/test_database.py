"""Opening a database: made where there is none, brought up to date where it is old."""

import asyncio
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, make_url, text

from audiogroove.errors import StoreFailed
from audiogroove.music.credits import Credit
from audiogroove.store import Store, migrations
from audiogroove.store.database import migrate, open_database
from audiogroove.store.packing import pack_piece, pack_request
from audiogroove.store.tables import METADATA
from tests.store.builders import TUNE, WALTZ, new_jam, new_job

ROOT = Path(__file__).parents[2]
SCRIPTS = ScriptDirectory(str(Path(migrations.__file__).parent))
OPEN = """
import asyncio, sys
from audiogroove.store import Store

async def main():
    async with await Store.open(sys.argv[1]) as store:
        await store.set_note(sys.argv[2], "was here")

asyncio.run(main())
"""


def differences(connection: Connection) -> list[object]:
    """Compare a database with the tables that the code works on."""
    return list(compare_metadata(MigrationContext.configure(connection), METADATA))


async def test_a_new_database_has_the_tables_that_the_code_works_on(store: Store) -> None:
    """The scripts and the tables in the code say the same."""
    assert await store._writer.do(differences) == []


@contextmanager
def earlier(url: str, revision: str) -> Iterator[Connection]:
    """Make a database as a release of this revision left it.

    Yields:
        A connection to fill it through.
    """
    place = make_url(url)
    if place.get_backend_name() == "sqlite":
        place = place.set(drivername="sqlite+pysqlite")
        Path(str(place.database)).parent.mkdir()
    engine = create_engine(place)
    migrate(engine, to=revision)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize("revision", [script.revision for script in SCRIPTS.walk_revisions()])
async def test_every_earlier_database_is_brought_up_to_date(url: str, revision: str) -> None:
    """From whichever release it is; what is in it stays."""
    with earlier(url, revision) as connection:
        connection.execute(text("INSERT INTO note (name, value) VALUES ('first', 'was here')"))
    async with await Store.open(url) as store:
        assert await store._writer.do(differences) == []
        assert await store.note("first") == "was here"


async def test_pieces_from_before_the_jams_are_kept(url: str) -> None:
    """With nobody credited; they can be from now on, and jams opened beside them."""
    job = {"id": "1", "address": "{}", "request": pack_request(WALTZ)}
    piece = {"id": "k3v9x2m4qa", "piece": pack_piece(TUNE)}
    with earlier(url, "0002") as connection:
        connection.execute(
            text(
                "INSERT INTO job VALUES (:id, 'discord', 'parlour', 'ada', NULL, 'done', 0, NULL,"
                " 7, :address, :request)"
            ),
            job,
        )
        connection.execute(
            text("INSERT INTO piece VALUES (:id, '1', 'waltz', 1.25, 8, :piece)"), piece
        )
    async with await Store.open(url) as store:
        before = await store.piece("k3v9x2m4qa")
        await store.credit("k3v9x2m4qa", (Credit("Ada", 0, 2),))
        after = await store.piece("k3v9x2m4qa")
        assert await store.jams.open(new_jam(), {})
    assert (before.piece, before.request, before.credits) == (TUNE, WALTZ, ())
    assert after == replace(before, credits=(Credit("Ada", 0, 2),))


async def test_opening_again_changes_nothing(url: str) -> None:
    """Every start is an upgrade, most of them of nothing."""
    async with await Store.open(url) as store:
        await store.accept(new_job())
    async with await Store.open(url) as store:
        assert (await store.job("discord:1")).request == WALTZ
        (row,) = await store._database.rows(text("SELECT version_num FROM alembic_version"))
        assert row.version_num == SCRIPTS.get_current_head()


async def test_a_database_of_a_later_version_is_left_alone(url: str) -> None:
    """Going back to an older release must not damage what a newer one has written."""
    async with await Store.open(url) as store:
        later = text("UPDATE alembic_version SET version_num = '9999'")
        await store._writer.do(lambda connection: connection.execute(later).rowcount)
    with pytest.raises(StoreFailed, match="9999"):
        await Store.open(url)


async def test_stores_may_open_at_once(url: str) -> None:
    """One makes the tables, the others wait for it."""
    stores = await asyncio.gather(*(Store.open(url) for _ in range(4)))
    for number, store in enumerate(stores):
        await store.set_note(f"{number}", "was here")
    assert {await stores[0].note(f"{number}") for number in range(4)} == {"was here"}
    for store in stores:
        await store.close()


async def test_processes_may_open_at_once(url: str) -> None:
    """As on a platform that starts the new one before it stops the old one."""
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-W", "error", "-c", OPEN, url, name, cwd=ROOT
        )
        for name in ("one", "two", "three")
    ]
    assert [await process.wait() for process in processes] == [0, 0, 0]
    async with await Store.open(url) as store:
        notes = [await store.note(name) for name in ("one", "two", "three")]
    assert notes == ["was here"] * 3


async def test_logs_stay_as_they_were_set_up(file_url: str) -> None:
    """Migrating sets up none of its own."""
    ours = logging.getLogger("audiogroove.test")
    before = (logging.root.level, list(logging.root.handlers), ours.disabled)
    async with await Store.open(file_url):
        assert (logging.root.level, list(logging.root.handlers), ours.disabled) == before


async def test_sqlite_is_set_up_to_last(file_url: str) -> None:
    """Flushed at each commit, readers beside the writer, no orphaned rows."""
    async with await Store.open(file_url) as store:

        def pragmas(connection: Connection) -> list[object]:
            names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

        assert await store._writer.do(pragmas) == ["wal", 2, 1, 5_000]


async def test_readers_cannot_write(file_url: str) -> None:
    """One thread writes, and no query by accident."""
    async with await Store.open(file_url) as store:
        with pytest.raises(StoreFailed, match="readonly"):
            await store._database.rows(text("DELETE FROM job"))


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("sqlite+aiosqlite://", "in memory"),
        ("sqlite+aiosqlite:///:memory:", "in memory"),
        ("mysql+asyncmy://user:secret@host/store", "mysql"),
        ("no url", "parse"),
        ("sqlite+aiosqlite:////dev/null/store.db", "/dev/null"),
        ("postgresql+psycopg://user:secret@localhost:1/store", "psycopg|connection"),
    ],
)
async def test_what_cannot_be_opened_is_told(url: str, fault: str) -> None:
    """In a line that gives no password away."""
    with pytest.raises(StoreFailed, match=fault) as caught:
        await Store.open(url)
    assert caught.value.fault
    assert "secret" not in caught.value.fault
    assert "\n" not in caught.value.fault


def test_a_file_that_is_no_database_is_left_alone(file: Path, file_url: str) -> None:
    """Whatever it is, it is somebody's."""
    file.parent.mkdir()
    file.write_bytes(b"Dear diary, " * 100)
    with pytest.raises(StoreFailed, match="not a database"):
        open_database(file_url)
    assert file.read_bytes() == b"Dear diary, " * 100


def test_the_scripts_form_one_line() -> None:
    """No two changes come after the same one."""
    assert len(SCRIPTS.get_heads()) == 1
    assert len(SCRIPTS.get_bases()) == 1
