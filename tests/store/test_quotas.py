"""Quotas: how often, how many at once, and when again."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from audiogroove.errors import Gone, QuotaReached
from audiogroove.store import Store
from audiogroove.store.rows import Charge
from tests.store.builders import Clock, new_job

YOURS = Charge("person:ada", "you", every_s=10, burst=3)
OURS = Charge("chat:parlour", "chat", every_s=60, burst=5)


async def ask(store: Store, name: str, *charges: Charge) -> float | None:
    """Ask for one more piece: None when it is accepted, else the seconds to wait."""
    try:
        assert await store.accept(new_job(name), charges)
    except QuotaReached as refusal:
        return refusal.retry_after_s
    return None


async def use_up(store: Store, *charges: Charge) -> None:
    """Ask until nothing more is granted."""
    number = 0
    while await ask(store, f"before {number}", *charges) is None:
        number += 1


async def test_a_burst_is_granted_at_once_and_then_one_by_one(store: Store, clock: Clock) -> None:
    """Three, and then one every ten seconds."""
    assert [await ask(store, f"{n}", YOURS) for n in range(4)] == [None, None, None, 10]
    clock.step(9.5)
    assert await ask(store, "4", YOURS) == 0.5
    clock.step(0.5)
    assert await ask(store, "5", YOURS) is None
    assert await ask(store, "6", YOURS) == 10


async def test_what_was_saved_up_is_a_burst_at_most(store: Store, clock: Clock) -> None:
    """However long nothing was asked for."""
    await use_up(store, YOURS)
    clock.step(1_000_000)
    assert [await ask(store, f"{n}", YOURS) for n in range(4)] == [None, None, None, 10]


async def test_a_refusal_costs_nothing(store: Store, clock: Clock) -> None:
    """Who asks too early waits no longer for it, and nothing of it is kept."""
    await use_up(store, YOURS)
    for _ in range(20):
        assert await ask(store, "refused", YOURS) == 10
    with pytest.raises(Gone):
        await store.job("refused")
    clock.step(10)
    assert await ask(store, "refused", YOURS) is None


async def test_what_is_told_twice_is_charged_once(store: Store) -> None:
    """A platform's second thought costs nobody a piece."""
    for _ in range(10):
        await store.accept(new_job("the same"), [YOURS])
    assert [await ask(store, f"{n}", YOURS) for n in range(3)] == [None, None, 10]


async def test_two_quotas_are_charged_together_or_not_at_all(store: Store) -> None:
    """What the chat still had is not lost on somebody who has nothing left."""
    await use_up(store, YOURS, OURS)
    others = [Charge(f"person:{n}", "you", every_s=10, burst=3) for n in range(3)]
    assert [await ask(store, f"{each}", each, OURS) for each in others] == [None, None, 60]


async def test_the_longest_wait_is_told(store: Store) -> None:
    """Coming back after the shorter one would be in vain."""
    ours = Charge("chat:parlour", "chat", every_s=60, burst=1)
    yours = Charge("person:ada", "you", every_s=10, burst=1)
    await ask(store, "the one", yours, ours)
    with pytest.raises(QuotaReached) as caught:
        await store.accept(new_job("one more"), [yours, ours])
    assert (caught.value.whose, caught.value.retry_after_s) == ("chat", 60)


async def test_quotas_outlive_a_restart(url: str, clock: Clock) -> None:
    """Whoever has had enough has had enough."""
    async with await Store.open(url, clock=clock) as store:
        await use_up(store, YOURS)
    clock.step(1)
    async with await Store.open(url, clock=clock) as store:
        assert await ask(store, "more", YOURS) == 9


async def test_a_clock_set_back_makes_nobody_wait_longer(store: Store, clock: Clock) -> None:
    """The store goes on from where the time was."""
    await use_up(store, YOURS)
    clock.step(-3600)
    assert await ask(store, "at once", YOURS) == 10
    clock.step(10)
    assert await ask(store, "in time", YOURS) is None


async def test_a_clock_set_back_between_two_runs_locks_nobody_out(url: str, clock: Clock) -> None:
    """A use that lies in a future which no use can have reached is forgotten."""
    async with await Store.open(url, clock=clock) as store:
        await use_up(store, YOURS)
    clock.step(-3600)
    async with await Store.open(url, clock=clock) as store:
        assert [await ask(store, f"{n}", YOURS) for n in range(4)] == [None, None, None, 10]


async def test_a_clock_that_is_a_little_behind_gives_nothing_away(url: str, clock: Clock) -> None:
    """Two processes' clocks are never quite the same."""
    behind = Clock()
    behind.step(-2)
    async with (
        await Store.open(url, clock=clock) as one,
        await Store.open(url, clock=behind) as other,
    ):
        await use_up(one, YOURS)
        assert await ask(other, "more", YOURS) == 12


async def test_eight_connections_grant_exactly_a_burst(url: str, clock: Clock) -> None:
    """However they race for it."""
    quota = Charge("person:ada", "you", every_s=3600, burst=7)
    async with AsyncExitStack() as open_stores:
        stores = [
            await open_stores.enter_async_context(await Store.open(url, clock=clock))
            for _ in range(8)
        ]
        waits = await asyncio.gather(
            *(
                ask(store, f"{place}.{number}", quota)
                for place, store in enumerate(stores)
                for number in range(20)
            )
        )
    assert waits.count(None) == 7


@pytest.mark.parametrize(
    ("every_s", "burst"), [(0, 1), (-1, 1), (float("inf"), 1), (float("nan"), 1), (1, 0)]
)
def test_a_quota_allows_something_and_not_everything(every_s: float, burst: int) -> None:
    """Others are a mistake of whoever set it."""
    with pytest.raises(ValueError, match="not a quota"):
        Charge("person:ada", "you", every_s, burst)
