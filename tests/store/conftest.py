"""A store to test, in SQLite and, where a server can be had, in PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest

from audiogroove.store import Store
from tests.store import postgres
from tests.store.builders import Clock

_WHY_NOT = postgres.missing()
WHERE_IT_CAN_BE_HAD = [pytest.mark.skip(reason=_WHY_NOT)] if _WHY_NOT else []
_NAMES = (f"store{number}" for number in count())


@pytest.fixture(scope="session")
def socket() -> Iterator[Path]:
    """Run a PostgreSQL server.

    Yields:
        The folder of its socket.
    """
    with postgres.server() as folder:
        yield folder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where SQLite keeps the database, in a folder that does not exist yet."""
    return tmp_path / "data" / "store.db"


@pytest.fixture
def file_url(file: Path) -> str:
    """An empty database in SQLite."""
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=WHERE_IT_CAN_BE_HAD)])
def url(request: pytest.FixtureRequest) -> str:
    """An empty database, in each kind."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("file_url"))
    return postgres.create_database(request.getfixturevalue("socket"), next(_NAMES))


@pytest.fixture
def clock() -> Clock:
    """The wall clock that the store reads."""
    return Clock()


@pytest.fixture
async def store(url: str, clock: Clock) -> AsyncIterator[Store]:
    """Open an empty store.

    Yields:
        The store, with a clock set by hand.
    """
    async with await Store.open(url, clock=clock) as opened:
        yield opened
