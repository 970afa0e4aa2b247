"""The fake itself: one server for REST, gateway and CDN, and the world behind it."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.fakes.discord import payloads
from tests.fakes.discord.applications import Applications, direct_channel
from tests.fakes.discord.channels import Channels
from tests.fakes.discord.clock import Clock
from tests.fakes.discord.commands import CommandBook
from tests.fakes.discord.faults import Fault, Faults
from tests.fakes.discord.gateway import Gateway, Terms
from tests.fakes.discord.interactions import Interactions
from tests.fakes.discord.limits import Flood, Limits
from tests.fakes.discord.messages import MIB, Messages
from tests.fakes.discord.people import People
from tests.fakes.discord.record import Call, Changes, Record
from tests.fakes.discord.rest import ROOT, Rest
from tests.fakes.discord.threads import Threads
from tests.fakes.discord.world import (
    BOT_PERMISSIONS,
    MEMBER_PERMISSIONS,
    Channel,
    ChannelKind,
    Guild,
    Interaction,
    Member,
    Permission,
    User,
    World,
)

Found = TypeVar("Found")
GATEWAY = "/gateway/"


@dataclass(frozen=True, slots=True)
class Setup:
    """How this Discord is set up for the bot."""

    token: str = "fake.bot.token"  # noqa: S105 - opens nothing
    message_content: bool = False  # whether that intent is switched on
    shards: int = 1
    upload_limit_bytes: int = 10 * MIB  # of one file
    request_limit_bytes: int = 25 * MIB  # of all files of a message
    ack_deadline_s: float = 3.0
    token_life_s: float = 15 * 60.0
    is_frozen: bool = False  # time passes by `clock.advance` alone
    judges_bodies: bool = True  # off for benchmarks: it costs milliseconds a request
    judges_itself: bool = False  # also its own answers; for the tests of the fake


class DiscordFake(People):
    """See the package's docstring."""

    def __init__(self, setup: Setup | None = None) -> None:
        self.setup = setup = setup or Setup()
        self.record = Record()
        changes = Changes(self.record)
        self.clock = Clock(changes.notify, is_frozen=setup.is_frozen)
        bot = User(id=0, name="AudioGroove", is_bot=True)
        world = World(clock=self.clock, changes=changes, bot=bot, application_id=0)
        world.application_id = bot.id = world.new_id()
        world.users[bot.id] = bot
        messages = Messages(world, setup.upload_limit_bytes, setup.request_limit_bytes)
        super().__init__(world, messages, CommandBook())
        self.faults = Faults()
        privileged = frozenset({"message_content"} if setup.message_content else ())
        self.gateway = Gateway(world, self.record, Terms(setup.token, privileged))
        self._limits = Limits(self.clock)
        self._channels = Channels(world, messages, setup.message_content)
        self._about = Applications(world, self.commands, setup.message_content, setup.shards)
        self._runner: web.AppRunner | None = None
        self._dead_links: set[int] = set()
        self.origin = ""

    # --- the server

    @property
    def url(self) -> str:
        """The REST base, all that a bot needs: `http://127.0.0.1:PORT/api/v10`."""
        return self.origin + ROOT

    async def start(self, port: int = 0) -> Self:
        """Listen; port 0 takes any that is free."""
        self._runner = web.AppRunner(self._app(), shutdown_timeout=0.5, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._messages.origin = self.origin
        self.gateway.url = self._about.gateway_url = self.origin.replace("http", "ws") + GATEWAY
        return self

    async def stop(self) -> None:
        """Stop listening and let every connection go."""
        if self._runner is not None:
            await self.gateway.close()
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=256 * MIB)
        answers = Interactions(
            self.world, self._messages, self.setup.ack_deadline_s, self.setup.token_life_s
        )
        rest = Rest(
            self.world,
            self.record,
            self._limits,
            self.faults,
            self.setup.token,
            self.setup.judges_bodies,
            self.setup.judges_itself,
        )
        threads = Threads(self.world, self._channels)
        served = self._about.handlers() | answers.handlers()
        served |= self._channels.handlers() | threads.handlers()
        for (method, route), handler in served.items():
            app.router.add_route(method, ROOT + route, rest.endpoint(route, handler))
        app.router.add_get(GATEWAY, self.gateway.serve)
        for folder in ("attachments", "ephemeral-attachments"):
            app.router.add_get(f"/{folder}/{{channel}}/{{file}}/{{name}}", self._download)
        self._extend(app)
        app.router.add_route("*", "/{anything:.*}", self._unknown)
        return app

    def _extend(self, app: web.Application) -> None:
        """Let a subclass serve more."""

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """Serve a file while its link is fresh."""
        fault = self.faults.take("GET", request.path)
        if fault is not None and fault.gate is not None:
            await fault.gate.wait()
        if fault is not None and fault.is_reset and request.transport is not None:
            request.transport.abort()
        if fault is not None and fault.status is not None:
            return web.Response(status=fault.status)
        file_id = int(request.match_info["file"])
        sent = self.world.files.get(file_id)
        expires_s = int(request.query.get("ex", "0"), 16)
        if sent is None or request.match_info["name"] != sent.name:
            return web.Response(status=404, text="Not Found")
        if expires_s < self.clock.wall_s() or file_id in self._dead_links:
            return web.Response(status=404, text="This content is no longer available.")
        return web.Response(body=sent.data, content_type=sent.content_type)

    async def _unknown(self, request: web.Request) -> web.StreamResponse:
        """Refuse what is not implemented, and let the test know."""
        self.record.violations.append(f"unimplemented: {request.method} {request.path}")
        path = request.path.removeprefix(ROOT)
        call = Call(
            at_s=self.clock.now_s(),
            method=request.method,
            path=path,
            route="unimplemented",
            query=dict(request.query),
            content_type=request.content_type,
            body=None,
            files=(),
            status=404,
            code=0,
        )
        self.record.calls.append(call)
        self.world.changes.notify()
        return web.json_response(payloads.error("404: Not Found", 0), status=404)

    # --- judging the bot

    @property
    def violations(self) -> list[str]:
        """What the bot did that Discord does not take; live, `clear()` forgives."""
        return self.record.violations

    @property
    def flood(self) -> Flood:
        """How often the bot came too often."""
        return self._limits.flood

    def check(self) -> None:
        """Fail, and name every violation, where the bot did what Discord does not take."""
        assert not self.violations, "\n".join(["Discord does not take:", *self.violations])

    async def wait_for(self, predicate: Callable[[], Found | None], within_s: float = 5.0) -> Found:
        """Wait until `predicate` is true, looked at on each change, and give what it gave."""
        return await self.world.changes.wait_for(predicate, within_s)

    async def bot_ready(self, within_s: float = 10.0) -> None:
        """Wait until the bot listens."""
        await self.wait_for(lambda: self.gateway.is_connected, within_s)

    # --- the world

    @property
    def bot(self) -> User:
        """The bot as a user."""
        return self.world.bot

    def add_user(self, name: str, *, locale: str = "en-US") -> User:
        """Let somebody join Discord."""
        user = User(id=self.world.new_id(), name=name, locale=locale)
        self.world.users[user.id] = user
        return user

    def add_guild(
        self,
        name: str = "Studio",
        *,
        bot_permissions: Permission = BOT_PERMISSIONS,
        has_bot: bool = True,
    ) -> Guild:
        """Open a guild; without the bot in it, people have it there by their user install."""
        owner = self.add_user(f"{name.lower()} owner")
        guild = Guild(id=self.world.new_id(), name=name, owner=owner, has_bot=has_bot)
        self.world.guilds[guild.id] = guild
        self.add_member(guild, owner, Permission.ADMINISTRATOR | MEMBER_PERMISSIONS)
        if has_bot:
            self.add_member(guild, self.bot, bot_permissions)
        described = payloads.guild(guild, self.world)
        self.world.emit("GUILD_CREATE", guild, lambda _intents: described)
        return guild

    def add_member(
        self, guild: Guild, user: User, permissions: Permission = MEMBER_PERMISSIONS
    ) -> Member:
        """Let somebody into a guild. Who acts there without it joins with usual permissions."""
        joined_s = self.world.clock.wall_s()
        member = Member(user, self.world.new_id(), permissions, joined_s)
        guild.members[user.id] = member
        return member

    def add_channel(
        self,
        guild: Guild,
        name: str = "general",
        *,
        bot_permissions: Permission | None = None,
        kind: ChannelKind = ChannelKind.TEXT,
    ) -> Channel:
        """Open a channel, usually of text; `bot_permissions` where they differ from the guild's."""
        channel = Channel(
            id=self.world.new_id(),
            kind=kind,
            name=name,
            guild=guild,
            bot_permissions=bot_permissions,
        )
        self._channels.add(channel)
        return channel

    def add_thread(self, channel: Channel, name: str = "thread") -> Channel:
        """Open a thread in a channel."""
        thread = Channel(
            id=self.world.new_id(),
            kind=ChannelKind.THREAD,
            name=name,
            guild=channel.guild,
            parent=channel,
        )
        self._channels.add(thread)
        return thread

    def direct(self, user: User) -> Channel:
        """Give the direct conversation of somebody with the bot."""
        return direct_channel(self.world, user)

    def permit(self, channel: Channel, permissions: Permission) -> None:
        """Change what the bot may do in a channel, and tell it."""
        channel.bot_permissions = permissions
        if channel.guild is not None:
            described = payloads.channel(channel, self.world)
            self.world.emit("CHANNEL_UPDATE", channel.guild, lambda _intents: described)

    def delete_channel(self, channel: Channel) -> None:
        """Let a channel vanish with all that was said in it."""
        channel.is_deleted = True
        if channel.guild is not None:
            gone = payloads.channel(channel, self.world)
            name = "THREAD_DELETE" if channel.parent else "CHANNEL_DELETE"
            self.world.emit(name, channel.guild, lambda _intents: gone)
        self.world.changes.notify()

    def remove_bot(self, guild: Guild) -> None:
        """Show the bot out of a guild."""
        self.world.emit("GUILD_DELETE", guild, lambda _intents: {"id": str(guild.id)})
        guild.has_bot = False
        guild.members.pop(self.bot.id, None)

    def limit_uploads(self, limit_bytes: int) -> None:
        """Let files be no larger from now on, as when a guild loses its boosts."""
        self._messages.upload_limit_bytes = limit_bytes

    # --- bad weather

    def fail(self, method: str, path: str, times: int = 1, **how: Any) -> Fault:
        """Let the next calls fail whose path (below /api/v10, or on the CDN) fits this pattern.

        `how`: `status=429, retry_after_s=0.05`, `status=500` and the like, with `body=` if it is
        to say something; `is_reset=True` tears the connection; `gate=asyncio.Event()` holds the
        call until the event is set (alone, or before any of the others); with `is_applied=True`
        the call takes effect before it fails, as when an answer is lost on its way.
        """
        fault = Fault(method=method, path=re.compile(path), times=times, **how)
        self.faults.ordered.append(fault)
        return fault

    def hold(self, method: str, path: str, times: int = 1) -> asyncio.Event:
        """Hold the next calls until the returned event is set."""
        gate = asyncio.Event()
        self.fail(method, path, times, gate=gate)
        return gate

    def expire(self, interaction: Interaction) -> None:
        """Let an interaction's token die now."""
        interaction.is_expired = True

    def expire_links(self) -> None:
        """Let every link to a file that is out there die now."""
        self._dead_links |= set(self.world.files)
