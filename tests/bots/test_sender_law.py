"""Whoever comes when, and whatever the platform says, the law of the queue holds."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from asyncio_throttle.throttler import Throttler
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.chat import Unreachable
from bots.pace import Limit, Pace
from bots.sender import Sender, Urgency
from tests.bots.clock import now_s, run_in_no_time


@dataclass(frozen=True, eq=False)
class Errand:
    """Somebody who comes, asks for a message, and may lose patience."""

    chat: str
    urgency: Urgency
    after_s: float  # since the one before
    takes_s: float
    floods: int  # times that the platform says: not now
    patience_s: float | None


ERRANDS = st.builds(
    Errand,
    chat=st.sampled_from("abc"),
    urgency=st.sampled_from(Urgency),
    after_s=st.sampled_from([0.0, 0.0, 0.25, 3.0]),
    takes_s=st.sampled_from([0.0, 0.0, 0.5, 2.0]),
    floods=st.sampled_from([0, 0, 0, 1, 7]),
    patience_s=st.sampled_from([None, None, 0.0, 1.0, 10.0]),
)
PER_CHAT = (Limit(1, 1.0), Limit(4, 10.0))
PER_SECOND = 2


@dataclass
class Crowd:
    """Runs errands and keeps the books."""

    sender: Sender
    waiting: dict[Errand, float] = field(default_factory=dict)  # since when
    starts: list[tuple[float, str]] = field(default_factory=list)
    in_flight: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    arrived: int = 0

    async def run(self, errand: Errand) -> None:
        """Have one message sent, and note how that ended."""
        floods = errand.floods

        async def call() -> None:
            nonlocal floods
            del self.waiting[errand]
            for other, since_s in self.waiting.items():
                assert (
                    other.chat != errand.chat
                    or other.urgency >= errand.urgency
                    or since_s == now_s()
                )
            self.starts.append((now_s(), errand.chat))
            self.in_flight[errand.chat] += 1
            assert self.in_flight[errand.chat] == 1
            await asyncio.sleep(errand.takes_s)
            self.in_flight[errand.chat] -= 1
            if floods:
                floods -= 1
                self.waiting[errand] = now_s()
                raise Unreachable("not now", retry_after_s=1.5)
            self.arrived += 1

        self.waiting[errand] = now_s()
        try:
            await self.sender.send(errand.chat, call, errand.urgency)
            self.ends["result"] += 1
        except Unreachable:
            self.ends["error"] += 1
        except asyncio.CancelledError:
            self.ends["withdrawn"] += 1
        finally:
            self.waiting.pop(errand, None)


async def run_errands(errands: list[Errand]) -> Crowd:
    """Let everybody come at their time and leave when they lose patience."""
    sender = Sender(Throttler(PER_SECOND), Pace(lambda _chat: PER_CHAT), clock=now_s)
    async with sender, asyncio.TaskGroup() as group:
        crowd = Crowd(sender)
        for errand in errands:
            await asyncio.sleep(errand.after_s)
            task = group.create_task(crowd.run(errand))
            if errand.patience_s is not None:
                asyncio.get_running_loop().call_later(errand.patience_s, task.cancel)
    return crowd


@settings(deadline=None)
@given(st.lists(ERRANDS, max_size=25))
def test_the_law_of_the_queue(errands: list[Errand]) -> None:
    """Whoever comes when, whatever the platform says: see the assertions, here and in the crowd."""
    crowd = run_in_no_time(run_errands(errands))
    # Every errand ends once, and a result is a message that arrived.
    assert crowd.ends.total() == len(errands)
    assert crowd.ends["result"] == crowd.arrived
    # Nothing is left behind.
    assert not crowd.sender._line._piles
    assert not crowd.sender._in_flight
    # No window overflows, of a chat or of all.
    nearly = 1e-6
    for chat in "abc":
        times_s = [at_s for at_s, where in crowd.starts if where == chat]
        for limit in PER_CHAT:
            pairs = zip(times_s, times_s[limit.count :], strict=False)
            assert all(later_s - at_s >= limit.period_s - nearly for at_s, later_s in pairs)
    times_s = [at_s for at_s, _ in crowd.starts]
    pairs = zip(times_s, times_s[PER_SECOND:], strict=False)
    assert all(later_s - at_s >= 1.0 - nearly for at_s, later_s in pairs)
