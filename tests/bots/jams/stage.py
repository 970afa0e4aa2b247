"""All of AudioGroove but a model, behind a real front end; its jams have a clock moved by hand."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from typing_extensions import override

from audiogroove.jam.jam import Jam
from audiogroove.store import Store
from bots.chat import Ear, Front, Notes
from bots.conversation import Conversation, House, Means
from bots.desk import Desk, Room, World
from bots.doors import Doors
from bots.jams.bandleader import Bandleader, Score
from bots.jams.bandstand import Bandstand
from bots.jams.poster import Printing
from bots.jams.stand import Backstage
from bots.previews import Previews
from tests.bots.jams.busker import Busker, Painter
from tests.jams.clock import Clock
from tests.jams.club import CUSTOMS, PLENTY, read_file

PAUSE_S = 20.0  # at most, between two changes of a card; all that people have is longer
HASTE = 10.0  # by which pauses are shorter here

FrontOf = Callable[[Ear, Doors, Notes], Front]


class Hours(Clock):
    """What people have passes by hand; the pauses between two changes of a card are cut short.

    The platform's own pace is kept all the same: the front ends have clocks of their own.
    """

    @override
    async def sleep(self, seconds: float) -> None:
        if not 0 < seconds <= PAUSE_S:
            await super().sleep(seconds)
            return
        await asyncio.sleep(seconds / HASTE)  # so that moves that follow each other fast are one
        self.pass_s(seconds)


class Stage:
    """What is behind the front end."""

    def __init__(self, folder: Path, world: World | None = None) -> None:
        """Set up, with a `world` that tells the time or the hours; `open_for` opens."""
        self.hours, self.busker, self.painter = Hours(), Busker(), Painter()
        self._url = f"sqlite+aiosqlite:///{folder / 'jams.db'}"
        self._world = world or World(sleep=self.hours.sleep, now_s=self.hours.now_s)

    @asynccontextmanager
    async def open_for(self, front_of: FrontOf) -> AsyncGenerator[None]:
        """Open behind this front end.

        Yields:
            Once it serves; afterwards all is closed.
        """
        async with AsyncExitStack() as stack:
            ear, doors = await self._furnish(stack)
            front = front_of(ear, doors, self.store)
            running = asyncio.create_task(front.run())
            reached = asyncio.create_task(doors.reach(front.platform))
            await asyncio.wait({running, reached}, return_when=asyncio.FIRST_COMPLETED)
            try:
                if running.done():
                    reached.cancel()
                    running.result()
                yield
            finally:
                running.cancel()
                with suppress(asyncio.CancelledError):
                    await running

    async def _furnish(self, stack: AsyncExitStack) -> tuple[Ear, Doors]:
        """Open all, in the order in which the composition root does."""
        clock, world, doors = self._world.now_s, self._world, Doors()
        self.store = store = await stack.enter_async_context(
            await Store.open(self._url, clock=clock)
        )
        previews = Previews(self.painter)
        desk = Desk(store, self.busker, doors, previews, room=Room(4, 500), world=world)
        self.bandstand = Bandstand(Backstage(store, desk, world), Printing(doors, previews))
        stack.push_async_callback(self.bandstand.close)
        stack.push_async_callback(desk.close, 0.0)
        house = House("test-1", tuple(CUSTOMS), PLENTY, PLENTY)
        score = Score(CUSTOMS, house.charges, lambda: 1, clock, read_file)
        bandleader = Bandleader(self.bandstand, store, previews, score)
        means = Means(read_file, lambda: 1, bandleader=bandleader)
        await self.bandstand.resume()
        await desk.resume()
        await self.bandstand.begin()
        return Conversation(store, desk, house, previews, means), doors

    async def is_over(self, jam_id: str) -> None:
        """Wait until nobody keeps a jam going any more."""
        keeping = [task for task in asyncio.all_tasks() if task.get_name() == f"stand.{jam_id}"]
        if keeping:
            await asyncio.wait(keeping)

    async def jam(self, player: str = "") -> Jam:
        """Find the one jam that is open, or the one in which somebody plays."""
        (jam,) = [jam for jam in await self.jams() if not player or player in names_in(jam)]
        return jam

    async def jams(self) -> list[Jam]:
        """List the jams that are open."""
        return [stored.jam for stored in await self.store.jams.open_ones()]


def names_in(jam: Jam) -> list[str]:
    """Name the players of a jam."""
    return [player.name for player in jam.players]
