"""What a client asks for, read from JSON or from a form with a MIDI file; strangers' bytes."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from aiohttp import BodyPartReader, web

from audiogroove.errors import NothingThere
from audiogroove.music import wall
from audiogroove.wishes import MAX_WISH_CHARS, WISHES
from bots.chat import Attachment, Verb
from bots.web import words
from bots.web.faults import BadRequest, Code, Declined

JSON_BYTES = 32 * 1024
FORM_BYTES = wall.MAX_BYTES + JSON_BYTES + 4096  # with what separates its fields
BODY_PATIENCE_S = 60.0
MAX_ID_CHARS = 64
MODES = (Verb.COMPOSE, Verb.CONTINUE, Verb.VARY, Verb.ACCOMPANY, Verb.AGAIN)
FIELDS = frozenset({"mode", "wishes", "text", "from"})
FORM = "multipart/form-data"
SEED_NAME = "seed.mid"  # theirs may say anything


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; the seed is a file as it came."""

    mode: Verb
    wishes: Mapping[str, str]
    text: str = ""
    origin: str = ""  # the id of a composition
    seed: bytes | None = None

    def __post_init__(self) -> None:
        if self.origin and self.seed is not None:
            raise BadRequest(words.ORIGIN_AND_SEED, "from")
        if self.mode is Verb.COMPOSE and self.origin:
            raise BadRequest(words.ORIGIN_UNUSED, "from")
        if self.mode is Verb.AGAIN and self.seed is not None:
            raise BadRequest(words.SEED_UNUSED, "seed")
        if self.mode is not Verb.COMPOSE and not self.origin and self.seed is None:
            raise NothingThere(self.mode)

    @property
    def attachment(self) -> Attachment | None:
        """The seed as the conversation takes it."""
        if self.seed is None:
            return None
        data = self.seed

        async def fetch() -> bytes:
            return data

        return Attachment(SEED_NAME, len(data), fetch)


async def read_wanted(request: web.Request) -> Wanted:
    """Read what is asked for.

    Raises:
        BadRequest: when it makes no sense.
        Declined: when it is of another type, too large, or does not arrive.
    """
    try:
        async with asyncio.timeout(BODY_PATIENCE_S):
            if request.content_type == "application/json":
                return wanted_of(await _at_most(request, JSON_BYTES))
            if request.content_type == FORM:
                return await _read_form(request)
    except TimeoutError as error:
        raise Declined(Code.TOO_SLOW, words.TOO_SLOW) from error
    except (web.RequestPayloadError, ConnectionError) as error:
        raise BadRequest(words.NOT_JSON) from error
    raise Declined(Code.UNSUPPORTED_TYPE, words.NO_SUCH_TYPE)


def wanted_of(data: bytes, seed: bytes | None = None) -> Wanted:
    """Make sense of JSON.

    Raises:
        BadRequest: when it makes none.
    """
    told = _parsed(data)
    if unknown := next(iter(told.keys() - FIELDS), None):
        raise BadRequest(words.FIELDS.format(fields=", ".join(sorted(FIELDS))), unknown)
    mode = told.get("mode")
    if not isinstance(mode, str) or mode not in MODES:
        raise BadRequest(words.MODES.format(modes=", ".join(MODES)), "mode")
    wishes = told.get("wishes", {})
    if not isinstance(wishes, dict) or len(wishes) > 2 * len(WISHES):
        raise BadRequest(words.WISHES, "wishes")
    return Wanted(
        Verb(mode),
        {_text(name, "wishes"): _wish(name, value) for name, value in wishes.items()},
        _text(told.get("text", ""), "text"),
        _text(told.get("from", "") or "", "from", MAX_ID_CHARS),
        seed,
    )


def _parsed(data: bytes) -> dict[str, Any]:
    """Parse JSON that must be an object.

    Raises:
        BadRequest: when it is not.
    """
    try:
        told = json.loads(data.decode(), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        raise BadRequest(words.NOT_JSON) from error
    if not isinstance(told, dict):
        raise BadRequest(words.NOT_JSON)
    return told


def _no_number(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity, which are no JSON


def _wish(name: str, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadRequest(words.WISH, name)
    if isinstance(value, float):
        if not isfinite(value):
            raise BadRequest(words.WISH, name)
        value = int(value) if value.is_integer() else f"{value:.6g}"
    return _text(str(value), name)


def _text(value: object, field: str, most: int = MAX_WISH_CHARS) -> str:
    """Check a text of at most so many characters; half of a surrogate pair is none.

    Raises:
        BadRequest: when it is none.
    """
    if not isinstance(value, str) or len(value) > most:
        raise BadRequest(words.TEXT.format(most=most), field)
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise BadRequest(words.NO_TEXT, field)
    return value


# Bodies.


async def _at_most(body: web.Request | BodyPartReader, most: int) -> bytes:
    """Read all of a body, or of a field of a form.

    Raises:
        Declined: when it is larger than `most` bytes.
    """
    data = bytearray()
    while True:
        chunk = (
            await body.read_chunk() if isinstance(body, BodyPartReader) else
            await body.content.readany()
        )  # fmt: skip
        if not chunk:
            return bytes(data)
        data += chunk
        if len(data) > most:
            raise Declined(Code.TOO_LARGE, words.TOO_LARGE.format(most=most))


async def _read_form(request: web.Request) -> Wanted:
    """Read a form of two fields.

    Raises:
        BadRequest: when it is another.
    """
    most = {"request": JSON_BYTES, "seed": wall.MAX_BYTES}
    fields: dict[str, bytes] = {}
    try:
        reader = await request.multipart()
        while (part := await reader.next()) is not None:
            name = part.name if isinstance(part, BodyPartReader) else None
            if not isinstance(part, BodyPartReader) or name not in most or name in fields:
                raise BadRequest(words.FORM)
            fields[name] = await _at_most(part, most[name])
    except (ValueError, AssertionError, RuntimeError, LookupError) as error:
        raise BadRequest(words.FORM) from error
    if "request" not in fields:
        raise BadRequest(words.FORM, "request")
    return wanted_of(fields["request"], fields.get("seed"))
