"""A club for jams: the real bandstand, conversation, desk and store; chats made of text.

A transcript reads as the chat does: the card is written down as it stands after each thing that
somebody did, when it has changed.

    Ann: /jam start ragtime in d minor
        🎶 Jam no. 1 · ragtime in D minor · 4/4 at 96 bpm
        …
        [➕ Join] [🚪 Leave]
    Bob presses ➕ Join
        (to Bob: You play along.)
    (2 minutes pass)
    Cleo in room kitchen: /jam start
    Ann replies to the card: <tune.mid>
    (AudioGroove is restarted)
"""

import asyncio
import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import AsyncExitStack, closing
from itertools import count
from pathlib import Path
from typing import Self

from audiogroove.errors import FileUnreachable
from audiogroove.jam.jam import Jam, Phase
from audiogroove.music import midi, wall
from audiogroove.music.piece import Meter, Note, Part, Piece
from audiogroove.store import Store
from audiogroove.tokens.customs import Custom
from bots.chat import (
    Ask,
    Attachment,
    Button,
    Chat,
    Person,
    Reply,
    Verb,
    clock_time,
    decode_button,
    with_moments,
)
from bots.commands import split_command
from bots.conversation import Conversation, House, Means, Quota
from bots.desk import Desk, Room, World
from bots.doors import Doors
from bots.jams.bandleader import Bandleader, Score
from bots.jams.bandstand import Bandstand
from bots.jams.poster import Printing
from bots.jams.stand import Backstage
from bots.previews import Previews
from tests.bots.easel import Easel
from tests.jams.chatroom import Chatroom, Walls
from tests.jams.clock import Clock, turns
from tests.jams.fiddler import Fiddler

CUSTOM = Custom(100, (((0,), 9),), (("4/4", 9),), (90.0, 96.0, 110.0), 0.0, (4.0, 8.0, 12.0))
CUSTOMS = {"folk": CUSTOM, "ragtime": CUSTOM}
TUNE = Piece((Part(tuple(Note(12 * i, 60 + i % 5, 12) for i in range(32)), name="Piano"),), 8)
BEAT = Piece((Part(tuple(Note(12 * i, 36, 6) for i in range(32)), is_drums=True),), 8)
WALTZ = Piece((Part((Note(0, 60, 12),), name="Piano"),), 1, ((0, Meter(3, 4)),))
FILES = {
    "tune.mid": midi.write(TUNE),
    "beat.mid": midi.write(BEAT),
    "waltz.mid": midi.write(WALTZ),
    "cat.mid": b"\x89PNG\r\n\x1a\n",
    "huge.mid": b"MThd" + bytes(3 * 1024 * 1024),
}

PLENTY = Quota(600, 600)
HOME = "stage:room"

_SAID = re.compile(r"(\w+)( alone| in room \w+)?: (.*?) ?(?:<(.+)>)?")
_PRESSED = re.compile(r"(\w+)( in room \w+)? presses (.+)")
_REPLIED = re.compile(r"(\w+) replies to the card: (.*?) ?(?:<(.+)>)?")
_PASSED = re.compile(r"\((\d+) (second|minute|hour|day)s? pass(?:es)?\)")


class Club:
    """Everything behind the chats but a model; it can be killed and started again."""

    def __init__(self, folder: Path, *, person: Quota = PLENTY, chat: Quota = PLENTY) -> None:
        """Set up; `async with` opens."""
        self.lines: list[str] = []
        self.walls, self.clock, self.fiddler = Walls(), Clock(), Fiddler()
        self._folder, self.file = folder, folder / "club.db"
        self._house = House("test-1", ("folk", "ragtime"), person, chat)
        self._ids, self._seeds, self._lives = count(1), count(1), count(1)
        self._shown: list[Reply] = []
        self._stack = AsyncExitStack()
        self._happenings: dict[str, Callable[[], None]] = {
            "(the composer is slow)": self.fiddler.hold,
            "(the composer is done)": self.fiddler.let_go,
            "(the composer can do nothing)": lambda: self._refuse(refuses=True),
            "(the composer is well again)": lambda: self._refuse(refuses=False),
            "(the card is deleted)": self._delete_card,
            "(nothing can be said here)": lambda: self._shut(is_shut=True),
            "(a minute later it can again)": lambda: self._shut(is_shut=False),
        }

    async def __aenter__(self) -> Self:
        """Open."""
        stack, clock, doors = self._stack, self.clock, Doors()
        url = f"sqlite+aiosqlite:///{self.file}"
        self.store = await stack.enter_async_context(await Store.open(url, clock=clock.now_s))
        previews = Previews(Easel())
        world = World(sleep=clock.sleep, now_s=clock.now_s)
        self.desk = Desk(self.store, self.fiddler, doors, previews, room=Room(4, 500), world=world)
        self.bandstand = Bandstand(
            Backstage(self.store, self.desk, world), Printing(doors, previews)
        )
        stack.enter_context(doors.held_open(Chatroom(self.walls)))
        stack.push_async_callback(self.bandstand.close)
        stack.push_async_callback(self.desk.close, 0.0)
        score = Score(CUSTOMS, self._house.charges, self._seeds.__next__, clock.now_s, read_file)
        bandleader = Bandleader(self.bandstand, self.store, previews, score)
        means = Means(read_file, self._seeds.__next__, bandleader=bandleader)
        self.conversation = Conversation(self.store, self.desk, self._house, previews, means)
        await self.bandstand.resume()
        await self.desk.resume()
        await self.bandstand.begin()
        return self

    async def __aexit__(self, *raised: object) -> None:
        """Close."""
        await self.close()

    async def close(self) -> None:
        """Leave in order."""
        await self._stack.aclose()

    async def restart(self) -> None:
        """Leave in order, and start again."""
        await self.close()
        await self.revive()

    async def kill(self) -> None:
        """Let the power go: what is not on the disk and on the walls by now never was."""
        await self.die()
        await self.revive()

    async def die(self) -> None:
        """Be killed, and stay so."""
        file = self._folder / f"club {next(self._lives)}.db"
        await asyncio.to_thread(copy_database, self.file, file)
        walls = self.walls.copy()
        await self.close()  # whatever this does, it does to what we have left
        self.file, self.walls = file, walls

    async def revive(self) -> None:
        """Start with what a process left behind that is no more."""
        self._stack = AsyncExitStack()
        await self.__aenter__()

    # What people do.

    async def hear(self, ask: Ask) -> list[str]:
        """Let somebody do something; what they alone are told."""
        room = Chatroom(self.walls, ask)
        await self.conversation.hear(ask, room)
        return room.heard

    async def tap(self, name: str, label: str, room: str = HOME) -> list[str]:
        """Let somebody press the button that begins with a label; what they alone are told."""
        return await self.hear(self.ask_of(self.button(name, label, room), name, room))

    async def press(self, name: str, label: str, room: str = HOME) -> list[str]:
        """Tap, and wait for all that comes of it."""
        heard = await self.tap(name, label, room)
        await self.calm()
        return heard

    async def say(self, name: str, words: str, room: str = HOME) -> list[str]:
        """Let somebody say something; what they alone are told of it."""
        verb, text = split_command(words)
        assert verb, words
        chat = Chat(room, is_private=room.endswith("alone"))
        return await self.hear(Ask(self._id(), verb, person(name), chat, text=text))

    def button(self, name: str, label: str, room: str = HOME) -> Button:
        """Find the button that begins with a label, in the latest message that has one.

        Raises:
            AssertionError: when there is none.
        """
        for message in reversed(self.walls.messages):
            is_seen = message.is_there and message.room == room
            if is_seen and message.reader in {"", name}:
                for button in buttons_in(message.reply):
                    if button.label.startswith(label):
                        return button
        raise AssertionError(f"{name} cannot press {label}")

    def buttons(self, jam_id: str, room: str = HOME) -> list[Button]:
        """List what can be pressed on the cards of a jam."""
        hung = [message.reply for message in self.walls.in_room(room)]
        on_cards = [each for reply in hung for each in buttons_in(reply) if is_on_a_card(reply)]
        return [each for each in on_cards if each.subject == jam_id]

    def ask_of(self, button: Button, name: str, room: str = HOME) -> Ask:
        """Make the ask of a press."""
        decoded = decode_button(button.encoded)
        assert decoded
        verb, subject, argument = decoded
        chat = Chat(room, is_private=False)
        return Ask(
            self._id(), verb, person(name), chat, subject=subject, argument=argument, is_press=True
        )

    def _id(self) -> str:
        return f"stage.{next(self._ids)}"

    # What happens.

    async def calm(self) -> None:
        """Wait until nothing more happens by itself."""
        for stored in await self.store.jams.open_ones():
            with self.bandstand.watch(stored.jam.id) as watch:
                stand = self.bandstand.stand(stored.jam.id)
                while stand and self._is_restless(stand.jam):
                    await watch.news()
        await turns()
        if not self.fiddler.held:
            await self.desk.settled()
        if not self.walls.is_shut:
            await self.bandstand.settled()
        await turns()

    def _is_restless(self, jam: Jam) -> bool:
        """Tell whether something is due, or a take is on its way."""
        if jam.phase.is_over:
            return False
        is_due = min(jam.deadline_s, jam.ends_s) <= self.clock.now_s()
        return is_due or (jam.phase is Phase.TAKING and not self.fiddler.held)

    def _refuse(self, *, refuses: bool) -> None:
        self.fiddler.refuses = refuses

    def _shut(self, *, is_shut: bool) -> None:
        self.walls.is_shut = is_shut
        self.clock.pass_s(0 if is_shut else 60)

    def _delete_card(self) -> None:
        number, _ = max(enumerate(self.walls.messages), key=lambda each: each[1].room == HOME)
        self.walls.take_down({"room": HOME, "message": number})

    # The transcript.

    async def perform(self, line: str) -> None:
        """Let happen what a line says."""
        self.lines.append(line)
        heard: Sequence[str] = ()
        if line.startswith("("):
            await self._happen(line)
        else:
            heard = await self._do(line)
        await self.calm()
        self._write(line.split(maxsplit=1)[0].removesuffix(":"), heard)

    async def _happen(self, line: str) -> None:
        if passing := _PASSED.fullmatch(line):
            unit_s = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}[passing[2]]
            self.clock.pass_s(int(passing[1]) * unit_s)
        elif line == "(AudioGroove is restarted)":
            await self.restart()
        elif line == "(AudioGroove is killed and started again)":
            await self.kill()
        else:
            self._happenings[line]()

    async def _do(self, line: str) -> list[str]:
        if pressed := _PRESSED.fullmatch(line):
            return await self.press(pressed[1], pressed[3], room_of(pressed[2]))
        if replied := _REPLIED.fullmatch(line):
            return await self._reply(replied[1], replied[2], replied[3])
        said = _SAID.fullmatch(line)
        assert said, line
        if not said[4]:
            return await self.say(said[1], said[3], room_of(said[2]))
        verb, text = split_command(said[3])
        assert verb, line
        chat = Chat(room_of(said[2]), is_private=False)
        return await self.hear(
            Ask(self._id(), verb, person(said[1]), chat, text=text, seed=attachment(said[4]))
        )

    async def _reply(self, name: str, words: str, file: str) -> list[str]:
        """Send a file in reply to the card, as adapters make an ask of it."""
        card = self.button(name, "🚪 Leave")
        ask = Ask(
            self._id(),
            Verb.JAM,
            person(name),
            Chat(HOME, is_private=False),
            text=words,
            seed=attachment(file),
            subject=card.subject,
            argument="take",
        )
        return await self.hear(ask)

    def _write(self, who: str, heard: Iterable[str]) -> None:
        self.lines += [f"    (to {who}: {each})".replace("\n", "\n     ") for each in heard]
        for number, message in enumerate(self.walls.messages):
            if number == len(self._shown):
                self._shown.append(Reply(""))
            if not message.is_there or message.reply == self._shown[number]:
                continue
            if not message.reader:
                where = [f"    (in {message.room.removeprefix('stage:')})"]
                self.lines += where * (message.room != HOME)
                self.lines += [f"    {each}" for each in told(message.reply)]
            self._shown[number] = message.reply

    async def jam(self, room: str = HOME) -> Jam:
        """Find the one jam that is open in a room, as it is kept."""
        jams = [stored.jam for stored in await self.store.jams.open_ones()]
        (jam,) = [jam for jam in jams if jam.spot.chat == room]
        return jam


def copy_database(source: Path, target: Path) -> None:
    """Copy what is committed to a database by now, whoever writes to it."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def buttons_in(reply: Reply) -> list[Button]:
    """List what can be pressed."""
    return [each for row in reply.buttons for each in row]


def is_on_a_card(reply: Reply) -> bool:
    """Tell a jam's card from all else that is said."""
    return reply.text.startswith("🎶 Jam no.")


def told(reply: Reply) -> list[str]:
    """Write a message as it is read, line by line."""
    lines = with_moments(reply.text, clock_time).splitlines()
    lines += [" ".join(f"[{each.label}]" for each in row) for row in reply.buttons]
    files = " ".join(f"<{re.sub('-[0-9]+[.]', '.', file.name)}>" for file in reply.files)
    return [*lines, *([files] if files else [])]


def room_of(words: str | None) -> str:
    """Tell which chat is meant: " alone", " in room kitchen"."""
    name = (words or "").strip().removeprefix("in room ")
    return f"stage:{name or 'room'}"


def person(name: str) -> Person:
    """Name somebody."""
    return Person(f"stage:{name.lower()}", name)


def attachment(name: str) -> Attachment:
    """Send a file along."""

    async def fetch() -> bytes:
        if name not in FILES:
            raise FileUnreachable(name, fault="it expired")
        return FILES[name]

    return Attachment(name, len(FILES.get(name, b"")), fetch)


async def read_file(data: bytes) -> Piece:
    """Read a file behind the wall."""
    return await asyncio.to_thread(wall.read, data)
