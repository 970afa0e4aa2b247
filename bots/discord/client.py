"""The library's client: what it is told to listen to, and whom it tells."""

from typing import Any

import discord
import structlog
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from typing_extensions import override

from bots.chat import Notes
from bots.discord.commands import add_commands
from bots.discord.listening import Listener
from bots.discord.rendering import Pressed
from bots.discord.syncing import sync

PUBLIC_API = "https://discord.com/api/v10"
GUILDS_S = 2.0  # that the library waits for the list of guilds to end, before it calls itself ready

Interaction = discord.Interaction[Any]
_LOG = structlog.get_logger()


def point_at(api_url: str) -> None:
    """Let the library speak to this API, in the whole process; it knows no other way."""
    Route.BASE = api_url


class Tree(app_commands.CommandTree["Client"]):
    """The commands, with one place for all that breaks in them."""

    @override
    async def on_error(
        self, interaction: Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        await self.client.listener.broken(interaction, error)


class Client(discord.AutoShardedClient):
    """Listens with as few rights and as little memory as will do.

    It keeps no members and no messages, and sees the text only of messages that speak to it.
    """

    listener: Listener  # set before it connects: it speaks by this client

    def __init__(self, notes: Notes, api_url: str) -> None:
        """Set up a client of the API at `api_url`."""
        super().__init__(
            intents=discord.Intents.default(),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            guild_ready_timeout=GUILDS_S if api_url == PUBLIC_API else 0.0,
        )
        self.tree = Tree(self)
        self._notes, self._api_url = notes, api_url

    @override
    async def setup_hook(self) -> None:
        if self._api_url != PUBLIC_API:
            gateway = await self.http.request(Route("GET", "/gateway"))
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway["url"])
        self.add_dynamic_items(Pressed)
        add_commands(self.tree, self.listener.command, self.listener.menu)
        await sync(self.tree, self._notes, self._api_url)

    async def pressed(self, interaction: Interaction) -> None:
        """Be told of a button."""
        await self.listener.press(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Be told of a message."""
        if self.user:
            await self.listener.message(message, self.user)

    async def on_ready(self) -> None:
        """Be told that every shard is connected."""
        _LOG.info("connected to Discord", guilds=len(self.guilds), shards=self.shard_count)

    @override
    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        _LOG.exception("an event of Discord's broke", event=event_method)
