"""The page itself, and the files that it is made of."""

import asyncio
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from types import MappingProxyType

from aiohttp import web

from audiogroove.render.product import Product
from audiogroove.render.roll import picture
from bots.previews import Maker
from bots.web import words
from bots.web.client import CLIENT
from bots.web.faults import Code, Declined
from bots.web.looking import Found, Lookup, NoComposition
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

    def __init__(self, lookup: Lookup, studio: Maker, folder: Path = PAGE) -> None:
        """Find the page's files in a folder."""
        self._lookup, self._studio, self._folder = lookup, studio, folder

    async def home(self, _: web.Request) -> web.Response:
        """Send the page."""
        return await self._page()

    async def opened(self, request: web.Request) -> web.Response:
        """Send the page for one composition; where there is none, it says so itself."""
        try:
            found = await self._lookup.find(request.match_info["id"])
        except NoComposition:
            return await self._page(status=404)
        return await self._page(self._meta(found, request))

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

    async def _page(self, meta: str = "", *, status: int = 200) -> web.Response:
        text = await asyncio.to_thread((self._folder / INDEX).read_text, "utf-8")
        return web.Response(
            text=text.replace(MARK, meta, 1),
            content_type="text/html",
            status=status,
            headers={"Cache-Control": CACHING},
        )

    def _meta(self, found: Found, request: web.Request) -> str:
        """Write what other programs show where somebody links to a composition."""
        if found.piece is None:
            return ""
        legend = self._studio.legend(found.piece)
        scheme = "https" if request[CLIENT].is_secure else "http"
        here = f"{scheme}://{request[CLIENT].host}"
        told = {
            "og:site_name": "AudioGroove",
            "og:type": "website",
            "og:url": f"{here}/p/{found.token}",
            "og:title": legend.title,
            "og:description": legend.facts,
            "og:image": here + file_url(found.token, Product.PICTURE),
            "og:image:alt": picture.describe(found.piece.piece, legend),
            "og:image:width": str(picture.WIDTH_PX),
            "og:image:height": str(picture.HEIGHT_PX),
        }
        if self._studio.can(Product.MP3):
            told["og:audio"] = here + file_url(found.token, Product.MP3)
        return "\n".join(
            f'<meta property="{name}" content="{escape(value)}">' for name, value in told.items()
        )
