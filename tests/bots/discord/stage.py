"""A small Discord with our front end on it, and an ear that does as the test says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from bots.chat import Address, Ask, Button, File, Line, Medium, Reply, Verb
from bots.discord.door import DiscordDoor
from bots.discord.front import DiscordFront
from bots.discord.listening import Timing
from bots.doors import Doors
from tests.fakes.discord import Channel, DiscordFake, Guild, Interaction, Message, User

MIDI = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x00\x60MTrk\x00\x00\x00\x04\x00\xff\x2f\x00"
PNG, MP3 = b"\x89PNG\r\n\x1a\n", b"ID3" + bytes(1000)
CANCEL = Button("Cancel", Verb.CANCEL, "discord.7")
AGAIN = Button("🎲 Again", Verb.AGAIN, "k3v9x2m4qa")
DELETE = Button("🗑 Delete", Verb.DELETE, "k3v9x2m4qa", is_grave=True)
STATUS = Reply("Composing: 3 of 16 bars", buttons=((CANCEL,),))
LATER = Reply("Composing: 9 of 16 bars", buttons=((CANCEL,),))
SONG = File("rag.mid", MIDI, Medium.MIDI)
ROLL = File("rag.png", PNG, Medium.PICTURE, about="A piano and a tuba, 16 bars")
SOUND = File("rag.mp3", MP3, Medium.SOUND, title="Ragtime in D minor", duration_s=32.0)
PIECE = Reply("Ragtime in D minor", (SOUND, SONG, ROLL), ((AGAIN,), (DELETE,)))
SECRET = Reply("Only for you", is_private=True)
JOB = "discord.7"
TITLE = "Jam no. 3 · ragtime in D minor"
JOIN = Button("➕ Join", Verb.JAM, "j4m7x2k9qa", "join")
KEEP = Button("✅ Keep", Verb.JAM, "j4m7x2k9qa", "keep.7.2")
CARD = Reply("Who joins in?", buttons=((JOIN,),))
TAKE = Reply("Ann, do you keep it?", (SOUND, ROLL), ((KEEP,),))


async def say_nothing(_ask: Ask, _line: Line) -> None:
    """Hear and be silent."""


@dataclass
class ScriptedEar:
    """Hears everything; what it then does is set by the test."""

    answer: Callable[[Ask, Line], Awaitable[None]] = say_nothing
    asks: list[Ask] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    _heard: asyncio.Queue[tuple[Ask, Line]] = field(default_factory=asyncio.Queue)

    async def hear(self, ask: Ask, line: Line) -> None:
        """Keep what is heard and answer as told."""
        self.asks.append(ask)
        self.lines.append(line)
        self._heard.put_nowait((ask, line))
        await self.answer(ask, line)

    async def next(self) -> tuple[Ask, Line]:
        """Wait for what is heard next."""
        async with asyncio.timeout(10):
            return await self._heard.get()

    def says(self, reply: Reply) -> None:
        """Answer everything with these words."""

        async def answer(_ask: Ask, line: Line) -> None:
            await line.say(reply)

        self.answer = answer


@dataclass
class Noted:
    """Notes in memory."""

    facts: dict[str, str] = field(default_factory=dict)

    async def note(self, name: str) -> str | None:
        """Recall a fact."""
        return self.facts.get(name)

    async def set_note(self, name: str, value: str) -> None:
        """Remember a fact."""
        self.facts[name] = value


@dataclass
class Stage:
    """One guild with one channel, ann in it, and our front end while `on_air`."""

    fake: DiscordFake
    guild: Guild
    channel: Channel
    ann: User
    ear: ScriptedEar = field(default_factory=ScriptedEar)
    notes: Noted = field(default_factory=Noted)
    doors: Doors = field(default_factory=Doors)
    kept: list[Address] = field(default_factory=list)  # what deliveries said of where they are

    async def keep(self, address: Address) -> None:
        """Keep where a piece is."""
        self.kept.append(address)

    def front(self, *, token: str = "", patience_s: float = 60.0) -> DiscordFront:
        """Make a front end; by default its guard sleeps."""
        return DiscordFront(
            token=token or self.fake.setup.token,
            ear=self.ear,
            doors=self.doors,
            notes=self.notes,
            api_url=self.fake.url,
            timing=Timing(self.fake.clock.wall_s, patience_s),
        )

    async def asked(self, command: str = "compose") -> tuple[Interaction, Line]:
        """Let ann use a command; give what she did and the line that it opened."""
        interaction = await self.fake.slash(self.ann, self.channel, command)
        _, line = await self.ear.next()
        return interaction, line

    async def piece(self) -> Message:
        """Put a finished piece into the channel, by way of a command."""
        interaction, line = await self.asked()
        door = await self.doors.reach("discord")
        await door.deliver(await line.open(STATUS), PIECE, nonce=JOB, placed=self.keep)
        return await interaction.original()

    async def press(self, message: Message, button: str) -> tuple[Interaction, Line]:
        """Let ann press a button; give what she did and the line that it opened."""
        interaction = await self.fake.press(self.ann, message, button)
        _, line = await self.ear.next()
        return interaction, line

    async def gathered(
        self, place: Channel | None = None, card: Reply = CARD
    ) -> tuple[Interaction, Address]:
        """Let ann start a jam; give what she did and where its card is."""
        interaction = await self.fake.slash(self.ann, place or self.channel, "jam start")
        _, line = await self.ear.next()
        return interaction, await line.gather(card, TITLE)

    async def door(self) -> DiscordDoor:
        """Give the door of our front end, which has cards, too."""
        door = await self.doors.reach("discord")
        assert isinstance(door, DiscordDoor)
        return door

    def message(self, address: Address) -> Message:
        """Find the message of an address."""
        return self.fake.world.messages[int(str(address["message"]))]

    @asynccontextmanager
    async def on_air(self, *, patience_s: float = 60.0) -> AsyncIterator[DiscordDoor]:
        """Run the front end.

        Yields:
            Its door.
        """
        running = asyncio.create_task(self.front(patience_s=patience_s).run())
        ready = asyncio.create_task(self.fake.bot_ready())
        await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            ready.cancel()
            running.result()
        await ready
        try:
            yield await self.door()
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
