"""What is told is one line a record, and no secret is in it, whichever road it took."""

import io
import json
import logging
import subprocess
import sys
import textwrap

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.stdlib import BoundLogger, ProcessorFormatter

from bots.logs import GUESTS, REDACTED, Layout, RedactingFormatter, RedactingHandler, redactor

LAYOUTS: tuple[Layout, ...] = ("text", "json")
HIDDEN = 'se"cret/of \\ours'

# Made up, in the shape of the real ones; `KEY` is the part that opens doors.
KEY = "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
TELEGRAM = f"1234567890:{KEY}"
DISCORD = f"MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.{KEY}"
INTERACTION = f"aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4OTp{KEY}"


class Log:
    """A logger of its own that writes as all do, into a text."""

    def __init__(self, layout: Layout, *secrets: str) -> None:
        self.stream = io.StringIO()
        handler = RedactingHandler(self.stream)
        handler.setFormatter(RedactingFormatter(layout, secrets))
        # outside of the process's tree, in which pytest listens
        self.plain = logging.Logger("tests.logs", logging.DEBUG)  # noqa: LOG001
        self.plain.addHandler(handler)
        self.structured: BoundLogger = structlog.wrap_logger(
            self.plain,
            processors=[ProcessorFormatter.wrap_for_formatter],
            wrapper_class=BoundLogger,
        )

    def line(self) -> str:
        """Give the one line that was written."""
        line, *others = self.stream.getvalue().split("\n")
        assert others == [""]
        return line


@pytest.fixture(params=LAYOUTS)
def log(request: pytest.FixtureRequest) -> Log:
    """Make a log that knows one secret, in each layout."""
    return Log(request.param, HIDDEN)


def fail(told: str) -> None:
    """Raise an error that has a cause.

    Raises:
        ConnectionError: always.
    """
    try:
        json.loads(told)
    except ValueError as cause:
        raise ConnectionError(f"https://x/{told}/y") from cause


def test_a_machine_reads_each_line_as_json() -> None:
    """With the time, the level and the place, and what was told about it."""
    log = Log("json")
    log.structured.warning("Größe", attempts=2, seats=(1, 2), style={"of": None})
    assert "Größe" in log.line()  # and a person can, if need be
    told = json.loads(log.line())
    assert told.pop("timestamp").endswith("Z")
    assert told == {
        "event": "Größe",
        "level": "warning",
        "logger": "tests.logs",
        "attempts": 2,
        "seats": [1, 2],
        "style": {"of": None},
    }


def test_a_person_reads_each_line_as_it_stands() -> None:
    """The same, as text."""
    log = Log("text")
    log.structured.warning("lost, once more", attempts=2)
    _, told = log.line().split("Z ", 1)
    assert told == "[warning  ] lost, once more [tests.logs] attempts=2"


def test_old_and_new_loggers_are_told_alike(log: Log) -> None:
    """The libraries use the standard one; what they tell has arguments."""
    log.plain.info("%d jobs of %s", 3, "yours")
    assert "3 jobs of yours" in log.line()


def test_new_loggers_take_arguments_too(log: Log) -> None:
    """As the old ones do."""
    log.structured.info("%d jobs of %s", 3, "yours")
    assert "3 jobs of yours" in log.line()


def test_each_line_says_what_it_is_about(log: Log) -> None:
    """The job that is bound is on a library's lines as well."""
    with structlog.contextvars.bound_contextvars(job="discord.42"):
        log.plain.info("hello")
    assert "discord.42" in log.line()


def test_a_traceback_is_part_of_its_line(log: Log) -> None:
    """Nothing that reads lines comes upon half a record."""
    try:
        fail("piece")
    except ConnectionError:
        log.plain.exception("a job broke")
    assert "Traceback" in log.line()
    assert "ConnectionError: https://x/piece/y" in log.line()


def test_nobody_forges_a_record(log: Log) -> None:
    """Whatever a person is called, it is one line, and shows what it is."""
    log.structured.info("hello", name="Eve\n2026-01-01 [info] all is well\r\x1b[2J\u2028\u202e")
    assert log.line().isprintable()


@pytest.mark.parametrize("token", [TELEGRAM, DISCORD, INTERACTION, HIDDEN])
def test_no_road_leads_around_the_redaction(log: Log, token: str) -> None:
    """Message, arguments, facts, what is bound, and the text of an error."""
    try:
        fail(token)
    except ConnectionError as error:
        with structlog.contextvars.bound_contextvars(bound=token):
            log.plain.exception(f"message {token} %s %r", token, {token: [token]})
            log.structured.exception(token, fact=token, deep={token: [{"in": (token,)}]})
            log.structured.error("an object", error=error, raw=token.encode())
            log.plain.info(token, stack_info=True)
    told = log.stream.getvalue()
    assert KEY not in told
    assert "cret/of" not in told
    assert told.count("\n") == 4
    assert told.count(REDACTED) > 12


@pytest.mark.parametrize(
    "text",
    [
        f"GET https://api.telegram.org/bot{TELEGRAM}/getMe",
        f"GET https://api.telegram.org/file/bot{TELEGRAM}/documents/file_1.mid",
        f"GET https://proxy.example/?to=bot1234567890%3A{KEY}",
        f"GET http://127.0.0.1:8081/bot12:{KEY}/getMe",
        f"token={TELEGRAM}&chat=1",
        f"Authorization: Bot {DISCORD}",
        f"{{'op': 2, 'd': {{'token': '{DISCORD}'}}}}",
        f"POST https://discord.com/api/v10/interactions/123456789012345678/{KEY}/callback",
        f"PATCH /webhooks/123456789012345678/{KEY}/messages/@original?wait=true",
        f"{{'id': 1, 'token': '{INTERACTION}'}}",
    ],
)
def test_a_token_is_known_by_its_looks(text: str) -> None:
    """Also one that no setting holds, as of another bot or of a single command."""
    told = redactor([])(text)
    assert REDACTED in told
    assert KEY not in told


@pytest.mark.parametrize(
    "text",
    [
        "job discord.1330612345678901234 of discord:198622483471925248",
        "2026-11-22T16:03:20.314729Z took 12:34:56",
        "sqlite+aiosqlite:////data/groove.db at 127.0.0.1:8080",
        "bot started; robot2: ok; audiogroove.service.composer.Composer",
        "GET https://discord.com/api/v10/channels/1330612345678901234/messages",
        "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ],
)
def test_all_else_is_told_as_it_is(text: str) -> None:
    """Ids, times, addresses and names are what a log is for."""
    assert redactor([])(text) == text


@pytest.mark.parametrize(
    "written", [HIDDEN, "se%22cret%2Fof%20%5Cours", json.dumps(HIDDEN), repr(HIDDEN)]
)
def test_a_secret_is_known_however_it_is_written(written: str) -> None:
    """In an address, in JSON, or in a string of Python."""
    assert redactor([HIDDEN])(f"before {written} after").strip("\"'") in {
        f"before {REDACTED} after",
        f'before "{REDACTED}" after',
        f"before '{REDACTED}' after",
    }


def test_the_longer_of_two_secrets_goes_first() -> None:
    """Nothing of it is left standing beside the shorter one."""
    assert redactor(["abcd", "abcdefgh"])("is abcdefgh") == f"is {REDACTED}"


def test_next_to_nothing_is_no_secret() -> None:
    """A token that was left blank does not blot out everything."""
    assert redactor(["", "a", "abc"])("an abacus") == "an abacus"


@settings(deadline=None)
@given(before=st.text(), after=st.text(), token=st.sampled_from([TELEGRAM, DISCORD, INTERACTION]))
def test_whatever_surrounds_a_token_it_goes_and_the_line_stays_whole(
    before: str, after: str, token: str
) -> None:
    """Quotes, escapes, line breaks: none protects it, and JSON is still JSON."""
    for layout in LAYOUTS:
        log = Log(layout, HIDDEN)
        log.structured.info(
            before + token + after, fact=f"{before}\n{token}\n{after}", deep={HIDDEN: 1}
        )
        assert KEY not in log.line()
        assert "cret/of" not in log.line()
        assert layout == "text" or json.loads(log.line())["level"] == "info"


def test_a_record_that_cannot_be_told_does_not_tell_its_arguments(
    log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    """The standard library would print them all."""
    log.plain.info("%d jobs", HIDDEN)
    log.structured.info("%d jobs", HIDDEN)
    lines = log.stream.getvalue().splitlines()
    assert [line.rpartition(": ")[-1] for line in lines] == ["TypeError", "TypeError"]
    assert "cret/of" not in log.stream.getvalue()
    assert capsys.readouterr() == ("", "")


def test_a_stream_that_is_gone_breaks_nothing(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    """There is nobody left to tell, and work to do."""
    log.stream.close()
    log.plain.info("hello")
    assert capsys.readouterr() == ("", "")


WHOLE_PROCESS = f"""
    import asyncio, gc, http.server, logging, sys, threading, warnings
    import httpx
    from bots import logs

    logging.basicConfig()  # as a library may have done
    for level in "error", "debug":
        logs.configure("json", level, [{HIDDEN!r}])
        print({{name: logging.getLogger(name).level for name in logs.GUESTS}})

    class Teapot(http.server.BaseHTTPRequestHandler):
        def do_GET(self): self.send_error(418)
        def log_message(self, *args): pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Teapot)
    threading.Thread(target=server.serve_forever).start()
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    with httpx.Client() as client:
        client.get(f"http://127.0.0.1:{{server.server_port}}/bot{TELEGRAM}/getMe")
    server.shutdown()
    server.server_close()

    warnings.warn({HIDDEN!r})

    def fail(): raise RuntimeError("{DISCORD}")
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()

    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()

    class Unlucky:
        def __del__(self): fail()
    Unlucky()

    async def fail_later(): fail()
    async def forget():
        asyncio.create_task(fail_later())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        gc.collect()
    asyncio.run(forget())

    try:
        fail()
    except RuntimeError as error:
        raise SystemError({HIDDEN!r}) from error
"""


@pytest.fixture(scope="module")
def process() -> subprocess.CompletedProcess[str]:
    """Let a process do everything at which libraries and Python itself say something."""
    code = textwrap.dedent(WHOLE_PROCESS)
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )


def test_a_process_says_everything_in_lines(process: subprocess.CompletedProcess[str]) -> None:
    """Nothing is printed past the log."""
    lines = [json.loads(line) for line in process.stderr.splitlines()]
    assert all({"event", "level", "logger", "timestamp"} <= line.keys() for line in lines)
    assert process.returncode == 1


@pytest.mark.parametrize(
    ("logger", "told"),
    [
        ("httpx", f"/bot{REDACTED}/getMe"),  # Telegram's token is in every address
        ("httpcore.http11", "send_request_headers.complete"),
        ("py.warnings", f"UserWarning: {REDACTED}"),
        ("asyncio", "Task exception was never retrieved"),
        ("uncaught", ", in run | "),  # by the thread
        ("uncaught", ", in __del__ | "),
        ("uncaught", f"SystemError: {REDACTED}"),
    ],
)
def test_whoever_speaks_in_a_process_is_heard(
    process: subprocess.CompletedProcess[str], logger: str, told: str
) -> None:
    """Libraries at their most talkative, warnings, threads, and what nobody caught."""
    lines = [json.loads(line) for line in process.stderr.splitlines()]
    assert any(told in f"{line}" for line in lines if line["logger"] == logger)


def test_leaving_is_no_news(process: subprocess.CompletedProcess[str]) -> None:
    """Whoever calls `sys.exit`, in a thread, too, knows why."""
    assert "SystemExit" not in process.stderr


def test_a_process_keeps_its_secrets(process: subprocess.CompletedProcess[str]) -> None:
    """On neither stream."""
    said = process.stdout + process.stderr
    assert KEY not in said
    assert "cret/of" not in said


def test_guests_are_heard_only_when_it_matters(process: subprocess.CompletedProcess[str]) -> None:
    """Even when the host wants to know everything of ours; and no more than that."""
    less = dict.fromkeys(GUESTS, logging.ERROR)
    more = {
        "aiosqlite": logging.INFO,
        "alembic": logging.WARNING,
        "discord": logging.INFO,
        **dict.fromkeys(["httpcore", "httpx", "telegram"], logging.WARNING),
    }
    assert process.stdout == f"{less}\n{more}\n"
