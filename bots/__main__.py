"""`python -m bots`: settings → store → engine → desk → conversation → every front end with a token.

The composition root and nothing else. One process, one event loop; each front end is supervised
on its own, so that none takes another down. Without any token there is the console.
"""

import asyncio
import gc
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import structlog

from audiogroove.errors import AudioGrooveError, StoreFailed
from audiogroove.model import checkpoint
from audiogroove.model.checkpoint import Checkpoint
from audiogroove.music import wall
from audiogroove.music.piece import Piece
from audiogroove.sentences import sentence_for
from audiogroove.service.composer import Composer
from audiogroove.service.scheduler import Limits
from audiogroove.store import Store
from bots import logs
from bots.chat import Ear, Front, Notes
from bots.console import Console, Terminal, lines_of_stdin
from bots.conversation import Conversation, House, Quota
from bots.desk import Desk, Room
from bots.discord.front import DiscordFront
from bots.doors import Doors
from bots.lag import LoopLag
from bots.settings import SettingRefused, Settings
from bots.supervision import Phase, Registry, Watchdog, supervise, until_stopped
from bots.telegram.front import TelegramFront

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
        if level == "info" and not (settings.discord_token or settings.telegram_token):
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


async def keep_house(settings: Settings) -> int:
    """Build everything, keep it until told to stop, and leave it in order; the exit status."""
    sys.setswitchinterval(SWITCH_S)
    async with AsyncExitStack() as stack:
        stack.enter_context(Watchdog())
        lag = stack.enter_context(LoopLag())
        store = await stack.enter_async_context(
            await Store.open(settings.database_url, retention_s=settings.retention_s)
        )
        folder = settings.model or checkpoint.SHIPPED
        model = await asyncio.to_thread(checkpoint.load, folder)
        engine = Composer(lambda: model, limits=limits_of(settings), threads=settings.threads)
        await engine.start()
        stack.push_async_callback(engine.close)
        doors = Doors()
        room = Room(person=1 + settings.person_waiting, all=settings.queue)
        desk = Desk(store, engine, doors, room=room)
        conversation = Conversation(
            *(store, desk, house_of(settings, model)),
            read_seed=read_seed,
            turns=asyncio.Semaphore(TURNS),
        )
        await desk.resume()
        gc.freeze()  # torch and all modules stay: not to be looked through again and again
        status = await serve(
            fronts_of(settings, conversation, doors, store)
            or [console_of(conversation, doors, desk)],
            desk,
            store,
            settings.grace_s,
        )
        _LOG.info(
            "left in order", lag_p99_ms=lag.quantile_ms(0.99), lag_max_ms=lag.quantile_ms(1.0)
        )
        return status


async def serve(fronts: Sequence[Front], desk: Desk, store: Store, grace_s: float) -> int:
    """Keep all front ends up until told to stop, or until none is left."""
    registry = Registry()
    stopped = asyncio.create_task(until_stopped())
    sweeping = asyncio.create_task(sweep(store))
    served = asyncio.create_task(_keep_up(fronts, registry))
    waiting: tuple[asyncio.Task[object], ...] = (stopped, served)
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    refused = all(state.phase is Phase.REFUSED for state in registry.states().values())
    status = NOBODY_LEFT if served.done() and registry.states() and refused else 0
    await desk.close(grace_s)  # before the doors are shut: the chats are told
    for task in (stopped, sweeping, served):
        task.cancel()
    await asyncio.gather(stopped, sweeping, served, return_exceptions=True)
    return status


async def read_seed(data: bytes) -> Piece:
    """Read a stranger's file behind the wall, off the loop; refused with SeedRejected."""
    return await asyncio.to_thread(wall.read, data)


async def _keep_up(fronts: Sequence[Front], registry: Registry) -> None:
    """Keep each front end up on its own; the console alone may end."""
    async with asyncio.TaskGroup() as group:
        for front in fronts:
            if isinstance(front, Console):
                group.create_task(front.run())
            else:
                group.create_task(supervise(front.platform, front.run, registry))


async def sweep(store: Store) -> None:
    """Delete what is past its time, every hour."""
    while True:
        try:
            await store.sweep()
        except StoreFailed as failure:
            _LOG.warning("not swept", fault=failure.fault)
        await asyncio.sleep(SWEEP_S)


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
    )


def fronts_of(settings: Settings, ear: Ear, doors: Doors, notes: Notes) -> list[Front]:
    """Make the front end of every platform that there is a token for."""
    fronts: list[Front] = []
    if settings.discord_token:
        token = settings.discord_token.get_secret_value()
        url = settings.discord_api_url
        fronts.append(DiscordFront(token=token, api_url=url, ear=ear, doors=doors, notes=notes))
    if settings.telegram_token:
        token = settings.telegram_token.get_secret_value()
        url = settings.telegram_api_url
        fronts.append(TelegramFront(token=token, api_url=url, ear=ear, doors=doors, notes=notes))
    return fronts


def console_of(ear: Ear, doors: Doors, desk: Desk) -> Console:
    """Make the prompt that stands in where there is no token."""
    terminal = Terminal(lines_of_stdin(), _write_out, Path.cwd(), in_turn=not sys.stdin.isatty())
    return Console(ear, doors, terminal, desk.settled)


def _write_out(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
