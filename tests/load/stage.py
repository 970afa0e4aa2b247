"""Both fakes with their people, and the process between them, ready to be asked."""

import asyncio
import itertools
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.load.crowd import Crowd
from tests.load.discord_crowd import DiscordCrowd
from tests.load.fake import Fake
from tests.load.house import House
from tests.load.outcome import Account
from tests.load.telegram_crowd import TelegramCrowd
from tests.load.vitals import Vitals, watched

CONNECT_S = 120.0  # of a busy machine: torch alone takes seconds to start
STALL_S = 120.0  # without a single answer: then the rest are lost
LOOK_S = 0.5  # between two looks who is answered
AT_ONCE = 8  # asks on their way to one fake
WARM_UP = 0  # the number of the ask that is not counted
KINDS: tuple[tuple[type[DiscordCrowd | TelegramCrowd], str], ...] = (
    (DiscordCrowd, "tests.fakes.discord"),
    (TelegramCrowd, "tests.fakes.telegram"),
)


class Fallen(Exception):
    """The process ended before it was asked to; the last of its log."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run came to."""

    accounts: tuple[Account, ...]
    asking_s: float  # from the first ask to the last
    took_s: float  # from the first ask to the last answer
    vitals: Vitals

    @property
    def is_clean(self) -> bool:
        """Whether nothing went wrong."""
        return self.vitals.status == 0 and all(each.is_clean for each in self.accounts)


@dataclass
class Stage:
    """What a scenario plays on."""

    crowds: tuple[Crowd, ...]
    house: House
    people: Mapping[str, int]  # by chat
    number: "itertools.count[int]" = field(default_factory=lambda: itertools.count(WARM_UP + 1))
    asked_s: list[float] = field(default_factory=list)  # when asks began and ended

    def everybody(self) -> list[tuple[Crowd, int]]:
        """List all people, those of both chats in turn."""
        return [
            (crowd, person)
            for person in range(max(self.people.values()))
            for crowd in self.crowds
            if person < self.people[crowd.chat]
        ]

    async def ask(self, crowd: Crowd, person: int) -> int:
        """Let somebody ask; the number of that."""
        number = next(self.number)
        self.asked_s.append(time.monotonic())
        await crowd.ask(person, number)
        self.asked_s.append(time.monotonic())
        return number

    async def ask_all(self, people: Sequence[tuple[Crowd, int]]) -> None:
        """Let people ask all at once, as fast as the fakes take it."""
        at_once = {crowd.chat: asyncio.Semaphore(AT_ONCE) for crowd in self.crowds}

        async def ask(crowd: Crowd, person: int) -> None:
            async with at_once[crowd.chat]:
                await self.ask(crowd, person)

        async with asyncio.TaskGroup() as group:
            for crowd, person in people:
                group.create_task(ask(crowd, person))

    async def answered(self) -> None:
        """Wait until all are answered, or nobody is any more."""
        left, since_s = -1, time.monotonic()
        while time.monotonic() - since_s < STALL_S and self.house.is_up:
            now_left = sum([await crowd.unanswered() for crowd in self.crowds])
            if not now_left:
                return
            if now_left != left:
                left, since_s = now_left, time.monotonic()
            await asyncio.sleep(LOOK_S)  # to look is work for the fakes: not at each change


@asynccontextmanager
async def opened(
    people: Mapping[str, int], bars: int, settings: Mapping[str, str]
) -> AsyncIterator[Stage]:
    """Start everything, with so many people by chat, and let each chat have its first piece.

    Yields:
        The stage.
    """
    async with AsyncExitStack() as stack:
        crowds: list[Crowd] = []
        for kind, module in KINDS:
            if people[kind.chat]:
                crowds.append(kind(await stack.enter_async_context(Fake(module)), bars))
                await crowds[-1].gather(people[kind.chat])
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="load-"))
        environment = dict(settings)
        for crowd in crowds:
            environment |= crowd.settings()
        house = await stack.enter_async_context(House(Path(folder), environment))
        stage = Stage(tuple(crowds), house, people)
        await unless_it_falls(house, _warm_up(stage))
        yield stage


async def _warm_up(stage: Stage) -> None:
    for crowd in stage.crowds:
        await crowd.connected(CONNECT_S)
    for crowd in stage.crowds:
        await crowd.ask(0, WARM_UP)
    await stage.answered()


async def unless_it_falls(house: House, doing: Coroutine[Any, Any, None]) -> None:
    """Await something, unless the process ends meanwhile.

    Raises:
        Fallen: when it does.
    """
    done = asyncio.create_task(doing)
    fallen = asyncio.create_task(house.ended())
    try:
        await asyncio.wait({done, fallen}, return_when=asyncio.FIRST_COMPLETED)
        if not done.done():
            raise Fallen(house.tail())
        await done
    finally:
        done.cancel()
        fallen.cancel()
        await asyncio.gather(done, fallen, return_exceptions=True)


async def played(stage: Stage, playing: Coroutine[Any, Any, None]) -> Run:
    """Let a scenario ask, wait for all answers, stop the process, and read all records."""
    pids = {crowd.chat: crowd.fake.pid for crowd in stage.crowds}
    vitals = await watched(stage.house, pids, _until_answered(stage, playing))
    accounts = [_counted(await crowd.account()) for crowd in stage.crowds]
    answers_s = [
        at_s
        for account in accounts
        for each in account.outcomes.values()
        for at_s in (*each.pieces_s, *each.refused_s)
    ]
    return Run(
        accounts=tuple(accounts),
        asking_s=stage.asked_s[-1] - stage.asked_s[0],
        took_s=max(answers_s, default=stage.asked_s[0]) - stage.asked_s[0],
        vitals=vitals,
    )


async def _until_answered(stage: Stage, playing: Coroutine[Any, Any, None]) -> None:
    await playing
    await stage.answered()


def _counted(account: Account) -> Account:
    kept = {number: each for number, each in account.outcomes.items() if number != WARM_UP}
    return replace(account, outcomes=kept)
