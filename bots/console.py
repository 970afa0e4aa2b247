"""The same conversation at a prompt: AudioGroove for one, without any chat.

What is typed is a command ("compose ragtime 16 bars", "vary bars 5-8 of song.mid"), or the number
of a button. Pieces are written into a folder as they come.
"""

import asyncio
import secrets
import sys
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from audiogroove.errors import FileUnreachable
from bots.chat import (
    Address,
    Ask,
    Attachment,
    Button,
    Chat,
    Ear,
    File,
    Medium,
    Person,
    Placed,
    Reply,
    Undeliverable,
    Verb,
)
from bots.commands import split_command
from bots.doors import Doors

GREETING = 'AudioGroove. Say "compose ragtime 16 bars", "help", or the number of a button.'
PROMPT = "> "
PAUSE_S = 1.0
YOU = Person("console:you", "you")
HERE = Chat("console:here", is_private=True)


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where a console is: what is typed, where it writes, and where files go."""

    heard: AsyncGenerator[str]  # line by line
    write: Callable[[str], object]
    folder: Path
    in_turn: bool = False  # a script: nothing more is heard until the last ask is answered


class Console:
    """A chat of one person; line and door of its own."""

    platform = "console"
    previews = frozenset({Medium.PICTURE, Medium.SOUND})

    def __init__(
        self,
        ear: Ear,
        doors: Doors,
        terminal: Terminal,
        settled: Callable[[], Awaitable[None]],
    ) -> None:
        """Set up a console; `settled` waits until all that was asked is done."""
        self._ear, self._doors, self._settled = ear, doors, settled
        self._heard, self._write = terminal.heard, terminal.write
        self._folder, self._in_turn = terminal.folder, terminal.in_turn
        self._buttons: list[Button] = []
        self.address: Address = {}

    async def run(self) -> None:
        """Talk until nothing more is said, and all of it is answered."""
        with self._doors.held_open(self):
            self._write(f"{GREETING}\n{PROMPT}")
            async for said in self._heard:
                if said.strip() in {"quit", "exit"}:
                    break
                if said.strip():
                    await self._ear.hear(self._ask(said.strip()), self)
                if self._in_turn:
                    await self._settled()
            await self._settled()

    def _ask(self, said: str) -> Ask:
        ask_id = f"console.{secrets.token_hex(8)}"
        if said.isdecimal() and 0 < int(said) <= len(self._buttons):
            button = self._buttons[int(said) - 1]
            return Ask(
                ask_id,
                button.verb,
                YOU,
                HERE,
                subject=button.subject,
                argument=button.argument,
                is_press=True,
            )
        files = [word for word in said.split() if word.lower().endswith((".mid", ".midi"))]
        words = " ".join(word for word in said.split() if word not in files)
        verb, text = split_command(words)
        seed = _attachment(Path(files[0])) if files else None
        verb = verb or (Verb.CONTINUE if seed else Verb.COMPOSE)
        return Ask(ask_id, verb, YOU, HERE, text=text, seed=seed)

    # As a line.

    async def hold(self) -> None:
        """Nothing waits impatiently here."""

    async def open(self, reply: Reply) -> Address:
        """Say the first words."""
        self._say(reply)
        return {}

    async def say(self, reply: Reply) -> None:
        """Answer."""
        await self._keep(reply.files)
        self._say(reply)

    async def nod(self, words: str) -> None:
        """Say that it is done."""
        self._say(Reply(words))

    async def gather(self, card: Reply, title: str) -> Address:
        """Put nothing up: whoever sits here is alone.

        Raises:
            Undeliverable: always.
        """
        raise Undeliverable(f"nobody would see this at a prompt: {title}: {card.text}")

    async def is_moderator(self) -> bool:
        """Whoever sits here is master of the house."""
        return True

    async def remove(self, _delivered: Address) -> None:
        """What was written on a terminal stays there."""

    # As a door.

    def pause_s(self, _address: Address) -> float:
        """Tell how long to wait between two lines about one piece."""
        return PAUSE_S

    async def show(self, _address: Address, reply: Reply) -> None:
        """Say how it goes."""
        self._say(reply)

    async def deliver(self, _address: Address, reply: Reply, *, nonce: str, placed: Placed) -> None:
        """Write the files and say so."""
        del nonce, placed  # nothing is ever said twice here
        await self._keep(reply.files)
        self._say(reply)

    async def _keep(self, files: Sequence[File]) -> None:
        for file in files:
            path = self._folder / file.name
            await asyncio.to_thread(path.write_bytes, file.data)
            self._write(f"\n{path}")
        if files:
            self._write("\n")

    def _say(self, reply: Reply) -> None:
        lines = [reply.text]
        if reply.buttons:
            self._buttons = [button for row in reply.buttons for button in row]
            told = (f"[{n}] {button.label}" for n, button in enumerate(self._buttons, start=1))
            lines.append("  ".join(told))
        self._write("\n".join(lines) + f"\n{PROMPT}")


def _attachment(path: Path) -> Attachment:
    async def fetch() -> bytes:
        try:
            return await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            raise FileUnreachable(path.name, fault=error.strerror or "unreadable") from error

    return Attachment(path.name, path.stat().st_size if path.exists() else 0, fetch)


async def lines_of_stdin() -> AsyncGenerator[str]:
    """Hear what is typed, line by line, until the end of the input.

    A thread of its own reads: it may wait for ever, and must not keep the process from ending.

    Yields:
        One line at a time, with its newline.
    """
    loop, queue = asyncio.get_running_loop(), asyncio.Queue[str]()

    def listen() -> None:
        for line in iter(sys.stdin.readline, ""):
            loop.call_soon_threadsafe(queue.put_nowait, line)
        loop.call_soon_threadsafe(queue.put_nowait, "")

    threading.Thread(target=listen, daemon=True, name="console").start()
    while line := await queue.get():
        yield line
