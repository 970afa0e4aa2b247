"""Whole stories of the interface, over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from audiogroove.errors import RequestRefused
from audiogroove.request import Sampling
from audiogroove.wishes import PRESETS
from bots.conversation import Quota
from bots.desk import Room
from tests.bots.web.client import Client, client_of
from tests.bots.web.stage import Held, Setting, Stage
from tests.dialogues.stage import FILES


async def test_a_piece_is_composed_and_told_in_full(ann: Client) -> None:
    """What is asked comes, with all that a page shows of it."""
    taken = await ann.ask(wishes={"style": "ragtime", "bars": 4, "tempo": 96.0, "seed": 7})
    assert taken.status == 202
    token = taken.told["id"]
    assert taken.headers["Location"] == f"/api/compositions/{token}"
    done = await ann.finished(token)
    piece = done["piece"]
    assert done["state"] == "done"
    assert (piece["bars"], piece["tempo_bpm"], piece["seed"]) == (4, 96.0, 7)
    assert piece["title"] == "Ragtime in C major"
    assert piece["bar_steps"] == [0, 48, 96, 144, 192]
    assert piece["timing"] == [[0, 0.0], [192, 10.0]]
    assert piece["is_mine"] is True
    assert "video.mp4" not in {file["name"] for file in piece["files"]}
    assert (await ann.get(f"/api/compositions/{token}")).told == done


async def test_free_words_are_understood(ann: Client) -> None:
    """A page may send what was typed."""
    done = await ann.composed(text="waltz 3 bars in d minor")
    assert (done["piece"]["bars"], done["piece"]["key"]) == (3, "D minor")


async def test_a_piece_grows_out_of_another(ann: Client) -> None:
    """Continue, vary, accompany and again start from a composition."""
    first = await ann.composed(wishes={"bars": 4})
    longer = await ann.composed("continue", wishes={"bars": 2}, **{"from": first["id"]})
    assert longer["piece"]["bars"] == 6
    assert longer["piece"]["new"] == [{"part": None, "first_bar": 4, "past_bar": 6}]
    parent = (await ann.get(f"/api/compositions/{longer['piece']['from']}")).told
    assert parent["id"] == first["id"]
    again = await ann.composed("again", **{"from": first["id"]})
    assert again["piece"]["seed"] != first["piece"]["seed"]
    joined = await ann.composed("accompany", wishes={"parts": "bass"}, **{"from": first["id"]})
    assert [part["instrument"] for part in joined["piece"]["parts"]] == ["piano", "bass"]
    assert joined["piece"]["new"][0]["part"] == 1
    varied = await ann.composed("vary", wishes={"range": "1-2"}, **{"from": first["id"]})
    assert varied["piece"]["new"] == [{"part": None, "first_bar": 0, "past_bar": 2}]


async def test_what_is_heard_of_a_long_piece_is_told(ann: Client) -> None:
    """Three minutes, with what is new; all of a short one."""
    first = await ann.composed(wishes={"bars": 100})  # of 2 s
    sound = {"first_bar": 0, "past_bar": 90, "from_s": 0, "until_s": 180, "is_all": False}
    assert first["piece"]["sound"] == sound
    longer = await ann.composed("continue", wishes={"bars": 4}, **{"from": first["id"]})
    sound = {"first_bar": 14, "past_bar": 104, "from_s": 28, "until_s": 208, "is_all": False}
    assert longer["piece"]["sound"] == sound
    short = await ann.composed(wishes={"bars": 4})
    assert short["piece"]["sound"]["is_all"] is True


async def test_a_file_is_continued(ann: Client) -> None:
    """A MIDI file is the beginning of a piece."""
    taken = await ann.upload(FILES["tune.mid"], wishes={"bars": 2})
    done = await ann.finished(taken.told["id"])
    assert done["piece"]["bars"] == 10
    assert done["piece"]["recipe"] is None


async def test_a_file_that_is_no_music_is_refused_in_a_sentence(ann: Client) -> None:
    """The wall speaks through."""
    refused = await ann.upload(FILES["cat.mid"])
    assert (refused.status, refused.code) == (422, "seed_rejected")
    assert refused.told["error"]["message"].startswith("That is not a MIDI file")


async def test_a_file_that_is_too_large_is_not_read(ann: Client) -> None:
    """Nor kept in memory beyond the limit."""
    refused = await ann.upload(FILES["huge.mid"])
    assert (refused.status, refused.code) == (413, "too_large")


async def test_uploads_of_one_client_are_few_at_a_time(stage: Stage, ann: Client) -> None:
    """Each is memory, and reading it is work."""

    async def slowly() -> AsyncIterator[bytes]:
        yield b"--x\r\n"
        await release.wait()

    await ann.get("/")  # for a cookie: who has none is somebody else each time
    release = asyncio.Event()
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    how: dict[str, Any] = {"headers": headers, "data": b"--x--"}
    uploads = [
        asyncio.create_task(ann.send("POST", "/api/compositions", headers=headers, data=slowly()))
        for _ in range(5)
    ]
    (refused,), _ = await asyncio.wait(uploads, return_when=asyncio.FIRST_COMPLETED)
    assert (refused.result().status, refused.result().code) == (503, "busy")
    async with client_of(stage) as ben:
        assert (await ben.send("POST", "/api/compositions", **how)).status == 400
    release.set()
    for upload in uploads:
        assert (await upload).status in {400, 503}


async def test_the_same_key_names_the_same_composition(ann: Client, stage: Stage) -> None:
    """A request that is sent again composes and costs nothing."""
    one = await ann.ask(key="a-key-of-mine", wishes={"bars": 4})
    two = await ann.ask(key="a-key-of-mine", wishes={"bars": 9})
    assert one.told["id"] == two.told["id"]
    assert two.status == 202
    async with client_of(stage) as ben:
        other = await ben.ask(key="a-key-of-mine")
        assert other.told["id"] != one.told["id"]


async def test_a_strange_key_is_refused(ann: Client) -> None:
    """Keys are short and plain."""
    refused = await ann.ask(key="né")
    assert (refused.status, refused.code) == (400, "bad_request")


@pytest.mark.parametrize(
    ("mode", "fields", "status", "code", "field"),
    [
        ("compose", {"wishes": {"tempo": "9000"}}, 422, "request_refused", "tempo"),
        ("compose", {"wishes": {"colour": "red"}}, 422, "wish_unknown", None),
        ("compose", {"text": "blorp"}, 422, "wish_unknown", None),
        ("compose", {"from": "abcdefghij"}, 400, "bad_request", "from"),
        ("continue", {}, 404, "nothing_there", None),
        ("again", {}, 404, "nothing_there", None),
        ("vary", {"from": "abcdefghij"}, 404, "not_found", None),
        ("vary", {"from": "../etc"}, 404, "not_found", None),
    ],
)
async def test_what_cannot_be_is_refused_with_a_code(
    ann: Client, mode: str, fields: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    """Programs read the code, people the sentence."""
    refused = await ann.ask(mode, **fields)
    error = refused.told["error"]
    assert (refused.status, error["code"], error.get("field")) == (status, code, field)
    assert error["message"].endswith(".")
    assert error["id"]


async def test_nobody_continues_the_piece_of_a_neighbour_by_accident(stage: Stage) -> None:
    """In a chat the last piece is meant; an address on the network is no chat."""
    async with client_of(stage) as ann, client_of(stage) as ben:
        await ann.composed()
        assert (await ben.ask("continue")).code == "nothing_there"


async def test_a_quota_tells_when_to_come_back(tmp_path: Path) -> None:
    """To people and to programs."""
    async with Stage(tmp_path, Setting(person=Quota(1, 1))) as stage, client_of(stage) as ann:
        await ann.composed()
        refused = await ann.ask()
        assert (refused.status, refused.code) == (429, "quota_reached")
        assert 3500 <= int(refused.headers["Retry-After"]) <= 3600
        assert refused.told["error"]["retry_after_s"] > 3500


async def test_who_throws_cookies_away_meets_the_quota_of_the_network(tmp_path: Path) -> None:
    """A cookie is cheap."""
    async with Stage(tmp_path, Setting(person=Quota(99, 9), chat=Quota(1, 1))) as stage:
        async with client_of(stage) as ann:
            await ann.composed()
        async with client_of(stage) as stranger:
            refused = await stranger.ask()
            assert refused.code == "quota_reached"
            assert refused.told["error"]["message"].startswith("Your network has had enough")


async def test_a_full_house_says_so(tmp_path: Path) -> None:
    """Nothing is charged, and there is a time to come back."""
    setting = Setting(engine=Held(is_open=False), room=Room(person=1, all=9))
    async with Stage(tmp_path, setting) as stage, client_of(stage) as ann:
        await ann.ask()
        refused = await ann.ask()
        assert (refused.status, refused.code) == (503, "busy")
        assert int(refused.headers["Retry-After"]) >= 1


async def test_a_composition_under_way_is_stopped(tmp_path: Path) -> None:
    """Whoever watches is told."""
    engine = Held(is_open=False)
    async with Stage(tmp_path, Setting(engine=engine)) as stage, client_of(stage) as ann:
        token = (await ann.ask()).told["id"]
        await engine.begun.acquire()
        watching = asyncio.create_task(ann.finished(token))
        assert (await ann.send("DELETE", f"/api/compositions/{token}")).status == 204
        assert (await watching)["state"] == "cancelled"
        assert (await ann.get(f"/api/compositions/{token}")).told["state"] == "cancelled"


async def test_a_piece_is_deleted_by_whoever_asked_for_it_alone(stage: Stage, ann: Client) -> None:
    """Everybody may see it who knows its name; nobody else may delete it."""
    token = (await ann.composed())["id"]
    async with client_of(stage) as ben:
        seen = await ben.get(f"/api/compositions/{token}")
        assert seen.told["piece"]["is_mine"] is False
        refused = await ben.send("DELETE", f"/api/compositions/{token}")
        assert (refused.status, refused.code) == (403, "not_allowed")
    assert (await ann.send("DELETE", f"/api/compositions/{token}")).status == 204
    gone = await ann.get(f"/api/compositions/{token}")
    assert (gone.status, gone.code) == (404, "not_found")
    assert (await ann.send("DELETE", f"/api/compositions/{token}")).status == 404


async def test_another_cannot_stop_what_is_under_way(tmp_path: Path) -> None:
    """Whose it is, is known from the first moment."""
    setting = Setting(engine=Held(is_open=False))
    async with Stage(tmp_path, setting) as stage, client_of(stage) as ann, client_of(stage) as ben:
        token = (await ann.ask()).told["id"]
        refused = await ben.send("DELETE", f"/api/compositions/{token}")
        assert (refused.status, refused.code) == (403, "not_allowed")


async def test_everything_of_a_client_is_forgotten(ann: Client) -> None:
    """Its cookie, too; the next visit is a stranger's."""
    token, cookie = (await ann.composed())["id"], ann.cookie
    forgotten = await ann.send("DELETE", "/api/me")
    assert forgotten.status == 200
    assert "pieces deleted: 1" in forgotten.told["message"]
    assert not ann.cookie
    assert (await ann.get(f"/api/compositions/{token}")).status == 404
    assert ann.cookie not in {"", cookie}


async def test_who_watches_a_composition_that_is_forgotten_is_told(tmp_path: Path) -> None:
    """Even when nothing is delivered any more."""
    engine = Held(is_open=False)
    async with Stage(tmp_path, Setting(engine=engine)) as stage, client_of(stage) as ann:
        token = (await ann.ask()).told["id"]
        await engine.begun.acquire()
        watching = asyncio.create_task(ann.finished(token))
        await ann.send("DELETE", "/api/me")
        assert (await watching)["state"] == "cancelled"


async def test_what_the_model_cannot_do_is_told_with_its_reason(tmp_path: Path) -> None:
    """Facts of a failure outlive its telling, for who asks later."""
    engine = Held()
    engine.error = RequestRefused("parts", asked="kazoo", possible="what sounds")
    async with Stage(tmp_path, Setting(engine=engine)) as stage, client_of(stage) as ann:
        failed = await ann.composed()
        assert failed["state"] == "failed"
        assert (failed["error"]["code"], failed["error"]["field"]) == ("request_refused", "parts")
        assert (await ann.get(f"/api/compositions/{failed['id']}")).told == failed


async def test_a_restart_takes_up_what_was_under_way(tmp_path: Path) -> None:
    """Nothing that was accepted is lost, and its address stays."""
    async with (
        Stage(tmp_path, Setting(engine=Held(is_open=False))) as before,
        client_of(before) as ann,
    ):
        token = (await ann.ask(wishes={"bars": 3})).told["id"]
        cookie = ann.cookie
    async with Stage(tmp_path, Setting()) as after, client_of(after, cookies={"ag": cookie}) as ann:
        done = await ann.finished(token)
        assert done["piece"]["bars"] == 3
        assert done["piece"]["is_mine"] is True


async def test_a_failure_before_a_restart_is_known_after_it(tmp_path: Path) -> None:
    """Though not its reason, which nobody keeps."""
    engine = Held()
    engine.error = RequestRefused("parts", asked="kazoo", possible="what sounds")
    async with Stage(tmp_path, Setting(engine=engine)) as before, client_of(before) as ann:
        token = (await ann.composed())["id"]
    async with Stage(tmp_path, Setting()) as after, client_of(after) as ann:
        failed = (await ann.get(f"/api/compositions/{token}")).told
        assert (failed["state"], failed["error"]["code"]) == ("failed", "lost")


async def test_the_id_that_a_chat_shows_names_the_composition_too(
    stage: Stage, ann: Client
) -> None:
    """What Details tells in a chat can be opened on the page."""
    done = await ann.composed()
    stored = await stage.store.piece_of_job(f"web.{done['id']}")
    assert (await ann.get(f"/api/compositions/{stored.id}")).told == done


async def test_options_list_what_can_be_wished(ann: Client) -> None:
    """All that the page offers."""
    told = (await ann.get("/api/options")).told
    assert told["styles"] == [
        {"name": "folk", "label": "folk", "tempo_bpm": 120.0, "parts": ["piano"]}
    ]
    assert len(told["keys"]) > 24
    assert "D dorian" in told["keys"]
    assert told["bars"] == {"min": 1, "max": 128, "usual": 16}
    assert told["temperature"] == {"min": 0.05, "max": 3, "usual": Sampling().temperature}
    assert told["presets"] == [
        {"name": preset.name, "about": preset.about, **asdict(preset.sampling)}
        for preset in PRESETS
    ]
    assert told["can"] == {"sound": True, "video": False}
