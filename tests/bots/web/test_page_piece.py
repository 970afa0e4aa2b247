"""A piece on the page: heard, watched, built on, taken along."""

from collections.abc import Sequence

import pytest
from playwright.async_api import Page, expect

from tests.bots.web.visitor import Visitor

pytest_plugins = ("tests.bots.web.browser",)
pytestmark = pytest.mark.asyncio(loop_scope="module")

# The stage's pieces: 16 bars of 2 s, in each a single note on the first beat, half a second long.
SOON = """(kind) => new Promise(
  (resolve) => document.getElementById("sound").addEventListener(kind, resolve, { once: true })
).then(() => document.getElementById("sound").currentTime)"""
JUMP = """(second) => { document.getElementById("sound").currentTime = second; }"""


async def after(page: Page, kind: str) -> float:
    """Wait for an event of the sound, and tell where the sound is then."""
    second: float = await page.evaluate(SOON, kind)
    return second


async def seek(page: Page, second: float) -> None:
    """Put the sound somewhere, as the browser's own media keys do."""
    await expect(page.locator("#sound")).to_be_attached()
    await page.evaluate(JUMP, second)


async def bars(page: Page) -> Sequence[float]:
    """Tell where the bar lines are on the screen, px; the last is the end."""
    box = await page.locator("#roll svg").bounding_box()
    data = await page.locator("#roll svg").evaluate(
        "(svg) => [svg.dataset.left, svg.dataset.right, svg.viewBox.baseVal.width].map(Number)"
    )
    assert box
    left, right, width = data
    scale = box["width"] / width
    return [box["x"] + scale * (left + (right - left) * bar / 16) for bar in range(17)]


async def middle(page: Page) -> float:
    """Tell the height of the roll's middle on the screen, px."""
    box = await page.locator("#roll").bounding_box()
    assert box
    return box["y"] + box["height"] / 2


async def test_it_plays(visitor: Visitor) -> None:
    """The sound runs, and the button says what it would do next."""
    await visitor.compose()
    await visitor.page.get_by_role("button", name="Play").click()
    assert await after(visitor.page, "timeupdate") >= 0
    await expect(visitor.page.get_by_role("button", name="Pause")).to_be_visible()
    assert await after(visitor.page, "timeupdate") > 0


async def test_a_click_in_the_roll_seeks(visitor: Visitor) -> None:
    """A click at a bar line puts the sound there."""
    await visitor.compose()
    lines = await bars(visitor.page)
    await visitor.page.mouse.click(lines[8], await middle(visitor.page))
    position = visitor.page.get_by_role("slider", name="Position")
    await expect(position).to_have_attribute("aria-valuetext", "0:16 of 0:32, bar 9")


async def test_arrows_go_a_bar(visitor: Visitor) -> None:
    """Right is the next bar line, from wherever the focus is."""
    await visitor.compose()
    await visitor.page.keyboard.press("ArrowRight")
    await visitor.page.keyboard.press("ArrowRight")
    position = visitor.page.get_by_role("slider", name="Position")
    await expect(position).to_have_attribute("aria-valuetext", "0:04 of 0:32, bar 3")


async def test_the_ruler_seeks(visitor: Visitor) -> None:
    """The slider is the sound's position, and the sound follows it."""
    await visitor.compose()
    await expect(visitor.page.locator("#sound")).to_be_attached()
    await visitor.page.get_by_role("slider", name="Position").fill("10")
    second = await visitor.page.locator("#sound").evaluate("(sound) => sound.currentTime")
    assert second == pytest.approx(10, abs=0.1)


async def test_notes_light_up_and_fade(visitor: Visitor) -> None:
    """In the third bar two notes are over and the third sounds."""
    await visitor.compose()
    await seek(visitor.page, 4.2)
    await expect(visitor.page.locator("#roll .sounds")).to_have_count(1)
    await expect(visitor.page.locator("#roll .past")).to_have_count(2)


async def test_going_back_unlights_them(visitor: Visitor) -> None:
    """The picture shows the moment, whichever way it was reached."""
    await visitor.compose()
    await seek(visitor.page, 20.2)
    await expect(visitor.page.locator("#roll .past")).to_have_count(10)
    await seek(visitor.page, 2.2)
    await expect(visitor.page.locator("#roll .past")).to_have_count(1)
    await expect(visitor.page.locator("#roll .sounds")).to_have_count(1)


async def test_the_playhead_stands_where_the_sound_is(visitor: Visitor) -> None:
    """At the ninth bar's beginning it is on that bar's line."""
    await visitor.compose()
    await seek(visitor.page, 16.0)
    await expect(visitor.page.locator("#roll .past")).to_have_count(8)
    head = await visitor.page.locator("#roll-head").bounding_box()
    assert head
    assert head["x"] + head["width"] / 2 == pytest.approx((await bars(visitor.page))[8], abs=1.5)


async def test_a_long_piece_is_heard_where_it_goes_on(visitor: Visitor) -> None:
    """The sound's clock, its ruler and the roll are all at the place in the piece that it plays."""
    page = visitor.page
    await visitor.compose("100 bars")  # of 2 s
    await expect(page.get_by_text("The sound plays bars 1–90 of 100.")).to_be_visible()
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_text("The sound plays bars 27–116 of 116.")).to_be_visible()
    await expect(page.locator("#clock")).to_have_text("0:52 / 3:52")
    await expect(page.locator("#roll-head")).to_be_in_viewport()
    await expect(page.locator("#roll-veils")).to_be_visible()
    await page.get_by_role("slider", name="Position").fill("200")
    second = await page.locator("#sound").evaluate("(sound) => sound.currentTime")
    assert second == pytest.approx(200 - 52, abs=0.1)
    await expect(page.locator("#roll .past")).to_have_count(100)


async def test_bars_that_the_sound_leaves_out_cannot_be_sought(visitor: Visitor) -> None:
    """It begins where it begins; from there bars go on as everywhere."""
    page = visitor.page
    await visitor.compose("100 bars")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_text("The sound plays bars 27–116")).to_be_visible()
    position = page.get_by_role("slider", name="Position")
    await page.keyboard.press("ArrowRight")
    await expect(position).to_have_attribute("aria-valuetext", "0:54 of 3:52, bar 28")
    for _ in range(3):
        await page.keyboard.press("ArrowLeft")
    await expect(position).to_have_attribute("aria-valuetext", "0:52 of 3:52, bar 27")


async def test_a_short_piece_has_nothing_to_say_of_its_sound(visitor: Visitor) -> None:
    """All of it is heard."""
    await visitor.compose()
    await expect(visitor.page.get_by_text("The sound plays")).to_be_hidden()
    await expect(visitor.page.locator("#roll-veils")).to_be_hidden()


async def test_a_part_is_hidden_in_the_picture(visitor: Visitor) -> None:
    """Its chip says so, and its notes go; pressing again brings them back."""
    await visitor.compose("for piano and bass")
    chip = visitor.page.locator("#parts button").nth(1)
    notes = visitor.page.locator('#roll [data-part="1"]')
    await chip.click()
    await expect(chip).to_have_attribute("aria-pressed", "false")
    await expect(notes).to_have_css("opacity", "0")
    await chip.click()
    await expect(notes).to_have_css("opacity", "1")


async def test_a_drag_chooses_whole_bars(visitor: Visitor) -> None:
    """From within bar 5 to within bar 8 is bars 5 to 8, and those are what is asked for."""
    name = await visitor.compose()
    lines, y = await bars(visitor.page), await middle(visitor.page)
    await visitor.page.mouse.move(lines[4] + 9, y)
    await visitor.page.mouse.down()
    await visitor.page.mouse.move(lines[6], y)
    await visitor.page.mouse.move(lines[8] - 9, y)
    await visitor.page.mouse.up()
    asked = await visitor.asked("Vary bars 5–8")
    assert asked == {"mode": "vary", "wishes": {"range": "5-8"}, "from": name}


async def test_bars_are_chosen_without_a_mouse(visitor: Visitor) -> None:
    """Two numbers and Enter do the same as a drag."""
    await visitor.compose()
    await visitor.page.get_by_role("button", name="Vary bars").press("Enter")
    await visitor.page.get_by_label("From bar").fill("3")
    await visitor.page.get_by_label("to bar").fill("3")
    await expect(visitor.page.locator("#roll-band")).to_be_visible()
    assert (await visitor.asked("Vary bar 3"))["wishes"] == {"range": "3"}


async def test_bars_that_are_not_there_cannot_be_varied(visitor: Visitor) -> None:
    """The button waits for a range within the piece."""
    await visitor.compose()
    await visitor.page.get_by_role("button", name="Vary bars").click()
    await visitor.page.get_by_label("to bar").fill("99")
    await expect(visitor.page.locator("#vary-go")).to_be_disabled()


async def test_a_part_is_added(visitor: Visitor) -> None:
    """Those that are missed most are offered first."""
    name = await visitor.compose("for piano")
    await visitor.page.get_by_role("button", name="Add a part").click()
    assert await visitor.asked("Bass") == {
        "mode": "accompany",
        "wishes": {"parts": "bass"},
        "from": name,
    }


@pytest.mark.parametrize(("button", "mode"), [("Again", "again"), ("Continue", "continue")])
async def test_one_press_builds_on_it(visitor: Visitor, button: str, mode: str) -> None:
    """Again and Continue need nothing else."""
    name = await visitor.compose()
    assert await visitor.asked(button) == {"mode": mode, "wishes": {}, "from": name}
    await expect(visitor.page.locator("#piece-title")).to_be_visible()


async def test_the_file_is_taken_along(visitor: Visitor) -> None:
    """The .mid is a download, whole."""
    await visitor.compose()
    async with visitor.page.expect_download() as downloading:
        await visitor.page.get_by_role("link", name="MIDI", exact=True).click()
    path = await (await downloading.value).path()
    assert path.read_bytes().startswith(b"MThd")


async def test_other_files_are_offered(visitor: Visitor) -> None:
    """What this machine makes is there, and nothing else."""
    await visitor.compose()
    names = await visitor.page.locator("#files a").all_inner_texts()
    assert names == ["MIDI", "MP3", "MusicXML", "Score (PDF)", "Picture (PNG)"]


async def test_the_score_is_written_when_it_is_opened(visitor: Visitor) -> None:
    """Nobody waits for pages that nobody reads."""
    await visitor.compose()
    async with visitor.page.expect_request("**/score"):
        await visitor.page.get_by_text("Score", exact=True).click()
    pages = visitor.page.locator("#score-pages img")
    await expect(pages).to_have_count(2)
    await expect(pages.first).to_have_attribute("alt", "Score of Folk in C major, page 1 of 2")


async def test_its_wishes_can_be_changed(visitor: Visitor) -> None:
    """The recipe goes into the line for free words."""
    await visitor.compose("5 bars")
    await visitor.page.get_by_role("button", name="Change these wishes").click()
    words = await visitor.page.get_by_label("Your wishes").input_value()
    assert "bars:5" in words


async def test_deleting_is_asked_twice(visitor: Visitor) -> None:
    """Then the link leads nowhere."""
    name = await visitor.compose()
    await visitor.page.get_by_role("button", name="Delete").click()
    await visitor.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(visitor.page.get_by_role("alert")).to_contain_text("Deleted.")
    answer = await visitor.page.request.get(f"{visitor.house.url}/api/compositions/{name}")
    assert answer.status == 404
