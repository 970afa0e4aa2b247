"""What every engine keeps to, wherever it runs; see `audiogroove.service.engine.Engine`.

An engine is held to it by a class that inherits `EngineContract` and has a fixture `make_engine`,
which gives a maker of engines with the tiny model, not started yet.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace

import pytest

from audiogroove.errors import Busy, Lost, RequestRefused
from audiogroove.model.checkpoint import Checkpoint
from audiogroove.music.instruments import instrument
from audiogroove.music.piece import Meter, Piece
from audiogroove.request import ComposeRequest, Mode
from audiogroove.service.composing import compose
from audiogroove.service.engine import Engine
from audiogroove.service.job import Done, Event, Job, Waiting, Writing
from audiogroove.service.scheduler import USUAL, Limits
from tests.model import builders

MakeEngine = Callable[[Limits], Engine]
LONG = 128  # bars: more than any test waits for
BAND = tuple(instrument(program) for program in (0, 0, 0, 0, 48, 48, 48, 48, 73, 73, 33, 33))


def job(seed: int, person: str = "ann", *, bars: int = 2, style: str = "ragtime") -> Job:
    """Ask for a piece from nothing; a long one is for a band in long bars: it takes its time."""
    asked = ComposeRequest(seed, bars=bars, style=style)
    if bars == LONG:
        asked = replace(asked, parts=BAND, meter=Meter(8, 4))
    return Job(f"test.{seed}", person, asked)


def all_kinds(count: int) -> list[Job]:
    """Ask for pieces in three modes, each by another person."""
    made = []
    for seed in range(count):
        tune = builders.tune(seed, bars=2 + seed % 4)
        asked = (
            ComposeRequest(seed, bars=3, style=builders.STYLES[seed % 3]),
            ComposeRequest(seed, Mode.CONTINUE, tune, bars=2),
            ComposeRequest(seed, Mode.VARY, tune, bar_range=(1, 2)),
        )
        made.append(Job(f"test.{seed}", f"person {seed}", asked[seed % 3]))
    return made


async def listened(engine: Engine, asked: Job) -> list[Event]:
    """Listen to a job until it is done."""
    async with aclosing(engine.stream(asked)) as events:
        return [event async for event in events]


async def piece_of(engine: Engine, asked: Job) -> Piece:
    """Listen to a job for its piece."""
    end = (await listened(engine, asked))[-1]
    assert isinstance(end, Done)
    return end.composition.piece


async def until_written(events: AsyncGenerator[Event]) -> None:
    """Listen until a job has begun."""
    while not isinstance(await anext(events), Writing):
        pass


@asynccontextmanager
async def started(engine: Engine) -> AsyncIterator[Engine]:
    """Start an engine and close it in the end.

    Yields:
        The same engine.
    """
    await engine.start()
    try:
        yield engine
    finally:
        await engine.close()


class EngineContract:
    """The tests; a subclass has a fixture `make_engine`."""

    @pytest.fixture
    async def engine(self, make_engine: MakeEngine) -> AsyncIterator[Engine]:
        """Start an engine with room enough.

        Yields:
            The engine.
        """
        async with started(make_engine(USUAL)) as engine:
            yield engine

    @pytest.fixture
    async def narrow(self, make_engine: MakeEngine) -> AsyncIterator[Engine]:
        """Start an engine that writes one piece at a time, while one of each person may wait.

        Yields:
            The engine.
        """
        async with started(make_engine(Limits(1, waiting=2, waiting_each=1))) as engine:
            yield engine

    # What is told

    async def test_first_comes_the_queue_then_the_bars_then_the_piece(self, engine: Engine) -> None:
        """And nothing comes after it."""
        events = await listened(engine, job(1, bars=4))
        kinds = [type(event) for event in events]
        assert kinds == sorted(kinds, key=[Waiting, Writing, Done].index)
        assert kinds.count(Done) == 1
        assert len(kinds) > 1

    async def test_bars_are_counted_to_the_last(self, engine: Engine) -> None:
        """They never fall, and their total stays; the last word is that all are written."""
        told = [e for e in await listened(engine, job(2, bars=9)) if isinstance(e, Writing)]
        assert [event.bars for event in told] == sorted({event.bars for event in told})
        assert {event.total for event in told} == {9}
        assert told[-1].bars == 9

    async def test_what_is_done_is_what_was_asked(self, engine: Engine) -> None:
        """The request comes back with the piece."""
        asked = job(3, bars=5, style="waltz")
        end = (await listened(engine, asked))[-1]
        assert isinstance(end, Done)
        assert end.composition.request == asked.request
        assert (end.composition.style, end.composition.piece.bars) == ("waltz", 5)
        assert end.composition.new_notes > 0

    # Company changes nothing

    async def test_a_crowd_gets_what_each_would_get_alone(
        self, engine: Engine, model: Checkpoint
    ) -> None:
        """Note for note what the command line writes."""
        asked = all_kinds(12)
        pieces = await asyncio.gather(*(piece_of(engine, one) for one in asked))
        for one, piece in zip(asked, pieces, strict=True):
            assert compose(model, one.request).piece == piece

    async def test_asked_again_it_is_the_same(self, engine: Engine) -> None:
        """Also at the same time, by others."""
        first = await piece_of(engine, job(4))
        again = (piece_of(engine, job(4, person)) for person in ("ann", "bob", "cy"))
        assert [first] * 3 == await asyncio.gather(*again)

    # No, and not now

    async def test_what_the_model_cannot_do_is_refused_to_its_asker_alone(
        self, engine: Engine
    ) -> None:
        """The others get their pieces."""
        wrong, right = listened(engine, job(5, style="hymn")), piece_of(engine, job(6, "bob"))
        refused, piece = await asyncio.gather(wrong, right, return_exceptions=True)
        assert isinstance(refused, RequestRefused)
        assert (refused.field, refused.asked) == ("style", "hymn")
        assert isinstance(piece, Piece)

    async def test_a_full_pile_is_told_before_anything_else(self, narrow: Engine) -> None:
        """One of Ann's is being written, one waits."""
        async with (
            aclosing(narrow.stream(job(1, bars=LONG))) as first,
            aclosing(narrow.stream(job(2))) as second,
            aclosing(narrow.stream(job(3))) as third,
        ):
            await until_written(first)
            await anext(second)
            with pytest.raises(Busy) as busy:
                await anext(third)
        assert (busy.value.own, busy.value.waiting) == (True, 1)
        assert busy.value.retry_after_s > 0

    async def test_a_full_house_is_told_before_anything_else(self, narrow: Engine) -> None:
        """One is being written, two wait."""
        people = ("ann", "bob", "cy")
        streams = [narrow.stream(job(seed, who, bars=LONG)) for seed, who in enumerate(people)]
        await until_written(streams[0])
        for stream in streams[1:]:
            await anext(stream)
        with pytest.raises(Busy) as busy:
            await anext(narrow.stream(job(9, "dee")))
        assert (busy.value.own, busy.value.waiting) == (False, 2)
        assert busy.value.retry_after_s > 0
        for stream in streams:
            await stream.aclose()

    # Going away

    async def test_who_stops_listening_makes_room(self, narrow: Engine) -> None:
        """Bob's piece is written though Ann's would have taken long."""
        async with aclosing(narrow.stream(job(1, bars=LONG))) as ann:
            await until_written(ann)
        assert (await piece_of(narrow, job(2, "bob"))).bars == 2
        assert (narrow.health().running, narrow.health().waiting) == (0, 0)

    async def test_who_stops_waiting_makes_room(self, narrow: Engine) -> None:
        """Bob may ask anew."""
        async with aclosing(narrow.stream(job(1, bars=LONG))) as ann:
            await until_written(ann)
            for seed in range(2, 9):
                async with aclosing(narrow.stream(job(seed, "bob"))) as bob:
                    assert await anext(bob) == Waiting(0)
            assert narrow.health().waiting == 0

    async def test_a_task_that_is_cancelled_stops_listening(self, narrow: Engine) -> None:
        """And nobody else hears of it."""
        listening = asyncio.create_task(listened(narrow, job(1, bars=LONG)))
        async with aclosing(narrow.stream(job(2, "bob"))) as bob:
            await anext(bob)
            listening.cancel()
            with pytest.raises(asyncio.CancelledError):
                await listening
            assert isinstance([event async for event in bob][-1], Done)

    # Health, and the end

    async def test_health_counts_who_waits_and_who_runs(self, narrow: Engine) -> None:
        """And tells a pace while something is written."""
        assert (narrow.health().ready, narrow.health().notes_per_second) == (True, 0.0)
        async with (
            aclosing(narrow.stream(job(1, bars=LONG))) as ann,
            aclosing(narrow.stream(job(2, "bob"))) as bob,
        ):
            await until_written(ann)
            await anext(bob)
            health = narrow.health()
            assert (health.running, health.waiting) == (1, 1)
            assert health.notes_per_second > 0

    async def test_an_engine_that_is_not_open_takes_nothing(self, make_engine: MakeEngine) -> None:
        """Before its start and after its end."""
        engine = make_engine(USUAL)
        with pytest.raises(Lost):
            await anext(engine.stream(job(1)))
        async with started(engine):
            await piece_of(engine, job(1))
        assert not engine.health().ready
        with pytest.raises(Lost):
            await anext(engine.stream(job(1)))

    async def test_what_an_end_leaves_no_time_for_is_lost(self, make_engine: MakeEngine) -> None:
        """Whether it has begun or waits."""
        async with started(make_engine(Limits(running=1))) as engine:
            people = ("ann", "bob", "cy")
            streams = [engine.stream(job(seed, who, bars=LONG)) for seed, who in enumerate(people)]
            await until_written(streams[0])
            for stream in streams[1:]:
                await anext(stream)
            await engine.close()
            for stream in streams:
                with pytest.raises(Lost):
                    await until_written(stream)

    async def test_what_an_end_leaves_time_for_is_done(self, make_engine: MakeEngine) -> None:
        """Whoever was admitted, has begun or waits; who comes meanwhile is not."""
        async with started(make_engine(Limits(running=1))) as engine:
            streams = [engine.stream(job(seed, str(seed))) for seed in range(3)]
            for stream in streams:
                await anext(stream)
            closing = asyncio.create_task(engine.close(drain_s=60))
            ends = [[event async for event in stream][-1] for stream in streams]
            assert all(isinstance(end, Done) for end in ends)
            with pytest.raises(Lost):
                await anext(engine.stream(job(9)))
            await closing
