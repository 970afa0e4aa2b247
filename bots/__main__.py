"""`python -m bots`: settings → store → engine, studio → desk → conversation → every front end.

The composition root and nothing else. One process, one event loop; each front end is supervised
on its own, so that none takes another down: the web page, each chat that there is a token for,
and at a terminal, where there is none, the console.
"""

import asyncio
import gc
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import structlog

from audiogroove.errors import AudioGrooveError, StoreFailed
from audiogroove.hub.reference import Reference
from audiogroove.model import checkpoint
from audiogroove.model.checkpoint import Checkpoint
from audiogroove.music import wall
from audiogroove.music.piece import Piece
from audiogroove.sentences import sentence_for
from audiogroove.service.composer import Composer
from audiogroove.service.scheduler import Limits
from audiogroove.store import Store
from audiogroove.studio import Studio
from bots import logs
from bots.chat import Front
from bots.console import Console, Terminal, lines_of_stdin
from bots.conversation import Conversation, House, Means, Quota, throw_dice
from bots.describing import legend
from bots.desk import Desk, Room, World
from bots.discord.front import DiscordFront
from bots.doors import Doors
from bots.jams.bandleader import Bandleader, Score
from bots.jams.bandstand import Bandstand
from bots.jams.poster import Printing
from bots.jams.stand import Backstage
from bots.lag import LoopLag
from bots.metrics import Meters, resident_bytes
from bots.previews import Previews
from bots.settings import SettingRefused, Settings
from bots.supervision import Phase, Registry, Watchdog, supervise, until_stopped
from bots.telegram.front import TelegramFront
from bots.web.front import WebFront
from bots.web.options import Options
from bots.web.ports import Health, Ports

SWEEP_S = 3600.0
TURNS = 8  # asks that are decided at once
SWITCH_S = 0.0005  # the loop gives the interpreter away at each send, and gets it back this soon
NOBODY_LEFT, REFUSED = 1, 2
_LOG = structlog.get_logger()


def main() -> int:
    """Run until told to stop.

    Returns 0 after a clean end, 1 when no platform will have us, 2 when settings or files do not
    allow a start.
    """
    try:
        settings = Settings.read()
        level = settings.log_level
        if level == "info" and has_console(settings):
            level = "warning"  # at a prompt, what is no news for the person is noise
        logs.configure(settings.log_format, level, settings.secrets())
        return asyncio.run(keep_house(settings))
    except SettingRefused as error:
        sys.stderr.write(f"audiogroove: {error}\n")
    except StoreFailed as error:
        sys.stderr.write(f"audiogroove: the database cannot be used: {error.fault}\n")
    except AudioGrooveError as error:
        sys.stderr.write(f"audiogroove: {sentence_for(error)}\n")
    return REFUSED


def has_console(settings: Settings) -> bool:
    """Tell whether to talk at a prompt: with no chat to talk in, and somebody there to type."""
    if settings.discord_token or settings.telegram_token:
        return False
    return sys.stdin.isatty() or settings.web_port is None


@dataclass(frozen=True, slots=True)
class Rooms:
    """What the front ends share."""

    store: Store
    model: Checkpoint
    engine: Composer
    studio: Studio
    doors: Doors
    desk: Desk
    bandstand: Bandstand
    conversation: Conversation
    registry: Registry
    meters: Meters


async def keep_house(settings: Settings) -> int:
    """Build everything, keep it until told to stop, and leave it in order; the exit status."""
    sys.setswitchinterval(SWITCH_S)
    async with AsyncExitStack() as stack:
        stack.enter_context(Watchdog())
        lag = stack.enter_context(LoopLag())
        rooms = await furnish(settings, stack)
        watch(rooms, lag)
        await rooms.bandstand.resume()
        await rooms.desk.resume()
        await rooms.bandstand.begin()
        gc.freeze()  # torch and all modules stay: not to be looked through again and again
        status = await serve(settings, rooms)
        _LOG.info(
            "left in order", lag_p99_ms=lag.quantile_ms(0.99), lag_max_ms=lag.quantile_ms(1.0)
        )
        return status


async def furnish(settings: Settings, stack: AsyncExitStack) -> Rooms:
    """Open and load everything; the stack closes it again."""
    meters, doors = Meters(), Doors()
    store = await stack.enter_async_context(
        await Store.open(
            settings.database_url,
            retention_s=settings.retention_s,
            rendered_bytes=settings.previews_bytes,
        )
    )
    studio = Studio(store, legend, soundfont=settings.soundfont, made=meters.rendered)
    stack.push_async_callback(studio.close)
    named = settings.model or checkpoint.SHIPPED
    model, _ = await asyncio.gather(asyncio.to_thread(load_model, named), studio.start())
    engine = Composer(lambda: model, limits=limits_of(settings), threads=settings.threads)
    await engine.start()
    stack.push_async_callback(engine.close)
    previews = Previews(studio)
    room = Room(person=1 + settings.person_waiting, all=settings.queue)
    world, house = World(meters=meters), house_of(settings, model)
    desk = Desk(store, engine, doors, previews, room=room, world=world)
    printing = Printing(doors, previews, house.page)
    bandstand = Bandstand(Backstage(store, desk, world), printing)
    stack.push_async_callback(bandstand.close)
    score = Score(model.customs, house.charges, throw_dice, world.now_s, read_seed)
    bandleader = Bandleader(bandstand, store, previews, score)
    turns = asyncio.Semaphore(TURNS)
    means = Means(read_seed, turns=turns, meters=meters, bandleader=bandleader)
    conversation = Conversation(store, desk, house, previews, means)
    return Rooms(
        store, model, engine, studio, doors, desk, bandstand, conversation, Registry(), meters
    )


def load_model(named: Path | Reference) -> Checkpoint:
    """Read a model from its folder, or from the Hub, where it lies in the cache after that."""
    if isinstance(named, Path):
        return checkpoint.load(named)
    from audiogroove.hub.fetching import fetch  # noqa: PLC0415  (few need the Hub's client)

    fetched = fetch(named)
    _LOG.info("model from the Hub", pin=str(fetched.reference))
    return fetched.model


async def serve(settings: Settings, rooms: Rooms) -> int:
    """Keep all front ends up until told to stop, or until none is left; the exit status."""
    fronts = fronts_of(settings, rooms)
    served = asyncio.create_task(_keep_up(fronts, rooms.registry))
    ends: set[asyncio.Task[object]] = {asyncio.create_task(until_stopped())}
    beside: set[asyncio.Task[object]] = {served, asyncio.create_task(sweep(rooms.store))}
    if fronts:
        ends.add(served)
    if has_console(settings):
        ends.add(asyncio.create_task(console_of(rooms).run()))
        beside |= {
            asyncio.create_task(tell_address(rooms.doors, front))
            for front in fronts
            if isinstance(front, WebFront)
        }
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    refused = all(state.phase is Phase.REFUSED for state in rooms.registry.states().values())
    status = NOBODY_LEFT if fronts and served.done() and refused else 0
    await rooms.desk.close(settings.grace_s)  # before the doors are shut: the chats are told
    for task in ends | beside:
        task.cancel()
    await asyncio.gather(*ends, *beside, return_exceptions=True)
    return status


async def read_seed(data: bytes) -> Piece:
    """Read a stranger's file behind the wall, off the loop; refused with SeedRejected."""
    return await asyncio.to_thread(wall.read, data)


async def _keep_up(fronts: Sequence[Front], registry: Registry) -> None:
    """Keep each front end up on its own."""
    async with asyncio.TaskGroup() as group:
        for front in fronts:
            group.create_task(supervise(front.platform, front.run, registry))


async def sweep(store: Store) -> None:
    """Delete what is past its time, every hour."""
    while True:
        try:
            await store.sweep()
        except StoreFailed as failure:
            _LOG.warning("not swept", fault=failure.fault)
        await asyncio.sleep(SWEEP_S)


def watch(rooms: Rooms, lag: LoopLag) -> None:
    """Show on the meters how the house is whenever somebody looks."""
    meters, desk, engine = rooms.meters, rooms.desk, rooms.engine
    meters.watch("queue_running_jobs", "Pieces being written.", lambda: desk.count()[0])
    meters.watch("queue_waiting_jobs", "Pieces that wait.", lambda: desk.count()[1])
    meters.watch("open_jams", "Jams under way.", lambda: len(rooms.bandstand))
    meters.watch(
        "notes_per_second", "Notes written, lately.", lambda: engine.health().notes_per_second
    )
    meters.watch(
        "loop_lag_p99_seconds", "Lateness of the loop.", lambda: lag.quantile_ms(0.99) / 1000
    )
    meters.watch("resident_bytes", "Memory of the process.", resident_bytes)
    meters.watch_each(
        "front_end_up", "Whether a platform is served.", "platform", lambda: _fronts_up(rooms)
    )


def _fronts_up(rooms: Rooms) -> dict[str, float]:
    return {name: float(rooms.doors.is_open(name)) for name in rooms.registry.states()}


def limits_of(settings: Settings) -> Limits:
    """Give the engine room for all that the desk may take."""
    return Limits(waiting=settings.queue, waiting_each=1 + settings.person_waiting)


def house_of(settings: Settings, model: Checkpoint) -> House:
    """Tell the conversation what the host decides and what the model knows."""
    return House(
        model=model.name,
        styles=tuple(sorted(model.styles)),
        person=Quota(settings.person_per_hour, settings.person_burst),
        chat=Quota(settings.chat_per_hour, settings.chat_burst),
        page=settings.web_url or "",
    )


def fronts_of(settings: Settings, rooms: Rooms) -> list[Front]:
    """Make the page, and the front end of every platform that there is a token for."""
    fronts: list[Front] = []
    ear, doors, notes = rooms.conversation, rooms.doors, rooms.store
    if settings.web_port is not None:
        address = (settings.web_host, settings.web_port)
        proxies = settings.web_proxies
        fronts.append(WebFront(ports_of(rooms), address, trusted_proxies=proxies))
    if settings.discord_token:
        token = settings.discord_token.get_secret_value()
        url = settings.discord_api_url
        fronts.append(DiscordFront(token=token, api_url=url, ear=ear, doors=doors, notes=notes))
    if settings.telegram_token:
        token = settings.telegram_token.get_secret_value()
        url = settings.telegram_api_url
        fronts.append(TelegramFront(token=token, api_url=url, ear=ear, doors=doors, notes=notes))
    return fronts


def ports_of(rooms: Rooms) -> Ports:
    """Give the page what it works with."""

    def health() -> Health:
        ready = {"model": rooms.engine.health().ready}
        return Health(ready, {"platforms": _fronts_up(rooms)})

    return Ports(
        ear=rooms.conversation,
        doors=rooms.doors,
        store=rooms.store,
        studio=rooms.studio,
        options=Options.of(rooms.model.name, rooms.model.customs),
        health=health,
        meters=rooms.meters,
        gallery=rooms.bandstand,
    )


def console_of(rooms: Rooms) -> Console:
    """Make the prompt."""
    terminal = Terminal(lines_of_stdin(), _write_out, Path.cwd(), in_turn=not sys.stdin.isatty())
    return Console(rooms.conversation, rooms.doors, terminal, rooms.desk.settled)


async def tell_address(doors: Doors, page: WebFront) -> None:
    """Say at the prompt where the page is, once it is there."""
    await doors.reach(page.platform)
    _write_out(f"\nThe page is at {page.url}\n> ")


def _write_out(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
