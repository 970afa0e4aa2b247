"""Who waits and who runs, decided without a clock, a thread or a loop.

    admit ──▶ waiting ──begin──▶ running ──end──▶ gone
                 └─────────────end────────────────▲

People take turns, and each has one job running at most. Whoever has had one joins the end of the
row again when it has ended and more of theirs waits: so nobody starves, and a newcomer behind one
person's pile is next.
"""

from collections import deque
from dataclasses import dataclass

from audiogroove.errors import Busy

USUAL_S = 4.0  # that a job runs, until some have ended
MEMORY = 0.8  # of the running mean of seconds a job
SOONEST_S = 1.0  # to come back after


@dataclass(frozen=True, slots=True)
class Limits:
    """How many jobs there may be at a time.

    Raises:
        ValueError: on construction, when nothing could ever run or a number is below 0.
    """

    running: int = 32
    waiting: int = 1000
    waiting_each: int = 8  # of one person

    def __post_init__(self) -> None:
        if self.running < 1 or min(self.waiting, self.waiting_each) < 0:
            raise ValueError(f"no such limits: {self}")


USUAL = Limits()


@dataclass(frozen=True, slots=True)
class _Run:
    ticket: int
    since_s: float


class Scheduler:
    """Admits jobs, lets them begin in turn, and forgets them when they end.

    A job is known by its ticket, a number that no other ever has. Times are of any clock that
    only goes forward.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._tickets = 0
        self._owners: dict[int, str] = {}  # of all that wait or run
        self._piles: dict[str, deque[int]] = {}  # what waits, of everybody who waits
        self._turns: dict[str, None] = {}  # who of them has nothing running, in order
        self._runs: dict[str, _Run] = {}  # what runs, in the order of the beginnings
        self._mean_s = USUAL_S

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return len(self._owners) - len(self._runs)

    @property
    def running(self) -> int:
        """How many jobs run."""
        return len(self._runs)

    def admit(self, person: str) -> int:
        """Put a job on its person's pile; give its ticket.

        Raises:
            Busy: when there is no room, on that pile or in all.
        """
        pile = self._piles.get(person, deque())
        waits = pile or person in self._runs or not self._has_seat
        if waits and len(pile) >= self._limits.waiting_each:
            raise Busy(own=True, waiting=len(pile), retry_after_s=self._until_next_of(person))
        if waits and self.waiting >= self._limits.waiting:
            raise Busy(own=False, waiting=self.waiting, retry_after_s=self._until(1))
        self._tickets += 1
        pile.append(self._tickets)
        self._owners[self._tickets] = person
        self._piles[person] = pile
        if person not in self._runs:
            self._turns[person] = None
        return self._tickets

    def begin(self, now_s: float) -> list[int]:
        """Let as many jobs begin as there are seats for; give their tickets, in their order."""
        begun = []
        while self._turns and self._has_seat:
            person = next(iter(self._turns))
            ticket = self._piles[person][0]
            self._take_off(person, ticket)
            self._turns.pop(person, None)
            self._runs[person] = _Run(ticket, now_s)
            begun.append(ticket)
        return begun

    def end(self, ticket: int, now_s: float) -> None:
        """Forget a job, whether it has begun or not; it must be there."""
        person = self._owners.pop(ticket)
        run = self._runs.get(person)
        if run is None or run.ticket != ticket:
            self._take_off(person, ticket)
            return
        del self._runs[person]
        self._mean_s = MEMORY * self._mean_s + (1 - MEMORY) * (now_s - run.since_s)
        if person in self._piles:
            self._turns[person] = None

    def places(self) -> dict[int, int]:
        """Tell how many jobs are expected to begin before each one that waits.

        As if nobody came or left any more, and whatever runs ended in the order of its beginning.
        """
        after = (person for person in self._runs if person in self._piles)
        piles = [self._piles[person] for person in (*self._turns, *after)]
        order: list[int] = []
        depth = 0
        while piles:
            order += [pile[depth] for pile in piles]
            depth += 1
            piles = [pile for pile in piles if depth < len(pile)]
        return {ticket: ahead for ahead, ticket in enumerate(order)}

    @property
    def _has_seat(self) -> bool:
        return len(self._runs) < self._limits.running

    def _take_off(self, person: str, ticket: int) -> None:
        """Take a job off its pile, and a person without any more out of the row."""
        pile = self._piles[person]
        pile.remove(ticket)
        if not pile:
            del self._piles[person]
            self._turns.pop(person, None)

    def _until(self, beginnings: int) -> float:
        """Estimate when so many more jobs will have begun, in seconds."""
        return max(SOONEST_S, beginnings * self._mean_s / max(1, len(self._runs)))

    def _until_next_of(self, person: str) -> float:
        """Estimate when the next job of a person who waits will begin, in seconds."""
        if person not in self._piles:
            return self._until(1)
        return self._until(1 + self.places()[self._piles[person][0]])
