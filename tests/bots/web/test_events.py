"""Watching compositions: server-sent events over real sockets."""

from contextlib import AsyncExitStack
from pathlib import Path

from bots.web.compositions import Compositions, Standing, State
from tests.bots.web.client import Client, client_of
from tests.bots.web.stage import Held, Setting, Stage


async def test_who_watches_sees_how_it_stands_and_each_change(tmp_path: Path) -> None:
    """First the state now, last the piece."""
    engine = Held(is_open=False)
    async with Stage(tmp_path, Setting(engine=engine)) as stage, client_of(stage) as ann:
        token = (await ann.ask(wishes={"bars": 8})).told["id"]
        seen = []
        async for event in ann.events(token):
            seen.append((event.name, event.told["state"], event.told["bars"]))
            if event.told["state"] == "writing":
                engine.gate.set()
        assert seen[-2:] == [("progress", "writing", 4), ("done", "done", 8)]
        assert {name for name, _, _ in seen[:-1]} == {"progress"}


async def test_who_comes_late_sees_the_end_at_once(ann: Client) -> None:
    """And the stream ends."""
    token = (await ann.composed())["id"]
    assert [event.name async for event in ann.events(token)] == ["done"]


async def test_there_are_no_events_of_nothing(ann: Client) -> None:
    """An error, not a stream."""
    refused = await ann.get("/api/compositions/abcdefghijkmnpqr/events")
    assert (refused.status, refused.code) == (404, "not_found")


async def test_a_quiet_stream_says_that_it_lives(tmp_path: Path) -> None:
    """Proxies cut what is silent."""
    setting = Setting(engine=Held(is_open=False), beat_s=0.01)
    async with Stage(tmp_path, setting) as stage, client_of(stage) as ann:
        token = (await ann.ask()).told["id"]
        async with ann.session.get(f"/api/compositions/{token}/events") as stream:
            assert stream.headers["Cache-Control"] == "no-store"
            while await stream.content.readline() != b": \n":
                pass


async def test_nobody_takes_all_streams(tmp_path: Path) -> None:
    """Eight each; who leaves makes room."""
    setting = Setting(engine=Held(is_open=False))
    async with Stage(tmp_path, setting) as stage, client_of(stage) as ann:
        path = f"/api/compositions/{(await ann.ask()).told['id']}/events"
        async with AsyncExitStack() as stack:
            for _ in range(8):
                await stack.enter_async_context(ann.session.get(path))
            refused = await ann.get(path)
            assert (refused.status, refused.code) == (503, "busy")
            assert refused.headers["Retry-After"] == "5"
            async with client_of(stage) as ben, ben.session.get(path) as other:
                assert other.status == 200


async def test_when_the_house_closes_streams_end_at_once(tmp_path: Path) -> None:
    """In order, and not torn off: the client comes back to the next process."""
    setting = Setting(engine=Held(is_open=False))
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(Stage(tmp_path, setting))
        async with client_of(stage) as ann:
            token = (await ann.ask()).told["id"]
            async with ann.session.get(f"/api/compositions/{token}/events") as stream:
                await stream.content.readuntil(b"\n\n")
                await stack.aclose()
                rest = await stream.read()  # to an end in order: a torn one raises
                assert b"event: progress" in rest
                assert b"event: done" not in rest


# By itself: the memory behind the streams.


async def test_a_watch_holds_the_latest_only() -> None:
    """A slow client costs no more than a quick one."""
    compositions = Compositions()
    with compositions.watch("a") as watch:
        for bars in range(1000):
            compositions.note("a", "ann", Standing(State.WRITING, bars=bars, total=1000))
        assert await watch.news() == Standing(State.WRITING, bars=999, total=1000)
    assert not compositions.is_watched("a")


async def test_a_watch_that_begins_after_closing_ends() -> None:
    """Nobody waits in an empty house."""
    compositions = Compositions()
    compositions.hang_up()
    with compositions.watch("a") as watch:
        assert await watch.news() is None


def test_memory_is_bounded() -> None:
    """What is done is forgotten at once; of the rest the oldest go."""
    compositions = Compositions(most_open=10, most_over=10)
    for number in range(100):
        compositions.note(f"open {number}", "ann", Standing(State.WAITING))
        compositions.note(f"failed {number}", "ann", Standing(State.FAILED))
        compositions.note(f"done {number}", "ann", Standing(State.WAITING))
        compositions.note(f"done {number}", "ann", Standing(State.DONE))
    assert len(compositions) <= 20
    assert compositions.standing("open 99")
    assert compositions.standing("open 0") is None
    assert compositions.standing("done 99") is None


def test_forgetting_a_person_ends_theirs_alone() -> None:
    """By whose it is."""
    compositions = Compositions()
    compositions.note("a", "ann", Standing(State.WAITING))
    compositions.note("b", "ben", Standing(State.WAITING))
    compositions.forget("ann")
    assert compositions.standing("a") == Standing(State.CANCELLED)
    assert compositions.standing("b") == Standing(State.WAITING)
