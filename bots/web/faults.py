"""Whatever goes wrong as JSON: a code for programs, a sentence for people, a status for both."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil
from types import MappingProxyType

from aiohttp import web

from audiogroove.errors import (
    AudioGrooveError,
    Busy,
    Gone,
    Lost,
    NotAllowed,
    NothingThere,
    QuotaReached,
    RenderingFailed,
    RequestRefused,
    SeedRejected,
    StoreFailed,
    WishUnknown,
)
from bots.web import words

ID_BYTES = 3
MAX_FIELD_CHARS = 64


class Code(StrEnum):
    """What went wrong, for programs."""

    BAD_REQUEST = "bad_request"
    ORIGIN_REFUSED = "origin_refused"
    NOT_ALLOWED = "not_allowed"
    NOT_FOUND = "not_found"
    GONE = "gone"
    NOTHING_THERE = "nothing_there"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    UNSUPPORTED_TYPE = "unsupported_type"
    SEED_REJECTED = "seed_rejected"
    REQUEST_REFUSED = "request_refused"
    WISH_UNKNOWN = "wish_unknown"
    QUOTA_REACHED = "quota_reached"
    RENDERING_FAILED = "rendering_failed"
    BROKEN = "broken"
    LOST = "lost"
    BUSY = "busy"
    STORE_FAILED = "store_failed"


STATUS: Mapping[Code, int] = MappingProxyType(
    {
        Code.BAD_REQUEST: 400,
        Code.ORIGIN_REFUSED: 403,
        Code.NOT_ALLOWED: 403,
        Code.NOT_FOUND: 404,
        Code.GONE: 404,
        Code.NOTHING_THERE: 404,
        Code.METHOD_NOT_ALLOWED: 405,
        Code.TOO_SLOW: 408,
        Code.TOO_LARGE: 413,
        Code.UNSUPPORTED_TYPE: 415,
        Code.SEED_REJECTED: 422,
        Code.REQUEST_REFUSED: 422,
        Code.WISH_UNKNOWN: 422,
        Code.QUOTA_REACHED: 429,
        Code.RENDERING_FAILED: 500,
        Code.BROKEN: 500,
        Code.LOST: 500,
        Code.BUSY: 503,
        Code.STORE_FAILED: 503,
    }
)
_CODES: Mapping[type[AudioGrooveError], Code] = MappingProxyType(
    {
        Busy: Code.BUSY,
        Gone: Code.GONE,
        Lost: Code.LOST,
        NotAllowed: Code.NOT_ALLOWED,
        NothingThere: Code.NOTHING_THERE,
        QuotaReached: Code.QUOTA_REACHED,
        RenderingFailed: Code.RENDERING_FAILED,
        RequestRefused: Code.REQUEST_REFUSED,
        SeedRejected: Code.SEED_REJECTED,
        StoreFailed: Code.STORE_FAILED,
        WishUnknown: Code.WISH_UNKNOWN,
    }
)


class Declined(Exception):
    """A request that the interface itself does not take."""

    def __init__(
        self, code: Code, message: str, *, field: str = "", retry_after_s: float | None = None
    ) -> None:
        super().__init__(code, message)
        self.fault = Fault(code, message, field=field, retry_after_s=retry_after_s)


class BadRequest(Declined):
    """A request that makes no sense; `field` is where."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(Code.BAD_REQUEST, message, field=field[:MAX_FIELD_CHARS])


@dataclass(frozen=True, slots=True)
class Fault:
    """What is told of something that went wrong."""

    code: Code
    message: str  # one helpful sentence
    id: str = ""  # under which the log knows it
    field: str = ""  # what of the request is meant
    retry_after_s: float | None = None

    @property
    def status(self) -> int:
        """The status of an answer that says so."""
        return STATUS[self.code]

    def known_as(self, error_id: str) -> "Fault":
        """Tell the same under another number."""
        return replace(self, id=error_id)

    def told(self) -> dict[str, object]:
        """Write it as JSON values."""
        told: dict[str, object] = {"code": self.code, "message": self.message, "id": self.id}
        if self.field:
            told["field"] = self.field
        if self.retry_after_s is not None:
            told["retry_after_s"] = round(self.retry_after_s, 1)
        return told

    def response(self) -> web.Response:
        """Make the answer that says so."""
        response = web.json_response({"error": self.told()}, status=self.status)
        if self.retry_after_s is not None:
            response.headers["Retry-After"] = str(max(1, ceil(self.retry_after_s)))
        response.headers["Cache-Control"] = "no-store"
        return response


def new_id() -> str:
    """Make a number under which the log knows a misfortune."""
    return secrets.token_hex(ID_BYTES)


def fault_of(error: AudioGrooveError | None, error_id: str) -> Fault:
    """Tell of an error of the house; None is one that nobody foresaw."""
    code = _CODES.get(type(error), Code.BROKEN) if error else Code.BROKEN
    if error is None or code is Code.BROKEN:
        return Fault(Code.BROKEN, words.BROKEN, error_id)
    field = error.field if isinstance(error, RequestRefused) else ""
    retry_after_s = error.retry_after_s if isinstance(error, Busy | QuotaReached) else None
    return Fault(code, words.sentence(error), error_id, field, retry_after_s)
