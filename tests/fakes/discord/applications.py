"""The endpoints about the bot itself: who it is, its commands, where its gateway is."""

from dataclasses import dataclass

from tests.fakes.discord import payloads
from tests.fakes.discord.commands import CommandBook, command_set_faults
from tests.fakes.discord.record import Json
from tests.fakes.discord.rest import Answer, Asked, Handler, InvalidForm, Refusal
from tests.fakes.discord.world import Channel, ChannelKind, User, World

GLOBAL = "/applications/{application_id}/commands"
LOCAL = "/applications/{application_id}/guilds/{guild_id}/commands"
CONTENT_FLAG = 1 << 19  # GATEWAY_MESSAGE_CONTENT_LIMITED


@dataclass(slots=True)
class Applications:
    """Serves them."""

    world: World
    commands: CommandBook
    sees_content: bool
    shards: int
    gateway_url: str = ""

    def handlers(self) -> dict[tuple[str, str], Handler]:
        """List what is served."""
        return {
            ("GET", "/users/@me"): self.me,
            ("GET", "/users/{user_id}"): self.user,
            ("POST", "/users/@me/channels"): self.open_direct,
            ("GET", "/guilds/{guild_id}/members/{user_id}"): self.member,
            ("GET", "/oauth2/applications/@me"): self.application,
            ("GET", "/applications/@me"): self.application,
            ("GET", "/gateway"): self.gateway,
            ("GET", "/gateway/bot"): self.gateway_bot,
            ("GET", GLOBAL): self.list_commands,
            ("PUT", GLOBAL): self.replace,
            ("POST", GLOBAL): self.create,
            ("GET", LOCAL): self.list_commands,
            ("PUT", LOCAL): self.replace,
            ("POST", LOCAL): self.create,
            ("GET", GLOBAL + "/{command_id}"): self.show,
            ("DELETE", GLOBAL + "/{command_id}"): self.delete,
            ("GET", LOCAL + "/{command_id}"): self.show,
            ("DELETE", LOCAL + "/{command_id}"): self.delete,
        }

    async def me(self, _asked: Asked) -> Answer:
        """Describe the bot."""
        private = {"mfa_enabled": False, "verified": True, "email": None, "locale": "en-US"}
        return 200, payloads.user(self.world.bot) | private

    async def user(self, asked: Asked) -> Answer:
        """Describe somebody.

        Raises:
            Refusal: 10013.
        """
        found = self.world.users.get(asked.number("user_id"))
        if found is None:
            raise Refusal(404, 10013, "Unknown User")
        return 200, payloads.user(found)

    async def member(self, asked: Asked) -> Answer:
        """Describe somebody in a guild.

        Raises:
            Refusal: 10004 or 10007.
        """
        guild = self.world.guilds.get(asked.number("guild_id"))
        if guild is None or not guild.has_bot:
            raise Refusal(404, 10004, "Unknown Guild")
        found = guild.members.get(asked.number("user_id"))
        if found is None:
            raise Refusal(404, 10007, "Unknown Member")
        return 200, payloads.member(found)

    async def open_direct(self, asked: Asked) -> Answer:
        """Open the direct conversation with somebody.

        Raises:
            Refusal: 50033 where there is no such user.
        """
        found = self.world.users.get(int(asked.body["recipient_id"]))
        if found is None:
            raise Refusal(400, 50033, "Invalid Recipient(s)")
        return 200, payloads.channel(direct_channel(self.world, found), self.world)

    async def application(self, _asked: Asked) -> Answer:
        """Describe the application."""
        flags = CONTENT_FLAG if self.sees_content else 0
        return 200, payloads.application(self.world, flags)

    async def gateway(self, _asked: Asked) -> Answer:
        """Tell where the gateway is."""
        return 200, {"url": self.gateway_url}

    async def gateway_bot(self, _asked: Asked) -> Answer:
        """Tell where the gateway is, and how many shards it wants."""
        start = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 16}
        return 200, {
            "url": self.gateway_url,
            "shards": self.shards,
            "session_start_limit": start,
        }

    def _place(self, asked: Asked) -> int | None:
        if asked.number("application_id") != self.world.application_id:
            raise Refusal(403, 20012, "You are not authorized to perform this action")
        if "guild_id" not in asked.params:
            return None
        guild = self.world.guilds.get(asked.number("guild_id"))
        if guild is None or not guild.has_bot:
            raise Refusal(403, 50001, "Missing Access")
        return guild.id

    async def list_commands(self, asked: Asked) -> Answer:
        """List the commands."""
        return 200, self.commands.by_guild.get(self._place(asked), [])

    async def show(self, asked: Asked) -> Answer:
        """Describe a command."""
        return 200, self._command(asked)

    def _command(self, asked: Asked) -> Json:
        for each in self.commands.by_guild.get(self._place(asked), []):
            if each["id"] == asked.params["command_id"]:
                return each
        raise Refusal(404, 10063, "Unknown application command")

    async def replace(self, asked: Asked) -> Answer:
        """Put these commands in place of all others."""
        return 200, self._replaced(asked, asked.body or [])

    async def create(self, asked: Asked) -> Answer:
        """Add a command, or replace the one of that name."""
        key = (asked.body.get("type", 1), asked.body["name"])
        others = [
            each
            for each in self.commands.by_guild.get(self._place(asked), [])
            if (each["type"], each["name"]) != key
        ]
        return 201, self._replaced(asked, [*others, asked.body])[-1]

    async def delete(self, asked: Asked) -> Answer:
        """Forget a command."""
        self.commands.by_guild[self._place(asked)].remove(self._command(asked))
        return 204, None

    def _replaced(self, asked: Asked, commands: list[Json]) -> list[Json]:
        if faults := command_set_faults(commands):
            raise InvalidForm(faults)
        new_id = str(self.world.new_id())
        stored = self.commands.replace(self._place(asked), commands, new_id)
        if stored is None:
            raise Refusal(400, 30034, "Max number of daily application command creates reached")
        for each in stored:
            each["application_id"] = str(self.world.application_id)
        return stored


def direct_channel(world: World, user: User) -> Channel:
    """Find or open the direct conversation with somebody."""
    for each in world.channels.values():
        if each.recipient is user:
            return each
    opened = Channel(id=world.new_id(), kind=ChannelKind.DIRECT, name=user.name, recipient=user)
    world.channels[opened.id] = opened
    return opened
