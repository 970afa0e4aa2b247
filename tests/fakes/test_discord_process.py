"""The fake as a process of its own, steered over HTTP as benchmarks and kill tests do."""

import asyncio
import base64
import json
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands
from typing_extensions import override

from tests.fakes.discord.__main__ import parse
from tests.fakes.discord.control import ControlledFake
from tests.fakes.discord.record import Json
from tests.fakes.discord.seam import pointed_at

ROOT = Path(__file__).parents[2]


class Remote:
    """Speaks to the fake in the other process."""

    def __init__(self, session: aiohttp.ClientSession, told: dict[str, str]) -> None:
        self.url = told["url"]
        self._control = told["control"]
        self.token = told["token"]
        self._session = session

    async def do(self, action: str, **asked: Any) -> dict[str, Any]:
        """Let people do something."""
        async with self._session.post(f"{self._control}/{action}", json=asked) as answer:
            told: dict[str, Any] = await answer.json()
            assert answer.status == 200, told
            return told

    async def see(self, what: str) -> Any:
        """Look at what happened."""
        async with self._session.get(f"{self._control}/{what}") as answer:
            return await answer.json()


@pytest.fixture
async def remote() -> AsyncIterator[Remote]:
    """Start the process and give the way to it.

    Yields:
        It, when it listens.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fakes.discord", "--port", "0"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    told = json.loads(await process.stdout.readline())
    async with aiohttp.ClientSession() as session:
        yield Remote(session, told)
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()


class Probe(discord.Client):
    """Answers /compose with the file that it got."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default(), guild_ready_timeout=0.0)
        self.tree = app_commands.CommandTree(self)

    @override
    async def setup_hook(self) -> None:
        self.tree.add_command(compose)
        await self.tree.sync()


@app_commands.command(description="Compose.")
async def compose(asked: discord.Interaction[Any], seed: discord.Attachment) -> None:
    """Answer with the seed."""
    await asked.response.defer()
    await asked.edit_original_response(content="done", attachments=[await seed.to_file()])


async def test_other_process_plays_people_and_tells_what_it_saw(remote: Remote) -> None:
    """A command is used and answered; the times and the calls are told, nothing was violated."""
    guild = await remote.do("add_guild", name="Studio")
    channel = await remote.do("add_channel", guild=guild["id"])
    ann = await remote.do("add_user", name="ann")
    file = {"name": "a.mid", "base64": base64.b64encode(b"MThd").decode()}
    with pointed_at(remote.url):
        async with Probe() as bot:
            running = asyncio.create_task(bot.start(remote.token))
            await remote.do("wait", until="ready")
            asked = await remote.do(
                "slash", user=ann["id"], channel=channel["id"], command="compose", attachment=file
            )
            await remote.do("wait", until="delivered", interactions=[asked["id"]])
            await bot.close()
            await running
    (state,) = await remote.see(f"interactions?id={asked['id']}")
    assert state["response"]["files"][0]["name"] == "a.mid"
    assert state["dispatched_s"] < state["acknowledged_s"] < state["response"]["history"][1]["at_s"]
    record = await remote.see("record")
    assert (record["violations"], record["flood"]["by_route"]) == ([], {})


@pytest.fixture
async def steered() -> AsyncIterator[tuple[ControlledFake, Remote]]:
    """Give the same in this process, so that both ends can be looked at.

    Yields:
        The fake, and the way to it over HTTP.
    """
    async with ControlledFake() as fake, aiohttp.ClientSession() as session:
        told = {"url": fake.url, "control": f"{fake.origin}/control", "token": fake.setup.token}
        fake.commands.replace(None, COMMANDS, "1")
        yield fake, Remote(session, told)


COMMANDS: list[Json] = [
    {
        "name": "compose",
        "description": "Compose.",
        "options": [{"name": "style", "type": 3, "description": "Which", "autocomplete": True}],
    },
    {"name": "Continue this MIDI", "type": 3},
]
BUTTON = {"type": 2, "id": 2, "style": 1, "label": "Again", "custom_id": "again"}
ROW = {"type": 1, "id": 1, "components": [BUTTON]}
FIELD = {"type": 18, "label": "Style", "component": {"type": 4, "id": 2, "custom_id": "style"}}
Steered = tuple[ControlledFake, Remote]


async def test_everything_that_people_do_can_be_steered(steered: Steered) -> None:
    """Each action gives the id of what it set off."""
    fake, remote = steered
    guild = await remote.do("add_guild")
    channel = await remote.do("add_channel", guild=guild["id"])
    thread = await remote.do("add_thread", channel=channel["id"])
    ann = await remote.do("add_user", name="ann")
    direct = await remote.do("direct", user=ann["id"])
    here = {"user": ann["id"], "channel": channel["id"]}
    said = await remote.do("say", **here, text="hi", files=[{"name": "a.mid", "base64": ""}])
    await remote.do("say", user=ann["id"], channel=thread["id"], text="hi")
    await remote.do("say", user=ann["id"], channel=direct["id"], text="hi")
    message = fake.world.messages[int(said["id"])]
    message.components = [ROW]
    asked = await remote.do("slash", **here, command="compose")
    fake.world.interactions[int(asked["id"])].modal = {"custom_id": "f", "components": [FIELD]}
    await remote.do("autocomplete", **here, command="compose", focused=["style", "rag"])
    await remote.do("press", user=ann["id"], message=said["id"], button="Again")
    menu = "Continue this MIDI"
    await remote.do("context_menu", user=ann["id"], message=said["id"], name=menu)
    await remote.do("submit_modal", interaction=asked["id"], values={"style": "waltz"})
    assert [int(each.kind) for each in fake.interactions] == [2, 4, 3, 2, 5]
    assert [each["id"] for each in await remote.see("interactions")] == [
        str(each.id) for each in fake.interactions
    ]
    (told,) = await remote.see(f"messages?channel={channel['id']}")
    assert (told["content"], told["files"][0]["name"]) == ("hi", "a.mid")
    await remote.do("delete", message=said["id"])
    assert message.is_deleted


async def test_news_tell_what_was_seen_when_and_where(steered: Steered) -> None:
    """Every look of every message in its order, from any number on; buttons as they then were."""
    fake, remote = steered
    guild = await remote.do("add_guild")
    channel = await remote.do("add_channel", guild=guild["id"])
    thread = await remote.do("add_thread", channel=channel["id"])
    ann = await remote.do("add_user", name="ann")
    said = await remote.do("say", user=ann["id"], channel=thread["id"], text="hi")
    message = fake.world.messages[int(said["id"])]
    message.components = [ROW]
    fake.world.remember(message)
    (first, second) = await remote.see("news")
    assert await remote.see("news?since=1") == [second]
    assert (first["custom_ids"], second["custom_ids"]) == ([], ["again"])
    assert (second["channel"], second["parent"]) == (thread["id"], channel["id"])
    assert (second["message"], second["is_bot"]) == (said["id"], False)


async def test_time_and_weather_can_be_steered(steered: Steered) -> None:
    """Faults, a moved clock, dead tokens and links, a dropped gateway."""
    fake, remote = steered
    guild = await remote.do("add_guild")
    channel = await remote.do("add_channel", guild=guild["id"])
    ann = await remote.do("add_user", name="ann")
    asked = await remote.do("slash", user=ann["id"], channel=channel["id"], command="compose")
    before_s = fake.clock.now_s()
    await remote.do("advance", seconds=60)
    await remote.do("expire", interaction=asked["id"])
    await remote.do("expire_links")
    await remote.do("fail", method="GET", path="/users/@me", times=2, status=500)
    await remote.do("gateway", do="drop")
    assert fake.clock.now_s() - before_s >= 60
    assert fake.interactions[0].is_expired
    assert fake.faults.ordered[0].times == 2


async def test_what_cannot_be_done_is_told(steered: Steered) -> None:
    """A person could not do it, or it did not come about in time, or nobody knows the action."""
    _, remote = steered
    guild = await remote.do("add_guild")
    channel = await remote.do("add_channel", guild=guild["id"])
    ann = await remote.do("add_user", name="ann")
    with pytest.raises(AssertionError, match="no command"):
        await remote.do("slash", user=ann["id"], channel=channel["id"], command="decompose")
    with pytest.raises(AssertionError, match="nothing of the kind"):
        await remote.do("wait", until="ready", within_s=0.01)
    with pytest.raises(AssertionError, match="no such action"):
        await remote.do("dance")


def test_command_line_sets_it_up() -> None:
    """Port, token and leniency are options."""
    options = parse(["--port", "8080", "--token", "t", "--lenient"])
    assert (options.port, options.token, options.lenient) == (8080, "t", True)
