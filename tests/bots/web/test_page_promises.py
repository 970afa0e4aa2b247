"""What the page promises whatever it shows: small, alone, in reach of everybody."""

import re

import pytest
from playwright.async_api import Page, Response, expect

from tests.bots.web.visitor import PHONE, Inn, Visitor

pytest_plugins = ("tests.bots.web.browser",)
pytestmark = pytest.mark.asyncio(loop_scope="module")

FIRST_LOAD_BYTES = 100_000
TOUCH_PX = 44
NAMELESS = re.compile(
    r"^\s*- (button|link|textbox|slider|combobox|checkbox|radio|spinbutton|img)(?! \")",
    re.MULTILINE,
)
SMALL = """(least) => [...document.querySelectorAll("button, .button, select, summary, input")]
  .filter((one) => one.checkVisibility() && !one.matches(".unseen, [type=checkbox]"))
  .filter((one) => one.getBoundingClientRect().height < least - 0.5)
  .map((one) => one.outerHTML.slice(0, 80))"""
COLOURS = """(names) => {
  const canvas = document.createElement("canvas").getContext("2d");
  return names.map((name) => {
    canvas.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);
    return canvas.fillStyle;
  });
}"""
TEXT_ON_GROUND = [
    *(("ink", ground) for ground in ("ground", "ground-glow", "surface", "raised")),
    *(("faint", ground) for ground in ("ground", "ground-glow", "surface", "raised")),
    *(("accent", ground) for ground in ("ground", "surface", "raised")),
    ("ink", "accent-soft"),
    ("faint", "accent-soft"),
    ("ink", "alarm"),
    ("on-primary", "primary"),
    ("on-primary", "primary-hover"),
    ("on-grave", "grave"),
]


async def tour(visitor: Visitor) -> None:
    """Use most of the page."""
    page = visitor.page
    await visitor.compose("for piano and bass")
    await page.get_by_role("button", name="Play").click()
    await expect(page.get_by_role("button", name="Pause")).to_be_visible()
    await page.locator("#parts button").first.click()
    await page.get_by_role("button", name="Vary bars").click()
    await page.get_by_role("button", name="Add a part").click()
    await page.get_by_text("Score", exact=True).click()
    await expect(page.locator("#score-pages img")).to_have_count(2)
    await page.get_by_text("Make it yours").click()
    await page.get_by_text("How daring?").click()


async def overflow_px(page: Page) -> int:
    """Tell how far the page can be scrolled sideways."""
    beyond: int = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return beyond


def contrast(one: str, other: str) -> float:
    """Compute the contrast of two colours "#rrggbb" as WCAG 2.2 defines it, 1..21."""

    def luminance(colour: str) -> float:
        shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        red, green, blue = (
            share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
            for share in shares
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


async def test_the_first_load_is_small(visitor: Visitor) -> None:
    """All that is fetched before anything is composed, with the shipped model's wishes."""
    responses: list[Response] = []
    visitor.page.on("response", lambda response: responses.append(response))  # noqa: PLW0108  (playwright marks its handlers, and cannot mark a method)
    await visitor.open()
    sizes = {response.url: len(await response.body()) for response in responses}
    assert sum(sizes.values()) < FIRST_LOAD_BYTES, sizes


async def test_nobody_else_is_asked(visitor: Visitor) -> None:
    """Every request goes to the house itself."""
    await tour(visitor)
    assert visitor.hosts == {visitor.house.url.removeprefix("http://")}


async def test_the_console_stays_silent(visitor: Visitor) -> None:
    """No error, and nothing that the content security policy stopped."""
    await tour(visitor)
    assert visitor.complaints == []


async def test_every_control_has_a_name(visitor: Visitor) -> None:
    """Whoever listens to the page hears what each control is for."""
    await tour(visitor)
    heard = await visitor.page.locator("body").aria_snapshot()
    assert NAMELESS.findall(heard) == []
    assert heard.count("slider") == 8


async def test_nothing_sticks_out_on_a_phone(inn: Inn) -> None:
    """The page is never wider than the screen, whatever it shows."""
    phone = await inn.visitor(PHONE, is_mobile=True, has_touch=True)
    await phone.open()
    assert await overflow_px(phone.page) == 0
    await tour(phone)
    assert await overflow_px(phone.page) == 0


async def test_every_control_is_large_enough_for_a_finger(inn: Inn) -> None:
    """44 px, as Apple's and Google's guidelines ask for."""
    phone = await inn.visitor(PHONE, is_mobile=True, has_touch=True)
    await tour(phone)
    assert await phone.page.evaluate(SMALL, TOUCH_PX) == []


async def test_the_playhead_stays_in_view_on_a_phone(inn: Inn) -> None:
    """A piece wider than the screen moves along with its sound."""
    phone = await inn.visitor(PHONE, is_mobile=True, has_touch=True)
    await phone.compose()
    await phone.page.evaluate("document.getElementById('sound').currentTime = 28")
    await phone.page.get_by_role("button", name="Play").click()
    await expect(phone.page.locator("#roll-head")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["dark", "light"])
async def test_words_are_legible(inn: Inn, scheme: str) -> None:
    """Every colour of text has the contrast that WCAG's level AA asks for."""
    visitor = await inn.visitor(color_scheme=scheme)
    await visitor.open()
    names = sorted({name for pair in TEXT_ON_GROUND for name in pair})
    found = dict(zip(names, await visitor.page.evaluate(COLOURS, names), strict=True))
    poor = {
        pair: round(contrast(found[pair[0]], found[pair[1]]), 2)
        for pair in TEXT_ON_GROUND
        if contrast(found[pair[0]], found[pair[1]]) < 4.5
    }
    assert poor == {}
