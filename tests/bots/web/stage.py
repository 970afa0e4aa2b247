"""The real web front end on a free port, with the real conversation, desk and store behind it.

`python -m tests.bots.web.by_hand` opens it with the shipped model, to look at the page.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from audiogroove.errors import AudioGrooveError, RenderingFailed
from audiogroove.music import wall
from audiogroove.render.legend import Legend
from audiogroove.render.product import Product
from audiogroove.service.engine import Engine, Health
from audiogroove.service.job import Composition, Done, Event, Job, Waiting, Writing
from audiogroove.store import Store
from audiogroove.store.rows import StoredPiece
from bots.conversation import Conversation, House, Means, Quota
from bots.describing import legend
from bots.desk import Desk, Room, World
from bots.doors import Doors
from bots.metrics import Meters
from bots.previews import Maker, Previews
from bots.web.front import WebFront
from bots.web.options import Options, StyleOption
from bots.web.pages import PAGE
from bots.web.ports import Gallery, Ports
from bots.web.ports import Health as HouseHealth
from tests.dialogues.stage import played

OPTIONS = Options("test-1", (StyleOption("folk", "folk", 120.0, ("piano",)),))
ROOM, NO_QUOTA = Room(), Quota(0, 1)


class Held:
    """An engine that writes as a test lets it; until `gate` opens, nothing ends.

    A piece at 33 beats a minute is one that no model can compose.
    """

    def __init__(self, *, is_open: bool = True) -> None:
        """Begin with the gate open or shut."""
        self.gate = asyncio.Event()
        self.begun = asyncio.Semaphore(0)
        self.error: AudioGrooveError | None = None
        if is_open:
            self.gate.set()

    async def start(self) -> None:
        """Be ready."""

    async def stream(self, job: Job) -> AsyncGenerator[Event]:
        """Tell that it waits, that it is half way, and the piece.

        Yields:
            Each of these.
        """
        yield Waiting(0)
        total = job.request.bars or 16
        yield Writing(total // 2, total)
        self.begun.release()
        await self.gate.wait()
        if self.error:
            raise self.error
        yield Done(Composition(played(job.request), job.request, job.request.style or "folk", 9, 1))

    def health(self) -> Health:
        """Be well."""
        return Health(ready=True, waiting=0, running=0, notes_per_second=0.0)

    async def close(self, *, drain_s: float = 0.0) -> None:
        """End."""


@dataclass
class Sketches:
    """A studio that makes nothing real, and counts what it makes."""

    made: list[str] = field(default_factory=list)
    sound: bytes = b"ID3" + bytes(range(256)) * 1024
    can_not: frozenset[Product] = frozenset({Product.VIDEO})
    failing: frozenset[Product] = frozenset()

    def can(self, product: Product) -> bool:
        """Everything but films, unless a test says otherwise."""
        return product not in self.can_not

    def legend(self, stored: StoredPiece) -> Legend:
        """Tell what is said of a piece everywhere."""
        return legend(stored)

    async def make(self, stored: StoredPiece, product: Product) -> bytes:
        """Pretend to have made it.

        Raises:
            RenderingFailed: when a test wants that.
        """
        del stored
        if product in self.failing or not self.can(product):
            raise RenderingFailed("sound", fault="the test wants that")
        self.made.append(product)
        return self.sound if product is Product.MP3 else f"<{product}>".encode()

    async def pages(self, stored: StoredPiece) -> list[bytes]:
        """Pretend to have two pages."""
        del stored
        return [b"\x89PNG one", b"\x89PNG two"]


@dataclass(frozen=True)
class Setting:
    """What a test may choose."""

    engine: Engine | None = None
    studio: Callable[[Store], AbstractAsyncContextManager[Maker]] = lambda _: nullcontext(
        Sketches()
    )
    options: Options = OPTIONS
    room: Room = ROOM
    person: Quota = NO_QUOTA
    chat: Quota = NO_QUOTA
    trusted_proxies: int = 0
    page: Path = PAGE
    beat_s: float = 15.0
    port: int = 0
    gallery: Gallery | None = None


class Stage:
    """Everything behind one address."""

    def __init__(self, folder: Path, setting: Setting) -> None:
        """Set the stage; nothing is served yet."""
        self.folder, self.setting = folder, setting
        self.engine = setting.engine or Held()
        self.meters, self.doors = Meters(), Doors()
        self.is_ready = True
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Open the house."""
        url = f"sqlite+aiosqlite:///{self.folder / 'stage.db'}"
        self.store = store = await self._stack.enter_async_context(await Store.open(url))
        self.studio = await self._stack.enter_async_context(self.setting.studio(store))
        previews = Previews(self.studio)
        world = World(meters=self.meters)
        room = self.setting.room
        self.desk = Desk(store, self.engine, self.doors, previews, room=room, world=world)
        house = House("test-1", ("folk",), person=self.setting.person, chat=self.setting.chat)
        means = Means(lambda data: asyncio.to_thread(wall.read, data), meters=self.meters)
        conversation = Conversation(store, self.desk, house, previews, means)
        ports = Ports(
            ear=conversation,
            doors=self.doors,
            store=store,
            studio=self.studio,
            options=self.setting.options,
            health=lambda: HouseHealth({"model": self.is_ready}),
            meters=self.meters,
            gallery=self.setting.gallery,
        )
        self.front = WebFront(
            ports,
            ("127.0.0.1", self.setting.port),
            trusted_proxies=self.setting.trusted_proxies,
            page=self.setting.page,
            beat_s=self.setting.beat_s,
        )
        await self.desk.resume()
        self._serving = asyncio.create_task(self.front.run())
        opening = asyncio.create_task(self.doors.reach("web"))
        await asyncio.wait({self._serving, opening}, return_when=asyncio.FIRST_COMPLETED)
        if self._serving.done():
            opening.cancel()
            await self._stack.aclose()
            self._serving.result()
        self._stack.push_async_callback(self._shut)
        return self

    async def __aexit__(self, *raised: object) -> None:
        """Close it."""
        await self._stack.aclose()

    async def _shut(self) -> None:
        await self.desk.close(0.0)
        self._serving.cancel()
        with suppress(asyncio.CancelledError):
            await self._serving

    def spoil_store(self) -> None:
        """Write into the database's files what is none."""
        for path in self.folder.glob("stage.db*"):
            path.write_bytes(b"no database" * 1000)

    def stored(self) -> bytes:
        """Read all that the database has on disk."""
        return b"".join(path.read_bytes() for path in self.folder.glob("stage.db*"))

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://127.0.0.1:{self.front.port}"
