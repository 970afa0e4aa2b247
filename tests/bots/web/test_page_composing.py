"""Wishing on the page: one click, many wishes, a file to start from, and what may go wrong."""

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from audiogroove.music import midi
from audiogroove.music.piece import Note, Part, Piece
from audiogroove.request import Mode
from audiogroove.wishes import WISHES, parse_preset
from tests.bots.web.visitor import Inn, Visitor, is_asking

pytest_plugins = ("tests.bots.web.browser",)
pytestmark = pytest.mark.asyncio(loop_scope="module")

TUNE = Piece((Part((Note(0, 60, 12), Note(48, 64, 12)), name="Piano"),), 2)
DROP = """([bytes, name]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([new Uint8Array(bytes)], name));
  for (const kind of ["dragenter", "drop"]) {
    document.body.dispatchEvent(
      new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried }));
  }
}"""


async def alert(page: Page, words: str) -> None:
    """Expect a sentence to be said aloud."""
    await expect(page.get_by_role("alert")).to_contain_text(words)


@pytest.fixture
def tune(tmp_path: Path) -> Path:
    """Write a file to start from."""
    path = tmp_path / "tune.mid"
    path.write_bytes(midi.write(TUNE))
    return path


async def test_one_click_composes_a_piece(visitor: Visitor) -> None:
    """Nothing has to be wished."""
    await visitor.open()
    await visitor.page.get_by_role("button", name="Compose", exact=True).click()
    await expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Folk in C major")


async def test_what_is_not_touched_is_not_wished(visitor: Visitor) -> None:
    """The style's customs and the chat's own defaults decide, not a slider's resting place."""
    await visitor.open()
    assert await visitor.asked("Compose") == {"mode": "compose", "wishes": {}}


async def test_every_control_makes_its_wish(visitor: Visitor) -> None:
    """Cards, lists and sliders end up as the wishes that a chat would take."""
    page = visitor.page
    await visitor.open()
    await page.get_by_role("radio", name="ragtime").check(force=True)
    await page.get_by_text("Make it yours").click()
    await page.get_by_text("How daring?").click()
    await page.get_by_label("Key", exact=True).select_option("D minor")
    await page.get_by_label("No note outside it").check()
    await page.get_by_label("Who plays").select_option("violin")
    await page.get_by_label("Who plays").select_option("piano")
    await page.get_by_label("Length", exact=True).press("ArrowRight")
    await page.get_by_label("Feel", exact=True).select_option("loose")
    await page.get_by_label("Choices", exact=True).press("Home")
    assert (await visitor.asked("Compose"))["wishes"] == {
        "style": "ragtime",
        "key": "D minor",
        "strict_key": "yes",
        "parts": "violin,piano",
        "bars": "17",
        "preset": "loose",
        "top_k": "1",
    }


async def test_sliders_rest_where_a_preset_puts_them(visitor: Visitor) -> None:
    """Until they are moved; nothing of that is wished but the preset."""
    page = visitor.page
    await visitor.open()
    await page.get_by_text("Make it yours").click()
    await page.get_by_text("How daring?").click()
    notes, rhythm = (page.get_by_label(name, exact=True) for name in ("Notes", "Rhythm"))
    before = await notes.get_attribute("aria-valuetext")
    await rhythm.press("Home")
    moved = await rhythm.get_attribute("aria-valuetext")
    await page.get_by_label("Feel", exact=True).select_option("out")
    temperature = parse_preset("out").sampling.temperature
    await expect(notes).to_have_attribute("aria-valuetext", re.compile(f"^{temperature:g}, "))
    await expect(rhythm).to_have_attribute("aria-valuetext", moved or "")
    assert (await visitor.asked("Compose"))["wishes"] == {
        "preset": "out",
        "rhythm_temperature": "0.05",
    }
    await visitor.open()
    await expect(notes).to_have_attribute("aria-valuetext", before or "")


async def test_the_usual_preset_is_no_wish(visitor: Visitor) -> None:
    """It is what the list says while nothing is chosen, and there once."""
    await visitor.open()
    await visitor.page.get_by_text("Make it yours").click()
    told = await visitor.page.get_by_label("Feel", exact=True).locator("option").all_inner_texts()
    assert told[0].startswith("In the pocket: ")
    assert [each.partition(":")[0] for each in told[1:]] == ["Tight", "Loose", "Out"]


async def test_free_words_are_wishes_too(visitor: Visitor) -> None:
    """What is typed is read as in a chat."""
    await visitor.compose("5 bars in d minor")
    await expect(visitor.page.locator("#piece-facts")).to_contain_text("5 bars")


async def test_bars_fill_while_it_is_composed(inn: Inn, visitor: Visitor) -> None:
    """Progress comes as it happens, for eyes and ears."""
    inn.engine.gate.clear()
    await visitor.open()
    await visitor.page.get_by_role("button", name="Compose", exact=True).click()
    bars = visitor.page.get_by_role("progressbar")
    await expect(bars).to_have_attribute("aria-valuetext", "8 of 16 bars")
    await expect(bars.locator(".written")).to_have_count(8)


async def test_a_piece_can_be_cancelled(inn: Inn, visitor: Visitor) -> None:
    """Cancel leads back to the form."""
    inn.engine.gate.clear()
    await visitor.open()
    await visitor.page.get_by_role("button", name="Compose", exact=True).click()
    await visitor.page.get_by_role("button", name="Cancel").click()
    await alert(visitor.page, "Cancelled.")
    await expect(visitor.page.get_by_role("button", name="Compose", exact=True)).to_be_visible()


async def test_a_broken_stream_is_made_up_for(visitor: Visitor) -> None:
    """Where events do not come through, as behind some proxies, the page asks again and again."""
    await visitor.page.route("**/events", lambda route: route.fulfill(status=503))
    await visitor.compose()
    await expect(visitor.page.locator("#piece-title")).to_be_visible()


async def test_only_who_has_a_piece_fetches_what_shows_it(visitor: Visitor) -> None:
    """The first load of the page is smaller without."""
    fetched: list[str] = []
    visitor.page.on("request", lambda request: fetched.append(request.url.rpartition("/")[2]))
    await visitor.open()
    assert {"piece.js", "player.js", "roll.js"}.isdisjoint(fetched)
    await visitor.compose()
    assert {"piece.js", "player.js", "roll.js"} <= set(fetched)


async def test_a_piece_that_cannot_be_shown_keeps_its_address(visitor: Visitor) -> None:
    """Loading the page again brings it."""
    await visitor.page.route("**/piece.js", lambda route: route.abort())
    await visitor.open()
    await visitor.page.get_by_role("button", name="Compose", exact=True).click()
    await alert(visitor.page, "load this page again")
    await visitor.page.unroute("**/piece.js")
    await visitor.page.reload()
    await expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Folk in C major")


async def test_a_chosen_file_goes_on(visitor: Visitor, tune: Path) -> None:
    """A file changes what the main button does."""
    await visitor.open()
    await visitor.page.get_by_label("Start from a MIDI file").set_input_files(tune)
    await (
        visitor.page.get_by_role("button", name="Continue")
        .and_(visitor.page.locator("#go"))
        .click()
    )
    await expect(visitor.page.locator("#piece-title")).to_contain_text("Continuation")


async def test_a_file_may_be_dropped_anywhere(visitor: Visitor, tune: Path) -> None:
    """The whole page takes it."""
    await visitor.open()
    content = list(await asyncio.to_thread(tune.read_bytes))
    await visitor.page.evaluate(DROP, [content, "dropped.mid"])
    await expect(visitor.page.get_by_text("dropped.mid")).to_be_visible()
    await expect(visitor.page.locator("#drop")).to_be_hidden()


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        (Mode.COMPOSE, ""),
        (Mode.CONTINUE, "Go on with it"),
        (Mode.VARY, "Vary some bars"),
        (Mode.ACCOMPANY, "Add a part"),
    ],
)
async def test_only_what_fits_is_offered(
    visitor: Visitor, tune: Path, mode: Mode, words: str
) -> None:
    """A file brings its own meter and form; each mode offers the wishes that it takes."""
    page = visitor.page
    await visitor.open()
    await page.get_by_text("Make it yours").click()
    await page.get_by_text("How daring?").click()
    if words:
        await page.get_by_label("Start from a MIDI file").set_input_files(tune)
        await page.get_by_role("radio", name=words).check(force=True)
    shown = await page.locator("[data-wish]").evaluate_all(
        "(fields) => fields.filter((one) => one.checkVisibility()).map((one) => one.dataset.wish)"
    )
    assert set(shown) == {wish.name for wish in WISHES if mode in wish.modes}


async def test_a_bad_file_is_refused_in_words(visitor: Visitor) -> None:
    """The server's sentence is shown, and said aloud."""
    await visitor.open()
    file = {"name": "song.mid", "mimeType": "audio/midi", "buffer": b"no music in here"}
    await visitor.page.get_by_label("Start from a MIDI file").set_input_files(file)  # type: ignore[arg-type]  # a TypedDict
    await visitor.page.locator("#go").click()
    await alert(visitor.page, "MIDI")


async def test_an_impossible_wish_is_pointed_at(visitor: Visitor) -> None:
    """Who is refused stands at the field that was wrong."""
    await visitor.open()
    await visitor.page.get_by_text("Make it yours").click()
    field = visitor.page.get_by_label("Number of the dice")
    await field.fill("many")
    await visitor.page.get_by_role("button", name="Compose", exact=True).click()
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_be_focused()


async def test_a_piece_can_be_composed_without_a_mouse(visitor: Visitor) -> None:
    """Past the skip link and the name, the wishes come first; Enter composes, Space plays."""
    await visitor.open()
    for _ in range(3):
        await visitor.page.keyboard.press("Tab")
    await visitor.page.keyboard.type("5 bars")
    async with visitor.page.expect_request(is_asking):
        await visitor.page.keyboard.press("Enter")
    await expect(visitor.page.locator("#piece-title")).to_be_focused()
    await visitor.page.keyboard.press("Space")
    await expect(visitor.page.get_by_role("button", name="Pause")).to_be_visible()


async def test_a_link_opens_the_piece_for_others(inn: Inn, visitor: Visitor) -> None:
    """They see it, and cannot delete it."""
    name = await visitor.compose()
    other = await inn.visitor()
    await other.open(f"/p/{name}")
    await expect(other.page.locator("#piece-title")).to_have_text("Folk in C major")
    await expect(other.page.get_by_role("button", name="Delete")).to_be_hidden()


async def test_a_link_to_nothing_says_so(visitor: Visitor) -> None:
    """A deleted piece is no blank page."""
    await visitor.open("/p/aaaaaaaaaaaaaaaa")
    await alert(visitor.page, "no composition")


async def test_back_leads_back(visitor: Visitor) -> None:
    """Each piece is a page of its own in the browser's history."""
    await visitor.compose()
    await visitor.page.go_back()
    await expect(visitor.page.locator("#piece")).to_be_hidden()
    await visitor.page.go_forward()
    await expect(visitor.page.locator("#piece-title")).to_have_text("Folk in C major")


async def test_pieces_of_before_are_remembered(visitor: Visitor) -> None:
    """The browser keeps a list for this visitor alone."""
    name = await visitor.compose()
    await visitor.open()
    link = visitor.page.get_by_role("region", name="Your pieces").get_by_role("link")
    await expect(link).to_have_attribute("href", f"/p/{name}")
