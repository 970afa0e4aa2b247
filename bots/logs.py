r"""What the process tells its host: one line a record on stderr, and never a secret.

    any logger ──▶ root ──▶ one handler: contextvars, time, level ──▶ rendered ──▶ redacted ──▶ \n

Stderr, because stdout is the console's: what AudioGroove says there is the conversation.

Redaction is the very last step, on the finished text, so that no road leads around it: messages,
arguments, tracebacks, warnings, and what nobody caught. That is needed: httpx writes each address
that it asks for, and Telegram's carry the bot's token; discord.py writes whole payloads.
"""

import json
import logging
import re
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType, TracebackType
from typing import Literal, TextIO
from urllib.parse import quote

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger
from typing_extensions import override

REDACTED = "[redacted]"
FEWEST_LETTERS = 4  # of a secret; less would blot out half of every line

# None wants a word boundary before it: a line break may have become a backslash and an n.
TOKENS = (
    r"(?<=bot)\d+(?::|%3[Aa])[\w-]+",  # Telegram's, in an address
    r"(?<!\d)\d{6,}(?::|%3[Aa])[\w-]{30,}",  # and alone
    r"(?<![\w-])[\w-]{23,}\.[\w-]{6,7}\.[\w-]{27,}",  # Discord's: who, when, and a signature
    r"(?<=/webhooks/)\d+/[\w.-]+",  # Discord's for the answers to one command, in an address
    r"(?<=/interactions/)\d+/[\w.-]+",
    r"aW50ZXJhY3Rpb246[\w-]+=*",  # and alone: they begin with "interaction:", in base 64
)

# The least that is heard of the guests, however talkative the host wants us.
GUESTS: Mapping[str, int] = MappingProxyType(
    {
        "aiosqlite": logging.INFO,  # below: every row
        "alembic": logging.WARNING,  # below: each start
        "discord": logging.INFO,  # below: every payload
        "httpcore": logging.WARNING,
        "httpx": logging.WARNING,  # below: every address, token and all
        "telegram": logging.WARNING,
    }
)

Layout = Literal["text", "json"]
Trace = TracebackType | None


def configure(
    layout: Layout, level: str, secrets: Sequence[str], *, stream: TextIO | None = None
) -> None:
    """Have every logger of the process write to `stream` (stderr) and through the redaction.

    `level` is that of our own lines ("debug", "info", "warning", "error"); `secrets` are removed
    wherever they appear, and so is what looks like a token of either chat.
    """
    handler = RedactingHandler(stream or sys.stderr)
    handler.setFormatter(RedactingFormatter(layout, secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for guest, least in GUESTS.items():
        logging.getLogger(guest).setLevel(max(least, root.level))
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    logging.captureWarnings(capture=True)
    _catch_the_uncaught()


def redactor(secrets: Sequence[str]) -> Callable[[str], str]:
    """Make what takes these secrets, and all that looks like a token, out of a text."""
    forms = {form for secret in secrets for form in _forms_of(secret)}
    known = [re.escape(form) for form in sorted(forms, key=len, reverse=True)]
    pattern = re.compile("|".join([*known, *TOKENS]))
    return lambda text: pattern.sub(REDACTED, text)


def _forms_of(secret: str) -> set[str]:
    """List how a secret may be written: as it is, in an address, in a string of some language."""
    if len(secret) < FEWEST_LETTERS:
        return set()
    return {
        secret,
        quote(secret, safe=""),
        json.dumps(secret)[1:-1],
        repr(secret)[1:-1],
    }


class RedactingFormatter(ProcessorFormatter):
    """A record as one printable line without secrets."""

    def __init__(self, layout: Layout, secrets: Sequence[str]) -> None:
        as_text = structlog.dev.ConsoleRenderer(
            colors=False, pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
        )
        as_json = (
            structlog.processors.format_exc_info,
            self._clean,  # before as well: what is cut out of JSON must not leave half an escape
            structlog.processors.JSONRenderer(ensure_ascii=False),
        )
        super().__init__(processors=_PROCESSORS + (as_json if layout == "json" else (as_text,)))
        self._redact = redactor(secrets)

    @override
    def format(self, record: logging.LogRecord) -> str:
        return self._redact(on_a_line(super().format(record)))

    def _clean(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {name: self._cleaned(value) for name, value in event.items()}

    def _cleaned(self, value: object) -> object:
        if value is None or isinstance(value, int | float):
            return value
        if isinstance(value, Mapping):
            return {self._cleaned(str(key)): self._cleaned(kept) for key, kept in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._cleaned(kept) for kept in value]
        return self._redact(on_a_line(value if isinstance(value, str) else repr(value)))


class RedactingHandler(logging.StreamHandler[TextIO]):
    """Writes to a stream; a record that cannot be rendered is told of, but not what is in it."""

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        # What we inherit would print the message and its arguments as they are.
        fault = sys.exc_info()[0]
        kind = fault.__name__ if fault else "Error"
        with suppress(OSError, ValueError):  # the stream itself may be what broke
            self.stream.write(f"{record.name}:{record.lineno}: not a log line: {kind}\n")
            self.flush()


def on_a_line(text: str) -> str:
    """Put a text on one line and show what does not show: a name must not forge a record."""
    line = " | ".join(filter(None, (part.strip() for part in text.splitlines())))
    if line.isprintable():
        return line
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)


_PROCESSORS: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    ProcessorFormatter.remove_processors_meta,
)


def _catch_the_uncaught() -> None:
    """Have Python's last words go the way of all records."""
    sys.excepthook = _tell_uncaught
    threading.excepthook = lambda args: _tell_uncaught(
        args.exc_type, args.exc_value, args.exc_traceback
    )
    sys.unraisablehook = lambda args: _tell_uncaught(
        args.exc_type, args.exc_value, args.exc_traceback
    )


def _tell_uncaught(kind: type[BaseException], error: BaseException | None, trace: Trace) -> None:
    if issubclass(kind, KeyboardInterrupt | SystemExit):
        return  # somebody's wish, and no news to them
    logging.getLogger("uncaught").critical(
        "nobody caught this", exc_info=(kind, error or kind(), trace)
    )
