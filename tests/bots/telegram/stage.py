"""AudioGroove's Telegram front end on a fake Telegram, with an ear that a test speaks for."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Literal, cast

from typing_extensions import override

from bots.chat import Address, Ask, Button, Door, File, Line, Medium, Reply, Verb
from bots.doors import Doors
from bots.replies import piece_buttons
from bots.telegram.front import TelegramFront
from tests.fakes.telegram import Chat, Message, TelegramFake, User

PATIENCE_S = 10.0  # until a test that waits has failed
MIDI = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x00\x60MTrk\x00\x00\x00\x04\x00\xff\x2f\x00"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (1280).to_bytes(4) + (480).to_bytes(4)
JPEG = bytes.fromhex("FFD8 FFE0 0004 0000 FFC0 0011 08 0140 0140 03")
MP3 = b"ID3 of a rag"
PIECE = "k3v9x2m4qa"
STATUS = Reply("Composing: 0 of 16 bars", buttons=((Button("Cancel", Verb.CANCEL, "job"),),))
NOTES = File("rag.mid", MIDI, Medium.MIDI)
ROLL = File("rag.png", PNG, Medium.PICTURE, about="A rag as a piano roll")
SOUND = File("rag.mp3", MP3, Medium.SOUND, title="A rag", duration_s=31.6, cover=JPEG)
SONG = Reply("A rag in D minor", (NOTES,), piece_buttons(PIECE))  # without any previews
RAG = Reply("A rag in D minor", (ROLL, SOUND, NOTES), piece_buttons(PIECE))
BUTTONS = [[button.label for button in row] for row in RAG.buttons]
MENU = Reply(
    "Which bars shall I rewrite?",
    buttons=((Button("Bars 1-4", Verb.VARY, PIECE, "1-4"),),),
    is_private=True,
    is_menu=True,
)

Script = Callable[[Ask, Line], Awaitable[None]]


async def silence(_ask: Ask, _line: Line) -> None:
    """Say nothing."""


class ScriptedEar:
    """Keeps what it hears and answers as it was told to."""

    def __init__(self) -> None:
        """Begin with nothing heard, and nothing to say."""
        self.script: Script = silence
        self._heard = asyncio.Queue[tuple[Ask, Line]]()

    async def hear(self, ask: Ask, line: Line) -> None:
        """Do as the script says; what was heard is told once that is done."""
        await self.script(ask, line)
        self._heard.put_nowait((ask, line))

    def says(self, reply: Reply) -> None:
        """Let all that is heard from now on be answered like this."""

        async def say(_ask: Ask, line: Line) -> None:
            await line.say(reply)

        self.script = say

    async def listen(self) -> tuple[Ask, Line]:
        """Wait for what is heard next."""
        async with asyncio.timeout(PATIENCE_S):
            return await self._heard.get()

    async def ask(self) -> Ask:
        """Wait for what is asked next."""
        return (await self.listen())[0]

    async def line(self) -> Line:
        """Wait for what is asked next, to answer it."""
        return (await self.listen())[1]


class Placed:
    """Keeps where a delivery has come, as the store does."""

    def __init__(self) -> None:
        """Begin with nothing noted."""
        self.addresses: list[Address] = []

    async def __call__(self, address: Address) -> None:
        """Note an address; what is noted is JSON."""
        self.addresses.append(kept(address))

    @property
    def last(self) -> Address:
        """The address that was noted last."""
        return self.addresses[-1]


async def deliver(door: Door, address: Address, reply: Reply) -> Address:
    """Deliver a piece, and tell the address that was noted last."""
    placed = Placed()
    await door.deliver(address, reply, nonce="job", placed=placed)
    return placed.last


async def piece_in(fake: TelegramFake, ear: ScriptedEar, chat: Chat, asker: User) -> Message:
    """Let a piece stand in a chat, and all that is said after it be silence."""
    ear.says(SONG)
    asked = await fake.say(asker, chat, "/compose")
    await ear.ask()
    return await asked.reply()


def kept(address: Address) -> Address:
    """Keep an address as the store does, as JSON, and tell it as another process reads it."""
    return cast("Address", json.loads(json.dumps(address)))


class Notebook:
    """Notes in memory."""

    def __init__(self) -> None:
        """Begin with an empty one."""
        self.notes: dict[str, str] = {}
        self.written = asyncio.Event()

    async def note(self, name: str) -> str | None:
        """Recall a fact."""
        return self.notes.get(name)

    async def set_note(self, name: str, value: str) -> None:
        """Remember a fact."""
        self.notes[name] = value
        self.written.set()


class Gate(asyncio.Event):
    """Holds a request of the front end; `reached` tells that it has come that far."""

    def __init__(self) -> None:
        """Begin closed."""
        super().__init__()
        self.reached = asyncio.Event()

    @override
    async def wait(self) -> Literal[True]:
        """Hold whoever comes until the gate opens."""
        self.reached.set()
        return await super().wait()


class Stage:
    """A fake Telegram, and everything that a front end needs."""

    def __init__(self, fake: TelegramFake) -> None:
        """Set up a stage; nothing runs on it yet."""
        self.fake, self.ear, self.notebook, self.doors = fake, ScriptedEar(), Notebook(), Doors()

    def front(self, *, token: str = "", silence_s: float = PATIENCE_S) -> TelegramFront:
        """Build a front end as a new process would."""
        return TelegramFront(
            token=token or self.fake.token,
            api_url=self.fake.origin,
            ear=self.ear,
            doors=self.doors,
            notes=self.notebook,
            silence_s=silence_s,
        )

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[Door]:
        """Run a front end.

        Yields:
            Its door.
        """
        running = asyncio.create_task(self.front().run())
        reached = asyncio.create_task(self.doors.reach("telegram"))
        await asyncio.wait({running, reached}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            reached.cancel()
            await running
        try:
            yield await reached
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
