"""The engine in this process: it keeps the contract, and loses nobody whatever happens."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass

import pytest

from audiogroove.errors import CheckpointRejected, Lost, RequestRefused
from audiogroove.model.checkpoint import Checkpoint, load
from audiogroove.request import ComposeRequest
from audiogroove.service.composer import Composer
from audiogroove.service.job import Done, Event, Job, Waiting, Writing
from audiogroove.service.scheduler import Limits
from tests.service.engine_contract import EngineContract, MakeEngine
from tests.service.scripted import Gate, Script


class TestComposer(EngineContract):
    """With the tiny model, it keeps what every engine keeps."""

    @pytest.fixture
    def make_engine(self, model: Checkpoint) -> MakeEngine:
        """Make composers of the tiny model."""
        return lambda limits: Composer(lambda: model, limits=limits)


@dataclass
class Stage:
    """A composer that plays from a script."""

    script: Script
    composer: Composer

    def ask(self, seed: int, person: str = "ann", *, bars: int = 1) -> AsyncGenerator[Event]:
        """Ask for a piece; seeds tell jobs apart."""
        request = ComposeRequest(seed, bars=bars)
        return self.composer.stream(Job(f"test.{seed}", person, request))

    @property
    def counts(self) -> tuple[int, int]:
        """How many run, and how many wait."""
        health = self.composer.health()
        return health.running, health.waiting


@pytest.fixture
def limits() -> Limits:
    """Leave room for many; a test may want less."""
    return Limits(running=4, waiting=1000, waiting_each=1000)


@pytest.fixture
async def stage(limits: Limits) -> AsyncIterator[Stage]:
    """Start a composer that plays from a script.

    Yields:
        Both.
    """
    script = Script()
    composer = Composer(lambda: script, limits=limits)
    await composer.start()
    yield Stage(script, composer)
    for gate in (script.opening, script.hopping, script.finishing):
        gate.open()
    await composer.close()


async def rest(events: AsyncGenerator[Event]) -> list[Event]:
    """Listen to the end."""
    return [event async for event in events]


async def seed_of(events: AsyncGenerator[Event]) -> int:
    """Listen to the end; tell which request was done."""
    end = (await rest(events))[-1]
    assert isinstance(end, Done)
    return end.composition.request.seed


async def arrival(gate: Gate) -> None:
    """Wait until a thread comes to a gate."""
    await asyncio.to_thread(gate.await_arrival)


async def until_inside(stage: Stage, count: int) -> None:
    """Let hops pass until one, held at the gate, has so many works in it."""
    await arrival(stage.script.hopping)
    while len(stage.script.inside) != count:
        stage.script.hopping.let_through()
        await arrival(stage.script.hopping)


# Progress


async def test_every_bar_is_told_to_who_listens(stage: Stage) -> None:
    """In order."""
    stage.script.hopping.shut()
    events = stage.ask(1, bars=3)
    assert await anext(events) == Waiting(0)
    for bar in (1, 2, 3):
        stage.script.hopping.let_through()
        assert await anext(events) == Writing(bar, 3)
    assert isinstance(await anext(events), Done)


async def test_who_listens_slowly_hears_the_newest_and_the_end(stage: Stage) -> None:
    """What was between is left out, and nobody waits for it."""
    events = stage.ask(1, bars=50)
    await anext(events)
    await seed_of(stage.ask(2, "bob", bars=90))  # who began later, and has more to do
    newest, end = await rest(events)
    assert newest == Writing(50, 50)
    assert isinstance(end, Done)


@pytest.mark.parametrize("limits", [Limits(running=1)])
async def test_places_are_told_when_they_change(stage: Stage) -> None:
    """One is told them as they come nearer, and not twice."""
    stage.script.hopping.shut()
    one, two, three = (stage.ask(seed, str(seed)) for seed in (1, 2, 3))
    assert [await anext(events) for events in (one, two, three)] == [
        Waiting(0),
        Waiting(0),
        Waiting(1),
    ]
    stage.script.hopping.let_through()
    assert await seed_of(one) == 1
    assert await anext(three) == Waiting(0)
    stage.script.hopping.open()
    assert [await seed_of(events) for events in (two, three)] == [2, 3]


# Many


@pytest.mark.parametrize("limits", [Limits(running=8)])
async def test_of_a_crowd_nobody_is_lost(stage: Stage) -> None:
    """Two hundred jobs of forty people, each of which gets its own piece."""
    asked = [stage.ask(seed, f"person {seed % 40}", bars=1 + seed % 7) for seed in range(200)]
    assert await asyncio.gather(*map(seed_of, asked)) == list(range(200))
    assert stage.counts == (0, 0)
    assert sorted(stage.script.opened) == list(range(200))


@pytest.mark.parametrize("limits", [Limits(running=1, waiting_each=100)])
async def test_a_newcomer_behind_a_pile_is_next(stage: Stage) -> None:
    """Bob asks when Ann has asked for thirty pieces."""
    stage.script.hopping.shut()
    pile = [stage.ask(seed) for seed in range(30)]
    for events in pile:
        await anext(events)
    bob = stage.ask(99, "bob")
    assert await anext(bob) == Waiting(0)
    stage.script.hopping.open()
    assert await seed_of(bob) == 99
    for events in pile:
        await events.aclose()
    assert stage.script.opened[:2] == [0, 99]


@pytest.mark.parametrize("limits", [Limits(running=3)])
async def test_the_runner_never_holds_more_than_may_run(stage: Stage) -> None:
    """Whatever comes and goes; cancelled ones are out before others come in."""
    stage.script.hopping.shut()
    asked = [stage.ask(seed, str(seed), bars=99) for seed in range(9)]
    for events in asked:
        await anext(events)
    await until_inside(stage, 3)
    held = [3]
    for events in asked:
        await events.aclose()
        stage.script.hopping.let_through()
        await arrival(stage.script.hopping)
        held.append(len(stage.script.inside))
    assert max(held) == 3
    assert held[-1] == 0


async def test_opening_a_long_file_keeps_nobody_from_being_written(stage: Stage) -> None:
    """Ann's piece goes on and is done while Bob's is being opened."""
    stage.script.hopping.shut()
    ann = stage.ask(1, bars=20)
    await anext(ann)
    await arrival(stage.script.opening)
    stage.script.opening.shut()
    bob = stage.ask(2, "bob")
    await anext(bob)
    await arrival(stage.script.opening)
    stage.script.hopping.open()
    while await anext(ann) != Writing(20, 20):
        pass
    stage.script.opening.open()
    assert isinstance(await anext(ann), Done)
    assert await seed_of(bob) == 2


# Going away, in every phase


@pytest.mark.parametrize("phase", ["opening", "hopping", "finishing"])
async def test_whoever_goes_away_leaves_nothing_behind(stage: Stage, phase: str) -> None:
    """While a thread is busy with it; Bob, who asked together with Ann, gets his piece."""
    gate: Gate = getattr(stage.script, phase)
    gate.shut()
    ann, bob = stage.ask(1), stage.ask(2, "bob")
    await anext(ann)
    await arrival(gate)
    await anext(bob)
    await ann.aclose()
    gate.open()
    assert await seed_of(bob) == 2
    assert stage.counts == (0, 0)


@pytest.mark.parametrize("phase", ["opening", "hopping", "finishing"])
async def test_a_task_may_be_cancelled_at_any_moment(stage: Stage, phase: str) -> None:
    """The loop that serves all goes on."""
    gate: Gate = getattr(stage.script, phase)
    gate.shut()
    listening = asyncio.create_task(rest(stage.ask(1)))
    await arrival(gate)
    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listening
    gate.open()
    assert await seed_of(stage.ask(2, "bob")) == 2
    assert stage.counts == (0, 0)


async def test_who_is_cancelled_when_all_is_told_has_nothing_to_cancel(stage: Stage) -> None:
    """The piece was ready, and nobody took it."""
    events = stage.ask(1)
    await anext(events)
    await seed_of(stage.ask(2, "bob", bars=5))
    await events.aclose()
    assert stage.counts == (0, 0)


async def test_a_cancelled_work_is_let_out_of_the_runner(stage: Stage) -> None:
    """At the next hop, and the others stay."""
    stage.script.hopping.shut()
    ann, bob = stage.ask(1, bars=99), stage.ask(2, "bob", bars=99)
    await anext(ann)
    await anext(bob)
    await until_inside(stage, 2)
    await ann.aclose()
    stage.script.hopping.let_through()
    await until_inside(stage, 1)
    assert stage.script.inside[0].request.seed == 2
    await bob.aclose()


async def test_what_is_not_good_enough_is_written_once_more(stage: Stage) -> None:
    """As often as it takes, while others come to their end."""
    stage.script.once_more += [1, 1]
    ann, bob = seed_of(stage.ask(1, bars=3)), seed_of(stage.ask(2, "bob"))
    assert tuple(await asyncio.gather(ann, bob)) == (1, 2)
    assert (stage.script.once_more, stage.script.opened) == ([], [1, 2])
    assert stage.counts == (0, 0)


async def test_nobody_writes_once_more_for_who_has_gone(stage: Stage) -> None:
    """Though it was still looked through when they went."""
    stage.script.once_more.append(1)
    stage.script.finishing.shut()
    events = stage.ask(1)
    await anext(events)
    await arrival(stage.script.finishing)
    await events.aclose()
    stage.script.finishing.open()
    assert await seed_of(stage.ask(2)) == 2
    assert (stage.script.once_more, stage.script.inside) == ([], [])
    assert stage.composer._opened == stage.composer._written == {}


async def test_who_never_listens_never_asked(stage: Stage) -> None:
    """A stream does nothing until it is listened to."""
    await stage.ask(1).aclose()
    assert stage.script.opened == []


# Misfortune


async def test_whatever_a_hop_raises_reaches_all_who_were_in_it(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """And the log; the next who ask are served."""
    stage.script.hopping.shut()
    asked = [stage.ask(seed, str(seed), bars=99) for seed in range(3)]
    for events in asked:
        await anext(events)
    await until_inside(stage, 3)
    stage.script.hop_faults.append(ZeroDivisionError("by chance"))
    with caplog.at_level(logging.ERROR):
        stage.script.hopping.open()
        lost = await asyncio.gather(*map(rest, asked), return_exceptions=True)
    assert [error.cause for error in lost if isinstance(error, Lost)] == ["ZeroDivisionError"] * 3
    assert "by chance" in caplog.text
    assert await seed_of(stage.ask(9)) == 9


@pytest.mark.parametrize("phase", ["open", "finish"])
async def test_what_befalls_one_work_is_its_asker_s_alone(stage: Stage, phase: str) -> None:
    """Its company is not lost."""
    getattr(stage.script, f"{phase}_faults")[1] = MemoryError("no room")
    wrong, right = rest(stage.ask(1)), seed_of(stage.ask(2, "bob"))
    lost, seed = await asyncio.gather(wrong, right, return_exceptions=True)
    assert isinstance(lost, Lost)
    assert lost.cause == "MemoryError"
    assert seed == 2
    assert stage.counts == (0, 0)


async def test_a_refusal_comes_as_it_was_said(stage: Stage) -> None:
    """With all its facts."""
    said = RequestRefused("style", asked="polka", possible="waltz")
    stage.script.open_faults[1] = said
    with pytest.raises(RequestRefused) as refused:
        await rest(stage.ask(1))
    assert refused.value is said


async def test_a_model_that_cannot_be_loaded_is_told_at_the_start(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """As it was told to the thread that tried."""
    composer = Composer(lambda: load(tmp_path_factory.mktemp("empty")))
    with pytest.raises(CheckpointRejected):
        await composer.start()
    assert not composer.health().ready
    await composer.close()


# The end


async def test_the_end_waits_for_no_hop_to_tell_that_all_is_lost(stage: Stage) -> None:
    """Those who ask hear of it while the thread is still busy."""
    stage.script.hopping.shut()
    events = stage.ask(1, bars=9)
    await anext(events)
    await arrival(stage.script.hopping)
    closing = asyncio.create_task(stage.composer.close())
    with pytest.raises(Lost):
        await rest(events)
    assert not closing.done()
    stage.script.hopping.open()
    await closing


async def test_the_end_comes_as_soon_as_all_is_done(stage: Stage) -> None:
    """However much time it was given."""
    stage.script.finishing.shut()
    events = stage.ask(1)
    await anext(events)
    await arrival(stage.script.finishing)
    closing = asyncio.create_task(stage.composer.close(drain_s=3600))
    stage.script.finishing.open()
    assert await seed_of(events) == 1
    await closing


async def test_an_end_may_come_twice(stage: Stage) -> None:
    """Or before the beginning."""
    await stage.composer.close()
    await stage.composer.close()
    await Composer(Script).close()


async def test_the_pace_is_that_of_the_last_hops() -> None:
    """By the clock that was passed in, which goes a second forward whenever it is asked."""
    times = iter(range(10**6))
    script = Script()
    composer = Composer(lambda: script, clock=lambda: float(next(times)))
    await composer.start()
    script.hopping.shut()
    events = Stage(script, composer).ask(1, bars=9)
    await anext(events)
    script.hopping.let_through(3)
    assert isinstance(await anext(events), Writing)
    assert 0 < composer.health().notes_per_second <= 1
    script.hopping.open()
    await rest(events)
    assert composer.health().notes_per_second == 0
    await composer.close()
