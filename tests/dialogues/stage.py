"""A stage for whole conversations: the real conversation, desk and store; a chat made of text.

What is said on stage is written down as it would be read in a chat:

    Ann: /compose ragtime 8 bars
    AudioGroove: 🎼 Composing ragtime, 8 bars: one moment [Cancel]
    AudioGroove (instead): 🎼 Ragtime in C major · … [🎲 Again] … <ragtime-c-major-1.mid>
    Ann presses 🎲 Again
    AudioGroove (to Ann): …
"""

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Self

from audiogroove.errors import FileUnreachable
from audiogroove.music import midi, wall
from audiogroove.music.instruments import parse_part
from audiogroove.music.piece import Key, Meter, Note, Part, Piece
from audiogroove.request import ComposeRequest, Mode
from audiogroove.service.engine import Health
from audiogroove.service.job import Composition, Done, Event, Job, Waiting
from audiogroove.store import Store
from audiogroove.store.rows import JobState
from bots.chat import Address, Ask, Attachment, Button, Chat, Medium, Person, Placed, Reply, Verb
from bots.commands import split_command
from bots.conversation import Conversation, House, Means, Quota
from bots.desk import Desk, Room, World
from bots.doors import Doors
from bots.previews import Previews
from tests.bots.easel import Easel

TUNE = Piece((Part(tuple(Note(12 * i, 60 + i % 5, 12) for i in range(32)), name="Piano"),), 8)
FILES = {
    "tune.mid": midi.write(TUNE),
    "cat.mid": b"\x89PNG\r\n\x1a\n",
    "huge.mid": b"MThd" + bytes(3 * 1024 * 1024),
}


ENDLESS_BPM = 20.0


class Player:
    """An engine that plays what it is asked for at once, and simply; at 20 bpm it never ends."""

    async def start(self) -> None:
        """Be ready."""

    async def stream(self, job: Job) -> AsyncGenerator[Event]:
        """Play a job.

        Yields:
            That it is next, and the piece.
        """
        yield Waiting(0)
        if job.request.tempo_bpm == ENDLESS_BPM:
            await asyncio.Event().wait()
        yield Done(Composition(played(job.request), job.request, job.request.style or "folk", 9, 1))

    def health(self) -> Health:
        """Be well."""
        return Health(ready=True, waiting=0, running=0, notes_per_second=0.0)

    async def close(self, *, drain_s: float = 0.0) -> None:
        """End."""


def played(request: ComposeRequest) -> Piece:
    """Play a request: a note a bar for every part that is asked for."""
    if request.material and request.mode is Mode.VARY:
        return request.material
    old = request.material.parts if request.material else ()
    bars = (request.material.bars if request.material else 0) + (
        0 if request.mode is Mode.ACCOMPANY else request.bars or 16
    )
    meter = request.meter or Meter()
    notes = tuple(Note(bar * meter.bar_steps, 60, 12) for bar in range(bars))
    wished = request.parts or (() if old else (parse_part("piano"),))
    new = tuple(Part(notes, one.program, one.is_drums, one.word.capitalize()) for one in wished)
    return Piece(
        (*old, *new),
        bars,
        ((0, meter),),
        ((0, request.tempo_bpm or 120.0),),
        request.key or Key(0),
    )


@dataclass
class Message:
    """One message of ours in the chat."""

    buttons: dict[str, Button] = field(default_factory=dict)
    is_there: bool = True


class Wire:
    """Line and door in one: whatever is said is written into the stage's transcript."""

    platform = "stage"
    previews = frozenset({Medium.PICTURE, Medium.SOUND})

    def __init__(self, stage: "Stage", speaker: str, pressed: Message | None = None) -> None:
        """Open a line to a speaker."""
        self._stage, self._speaker, self._pressed = stage, speaker, pressed

    @property
    def address(self) -> Address:
        """Nothing was said yet."""
        return {"message": None}

    async def hold(self) -> None:
        """Nobody is impatient here."""

    async def open(self, reply: Reply) -> Address:
        """Say the first words."""
        message = self._stage.write("AudioGroove: ", reply)
        (stop,) = reply.buttons[0]
        self._stage.opened[stop.subject].set()
        return {"message": message}

    async def say(self, reply: Reply) -> None:
        """Answer."""
        to = f"AudioGroove (to {self._speaker}): " if reply.is_private else "AudioGroove: "
        self._stage.write(to, reply)

    async def nod(self, words: str) -> None:
        """Tell them in passing."""
        self._stage.lines.append(f"(to {self._speaker}: {words})")

    async def gather(self, card: Reply, title: str) -> Address:
        """Put a card up."""
        del title
        return {"message": self._stage.write("AudioGroove: ", card)}

    async def is_moderator(self) -> bool:
        """The host alone tidies up."""
        return self._speaker == "Host"

    async def remove(self, _delivered: Address) -> None:
        """Delete the message whose button was pressed."""
        self._stage.lines.append("(the message is gone)")

    def pause_s(self, address: Address) -> float:
        """Pause as the stage's clock likes."""
        del address
        return 1.0

    async def show(self, address: Address, reply: Reply) -> None:
        """Change the first words."""
        del address
        self._stage.write("AudioGroove (instead): ", reply)

    async def deliver(self, address: Address, reply: Reply, *, nonce: str, placed: Placed) -> None:
        """Put the last words there."""
        del nonce, placed
        said = "AudioGroove: " if address["message"] is None else "AudioGroove (instead): "
        self._stage.write(said, reply)


class Stage:
    """A chat with everything behind it but a model."""

    def __init__(self, folder: Path, *, room: Room, person: Quota, chat: Quota) -> None:
        """Set the stage; nothing plays yet."""
        self.lines: list[str] = []
        self.opened: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)  # by job
        self.easel = Easel()
        self._messages: list[Message] = []
        self._folder, self._room = folder, room
        self._house = House("test-1", ("folk", "ragtime"), person, chat)
        self._stack = AsyncExitStack()
        self._ids = count(1)

    async def __aenter__(self) -> Self:
        """Raise the curtain."""
        seeds, doors = count(1), Doors()
        url = f"sqlite+aiosqlite:///{self._folder / 'stage.db'}"
        self._store = store = await self._stack.enter_async_context(
            await Store.open(url, clock=(1_700_000_000 + one / 1000 for one in count()).__next__)
        )
        previews = Previews(self.easel)
        world = World(sleep=_never)
        self.desk = Desk(store, Player(), doors, previews, room=self._room, world=world)
        self._stack.enter_context(doors.held_open(Wire(self, "everybody")))
        self._stack.push_async_callback(self.desk.close, 0.0)
        self.conversation = Conversation(
            store,
            self.desk,
            self._house,
            previews,
            Means(lambda data: asyncio.to_thread(wall.read, data), seeds.__next__),
        )
        return self

    async def __aexit__(self, *raised: object) -> None:
        """Let it fall."""
        await self._stack.aclose()

    async def perform(self, line: str) -> None:
        """Let somebody do what a line says: speak, press, or send a file."""
        self.lines.append(line)
        if pressed := re.fullmatch(r"(\w+) presses (.+)", line):
            ask, message = self._press(pressed[1], pressed[2])
            wire = Wire(self, pressed[1], message)
        else:
            said = re.fullmatch(r"(\w+)( \(alone\))?: (.*?) ?(?:<(.+)>)?", line)
            assert said, line
            ask, wire = (
                self._say(said[1], said[3], said[4], alone=bool(said[2])),
                Wire(self, said[1]),
            )
        await self.conversation.hear(ask, wire)
        await self._calm_down()

    async def _calm_down(self) -> None:
        """Wait for all that is under way; of what never ends, for its first words."""
        while under_way := [task for task in asyncio.all_tasks() if await self._will_end(task)]:
            await asyncio.wait(under_way)

    async def _will_end(self, task: asyncio.Task[object]) -> bool:
        name = task.get_name()
        if not name.startswith("stage."):
            return False
        job = await self._store.job(name)
        if job.request.tempo_bpm != ENDLESS_BPM or job.state is JobState.CANCELLED:
            return True
        await self.opened[name].wait()
        return False

    def _say(self, name: str, words: str, file: str | None, *, alone: bool) -> Ask:
        verb, text = split_command(words)
        seed = _attachment(file) if file else None
        verb = verb or (Verb.CONTINUE if seed else Verb.COMPOSE)
        return Ask(self._id(), verb, _person(name), _chat(alone=alone), text=text, seed=seed)

    def _press(self, name: str, label: str) -> tuple[Ask, Message]:
        message = next(one for one in reversed(self._messages) if label in one.buttons)
        button = message.buttons[label]
        ask = Ask(
            self._id(),
            button.verb,
            _person(name),
            _chat(alone=False),
            subject=button.subject,
            argument=button.argument,
            is_press=True,
        )
        return ask, message

    def _id(self) -> str:
        return f"stage.{next(self._ids)}"

    def write(self, who: str, reply: Reply) -> int:
        """Write down what AudioGroove says; give the number of its message."""
        buttons = [button for row in reply.buttons for button in row]
        told = [
            *(f"[{button.label}]" for button in buttons),
            *(f"<{file.name}>" for file in reply.files),
        ]
        for file in reply.files:
            if file.medium is Medium.MIDI:
                wall.read(file.data)  # whatever is sent can be opened
        text = re.sub(r"\(([0-9a-f]{6})\)$", "(error id)", reply.text)
        text = re.sub(r"piece [a-z0-9]{10}( from [a-z0-9]{10})?", r"piece (id)", text)
        self.lines.append(" ".join([who + text.replace("\n", "\n    "), *told]))
        self._messages.append(Message({button.label: button for button in buttons}))
        return len(self._messages) - 1


def _person(name: str) -> Person:
    return Person(f"stage:{name.lower()}", name)


def _chat(*, alone: bool) -> Chat:
    return Chat("stage:alone" if alone else "stage:room", is_private=alone)


def _attachment(name: str) -> Attachment:
    async def fetch() -> bytes:
        if name not in FILES:
            raise FileUnreachable(name, fault="it expired")
        return FILES[name]

    return Attachment(name, len(FILES.get(name, b"")), fetch)


async def _never(_: float) -> None:
    """Wait for a time that does not come: nothing on stage is hurried by a clock."""
    await asyncio.Event().wait()
