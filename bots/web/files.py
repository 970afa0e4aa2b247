"""The files of a composition: which there are, what each is called, and how it is sent."""

import asyncio
import re
from collections.abc import Mapping
from types import MappingProxyType

from aiohttp import web

from audiogroove.music import midi
from audiogroove.render.product import Product
from audiogroove.render.roll import picture
from audiogroove.store.rows import StoredPiece
from bots.describing import file_name
from bots.previews import Maker
from bots.web import words
from bots.web.client import CLIENT
from bots.web.faults import BadRequest, Code, Declined
from bots.web.looking import Lookup
from bots.web.ranges import send
from bots.web.seats import FILES, Seats
from bots.web.telling import FileEntry, file_url

MIDI, ROLL = "piece.mid", "roll.svg"
TYPES: Mapping[str, str] = MappingProxyType(
    {
        MIDI: "audio/midi",
        Product.MP3: "audio/mpeg",
        Product.OPUS: "audio/ogg; codecs=opus",
        ROLL: "image/svg+xml",
        Product.PICTURE: "image/png",
        Product.MUSICXML: "application/vnd.recordare.musicxml+xml",
        Product.PDF: "application/pdf",
        Product.VIDEO: "video/mp4",
    }
)
PNG = "image/png"
TO_KEEP = frozenset({MIDI, Product.MUSICXML, Product.PDF})  # nobody opens them in a browser
CACHING = "private, no-cache"  # a piece that is deleted is gone from caches, too
WIDTHS_PX, HEIGHTS_PX = (200, 8000), (120, 2000)
USUAL_PX = (1200, 480)

_PAGE = re.compile(r"score-([1-9]\d?)\.png", re.ASCII)


class Files:
    """Sends files of compositions."""

    def __init__(self, lookup: Lookup, studio: Maker) -> None:
        """Set up with an empty room."""
        self._lookup, self._studio = lookup, studio
        self._seats = Seats(FILES)

    def entries(self) -> list[FileEntry]:
        """List what there is of each piece on this machine."""
        return [
            FileEntry(str(name), media_type)
            for name, media_type in TYPES.items()
            if not isinstance(name, Product) or self._studio.can(name)
        ]

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Send a file, made when it is first asked for."""
        name = request.match_info["name"]
        stored = await self._lookup.piece(request.match_info["id"])
        with self._seats.seat(request[CLIENT]):
            data, media_type = await self._made(stored, name, request)
            headers = {
                "Content-Type": media_type,
                "Content-Disposition": disposition(
                    file_name(stored, name.partition(".")[2]),
                    is_inline=name not in TO_KEEP and "download" not in request.query,
                ),
                "Cache-Control": CACHING,
            }
            return await send(request, data, headers)

    async def score(self, request: web.Request) -> web.Response:
        """Tell where the pages of the score are."""
        token = request.match_info["id"]
        stored = await self._lookup.piece(token)
        pages = await self._studio.pages(stored)
        numbers = range(1, len(pages) + 1)
        told = {
            "pages": [file_url(token, f"score-{number}.png") for number in numbers],
            "pdf": file_url(token, Product.PDF),
            "musicxml": file_url(token, Product.MUSICXML),
        }
        return web.json_response(told, headers={"Cache-Control": "no-store"})

    async def _made(
        self, stored: StoredPiece, name: str, request: web.Request
    ) -> tuple[bytes, str]:
        """Make a file.

        Raises:
            Declined: when there is none of this name.
        """
        if name == MIDI:
            return await asyncio.to_thread(midi.write, stored.piece), TYPES[MIDI]
        if name == ROLL:
            return await self._roll(stored, request), TYPES[ROLL]
        if match := _PAGE.fullmatch(name):
            pages = await self._studio.pages(stored)
            if int(match[1]) <= len(pages):
                return pages[int(match[1]) - 1], PNG
        elif name in TYPES and self._studio.can(Product(name)):
            return await self._studio.make(stored, Product(name)), TYPES[name]
        raise Declined(Code.NOT_FOUND, words.NOT_FOUND)

    async def _roll(self, stored: StoredPiece, request: web.Request) -> bytes:
        width_px = _number(request, "width", USUAL_PX[0], WIDTHS_PX)
        height_px = _number(request, "height", USUAL_PX[1], HEIGHTS_PX)
        legend = self._studio.legend(stored)
        drawn = await asyncio.to_thread(
            picture.draw_roll, stored.piece, legend, width_px=width_px, height_px=height_px
        )
        return drawn.encode()


def _number(request: web.Request, name: str, usual: int, possible: tuple[int, int]) -> int:
    """Read a whole number of the query.

    Raises:
        BadRequest: when it is none, or out of range.
    """
    low, high = possible
    text = request.query.get(name, str(usual))
    if not re.fullmatch(r"[0-9]{1,5}", text) or not low <= int(text) <= high:
        raise BadRequest(words.NUMBER.format(low=low, high=high), name)
    return int(text)


def disposition(name: str, *, is_inline: bool) -> str:
    """Write how a browser is to treat a file of this name, which is ASCII without quotes."""
    return f'{"inline" if is_inline else "attachment"}; filename="{name}"'
