"""Files of a composition over real sockets: what is sent, how, and in which parts."""

from contextlib import nullcontext
from io import BytesIO
from pathlib import Path

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiogroove.render.product import Product
from bots.web.ranges import Unsatisfiable, chosen, matches
from tests.bots.web.client import Client, client_of
from tests.bots.web.stage import Held, Setting, Sketches, Stage

SOUND = Sketches().sound


@pytest.fixture
async def files(ann: Client) -> str:
    """Compose a piece of two bars.

    Returns:
        Where its files are.
    """
    done = await ann.composed(wishes={"bars": 2, "key": "F# minor", "seed": 7})
    return f"/api/compositions/{done['id']}/files"


@pytest.mark.parametrize(
    ("name", "media_type", "shown"),
    [
        ("piece.mid", "audio/midi", "attachment"),
        ("sound.mp3", "audio/mpeg", "inline"),
        ("sound.ogg", "audio/ogg; codecs=opus", "inline"),
        ("roll.svg", "image/svg+xml", "inline"),
        ("roll.png", "image/png", "inline"),
        ("score.musicxml", "application/vnd.recordare.musicxml+xml", "attachment"),
        ("score.pdf", "application/pdf", "attachment"),
    ],
)
async def test_each_file_has_its_type_and_a_good_name(
    ann: Client, files: str, name: str, media_type: str, shown: str
) -> None:
    """No table guesses them right."""
    sent = await ann.get(f"{files}/{name}")
    assert sent.status == 200
    assert sent.headers["Content-Type"] == media_type
    ending = name.partition(".")[2]
    assert (
        sent.headers["Content-Disposition"] == f'{shown}; filename="folk-f-sharp-minor-7.{ending}"'
    )
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    kept = await ann.get(f"{files}/{name}?download")
    assert kept.headers["Content-Disposition"].startswith("attachment; filename=")


async def test_the_notes_open_in_another_program(ann: Client, files: str) -> None:
    """The MIDI file is the piece itself."""
    sent = await ann.get(f"{files}/piece.mid")
    assert len(mido.MidiFile(file=BytesIO(sent.body)).tracks) == 2


async def test_the_roll_is_drawn_in_the_size_that_is_asked_for(ann: Client, files: str) -> None:
    """The page draws on its own canvas, as large as that is."""
    sent = await ann.get(f"{files}/roll.svg?width=640&height=200")
    assert b'viewBox="0 0 640 200"' in sent.body


@pytest.mark.parametrize("query", ["width=1", "width=9999", "height=x", "width=-1", "height=١٢٠"])
async def test_no_other_sizes_are_drawn(ann: Client, files: str, query: str) -> None:
    """A size is a reasonable number."""
    refused = await ann.get(f"{files}/roll.svg?{query}")
    assert (refused.status, refused.code) == (400, "bad_request")


@pytest.mark.parametrize(
    "name", ["video.mp4", "cover.jpg", "nothing", "..%2fpiece.mid", "score-3.png", "score-0.png"]
)
async def test_there_are_no_other_files(ann: Client, files: str, name: str) -> None:
    """What this machine cannot make is none either."""
    refused = await ann.get(f"{files}/{name}")
    assert (refused.status, refused.code) == (404, "not_found")


async def test_the_score_has_pages(ann: Client, files: str) -> None:
    """And each is a picture."""
    told = (await ann.get(files.removesuffix("/files") + "/score")).told
    assert told["pages"] == [f"{files}/score-1.png", f"{files}/score-2.png"]
    page = await ann.get(told["pages"][1])
    assert (page.body, page.headers["Content-Type"]) == (b"\x89PNG two", "image/png")
    assert (await ann.get(told["pdf"])).status == 200


async def test_a_part_of_a_sound_is_sent(ann: Client, files: str) -> None:
    """Without that no browser can seek."""
    sent = await ann.get(f"{files}/sound.mp3", headers={"Range": "bytes=1000-1999"})
    assert sent.status == 206
    assert sent.headers["Content-Range"] == f"bytes 1000-1999/{len(SOUND)}"
    assert sent.body == SOUND[1000:2000]
    whole = await ann.get(f"{files}/sound.mp3")
    assert (whole.status, whole.body, whole.headers["Accept-Ranges"]) == (200, SOUND, "bytes")


async def test_a_part_that_is_not_there_is_refused(ann: Client, files: str) -> None:
    """With the size, so that the client can ask better."""
    refused = await ann.get(f"{files}/sound.mp3", headers={"Range": f"bytes={len(SOUND)}-"})
    assert refused.status == 416
    assert refused.headers["Content-Range"] == f"bytes */{len(SOUND)}"
    assert not refused.body


async def test_what_a_client_has_already_is_not_sent_again(ann: Client, files: str) -> None:
    """By its tag."""
    tag = (await ann.get(f"{files}/sound.mp3")).headers["ETag"]
    for header in (tag, f'"other", W/{tag}', "*"):
        unchanged = await ann.get(f"{files}/sound.mp3", headers={"If-None-Match": header})
        assert (unchanged.status, unchanged.body) == (304, b"")
        assert unchanged.headers["ETag"] == tag
    changed = await ann.get(f"{files}/sound.mp3", headers={"If-None-Match": '"other"'})
    assert changed.status == 200


async def test_a_part_of_another_sound_is_not_put_to_the_one_that_is_there(
    ann: Client, files: str
) -> None:
    """If-Range and If-Match hold the parts together."""
    tag = (await ann.get(f"{files}/sound.mp3")).headers["ETag"]
    part = {"Range": "bytes=0-9"}
    same = await ann.get(f"{files}/sound.mp3", headers=part | {"If-Range": tag})
    assert same.status == 206
    for other in ('"other"', f"W/{tag}", "Sun, 22 Nov 2026 18:51:26 GMT"):
        all_of_it = await ann.get(f"{files}/sound.mp3", headers=part | {"If-Range": other})
        assert (all_of_it.status, len(all_of_it.body)) == (200, len(SOUND))
    assert (await ann.get(f"{files}/sound.mp3", headers={"If-Match": '"other"'})).status == 412
    assert (await ann.get(f"{files}/sound.mp3", headers={"If-Match": tag})).status == 200


async def test_a_head_tells_the_size(ann: Client, files: str) -> None:
    """And sends nothing."""
    head = await ann.send("HEAD", f"{files}/sound.mp3")
    assert (head.status, head.headers["Content-Length"], head.body) == (200, str(len(SOUND)), b"")


async def test_what_cannot_be_made_is_told(tmp_path: Path) -> None:
    """The piece itself is as good as ever."""
    setting = Setting(studio=lambda _: nullcontext(Sketches(failing=frozenset({Product.MP3}))))
    async with Stage(tmp_path, setting) as stage, client_of(stage) as ann:
        done = await ann.composed()
        refused = await ann.get(f"/api/compositions/{done['id']}/files/sound.mp3")
        assert (refused.status, refused.code) == (500, "rendering_failed")
        assert (await ann.get(f"/api/compositions/{done['id']}/files/piece.mid")).status == 200


async def test_files_of_what_is_under_way_are_not_there_yet(tmp_path: Path) -> None:
    """Nor is its score."""
    setting = Setting(engine=Held(is_open=False))
    async with Stage(tmp_path, setting) as stage, client_of(stage) as ann:
        token = (await ann.ask()).told["id"]
        assert (await ann.get(f"/api/compositions/{token}/files/piece.mid")).status == 404
        assert (await ann.get(f"/api/compositions/{token}/score")).status == 404


async def test_the_sound_is_made_before_those_who_watch_ask_for_it(
    stage: Stage, ann: Client
) -> None:
    """They are about to press play."""
    done = await ann.composed()
    await ann.get(f"/api/compositions/{done['id']}/files/sound.ogg")
    assert isinstance(stage.studio, Sketches)
    assert stage.studio.made[0] == Product.MP3


async def test_files_carry_no_cookie(stage: Stage, files: str) -> None:
    """A cache would hand one client's to another."""
    async with client_of(stage) as stranger:
        assert "Set-Cookie" not in (await stranger.get(f"{files}/sound.mp3")).headers


# By itself: which part is meant.


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("bytes=0-", slice(0, 10)),
        ("bytes=0-0", slice(0, 1)),
        ("bytes=3-99", slice(3, 10)),
        ("Bytes=-4", slice(6, 10)),
        ("bytes=-99", slice(0, 10)),
        ("bytes=-0", Unsatisfiable()),
        ("bytes=10-", Unsatisfiable()),
        ("bytes=5-3", None),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("pieces=0-1", None),
        ("", None),
        ("bytes=" + 19 * "9" + "-", None),
    ],
)
def test_a_range_is_read(header: str, meant: slice | Unsatisfiable | None) -> None:
    """Of ten bytes."""
    assert chosen(header, 10) == meant


@given(st.text(alphabet="bytes=-0123456789, "), st.integers(0, 99))
def test_no_range_reaches_outside_the_file(header: str, size: int) -> None:
    """Whatever is asked for."""
    part = chosen(header, size)
    if isinstance(part, slice):
        assert 0 <= part.start < part.stop <= size


@given(st.text())
def test_any_list_of_tags_can_be_compared(header: str) -> None:
    """A tag matches itself only."""
    assert matches(header, '"tag"') in {True, False}
    assert matches(f'{header}, "tag"', '"tag"') or '"' in header
