"""Plain requests to the fake, as a bot would send them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.fakes.discord import Channel, DiscordFake, Interaction, Setup, User
from tests.fakes.discord.record import Json

COMPOSE: Json = {
    "name": "compose",
    "description": "Compose.",
    "options": [
        {"name": "bars", "type": 4, "description": "How long", "min_value": 1, "max_value": 64},
        {"name": "seed", "type": 11, "description": "A file"},
    ],
    "integration_types": [0, 1],
}
JAM: Json = {
    "name": "jam",
    "description": "Play together.",
    "options": [{"name": "start", "type": 1, "description": "Begin", "options": []}],
}


@dataclass(slots=True)
class Wire:
    """Sends requests as a bot would, with the token of the fake."""

    fake: DiscordFake
    session: aiohttp.ClientSession
    channel: Channel  # in a guild with the bot
    ann: User

    async def ask(self) -> Interaction:
        """Let ann use /compose; it waits for an answer."""
        return await self.fake.slash(self.ann, self.channel, "compose")

    async def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Send one request, of JSON or a form; tell the status and the JSON that came back."""
        headers = {"Authorization": f"Bot {self.fake.setup.token}"}
        how = {"data": body} if isinstance(body, aiohttp.FormData) else {"json": body}
        sent = self.session.request(method, self.fake.url + path, headers=headers, **how)
        async with sent as answer:
            return answer.status, await answer.json() if answer.content_length else None

    async def code(self, method: str, path: str, body: Any = None) -> tuple[int, int]:
        """Send one request; tell the status and Discord's error code."""
        status, told = await self.call(method, path, body)
        return status, told["code"] if status >= 400 else 0

    async def sync(self, *commands: Json) -> tuple[int, int]:
        """Register commands."""
        path = f"/applications/{self.fake.bot.id}/commands"
        return await self.code("PUT", path, list(commands))

    async def answer(self, asked: Interaction, kind: int, data: Any = None) -> tuple[int, int]:
        """Answer an interaction."""
        path = f"/interactions/{asked.id}/{asked.token}/callback"
        return await self.code("POST", path, {"type": kind} | ({"data": data} if data else {}))

    def hook(self, asked: Interaction) -> str:
        """Tell the path of an interaction's webhook."""
        return f"/webhooks/{self.fake.bot.id}/{asked.token}"


@asynccontextmanager
async def wired(setup: Setup | None = None) -> AsyncIterator[Wire]:
    """Run a Discord that judges itself, with two commands registered.

    Yields:
        The wire to it.
    """
    async with (
        DiscordFake(setup or Setup(judges_itself=True)) as fake,
        aiohttp.ClientSession() as session,
    ):
        channel = fake.add_channel(fake.add_guild())
        made = Wire(fake, session, channel, fake.add_user("ann"))
        await made.sync(COMPOSE, JAM)
        yield made
        assert not [each for each in fake.violations if "the fake" in each]


def form(said: Json, *files: tuple[str, bytes]) -> aiohttp.FormData:
    """Make a form of a message and its files, files[0] first."""
    made = aiohttp.FormData()
    made.add_field("payload_json", json.dumps(said), content_type="application/json")
    for number, (name, data) in enumerate(files):
        made.add_field(f"files[{number}]", data, filename=name)
    return made


def text_row(*labels: str) -> Json:
    """Make a row of buttons, each named by its label."""
    return {"type": 1, "components": [button(each) for each in labels]}


def button(name: str, **more: Any) -> Json:
    """Make a button."""
    return {"type": 2, "style": 1, "label": name, "custom_id": name} | more
