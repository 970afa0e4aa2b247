"""A channel or a thread on the fake Discord, as a room."""

import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import discord
from discord.gateway import DiscordWebSocket
from typing_extensions import override

from bots.chat import Ear, Front, Notes
from bots.discord.front import DiscordFront
from bots.discord.listening import USUAL, Timing
from bots.doors import Doors
from tests.bots.jams.rooms import PATIENCE_S, Room, Shown, is_card
from tests.bots.jams.stage import Stage
from tests.fakes.discord import Callback, Channel, DiscordFake, Interaction, Message, User

T = TypeVar("T")
_TIME = re.compile(r"<t:(\d+):R>")


class DiscordRoom(Room):
    """A channel where people jam; what is put up in a thread of it is looked for there."""

    def __init__(
        self, fake: DiscordFake, channel: Channel, people: dict[str, User] | None = None
    ) -> None:
        """Stand in a channel; `people` are those whom another room knows, too."""
        self.fake, self.channel = fake, channel
        self.people = {} if people is None else people

    def beside(self, channel: Channel) -> "DiscordRoom":
        """Stand in another channel, with the same people."""
        return DiscordRoom(self.fake, channel, self.people)

    def person(self, name: str) -> User:
        """Find somebody by their name."""
        if name not in self.people:
            self.people[name] = self.fake.add_user(name)
        return self.people[name]

    @property
    def hall(self) -> Channel:
        """Where they meet: the thread that was opened last, or the channel itself."""
        threads = [each.thread for each in self.channel.messages if each.thread]
        return threads[-1] if threads else self.channel

    @property
    def message(self) -> Message | None:
        """The message that is the card."""
        cards = [each for each in self._cards() if not each.is_deleted]
        return cards[-1] if cards else None

    def _cards(self) -> list[Message]:
        ours = (each for each in self.hall.messages if each.author is self.fake.bot)
        return [each for each in ours if is_card(each.content)]

    @override
    def card(self) -> Shown | None:
        return shown(self.message) if self.message else None

    @override
    def cards(self) -> int:
        return len(self._cards())

    @override
    def is_single(self) -> bool:
        return sum(not each.is_deleted for each in self._cards()) == 1

    @override
    def said(self) -> list[str]:
        every = (*self.channel.all_messages, *self.hall.all_messages)
        return [each.content for each in every if each.author is self.fake.bot]

    @override
    def texts(self) -> list[str]:
        return [each.content for each in self.message.history] if self.message else []

    @override
    def files(self) -> list[bytes]:
        ours = (each for each in self.hall.messages if each.author is self.fake.bot)
        sent = (file for each in ours if not each.is_deleted for file in each.files)
        return [file.data for file in sent if file.name.endswith(".mid")]

    @override
    async def wait(self, found: Callable[[], T | None]) -> T:
        return await self.fake.wait_for(found, PATIENCE_S)

    @override
    async def start(self, name: str, **wishes: object) -> None:
        before = {each.id for each in self._cards()}
        await self.fake.slash(self.person(name), self.channel, "jam start", wishes)
        await self.wait(lambda: {each.id for each in self._cards()} - before)

    @override
    async def does(self, name: str, action: str, **wishes: object) -> str:
        asked = await self.fake.slash(self.person(name), self.hall, f"jam {action}", wishes)
        return (await asked.original(PATIENCE_S)).content

    @override
    async def tap(self, name: str, label: str) -> str:
        assert self.message
        return await told(await self.fake.press(self.person(name), self.message, label))

    @override
    async def press_below(self, name: str, label: str) -> str:
        person = self.person(name)

        def found() -> Message | None:
            seen = (*self.hall.seen_by(person), *self.channel.seen_by(person))
            having = [each for each in seen if label in [one.label for one in each.buttons]]
            return max(having, key=lambda each: each.id) if having else None

        return await told(await self.fake.press(person, await self.wait(found), label))

    @override
    async def send(self, name: str, data: bytes) -> None:
        assert self.message
        files = [("mine.mid", data)]
        person = self.person(name)
        await self.fake.say(person, self.message.channel, files=files, reply_to=self.message)

    @override
    async def delete_card(self) -> None:
        assert self.message
        await self.fake.delete(self.message)

    async def delete_hall(self) -> None:
        """Let the place vanish where they meet."""
        self.fake.delete_channel(self.hall)

    async def show_bot_out(self) -> None:
        """Let the bot be no member of the server any more."""
        assert self.channel.guild
        self.fake.remove_bot(self.channel.guild)


def shown(message: Message) -> Shown:
    """See a card."""
    time = _TIME.search(message.content)
    sounds = [file.data for file in message.files if file.name.endswith(".mp3")]
    return Shown(
        message.content,
        tuple(button.label for button in message.buttons),
        int(time[1]) if time else None,
        message.framed.data if message.framed else None,
        sounds[0] if sounds else None,
    )


async def told(pressed: Interaction) -> str:
    """Wait until a press is acknowledged, and tell what its person alone reads then."""
    if await pressed.acknowledged(PATIENCE_S) is Callback.DEFER_UPDATE:
        return ""
    answer = await pressed.original(PATIENCE_S)
    return answer.content if answer.is_ephemeral else ""


@asynccontextmanager
async def on_discord(
    folder: Path, timing: Timing | None = None, stage: Stage | None = None
) -> AsyncGenerator[tuple[DiscordRoom, Stage]]:
    """Open everything on a Discord; in the end nothing was done that it does not take.

    Yields:
        A channel of a server, and what is behind.
    """
    before = discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    stage = stage or Stage(folder)
    try:
        async with DiscordFake() as fake:
            room = DiscordRoom(fake, fake.add_channel(fake.add_guild("Studio"), "general"))
            patient = timing or Timing(fake.clock.wall_s, PATIENCE_S)
            async with stage.open_for(front_on(fake, patient)):
                await fake.bot_ready(PATIENCE_S)
                yield room, stage
            fake.check()
            assert fake.flood.total == 0
    finally:
        discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


def front_on(fake: DiscordFake, timing: Timing = USUAL) -> Callable[[Ear, Doors, Notes], Front]:
    """Make front ends that serve this Discord."""

    def make(ear: Ear, doors: Doors, notes: Notes) -> Front:
        token, url = fake.setup.token, fake.url
        return DiscordFront(
            token=token, ear=ear, doors=doors, notes=notes, api_url=url, timing=timing
        )

    return make
