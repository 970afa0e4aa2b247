"""Watching jams: how they are told, by whom they are found, and their news in order."""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from audiogroove.jam.jam import Kind, Phase, Take
from audiogroove.jam.settings import Seat, Settings, Way
from audiogroove.music.piece import Key, Meter
from bots.jams.view import JamView
from bots.web.jam_telling import facts_of, jam_of
from tests.bots.web.client import Client, client_of
from tests.bots.web.easels import ANN, BEN, CAS, Easels, band, composing, heard, kept, over
from tests.bots.web.stage import Setting, Stage
from tests.bots.web.test_description import Description
from tests.bots.web.test_links import Metas

ONE = "/api/jams/{id}"
SEATED = Settings(
    Way.PARTS,
    "jazz",
    Key(0),
    140.0,
    Meter(3, 4),
    bars=8,
    rounds=1,
    pace="slow",
    seats=(Seat("melody", "sax"), Seat("bass", "bass")),
)


@pytest.fixture
def easels() -> Easels:
    """Open a gallery."""
    return Easels()


@pytest.fixture
async def stage(tmp_path: Path, easels: Easels) -> AsyncIterator[Stage]:
    """Open a house with a gallery.

    Yields:
        The stage.
    """
    async with Stage(tmp_path, Setting(gallery=easels, beat_s=0.01)) as opened:
        yield opened


async def test_a_jam_is_told(ann: Client, easels: Easels) -> None:
    """What is played, who plays, and whose turn it is."""
    jam_id = easels.put_up(JamView(band()))
    told = (await ann.get(f"/api/jams/{jam_id}")).told
    assert (told["id"], told["number"], told["phase"]) == (jam_id, 3, "turn")
    assert told["title"] == "Jam no. 3: ragtime in D minor"
    assert told["facts"] == "4 bars a turn · 2 rounds · 4/4 at 120 bpm"
    assert [player["name"] for player in told["players"]] == ["Ann", "Ben", "Cas"]
    assert [player["is_host"] for player in told["players"]] == [True, False, False]
    assert [player["is_away"] for player in told["players"]] == [False, False, True]
    assert told["turn"] == {
        "player": "Ann",
        "number": 1,
        "round": 1,
        "rounds": 2,
        "is_stand_in": False,
    }
    assert (told["piece"], told["takes"], told["written"], told["votes"]) == (None, [], None, None)


async def test_clocks_that_are_off_can_tell_how_long_it_takes(ann: Client, easels: Easels) -> None:
    """The deadline comes with the time here."""
    jam = band()
    easels.put_up(JamView(jam))
    before_s = time.time()
    told = (await ann.get(f"/api/jams/{jam.id}")).told
    assert told["deadline_s"] == jam.deadline_s
    assert before_s <= told["now_s"] <= time.time()


async def test_the_piece_says_who_made_which_bars(
    ann: Client, easels: Easels, stage: Stage
) -> None:
    """In the colours of the roll."""
    easels.put_up(await heard(band(), stage.store, ANN, BEN))
    told = (await ann.get("/api/jams/k3v9x2m4qa")).told
    assert [
        (credit["player"], credit["first_bar"], credit["past_bar"], credit["part"])
        for credit in told["piece"]["credits"]
    ] == [("Ann", 0, 4, None), ("Ben", 4, 8, None)]
    colours = {credit["player"]: credit["colour"] for credit in told["piece"]["credits"]}
    assert {player["name"]: player["colour"] for player in told["players"]} == {
        **colours,
        "Cas": None,
    }
    roll = (await ann.get(f"/api/compositions/{told['piece_id']}/files/roll.svg")).body.decode()
    assert all(colour in roll for colour in colours.values())


async def test_takes_are_told(ann: Client, easels: Easels, stage: Stage) -> None:
    """Those that are laid down, and the one that is judged."""
    easels.put_up(await heard(band(), stage.store, ANN, BEN))
    told = (await ann.get("/api/jams/k3v9x2m4qa")).told
    laid = {"player": "Ann", "kind": "played", "part": None, "first_bar": 0, "past_bar": 4}
    assert told["takes"] == [laid]
    assert told["take"] == laid | {"player": "Ben", "first_bar": 4, "past_bar": 8}


async def test_files_of_the_piece_are_there(ann: Client, easels: Easels, stage: Stage) -> None:
    """Under the addresses that are told, and on its own page."""
    easels.put_up(await heard(band(), stage.store, ANN))
    told = (await ann.get("/api/jams/k3v9x2m4qa")).told
    for file in told["piece"]["files"]:
        answer = await ann.get(file["url"])
        assert answer.status == 200
        assert answer.headers["Content-Type"] == file["type"]
    composition = (await ann.get(f"/api/compositions/{told['piece_id']}")).told
    assert composition["id"] == told["piece_id"]
    assert composition["piece"] == told["piece"]
    assert (await ann.get(composition["link"])).status == 200


async def test_nobody_is_told_who_anybody_is_elsewhere(
    ann: Client, easels: Easels, stage: Stage
) -> None:
    """No key, no chat, no address: neither in JSON nor on the page."""
    view = await heard(band(), stage.store, ANN, BEN, CAS)
    easels.put_up(replace(view, jam=replace(view.jam, votes=((ANN.key, True),))))
    for path in ("/api/jams/k3v9x2m4qa", "/j/k3v9x2m4qa"):
        told = (await ann.get(path)).body.decode()
        for secret in ("1001", "2002", "3003", "9009", "4004", "discord", "telegram"):
            assert secret not in told


async def test_votes_are_counted_and_not_named() -> None:
    """While they are open."""
    votes = ((ANN.key, True), (BEN.key, False), (CAS.key, True))
    voting = band(phase=Phase.VOTING, votes=votes)
    assert jam_of(JamView(voting), None, 0.0)["votes"] == {"yes": 2, "no": 1}
    assert jam_of(JamView(replace(voting, phase=Phase.TURN)), None, 0.0)["votes"] is None


async def test_instruments_are_told_where_each_has_one() -> None:
    """As people call them, in takes as well."""
    players = (replace(ANN, seat=0), replace(BEN, seat=1))
    take = Take(1, 1, 1, BEN.key, Kind.BROUGHT, "abcdefghij", 0, 8, seat=1)
    jam = band(settings=SEATED, players=players, takes=(take,))
    told = jam_of(JamView(jam), None, 0.0)
    assert [player["part"] for player in told["players"]] == ["melody (sax)", "bass"]  # type: ignore[attr-defined]  # JSON
    assert told["takes"][0]["part"] == "bass"  # type: ignore[index]  # JSON
    assert facts_of(jam) == "8 bars together · 1 round · 3/4 at 140 bpm · no hurry"


async def test_where_a_form_decides_rounds_are_not_counted() -> None:
    """The form is told instead."""
    settings = replace(band().settings, form="AABA", bars=1)
    jam = band(settings=settings)
    assert facts_of(jam) == "1 bar a turn · form AABA · 4/4 at 120 bpm"
    assert jam_of(JamView(jam), None, 0.0)["turn"]["rounds"] is None  # type: ignore[index]  # JSON


async def test_a_jam_that_is_not_kept_is_not_found(ann: Client) -> None:
    """Neither it, nor its news; the page says so itself."""
    for path in ("/api/jams/nothing", "/api/jams/nothing/events"):
        answer = await ann.get(path)
        assert (answer.status, answer.code) == (404, "gone")
        assert answer.told["error"]["message"] == "That jam is no longer kept."
    page = await ann.get("/j/nothing")
    assert page.status == 404
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"


async def test_without_a_gallery_there_are_no_jams(tmp_path: Path) -> None:
    """All their addresses lead nowhere."""
    folder = tmp_path / "bare"
    folder.mkdir()
    async with Stage(folder, Setting()) as stage, client_of(stage) as ann:
        for path in ("/j/k3v9x2m4qa", "/api/jams/k3v9x2m4qa", "/api/jams/k3v9x2m4qa/events"):
            assert (await ann.get(path)).status == 404


async def test_a_link_shows_what_it_leads_to(ann: Client, easels: Easels, stage: Stage) -> None:
    """The roll as it is now, once there is one."""
    easels.put_up(JamView(band()))
    found = Metas((await ann.get("/j/k3v9x2m4qa")).body.decode()).found
    assert found["og:title"] == "Jam no. 3: ragtime in D minor"
    assert found["og:url"] == f"{stage.url}/j/k3v9x2m4qa"
    assert "og:image" not in found
    easels.put_up(await heard(band(), stage.store, ANN))
    found = Metas((await ann.get("/j/k3v9x2m4qa")).body.decode()).found
    assert (await ann.get(found["og:image"])).headers["Content-Type"] == "image/png"
    assert (await ann.get(found["og:audio"])).headers["Content-Type"] == "audio/mpeg"


async def test_who_watches_is_told_all_until_it_is_over(
    ann: Client, easels: Easels, stage: Stage
) -> None:
    """First how it stands, then each change, and then the stream ends."""
    view = await heard(band(), stage.store, ANN)
    script = iter([composing(kept(view), 1, 4), composing(kept(view), 2, 4), over(view)])
    jam_id = easels.put_up(view)
    seen = []
    async for event in ann.stream(f"/api/jams/{jam_id}/events"):
        seen.append((event.name, event.told["phase"], event.told["written"]))
        if following := next(script, None):
            easels.put_up(following)
    assert seen == [
        ("jam", "hearing", None),
        ("jam", "taking", {"bars": 1, "total": 4}),
        ("jam", "taking", {"bars": 2, "total": 4}),
        ("over", "finished", None),
    ]


async def test_who_comes_late_sees_the_end_at_once(ann: Client, easels: Easels) -> None:
    """And the stream ends; nothing is waited for any more."""
    jam_id = easels.put_up(over(JamView(band()), Phase.EXPIRED))
    events = [event async for event in ann.stream(f"/api/jams/{jam_id}/events")]
    assert [event.name for event in events] == ["over"]
    assert events[0].told["deadline_s"] is None


async def test_a_quiet_stream_says_that_it_lives(ann: Client, easels: Easels) -> None:
    """And that a client which loses it shall come back."""
    jam_id = easels.put_up(JamView(band()))
    async with ann.session.get(f"/api/jams/{jam_id}/events") as stream:
        assert await stream.content.readline() == b"retry: 2000\n"
        while await stream.content.readline() != b": \n":
            pass


async def test_nobody_takes_all_streams(ann: Client, easels: Easels) -> None:
    """Those of jams count with those of compositions."""
    path = f"/api/jams/{easels.put_up(JamView(band()))}/events"
    async with AsyncExitStack() as stack:
        for _ in range(8):
            await stack.enter_async_context(ann.session.get(path))
        refused = await ann.get(path)
        assert (refused.status, refused.code) == (503, "busy")


async def test_when_the_house_closes_streams_end_at_once(tmp_path: Path, easels: Easels) -> None:
    """In order, and without an end of the jam: the client comes back to the next process."""
    folder = tmp_path / "closing"
    folder.mkdir()
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(Stage(folder, Setting(gallery=easels)))
        async with client_of(stage) as ann:
            jam_id = easels.put_up(JamView(band()))
            async with ann.session.get(f"/api/jams/{jam_id}/events") as stream:
                await stream.content.readuntil(b"\n\n")
                await stack.aclose()
                rest = await stream.read()  # to an end in order: a torn one raises
                assert b"event: jam" in rest
                assert b"event: over" not in rest


async def test_jams_are_as_described(ann: Client, easels: Easels, stage: Stage) -> None:
    """In every phase."""
    description = Description((await ann.get("/api/openapi.json")).told)
    view = await heard(band(), stage.store, ANN, BEN)
    shown = [JamView(band()), view, composing(kept(view), 1, 4), over(view)]
    shown.append(JamView(band(phase=Phase.VOTING, votes=((ANN.key, True),))))
    for each in shown:
        description.check("get", ONE, await ann.get(f"/api/jams/{easels.put_up(each)}"))
    description.check("get", ONE, await ann.get("/api/jams/nothing"))
