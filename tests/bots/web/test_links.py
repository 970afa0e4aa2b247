"""Links to compositions: the page that they open, and what other programs show of them."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from typing_extensions import override

from tests.bots.web.client import Client, client_of
from tests.bots.web.stage import Setting, Stage

PAGE = "<!doctype html><html><head><title>AudioGroove</title><!-- og --></head></html>"


class Metas(HTMLParser):
    """Reads the meta elements of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.elements: list[str] = []
        self.feed(page)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        told = dict(attrs)
        if tag == "meta" and told.get("property"):
            self.found[str(told["property"])] = str(told["content"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a page of one line.

    Returns:
        Where it is.
    """
    page = tmp_path / "page"
    page.mkdir()
    (page / "index.html").write_text(PAGE, "utf-8")
    (page / "app.js").write_text("export {};", "utf-8")
    return page


async def test_a_link_shows_what_it_leads_to(tmp_path: Path, folder: Path) -> None:
    """Chats and search engines read it from the page's head."""
    async with Stage(tmp_path, Setting(page=folder)) as stage, client_of(stage) as ann:
        done = await ann.composed(wishes={"bars": 2, "key": "F# minor"})
        shown = await ann.get(done["link"])
        found = Metas(shown.body.decode()).found
        assert shown.status == 200
        assert found["og:title"] == done["piece"]["title"] == "Folk in F# minor"
        assert found["og:description"] == done["piece"]["facts"]
        assert found["og:image"] == f"{stage.url}/api/compositions/{done['id']}/files/roll.png"
        assert found["og:image:alt"] == done["piece"]["about"]
        assert (await ann.get(found["og:audio"])).headers["Content-Type"] == "audio/mpeg"


async def test_a_hostile_host_stays_inside_its_quotes(tmp_path: Path, folder: Path) -> None:
    """The name in an address is the client's own."""
    async with Stage(tmp_path, Setting(page=folder)) as stage, client_of(stage) as ann:
        done = await ann.composed()
        shown = await ann.get(done["link"], headers={"Host": '"><script>alert(1)</script>'})
        assert "script" not in Metas(shown.body.decode()).elements


async def test_a_link_to_nothing_opens_the_page_too(tmp_path: Path, folder: Path) -> None:
    """It says so itself; programs see the status."""
    async with Stage(tmp_path, Setting(page=folder)) as stage, client_of(stage) as ann:
        for token in ("abcdefghij", "abcdefghijkmnpqr", "%22%3E%3Cscript%3E"):
            shown = await ann.get(f"/p/{token}")
            assert shown.status == 404
            assert shown.headers["Content-Type"] == "text/html; charset=utf-8"
            assert not Metas(shown.body.decode()).found


async def test_files_of_the_page_are_asked_for_again_and_not_sent_again(
    tmp_path: Path, folder: Path
) -> None:
    """A new version is seen at once."""
    async with Stage(tmp_path, Setting(page=folder)) as stage, client_of(stage) as ann:
        sent = await ann.get("/static/app.js")
        assert sent.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert sent.headers["Cache-Control"] == "no-cache"
        tag = {"If-None-Match": sent.headers["ETag"]}
        assert (await ann.get("/static/app.js", headers=tag)).status == 304
        assert (await ann.send("HEAD", "/static/app.js")).status == 200


async def test_the_page_that_comes_along_has_a_place_for_what_is_shown(ann: Client) -> None:
    """And everything that it names is there."""
    page = (await ann.get("/")).body.decode()
    assert page.count("<!-- og -->") == 0  # taken out where there is nothing to show
    assert "/static/" in page
