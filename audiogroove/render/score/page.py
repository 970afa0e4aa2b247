"""Systems of a score set on pages: a title above the first, headings, page numbers, all as SVG.

Lengths are in pixels of a page WIDTH_PX wide, which has the proportions of A4. Pages are filled
from the top; a full one spreads its systems, the last one ends below its last system.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from audiogroove.render.lettering import FAMILY, TITLE_CHARS, fit, readable

WIDTH_PX, HEIGHT_PX = 1400, 1980
MARGIN_PX = 70
ROOM_PX = WIDTH_PX - 2 * MARGIN_PX
FOOT_PX = 60  # of the margin below, page numbers included
GAP_PX, WIDEST_GAP_PX = 40, 120  # between systems
HEADING_PX = 58
RUNNING_PX = 36  # the title again, above the pages that follow the first
TITLE_PX, FACTS_PX, SMALL_PX = 44, 20, 18


@dataclass(frozen=True, slots=True)
class System:
    """One line of a score: an SVG document's inside, drawn ROOM_PX wide."""

    svg: str
    view: tuple[float, float]  # its own width and height
    heading: str = ""  # where a book begins

    @property
    def height_px(self) -> float:
        """How high it is on the page."""
        return self.view[1] * ROOM_PX / self.view[0]


@dataclass(frozen=True, slots=True)
class Band:
    """What is written above the first page."""

    title: str
    facts: str
    notice: str  # what a player should know
    tempo: tuple[bool, int]  # whether a dotted quarter is counted; beats a minute


@dataclass(frozen=True, slots=True)
class Page:
    """A page as an SVG document."""

    svg: str
    height_px: int


@dataclass(frozen=True, slots=True)
class _Sheet:
    top_px: float
    systems: tuple[System, ...]

    @property
    def needs_px(self) -> float:
        """How much room the systems want, the gaps between them at their smallest."""
        inside = sum(each.height_px + HEADING_PX * bool(each.heading) for each in self.systems)
        return self.top_px + inside + GAP_PX * max(0, len(self.systems) - 1)


def set_pages(systems: Sequence[System], band: Band) -> list[Page]:
    """Set systems on as many pages as they need."""
    above = _band(band)
    sheets = _sheets(systems, above[1])
    title = fit(readable(band.title), ROOM_PX - 120, SMALL_PX)
    pages = []
    for number, sheet in enumerate(sheets, start=1):
        head = above[0] if number == 1 else _text(MARGIN_PX, MARGIN_PX, SMALL_PX, title)
        body, end = _systems(sheet, is_last=number == len(sheets))
        height = HEIGHT_PX if number < len(sheets) else min(HEIGHT_PX, round(end + FOOT_PX))
        height = max(height, round(end + FOOT_PX))  # one system may be higher than a page
        foot = _text(WIDTH_PX / 2, height - 26, SMALL_PX, f"{number} / {len(sheets)}", "middle")
        pages.append(_page(head + body + foot * (len(sheets) > 1), height))
    return pages


def _sheets(systems: Sequence[System], top_px: float) -> list[_Sheet]:
    sheets = [_Sheet(top_px, ())]
    for system in systems:
        longer = _Sheet(sheets[-1].top_px, (*sheets[-1].systems, system))
        if sheets[-1].systems and longer.needs_px > HEIGHT_PX - FOOT_PX:
            longer = _Sheet(MARGIN_PX + RUNNING_PX, (system,))
            sheets.append(longer)
        sheets[-1] = longer
    if len(sheets) > 1 and len(sheets[-1].systems) == 1:  # a single system gets company
        fuller, last = sheets[-2:]
        company = _Sheet(last.top_px, (fuller.systems[-1], *last.systems))
        if len(fuller.systems) > 2 and company.needs_px <= HEIGHT_PX - FOOT_PX:
            sheets[-2:] = [_Sheet(fuller.top_px, fuller.systems[:-1]), company]
    return sheets


def _page(inside: str, height: int) -> Page:
    return Page(
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{WIDTH_PX}" height="{height}" font-family="{FAMILY}" fill="#000">{inside}</svg>',
        height,
    )


def _systems(sheet: _Sheet, *, is_last: bool) -> tuple[str, float]:
    gaps = max(1, len(sheet.systems) - 1)
    spare = 0.0 if is_last else max(0.0, HEIGHT_PX - FOOT_PX - sheet.needs_px) / gaps
    gap = min(GAP_PX + spare, WIDEST_GAP_PX)
    drawn, y = [], sheet.top_px
    for system in sheet.systems:
        if system.heading:
            text = fit(system.heading, ROOM_PX, FACTS_PX, bold=True)
            drawn.append(_text(MARGIN_PX, y + 24, FACTS_PX, text, weight="bold"))
            y += HEADING_PX
        width, height = system.view
        drawn.append(
            f'<svg x="{MARGIN_PX}" y="{y:.1f}" width="{ROOM_PX}" height="{system.height_px:.1f}" '
            f'viewBox="0 0 {width:g} {height:g}" overflow="visible">{system.svg}</svg>'
        )
        y += system.height_px + gap
    return "".join(drawn), y - gap


def _band(band: Band) -> tuple[str, float]:
    title = fit(readable(band.title)[: 2 * TITLE_CHARS], ROOM_PX, TITLE_PX, bold=True)
    facts = fit(readable(band.facts), ROOM_PX, FACTS_PX)
    rows, y = [], MARGIN_PX + 30.0
    if title:
        rows.append(_text(WIDTH_PX / 2, y, TITLE_PX, title, "middle", weight="bold"))
        y += 38
    if facts:
        rows.append(_text(WIDTH_PX / 2, y, FACTS_PX, facts, "middle"))
        y += 30
    y += 16
    rows.append(mark(MARGIN_PX, y, FACTS_PX, *band.tempo))
    rows.append(_text(WIDTH_PX - MARGIN_PX, y, FACTS_PX, "AudioGroove", "end"))
    if band.notice:
        rows.append(_text(WIDTH_PX / 2, y, SMALL_PX, band.notice, "middle"))
    return "".join(rows), y + 40


def _text(
    x: float, y: float, size: float, text: str, anchor: str = "start", weight: str = "normal"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{escape(text)}</text>'
    )


def mark(x: float, y: float, size: float, is_dotted: bool, beats: int) -> str:  # noqa: FBT001
    """Draw a tempo mark with its own note: no text font has one."""
    stem = f"M{0.36 * size:.2f} {-0.2 * size:.2f} v{-0.95 * size:.2f}"
    dot = f'<circle cx="{0.58 * size:.2f}" cy="{-0.13 * size:.2f}" r="{0.07 * size:.2f}"/>'
    return (
        f'<g transform="translate({x:g} {y:g})" fill="#000">'
        f'<ellipse cx="{0.2 * size:.2f}" cy="{-0.14 * size:.2f}" rx="{0.2 * size:.2f}" '
        f'ry="{0.145 * size:.2f}" transform="rotate(-22 {0.2 * size:.2f} {-0.14 * size:.2f})"/>'
        f'<path d="{stem}" stroke="#000" stroke-width="{0.065 * size:.2f}" fill="none"/>'
        f"{dot * is_dotted}"
        f"{_text((0.85 if is_dotted else 0.66) * size, 0, size, f'= {beats}', weight='bold')}</g>"
    )
