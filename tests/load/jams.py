"""Many jams at once, on both platforms: the fakes, the process between them, and the people."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from tests.load.band import Band, Press
from tests.load.discord_hall import DiscordHall
from tests.load.fake import Fake, Impossible
from tests.load.hall import Hall, Opening
from tests.load.house import House
from tests.load.jam_outcome import JamAccount
from tests.load.stage import AT_ONCE, CONNECT_S, unless_it_falls
from tests.load.telegram_hall import TelegramHall
from tests.load.vitals import Vitals, watched

LOOK_S = 0.3  # between two looks at all places of a platform
STALL_S = 150.0  # without anything new to see: longer than anybody's turn
LONGEST_S = 1200.0
SETTLE_S = 5.0  # after the last piece, for any that comes twice
STYLES = ("ragtime", "folk", "jazz", "pop", "blues", "waltz", "rock", "irish")
BAND_EACH = 3  # of so many jams one is in parts
KINDS: tuple[tuple[type[DiscordHall | TelegramHall], str], ...] = (
    (DiscordHall, "tests.fakes.discord"),
    (TelegramHall, "tests.fakes.telegram"),
)


@dataclass(frozen=True, slots=True)
class JamTerms:
    """What is played by whom."""

    jams: Mapping[str, int]  # by chat
    players: int  # of each
    bars: int  # of each turn
    rounds: int
    wait_s: float  # for which people look at a card before they press
    is_noisy: bool  # others press what is not theirs
    settings: Mapping[str, str]  # AudioGroove's own


@dataclass(frozen=True, slots=True)
class JamRun:
    """What many jams came to."""

    accounts: tuple[JamAccount, ...]
    opening_s: float  # from the first command to the last
    took_s: float  # from the first command to the last piece
    vitals: Vitals

    @property
    def is_clean(self) -> bool:
        """Whether nothing went wrong."""
        return self.vitals.status == 0 and all(each.is_clean for each in self.accounts)


async def jams(terms: JamTerms) -> JamRun:
    """Let all jams be played from their openings to their pieces."""
    async with _opened(terms) as (halls, house):
        company = Company(halls, terms)
        pids = {hall.chat: hall.fake.pid for hall in halls}
        vitals = await watched(house, pids, company.play(house))
        accounts = tuple([await hall.account() for hall in halls])
    pieces_s = [
        at_s for account in accounts for each in account.outcomes.values() for at_s in each.pieces_s
    ]
    return JamRun(
        accounts=accounts,
        opening_s=company.opened_s - company.began_s,
        took_s=max(pieces_s, default=company.began_s) - company.began_s,
        vitals=vitals,
    )


@asynccontextmanager
async def _opened(terms: JamTerms) -> AsyncIterator[tuple[Sequence[Hall], House]]:
    """Start everything, and let the people come.

    Yields:
        The halls, and the process between them.
    """
    async with AsyncExitStack() as stack:
        halls: list[Hall] = []
        for kind, module in KINDS:
            if terms.jams[kind.chat]:
                halls.append(kind(await stack.enter_async_context(Fake(module))))
                await halls[-1].gather(terms.jams[kind.chat], terms.players)
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="load-"))
        environment = dict(terms.settings)
        for hall in halls:
            environment |= hall.settings()
        house = await stack.enter_async_context(House(Path(folder), environment))
        for hall in halls:
            await unless_it_falls(house, hall.connected(CONNECT_S))
        yield halls, house


class Company:
    """The people of all jams."""

    def __init__(self, halls: Sequence[Hall], terms: JamTerms) -> None:
        """Let there be a band for each jam."""
        self._terms = terms
        self._bands = {
            hall: [Band(jam, terms.players, terms.wait_s) for jam in range(terms.jams[hall.chat])]
            for hall in halls
        }
        self._at_once = {hall: asyncio.Semaphore(AT_ONCE) for hall in halls}
        self.began_s = self.opened_s = self._news_s = time.monotonic()

    async def play(self, house: House) -> None:
        """Open all jams and play them, until all are done or nothing happens any more."""
        self.began_s = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for hall, bands in self._bands.items():
                for band, style in zip(bands, cycle(STYLES), strict=False):
                    group.create_task(self._open(hall, band, style))
        self.opened_s = self._news_s = time.monotonic()
        while not self._is_done and self._is_lively and house.is_up:
            for hall in self._bands:
                await self._go_on(hall)
            await asyncio.sleep(LOOK_S)  # to look is work for the fakes: not at each change
        await asyncio.sleep(SETTLE_S)  # nothing tells that nothing more will come

    @property
    def _is_done(self) -> bool:
        return all(band.is_done for bands in self._bands.values() for band in bands)

    @property
    def _is_lively(self) -> bool:
        now_s = time.monotonic()
        return now_s - self._news_s < STALL_S and now_s - self.began_s < LONGEST_S

    async def _open(self, hall: Hall, band: Band, style: str) -> None:
        is_band = band.jam % BAND_EACH == BAND_EACH - 1
        async with self._at_once[hall]:
            opening = Opening(style, self._terms.bars, self._terms.rounds, is_band)
            await hall.start(band.jam, opening)

    async def _go_on(self, hall: Hall) -> None:
        """See what is new, and let everybody press what they want to."""
        bands, looks = self._bands[hall], await hall.looks()
        for look in looks:
            bands[look.jam].see(look)
        now_s = time.monotonic()
        if any(not look.is_private for look in looks):
            self._news_s = now_s
        async with asyncio.TaskGroup() as group:
            for band in bands:
                presses = band.due(now_s)
                presses += band.meddling(now_s) if self._terms.is_noisy else []
                for press in presses:
                    group.create_task(self._press(hall, band, press))

    async def _press(self, hall: Hall, band: Band, press: Press) -> None:
        async with self._at_once[hall]:
            with suppress(Impossible):  # the message has changed since it was seen
                await hall.press(press)
                band.pressed(press, time.monotonic())
