"""How the compositions of this process stand, and who watches them.

    note(id, standing) ──▶ remembered while it is under way ──▶ every watch on it

What is done is not kept here: the store knows it better. What failed is, for the store keeps no
reason; the oldest go first. A watch holds the latest standing only, so a slow client costs no
more memory than a quick one, and misses nothing but what is past.
"""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from audiogroove.errors import AudioGrooveError

T = TypeVar("T")
MOST_OPEN = 4096  # under way, and remembered here
MOST_OVER = 1024  # failed or cancelled


class State(StrEnum):
    """How far a composition has come."""

    WAITING = "waiting"
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OVER = frozenset({State.DONE, State.FAILED, State.CANCELLED})


@dataclass(frozen=True, slots=True)
class Standing:
    """How a composition stands."""

    state: State
    ahead: int | None = None  # compositions before it; None when not known
    bars: int = 0  # written
    total: int = 0  # to be written; 0 when not known
    error: AudioGrooveError | None = None  # of one that failed; None when nobody foresaw it

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in OVER


class Watch:
    """Somebody who waits for news of one composition."""

    def __init__(self) -> None:
        self._latest: Standing | None = None
        self._is_hung_up = False
        self._news = asyncio.Event()

    async def news(self) -> Standing | None:
        """Wait for how it stands now, if that is new; None when the house closes."""
        await self._news.wait()
        self._news.clear()
        return None if self._is_hung_up else self._latest

    def tell(self, standing: Standing) -> None:
        """Let know how it stands."""
        self._latest = standing
        self._news.set()

    def hang_up(self) -> None:
        """Let know that nothing more will be told."""
        self._is_hung_up = True
        self._news.set()


class Compositions:
    """The compositions under way."""

    def __init__(self, *, most_open: int = MOST_OPEN, most_over: int = MOST_OVER) -> None:
        """Know of none; the numbers bound what is remembered."""
        self._most_open, self._most_over = most_open, most_over
        self._open: OrderedDict[str, tuple[str, Standing]] = OrderedDict()  # with whose it is
        self._over: OrderedDict[str, Standing] = OrderedDict()
        self._watches: defaultdict[str, set[Watch]] = defaultdict(set)
        self._is_closed = False

    def __len__(self) -> int:
        """Count what is remembered."""
        return len(self._open) + len(self._over)

    def standing(self, token: str) -> Standing | None:
        """Tell how a composition stands, if it is remembered here."""
        if token in self._open:
            return self._open[token][1]
        return self._over.get(token)

    def note(self, token: str, person: str, standing: Standing) -> None:
        """Take note of how a person's composition stands, and tell all who watch it."""
        if standing.is_over:
            self._open.pop(token, None)
            if standing.state is not State.DONE:
                _remember(self._over, token, standing, self._most_over)
        else:
            _remember(self._open, token, (person, standing), self._most_open)
        for watch in self._watches.get(token, ()):
            watch.tell(standing)

    def forget(self, person: str) -> None:
        """Take note that all of a person's compositions are no more."""
        theirs = [token for token, (whose, _) in self._open.items() if whose == person]
        for token in theirs:
            self.note(token, person, Standing(State.CANCELLED))

    def is_watched(self, token: str) -> bool:
        """Tell whether anybody waits for news of a composition."""
        return token in self._watches

    @contextmanager
    def watch(self, token: str) -> Iterator[Watch]:
        """Watch a composition for as long as the block lasts.

        Yields:
            The watch, with no news yet.
        """
        watch = Watch()
        self._watches[token].add(watch)
        if self._is_closed:
            watch.hang_up()
        try:
            yield watch
        finally:
            self._watches[token].discard(watch)
            if not self._watches[token]:
                del self._watches[token]

    def hang_up(self) -> None:
        """End every watch, now and later: the house closes."""
        self._is_closed = True
        for watch in [one for several in self._watches.values() for one in several]:
            watch.hang_up()


def _remember(kept: "OrderedDict[str, T]", token: str, what: T, most: int) -> None:
    """Keep something under a name, and the latest `most` things in all."""
    kept[token] = what
    kept.move_to_end(token)
    while len(kept) > most:
        kept.popitem(last=False)
