"""Where discord.py is told about the fake: two assignments, undone afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

import yarl

import discord
from discord.gateway import DiscordWebSocket
from tests.fakes.discord.server import GATEWAY, DiscordFake


@contextmanager
def pointed_at(fake: DiscordFake | str) -> Iterator[None]:
    """Let each discord.py client in this process speak to a fake, or to the one at a REST base.

    Yields:
        Nothing; afterwards all is as it was.
    """
    url = fake if isinstance(fake, str) else fake.url
    before = discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    discord.http.Route.BASE = url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url).with_scheme("ws").with_path(GATEWAY)
    try:
        yield
    finally:
        discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before
