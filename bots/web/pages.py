"""The page itself, and the files that it is made of."""

import asyncio
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from types import MappingProxyType

from aiohttp import web

from audiogroove.errors import Gone
from audiogroove.render.product import Product
from audiogroove.render.roll import picture
from audiogroove.store.rows import StoredPiece
from bots.previews import Maker
from bots.web import words
from bots.web.client import CLIENT
from bots.web.faults import Code, Declined
from bots.web.jam_telling import facts_of, title_of
from bots.web.jams import Jams
from bots.web.looking import Lookup, NoComposition
from bots.web.telling import file_url

PAGE = Path(__file__).parent / "page"
INDEX = "index.html"
MARK = "<!-- og -->"
CACHING = "no-cache"  # asked for again each time, and mostly answered by 304
TYPES: Mapping[str, str] = MappingProxyType(
    {
        ".css": "text/css; charset=utf-8",
        ".ico": "image/x-icon",
        ".js": "text/javascript; charset=utf-8",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
        ".webmanifest": "application/manifest+json",
        ".woff2": "font/woff2",
    }
)

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9]+)+", re.ASCII)


class Pages:
    """Sends the page."""

    def __init__(self, lookup: Lookup, jams: Jams, studio: Maker, folder: Path) -> None:
        """Find the page's files in a folder."""
        self._lookup, self._jams, self._studio, self._folder = lookup, jams, studio, folder

    async def home(self, _: web.Request) -> web.Response:
        """Send the page."""
        return await self._page()

    async def opened(self, request: web.Request) -> web.Response:
        """Send the page for one composition; where there is none, it says so itself."""
        try:
            found = await self._lookup.find(request.match_info["id"])
        except NoComposition:
            return await self._page(status=404)
        if found.piece is None:
            return await self._page()
        legend, path = self._studio.legend(found.piece), f"/p/{found.token}"
        told = _told(request, path, legend.title, legend.facts)
        return await self._page(told | self._seen(request, found.token, found.piece))

    async def jam(self, request: web.Request) -> web.Response:
        """Send the page for one jam; where there is none, it says so itself."""
        try:
            view = await self._jams.gallery.look(request.match_info["id"])
        except Gone:
            return await self._page(status=404)
        jam, heard = view.jam, view.heard
        told = _told(request, f"/j/{jam.id}", title_of(jam), facts_of(jam))
        return await self._page(told | (self._seen(request, heard.id, heard) if heard else {}))

    async def static(self, request: web.Request) -> web.StreamResponse:
        """Send a file of the page.

        Raises:
            Declined: when there is none of this name.
        """
        name = request.match_info["name"]
        path = self._folder / name
        if not _NAME.fullmatch(name) or path.suffix not in TYPES or not path.is_file():
            raise Declined(Code.NOT_FOUND, words.NOT_FOUND)
        headers = {"Content-Type": TYPES[path.suffix], "Cache-Control": CACHING}
        return web.FileResponse(path, headers=headers)

    async def _page(
        self, meta: Mapping[str, str] = MappingProxyType({}), *, status: int = 200
    ) -> web.Response:
        text = await asyncio.to_thread((self._folder / INDEX).read_text, "utf-8")
        tags = "\n".join(
            f'<meta property="{name}" content="{escape(value)}">' for name, value in meta.items()
        )
        return web.Response(
            text=text.replace(MARK, tags, 1),
            content_type="text/html",
            status=status,
            headers={"Cache-Control": CACHING},
        )

    def _seen(self, request: web.Request, name: str, stored: StoredPiece) -> dict[str, str]:
        """Tell where a piece is seen and heard."""
        here = _here(request)
        told = {
            "og:image": here + file_url(name, Product.PICTURE),
            "og:image:alt": picture.describe(stored.piece, self._studio.legend(stored)),
            "og:image:width": str(picture.WIDTH_PX),
            "og:image:height": str(picture.HEIGHT_PX),
        }
        if self._studio.can(Product.MP3):
            told["og:audio"] = here + file_url(name, Product.MP3)
        return told


def _told(request: web.Request, path: str, title: str, facts: str) -> dict[str, str]:
    """Tell other programs what they may show where somebody links to this."""
    return {
        "og:site_name": "AudioGroove",
        "og:type": "website",
        "og:url": _here(request) + path,
        "og:title": title,
        "og:description": facts,
    }


def _here(request: web.Request) -> str:
    client = request[CLIENT]
    return f"{'https' if client.is_secure else 'http'}://{client.host}"
