"""A database by its URL: connections that write, connections that read, and the tables in place.

SQLite is set up so that what was committed survives a power cut (`synchronous=FULL`), readers
never wait for the writer (WAL), and a transaction that will write takes its lock at the beginning
instead of failing halfway (`BEGIN IMMEDIATE`).
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Executable,
    PoolProxiedConnection,
    Row,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from audiogroove.errors import StoreFailed

READERS = 4  # connections
LOCK_WAIT_MS = 5_000  # for another process to end its transaction
LOCKED_PAUSES_S = (0.05, 0.1, 0.2, 0.4, 0.8)  # before the next try to open a file
CONNECT_WAIT_S = 5
MIGRATION_LOCK = 0x61_75_64_69_6F  # PostgreSQL's advisory locks have numbers for names

# What writes runs in a thread, what reads on the event loop.
DRIVERS = {
    "sqlite": ("sqlite+pysqlite", "sqlite+aiosqlite"),
    "postgresql": ("postgresql+psycopg", "postgresql+psycopg"),
}
SQLITE = (
    f"PRAGMA busy_timeout = {LOCK_WAIT_MS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)

_ALEMBIC = threading.Lock()  # it keeps what it is working on in module globals


def fault_of(error: Exception) -> str:
    """Tell what the database or its driver complained of, in a line of its own words."""
    said = error.orig if isinstance(error, DBAPIError) else error
    return str(said).partition("\n")[0]


@dataclass(frozen=True, slots=True)
class Database:
    """Two ways into one database."""

    writing: Engine  # one connection, for one thread
    reading: AsyncEngine  # each query sees what is committed

    async def rows(self, query: Executable) -> Sequence[Row[Any]]:
        """Read all that a query asks for.

        Raises:
            StoreFailed: when the database refuses.
        """
        try:
            async with self.reading.connect() as connection:
                found: Sequence[Row[Any]] = (await connection.execute(query)).all()
        except SQLAlchemyError as error:
            raise StoreFailed(fault_of(error)) from error
        return found

    async def close(self) -> None:
        """Close all connections."""
        await self.reading.dispose()
        self.writing.dispose()


def open_database(url: str) -> Database:
    """Connect to a database and bring its tables up to date; blocks.

    Raises:
        StoreFailed: when it cannot be had, or was written by a later version.
    """
    try:
        database = _connected(make_url(url))
        with ExitStack() as on_failure:
            on_failure.callback(database.writing.dispose)
            _in_turn(lambda: migrate(database.writing))
            on_failure.pop_all()
    except (SQLAlchemyError, CommandError, ImportError, OSError) as error:
        raise StoreFailed(fault_of(error)) from error
    return database


def _in_turn(work: Callable[[], None]) -> None:
    """Do what another process may be doing at this moment, too.

    While one turns a new file to WAL, SQLite sends others away at once, however long they are
    ready to wait: https://sqlite.org/wal.html, "Sometimes Queries Return SQLITE_BUSY In WAL Mode".

    Raises:
        OperationalError: when the database refuses otherwise, or still.
    """
    for pause_s in LOCKED_PAUSES_S:
        try:
            work()
        except OperationalError as error:
            if "locked" not in fault_of(error):
                raise
            threading.Event().wait(pause_s)
        else:
            return
    work()


def _connected(url: URL) -> Database:
    backend = url.get_backend_name()
    if backend not in DRIVERS:
        raise StoreFailed(f"{backend} is none of {', '.join(DRIVERS)}")
    is_sqlite = backend == "sqlite"
    if is_sqlite:
        if url.database in {None, "", ":memory:"}:
            raise StoreFailed("a database in memory keeps nothing")
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    writing, reading = (url.set(drivername=driver) for driver in DRIVERS[backend])
    return Database(
        _writing_engine(writing, is_sqlite=is_sqlite),
        _reading_engine(reading, is_sqlite=is_sqlite),
    )


def _writing_engine(url: URL, *, is_sqlite: bool) -> Engine:
    engine = create_engine(url, pool_size=1, max_overflow=0, **_options(is_sqlite=is_sqlite))
    if is_sqlite:
        _set_up_sqlite(engine, SQLITE)

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _reading_engine(url: URL, *, is_sqlite: bool) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=READERS,
        max_overflow=0,
        isolation_level="AUTOCOMMIT",
        **_options(is_sqlite=is_sqlite),
    )
    if is_sqlite:
        _set_up_sqlite(engine.sync_engine, (*SQLITE, "PRAGMA query_only = ON"))
    return engine


def _options(*, is_sqlite: bool) -> dict[str, Any]:
    # isolation_level: else the driver begins transactions of its own accord.
    connect = {"isolation_level": None} if is_sqlite else {"connect_timeout": CONNECT_WAIT_S}
    return {
        "connect_args": connect,
        "pool_pre_ping": not is_sqlite,  # a server may have hung up
        "hide_parameters": True,  # what people asked for is no business of a log's
    }


def _set_up_sqlite(engine: Engine, pragmas: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: PoolProxiedConnection, _: object) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()


def migrate(engine: Engine, to: str = "head") -> None:
    """Run the scripts that this database has not seen, up to a revision, in one transaction.

    Another process that opens the database meanwhile waits: for SQLite's lock on the file, or
    for PostgreSQL's advisory lock.
    """
    with _ALEMBIC, engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(
                text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK}
            )
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", "audiogroove.store:migrations")
        config.set_main_option("path_separator", "os")
        command.upgrade(config, to)
