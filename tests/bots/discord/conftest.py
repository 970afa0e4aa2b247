"""A Discord for each test."""

from collections.abc import AsyncIterator

import discord
import pytest
from discord.gateway import DiscordWebSocket

from tests.bots.discord.stage import Stage
from tests.fakes.discord import DiscordFake


@pytest.fixture
async def quiet() -> AsyncIterator[Stage]:
    """Build a Discord where our front end is not yet.

    Yields:
        The stage; in the end, nothing must have been done that Discord does not take.
    """
    before = discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    async with DiscordFake() as fake:
        guild = fake.add_guild("Studio")
        yield Stage(fake, guild, fake.add_channel(guild, "general"), fake.add_user("ann"))
        fake.check()
    discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


@pytest.fixture
async def stage(quiet: Stage) -> AsyncIterator[Stage]:
    """Build a Discord with our front end on it.

    Yields:
        The stage.
    """
    async with quiet.on_air():
        yield quiet
