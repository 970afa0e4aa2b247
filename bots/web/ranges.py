"""Files that lie in memory, as HTTP wants them: by parts, under conditions, to slow readers.

RFC 9110: conditions in section 13.2.2's order, ranges in section 14. Chromium cannot seek in a
sound whose server answers a range with all of it.
"""

import asyncio
import hashlib
import re
from dataclasses import dataclass

from aiohttp import web

CHUNK_BYTES = 64 * 1024
PATIENCE_S = 30.0  # for each chunk to be taken
ETAG_BYTES = 12

_RANGE = re.compile(r"bytes=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*", re.ASCII | re.IGNORECASE)
_TAG = re.compile(r'(?:W/)?("[^"]*")')


@dataclass(frozen=True, slots=True)
class Unsatisfiable:
    """A range that no byte of the file lies in."""


def chosen(header: str, size: int) -> slice | Unsatisfiable | None:
    """Read a Range header for a file of `size` bytes; None where all of it is to be sent.

    What is malformed, and several ranges at once, may be ignored and is.
    """
    match = _RANGE.fullmatch(header.strip())
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        first, past = max(0, size - int(match[2])), size
    else:
        first = int(match[1])
        past = min(size, int(match[2]) + 1) if match[2] else size
        if match[2] and int(match[2]) < first:
            return None
    return slice(first, past) if first < past else Unsatisfiable()


def etag_of(data: bytes) -> str:
    """Make a strong entity tag of all the bytes."""
    return f'"{hashlib.blake2b(data, digest_size=ETAG_BYTES).hexdigest()}"'


def matches(header: str, etag: str) -> bool:
    """Tell whether a list of entity tags has this one, or is a star; weakly compared."""
    return header.strip() == "*" or etag in _TAG.findall(header)


async def send(request: web.Request, data: bytes, headers: dict[str, str]) -> web.StreamResponse:
    """Answer with a file, or the part of it that is asked for.

    A client that does not take what it asked for is hung up on: what waits for it is memory.
    """
    etag = etag_of(data)
    headers = headers | {"ETag": etag, "Accept-Ranges": "bytes"}
    asked = request.headers
    if "If-Match" in asked and not matches(asked["If-Match"], etag):
        return web.Response(status=412, headers=headers)
    if "If-None-Match" in asked and matches(asked["If-None-Match"], etag):
        return web.Response(status=304, headers=headers)
    part: slice | Unsatisfiable | None = None
    if request.method == "GET" and asked.get("If-Range", etag).strip() == etag:
        part = chosen(asked.get("Range", ""), len(data))
    if isinstance(part, Unsatisfiable):
        del headers["Content-Type"]
        return web.Response(status=416, headers=headers | {"Content-Range": f"bytes */{len(data)}"})
    status = 200
    if part:
        status = 206
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(data)}"
    return await _send_slowly(request, memoryview(data)[part or slice(None)], status, headers)


async def _send_slowly(
    request: web.Request, data: memoryview, status: int, headers: dict[str, str]
) -> web.StreamResponse:
    response = web.StreamResponse(status=status, headers=headers)
    response.content_length = len(data)
    await response.prepare(request)
    if request.method == "HEAD":
        return response
    try:
        for at in range(0, len(data), CHUNK_BYTES):
            async with asyncio.timeout(PATIENCE_S):
                await response.write(data[at : at + CHUNK_BYTES])
    except TimeoutError:
        if request.transport:
            request.transport.abort()
    except ConnectionError:
        pass  # they have left
    return response
