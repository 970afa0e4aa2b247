"""The description of the interface, as a file."""

import json
from pathlib import Path

from aiohttp import web

PATH = Path(__file__).with_name("openapi.json")


async def described(_: web.Request) -> web.Response:
    """Send the description."""
    return web.json_response(json.loads(PATH.read_text("utf-8")))
