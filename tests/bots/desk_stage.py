"""What a desk works with, made so that a test holds the strings: an engine, a door, a clock."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from audiogroove.errors import AudioGrooveError
from audiogroove.music.piece import Note, Part, Piece
from audiogroove.request import ComposeRequest
from audiogroove.service.engine import Health
from audiogroove.service.job import Composition, Done, Event, Job
from audiogroove.store.rows import NewJob
from bots.chat import Address, Medium, Placed, Reply

PIECE = Piece((Part((Note(0, 60, 12),), name="Piano"),), 1)
END = Done(Composition(PIECE, ComposeRequest(1), "folk", 1, 1.0))


def job(name: str = "stage.1", person: str = "stage:ann") -> NewJob:
    """Make a job of Ann's."""
    return NewJob(name, "stage", "stage:room", person, ComposeRequest(1, bars=4), {"said": 0})


class Strings:
    """An engine that tells what a test lets it tell, one thing after the other."""

    def __init__(self) -> None:
        """Know of no job yet."""
        self._told: dict[str, asyncio.Queue[Event | AudioGrooveError]] = {}
        self.begun = asyncio.Semaphore(0)
        self.ended: list[str] = []

    def tell(self, job_id: str, *told: Event | AudioGrooveError) -> None:
        """Let the engine tell something of a job, or fail."""
        for one in told:
            self._of(job_id).put_nowait(one)

    def _of(self, job_id: str) -> asyncio.Queue[Event | AudioGrooveError]:
        return self._told.setdefault(job_id, asyncio.Queue())

    async def start(self) -> None:
        """Be ready."""

    async def stream(self, job: Job) -> AsyncGenerator[Event]:
        """Tell what there is to tell of a job.

        Yields:
            Whatever the test tells.
        """
        self.begun.release()
        try:
            while True:
                told = await self._of(job.id).get()
                if isinstance(told, AudioGrooveError):
                    raise told
                yield told
        finally:
            self.ended.append(job.id)

    def health(self) -> Health:
        """Be well."""
        return Health(ready=True, waiting=0, running=0, notes_per_second=0.0)

    async def close(self, *, drain_s: float = 0.0) -> None:
        """End."""


@dataclass
class Slot:
    """A door that writes down what goes through it; `faults` come first, `gate` holds it shut."""

    platform: str = "stage"
    previews: frozenset[Medium] = frozenset()
    places: Address = field(default_factory=dict)  # told of a delivery
    said: list[str] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    passing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    passed: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    def __post_init__(self) -> None:
        """Stand open at first."""
        self.gate.set()

    def pause_s(self, address: Address) -> float:
        """Ask for two seconds."""
        del address
        return 2.0

    async def open(self, reply: Reply) -> Address:
        """Say the first words, as a line does."""
        await self._pass("open", reply)
        return {"said": 1}

    async def show(self, address: Address, reply: Reply) -> None:
        """Change the first words."""
        await self._pass(f"show {address['said']}", reply)

    async def deliver(self, address: Address, reply: Reply, *, nonce: str, placed: Placed) -> None:
        """Put the last words there."""
        if self.faults:
            raise self.faults.pop(0)
        if self.places:
            await placed(self.places)
        await self._pass(f"deliver {address['said']} {nonce}", reply)

    async def _pass(self, what: str, reply: Reply) -> None:
        self.passing.release()
        await self.gate.wait()
        files = "".join(f" <{file.name}>" for file in reply.files)
        self.said.append(f"{what}: {reply.text}{files}")
        self.passed.release()


class Clock:
    """Time that passes when a test says so; tells how long is slept."""

    def __init__(self) -> None:
        """Begin at no time."""
        self.slept: list[float] = []
        self._waiting: list[asyncio.Future[None]] = []
        self.sleeping = asyncio.Semaphore(0)

    async def sleep(self, seconds: float) -> None:
        """Sleep until the test lets it ring."""
        self.slept.append(seconds)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        self.sleeping.release()
        await future

    def ring(self) -> None:
        """Wake all who sleep."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()
