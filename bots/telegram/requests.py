"""How requests travel to Telegram: the library's own way, mended where it would trip."""

import json
from http import HTTPStatus
from typing import Any

import structlog
from telegram import Update
from telegram.error import BadRequest
from typing_extensions import override

from bots.telegram.faults import FloodWait
from bots.telegram.pulse import Pulse
from bots.telegram.transport import Transport

CALLS = 20  # at once
POLLS = 4  # connections: one that was torn must not hold up the next poll
FLOOD_S = 5.0  # where Telegram names no time
HIDDEN = b"..."  # the token, in what goes into errors; `bots.logs` keeps it out of all logs
NO_SUCH_BOT = (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND)

_LOG = structlog.get_logger()


class Requests(Transport):
    """Calls of the Bot API."""

    def __init__(self, token: str, *, connections: int = CALLS) -> None:
        """Send with so many connections at most; `token` is taken out of what comes back."""
        super().__init__(connections)
        # What stands before the colon is the bot's id, and the colon is %3A in some addresses.
        self._secret = token.rpartition(":")[2].encode()

    @override
    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make a request and give the status and the body of its answer.

        Raises:
            BadRequest: for a body that is too large; the library would take it for an outage.
            FloodWait: see there.
        """
        status, body = await super().do_request(*args, **kwargs)
        if status == HTTPStatus.OK:
            return status, body
        # The library quotes what it is refused with, and that may quote our address.
        body = body.replace(self._secret, HIDDEN)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise FloodWait(retry_after_s(body))
        if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise BadRequest("request entity too large")
        return status, body


class Polls(Requests):
    """Calls of getUpdates alone."""

    def __init__(self, token: str, pulse: Pulse) -> None:
        """Let the pulse feel each poll."""
        super().__init__(token, connections=POLLS)
        self._pulse = pulse
        self._given: bytes | None = None  # what was given last: the same again could not be read

    @override
    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make a request and give the status and the body of its answer."""
        status, body = await super().do_request(*args, **kwargs)
        if status in NO_SUCH_BOT:
            self._pulse.end()  # the library stops here without a word
        elif status == HTTPStatus.OK:
            self._pulse.felt()
            if body == self._given:
                body = without_unreadable(body)
            self._given = body
        return status, body


def without_unreadable(body: bytes) -> bytes:
    """Empty the updates that the library cannot read.

    It would ask for the same ones for ever and never get to the next; empty ones are passed over
    and counted as seen.
    """
    try:
        updates = json.loads(body)["result"]
        read = [
            each if _is_readable(each) else {"update_id": each["update_id"]} for each in updates
        ]
    except (ValueError, KeyError, TypeError):
        return body  # no answer at all: that the library sees by itself
    if read == updates:
        return body
    _LOG.error("updates were passed over that cannot be read", updates=len(updates))
    return json.dumps({"ok": True, "result": read}).encode()


def _is_readable(update: dict[str, Any]) -> bool:
    try:
        Update.de_json(update, None)
    except (AttributeError, KeyError, TypeError, ValueError):
        return False
    return True


def retry_after_s(body: bytes) -> float:
    """Read from a 429 when to come back."""
    try:
        return float(json.loads(body)["parameters"]["retry_after"])
    except (ValueError, KeyError, TypeError):
        return FLOOD_S
