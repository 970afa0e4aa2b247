"""A PostgreSQL server for the tests, where its programs are installed."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

SERVER_USER = "postgres"  # the server refuses to run as root


def missing() -> str | None:
    """Tell what keeps a server from being started here, if anything does."""
    if programs() is None:
        return "no PostgreSQL server is installed"
    if find_spec("psycopg") is None:
        return "psycopg is not installed"
    if os.geteuid() == 0 and SERVER_USER not in {user.pw_name for user in pwd.getpwall()}:
        return "PostgreSQL does not run as root"
    return None


def programs() -> Path | None:
    """Find the folder of the server's programs: on the path, or where Debian puts them."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


@contextmanager
def server() -> Iterator[Path]:
    """Run a server that listens on a socket, and nowhere else.

    Yields:
        The folder of the socket.
    """
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short, as a socket's path must be
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, SERVER_USER)
        data = str(folder / "data")
        run("initdb", "--auth=trust", f"--username={SERVER_USER}", "--no-sync", data)
        settings = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        log = str(folder / "log")
        run(
            "pg_ctl", "--wait", f"--pgdata={data}", f"--log={log}", f"--options={settings}", "start"
        )
        try:
            yield folder
        finally:
            run("pg_ctl", "--wait", f"--pgdata={data}", "--mode=immediate", "stop")
    finally:
        shutil.rmtree(folder)


def create_database(socket: Path, name: str) -> str:
    """Create a database and tell its URL."""
    run("createdb", f"--host={socket}", f"--username={SERVER_USER}", name)
    return f"postgresql+psycopg://{SERVER_USER}@/{name}?host={socket}"


def run(program: str, *arguments: str) -> None:
    """Run one of the server's programs as its user."""
    folder = programs()
    assert folder is not None
    user = SERVER_USER if os.geteuid() == 0 else None
    command = [str(folder / program), *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=user, cwd="/")
