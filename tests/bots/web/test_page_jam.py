"""A jam watched on the page: who plays, what they make, and how it ends; nobody reloads."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import count

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from audiogroove.jam.jam import Jam, Phase
from bots.jams.view import JamView
from tests.bots.web.easels import ANN, BEN, Easels, band, composing, heard, kept, over
from tests.bots.web.test_page_promises import NAMELESS, SMALL, TOUCH_PX, overflow_px
from tests.bots.web.visitor import PHONE, Inn, Visitor

pytest_plugins = ("tests.bots.web.browser",)
pytestmark = pytest.mark.asyncio(loop_scope="module")

NUMBERS = count(1)
SOURCE = "(sound) => sound.currentSrc"
ENDED = """(sound) => { sound.currentTime = sound.duration; }"""


class Audience:
    """A visitor who watches a jam of their own."""

    def __init__(self, visitor: Visitor, easels: Easels) -> None:
        """Let a band meet."""
        self.visitor, self.page, self.easels = visitor, visitor.page, easels
        self.jam: Jam = band(f"jamnumber{next(NUMBERS)}")

    async def open(self, view: JamView | None = None) -> None:
        """Open the link of the jam."""
        self.easels.put_up(view or JamView(self.jam))
        await self.visitor.open(f"/j/{self.jam.id}")

    async def heard(self, *players: int) -> JamView:
        """Let some of the band play, by their places in it."""
        chosen = (self.jam.players[at] for at in players)
        return await heard(self.jam, self.visitor.house.store, *chosen)

    async def playing(self) -> None:
        """Press play, and wait until the sound runs."""
        await self.page.get_by_role("button", name="Play").click()
        await expect(self.page.get_by_role("button", name="Pause")).to_be_visible()


def audience_of(visitor: Visitor) -> Audience:
    """Let a visitor watch."""
    gallery = visitor.house.setting.gallery
    assert isinstance(gallery, Easels)
    return Audience(visitor, gallery)


@pytest_asyncio.fixture(loop_scope="module")
async def audience(visitor: Visitor) -> AsyncIterator[Audience]:
    """Let a visitor watch, and see that their browser had nothing to complain about.

    Yields:
        The visitor.
    """
    yield audience_of(visitor)
    assert visitor.complaints == []


async def bars(page: Page, number: int) -> None:
    """Expect so many bars in the roll."""
    await expect(page.locator("#roll")).to_have_attribute(
        "aria-label", re.compile(f"{number} bars")
    )
    await expect(page.locator(f'#roll svg [data-bar="{number - 1}"]').first).to_be_attached()


async def test_a_link_shows_who_plays_and_whose_turn_it_is(audience: Audience) -> None:
    """With a host, and somebody who is away."""
    await audience.open()
    page = audience.page
    heading = page.get_by_role("heading", level=1, name="Jam no. 3: ragtime in D minor")
    await expect(heading).to_be_visible()
    await expect(page.get_by_text("Ann is to play")).to_be_visible()
    await expect(page.get_by_text("Round 1 of 2")).to_be_visible()
    players = page.get_by_role("list", name="Players").get_by_role("listitem")
    assert await players.all_inner_texts() == ["Ann\nhost", "Ben", "Cas\naway"]
    await expect(players.first).to_have_attribute("aria-current", "true")


async def test_nobody_composes_from_here(audience: Audience) -> None:
    """It is to be watched."""
    await audience.open(await audience.heard(0))
    await expect(audience.page.locator("#roll svg")).to_be_visible()
    names = await audience.page.get_by_role("button").all_inner_texts()
    assert [name.split("\n")[0] for name in names] == ["Piano", "", "Ann"]


async def test_the_time_left_is_counted_by_the_clock_of_the_house(audience: Audience) -> None:
    """That of the visitor is a day ahead, and runs on."""
    await audience.page.clock.install(time=audience.jam.created_s + 86_400)
    await audience.open()
    left = audience.page.get_by_role("timer")
    await expect(left).to_have_text(re.compile(r"^(10:00|9:[345]\d)$"))
    await audience.page.clock.fast_forward("05:00")
    await expect(left).to_have_text(re.compile(r"^(5:00|4:[345]\d)$"))


async def test_what_is_composed_is_counted(audience: Audience) -> None:
    """In bars, and in words for those who listen to the page."""
    await audience.open()
    audience.easels.put_up(composing(JamView(audience.jam), 3, 8))
    await expect(audience.page.get_by_text("Ann’s take is being composed")).to_be_visible()
    await expect(audience.page.get_by_text("3 of 8 bars")).to_be_visible()
    meter = audience.page.get_by_role("progressbar", name="Composed")
    await expect(meter).to_have_attribute("aria-valuetext", "3 of 8 bars")


async def test_votes_are_counted(audience: Audience) -> None:
    """As they are cast."""
    votes = ((ANN.key, True), (BEN.key, False))
    await audience.open()
    audience.easels.put_up(JamView(replace(audience.jam, phase=Phase.VOTING, votes=votes)))
    await expect(
        audience.page.get_by_text("All vote on Ann’s take: 1 for, 1 against")
    ).to_be_visible()


async def test_a_first_take_lands(audience: Audience) -> None:
    """It is seen in its player's colour, and heard."""
    await audience.open()
    await expect(audience.page.get_by_text("Here the first take")).to_be_visible()
    view = await audience.heard(0)
    audience.easels.put_up(view)
    await bars(audience.page, 4)
    await expect(audience.page.get_by_text("Ann listens to their take")).to_be_visible()
    await expect(audience.page.get_by_text("not yet kept")).to_be_visible()
    assert view.heard
    source = await audience.page.locator("#sound").evaluate(SOURCE)
    assert f"/api/compositions/{view.heard.id}/files/sound.mp3" in source


async def test_a_take_lands_where_nothing_plays(audience: Audience) -> None:
    """Roll and sound change at once, and the moment stays."""
    await audience.open(await audience.heard(0))
    await bars(audience.page, 4)
    await audience.page.get_by_role("slider", name="Position").fill("2")
    view = await audience.heard(0, 1)
    audience.easels.put_up(view)
    await bars(audience.page, 8)
    position = audience.page.get_by_role("slider", name="Position")
    await expect(position).to_have_attribute("aria-valuetext", "0:02 of 0:16, bar 2")
    assert view.heard
    assert view.heard.id in await audience.page.locator("#sound").evaluate(SOURCE)


async def test_a_take_does_not_interrupt_what_plays(audience: Audience) -> None:
    """The roll shows it; its sound waits, and comes when it is wanted, at the same moment."""
    page = audience.page
    await audience.open(await audience.heard(0))
    await bars(page, 4)
    await audience.playing()
    before = await page.locator("#sound").evaluate(SOURCE)
    audience.easels.put_up(await audience.heard(0, 1))
    await bars(page, 8)
    await expect(page.get_by_role("button", name="Pause")).to_be_visible()
    assert await page.locator("#sound").evaluate(SOURCE) == before
    await page.get_by_role("button", name="Hear the new take").click()
    await expect(page.get_by_role("button", name="Hear the new take")).to_be_hidden()
    await expect(page.get_by_role("button", name="Pause")).to_be_visible()
    await expect(page.locator("#clock")).to_have_text(re.compile("/ 0:16"))
    assert await page.locator("#sound").evaluate(SOURCE) != before


async def test_a_pause_is_enough_for_the_new_sound(audience: Audience) -> None:
    """It stays a pause."""
    page = audience.page
    await audience.open(await audience.heard(0))
    await bars(page, 4)
    await audience.playing()
    audience.easels.put_up(await audience.heard(0, 1))
    await expect(page.get_by_role("button", name="Hear the new take")).to_be_visible()
    await page.get_by_role("button", name="Pause").click()
    await expect(page.locator("#clock")).to_have_text(re.compile("/ 0:16"))
    await expect(page.get_by_role("button", name="Play")).to_be_visible()


async def test_who_hears_all_goes_on_with_the_new_take(audience: Audience) -> None:
    """From its first bar."""
    page = audience.page
    await audience.open(await audience.heard(0))
    await bars(page, 4)
    await audience.playing()
    audience.easels.put_up(await audience.heard(0, 1))
    await expect(page.get_by_role("button", name="Hear the new take")).to_be_visible()
    await page.locator("#sound").evaluate(ENDED)
    await expect(page.locator("#clock")).to_have_text(re.compile(r"0:(08|09|1\d) / 0:16"))
    await expect(page.get_by_role("button", name="Pause")).to_be_visible()


async def test_a_take_is_heard_from_its_first_bar(audience: Audience) -> None:
    """Pressed in the list of takes."""
    await audience.open(await audience.heard(0, 1))
    await bars(audience.page, 8)
    await audience.page.get_by_role("button", name="Ben").click()
    position = audience.page.get_by_role("slider", name="Position")
    await expect(position).to_have_attribute("aria-valuetext", "0:08 of 0:16, bar 5")


async def test_the_last_take_of_a_long_jam_is_heard(audience: Audience) -> None:
    """What plays when it lands goes on at the same moment, though its sound begins later."""
    page = audience.page
    await audience.open(await audience.heard(*[0, 1] * 11))
    await bars(page, 88)
    await page.get_by_role("slider", name="Position").fill("60")
    audience.easels.put_up(await audience.heard(*[0, 1] * 12))
    await bars(page, 96)
    await expect(page.get_by_text("The sound plays bars 7–96 of 96.")).to_be_visible()
    position = page.get_by_role("slider", name="Position")
    await expect(position).to_have_attribute("aria-valuetext", "1:00 of 3:12, bar 31")
    await page.get_by_role("button", name="Ben").last.click()
    await expect(position).to_have_attribute("aria-valuetext", "3:04 of 3:12, bar 93")


async def test_a_take_that_is_taken_back_is_gone(audience: Audience) -> None:
    """The first one leaves nothing, and the next is shown as the first was."""
    page = audience.page
    await audience.open(await audience.heard(0))
    await bars(page, 4)
    audience.easels.put_up(JamView(audience.jam))
    await expect(page.get_by_text("Here the first take")).to_be_visible()
    await expect(page.locator("#roll")).to_be_hidden()
    audience.easels.put_up(await audience.heard(0, 1))
    await bars(page, 8)
    await audience.playing()


async def test_when_it_is_over_the_piece_is_a_link_away(audience: Audience) -> None:
    """With all that can be done there."""
    view = await audience.heard(0, 1)
    await audience.open(kept(view))
    audience.easels.put_up(over(kept(view)))
    await expect(audience.page.get_by_text("The piece is finished")).to_be_visible()
    await audience.page.get_by_role("link", name="Open the piece").click()
    await expect(audience.page.get_by_role("button", name="Continue")).to_be_visible()
    players = audience.page.get_by_role("list", name="Players").get_by_role("listitem")
    assert await players.all_inner_texts() == ["Ann", "Ben"]


async def test_a_jam_that_came_to_nothing_says_so(audience: Audience) -> None:
    """There is nothing to open."""
    await audience.open(over(JamView(audience.jam), Phase.CANCELLED))
    await expect(audience.page.get_by_text("The jam was called off")).to_be_visible()
    await expect(audience.page.get_by_role("link", name="Open the piece")).to_be_hidden()


async def test_a_lost_connection_is_told_and_found_again(visitor: Visitor) -> None:
    """And what happened meanwhile is shown."""
    audience = audience_of(visitor)
    await visitor.page.route("**/events", lambda route: route.abort())
    await audience.open()
    await expect(visitor.page.get_by_text("Connection lost")).to_be_visible()
    audience.easels.put_up(composing(JamView(audience.jam), 1, 4))
    await visitor.page.unroute("**/events")
    await expect(visitor.page.get_by_text("Live")).to_be_visible()
    await expect(visitor.page.get_by_text("1 of 4 bars")).to_be_visible()


async def test_a_link_to_nothing_says_so(visitor: Visitor) -> None:
    """It may have been forgotten."""
    await visitor.open("/j/nothing")
    await expect(visitor.page.get_by_role("heading", level=1)).to_have_text("No such jam")
    await expect(visitor.page.get_by_text("That jam is no longer kept.")).to_be_visible()


async def test_only_who_watches_a_jam_fetches_what_shows_it(visitor: Visitor) -> None:
    """The first load of the page is smaller without."""
    fetched: list[str] = []
    visitor.page.on("request", lambda request: fetched.append(request.url.rpartition("/")[2]))
    await visitor.open()
    assert {"jam.js", "jam.css", "attending.js", "band.js"}.isdisjoint(fetched)


async def test_a_jam_fits_on_a_phone(inn: Inn) -> None:
    """Nothing sticks out, fingers hit what they mean, and everything has a name."""
    phone = await inn.visitor(PHONE, is_mobile=True, has_touch=True)
    audience = audience_of(phone)
    long = replace(BEN, name="Maximiliana Wolkenstein-Trostburg the Elder")
    audience.jam = replace(audience.jam, players=(ANN, long))
    await audience.open(await audience.heard(0, 1, 0))
    await bars(phone.page, 12)
    await audience.playing()
    audience.easels.put_up(await audience.heard(0, 1, 0, 1))
    await expect(phone.page.get_by_role("button", name="Hear the new take")).to_be_visible()
    assert await overflow_px(phone.page) == 0
    assert await phone.page.evaluate(SMALL, TOUCH_PX) == []
    assert NAMELESS.findall(await phone.page.locator("body").aria_snapshot()) == []
