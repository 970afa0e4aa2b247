"""The ground of a piano roll: panels, keys, lanes, bars and their numbers, and what is new."""

from collections.abc import Iterator
from dataclasses import dataclass

from audiogroove.music.piece import Piece
from audiogroove.render import lettering
from audiogroove.render.legend import Legend
from audiogroove.render.roll import palette, svg
from audiogroove.render.roll.grid import GUTTER_PX, Grid, lay_out
from audiogroove.render.roll.sections import SECTIONS_PX, Section, draw_sections, list_sections
from audiogroove.render.roll.svg import Box

NUMBER_PX, LABEL_PX = 20, 16  # sizes of letters
NUMBERS_PX, NEWS_PX = 28, 32  # heights of the strips above the panels
PILL_PX = 26  # height of a word on a pill
MIN_BAR_PX = 40  # between two bar lines
MIN_BEAT_PX = 60  # between two beats, where they are shown
MIN_NUMBER_PX = 62  # between two numbers
STRONG_BARS = 4  # every fourth line is stronger
BLACK_KEYS = frozenset({1, 3, 6, 8, 10})


@dataclass(frozen=True, slots=True)
class Roll:
    """A piece, laid out to be drawn."""

    piece: Piece
    legend: Legend
    grid: Grid
    colours: tuple[tuple[str, ...], ...]  # of its parts, bar by bar
    sections: tuple[Section, ...]  # none where nothing needs to be said of them
    top: float  # of all, the strips above the panels included

    @classmethod
    def within(
        cls, box: Box, piece: Piece, legend: Legend, *, gutter_px: float = GUTTER_PX
    ) -> "Roll":
        """Lay a piece out in a box, words above and panels below; without gutter, no words."""
        sections = list_sections(piece, legend.credits) if gutter_px else ()
        strips = (NUMBERS_PX, NEWS_PX * bool(legend.new), SECTIONS_PX * bool(sections))
        above = sum(strips) if gutter_px else 0
        panels = Box(box.left, box.top + above, box.right, box.bottom)
        grid = lay_out(piece, panels, gutter_px=gutter_px)
        colours = palette.bar_colours(piece, legend.credits)
        return cls(piece, legend, grid, colours, sections, box.top)


def draw_ground(roll: Roll) -> Iterator[str]:
    """Yield everything but the notes."""
    for panel in roll.grid.panels:
        yield svg.rect(panel, f'rx="8" fill="{svg.WHITE}" fill-opacity=".04"')
    yield from _keys(roll.grid)
    yield from _lanes(roll.grid)
    if roll.piece.bars * MIN_BEAT_PX < roll.grid.area.width:
        yield from _beats(roll)
    yield from _bar_lines(roll)
    yield from _bar_numbers(roll)
    yield from draw_sections(roll.sections, roll.grid, roll.grid.area.top - NUMBERS_PX)
    for first, past in roll.legend.new_runs(roll.piece):
        yield from _news(roll, first, past)


def _keys(grid: Grid) -> Iterator[str]:
    """Yield a shade for the rows of black keys, and names of the Cs."""
    if grid.roll is None:
        return
    shown = range(grid.low, grid.high + 1)
    black = (grid.pitch_row(pitch) for pitch in shown if pitch % 12 in BLACK_KEYS)
    yield svg.light(black, 0.18, "#000")
    octaves = 1 if grid.pitch_row(grid.low).height * 12 >= 1.5 * LABEL_PX else 2
    for pitch in shown:
        if pitch % (12 * octaves) == 0:
            row = grid.pitch_row(pitch)
            yield svg.light([Box(row.left, row.bottom - 0.5, row.right, row.bottom + 0.5)], 0.09)
            yield _label(grid, f"C{pitch // 12 - 1}", row)


def _lanes(grid: Grid) -> Iterator[str]:
    """Yield the names of the drums, and lines between them."""
    rows = [grid.lane(name) for name in grid.lanes]
    yield svg.light((Box(row.left, row.top, row.right, row.top + 1) for row in rows[1:]), 0.06)
    for name, row in zip(grid.lanes, rows, strict=True):
        yield _label(grid, name, row)


def _label(grid: Grid, word: str, row: Box) -> str:
    right, line = grid.area.left - 8, row.middle + 0.36 * LABEL_PX
    look = f'text-anchor="end" fill="{svg.WHITE}" fill-opacity=".55"'
    return svg.text(word, right, line, LABEL_PX, look)


def _bar_lines(roll: Roll) -> Iterator[str]:
    """Yield as many bar lines as there is room for, thinned by powers of two."""
    lines, every = roll.piece.bar_lines, _every(roll, MIN_BAR_PX)
    for bar in range(0, roll.piece.bars, every):
        x = roll.grid.x_at(lines[bar])
        strength = 0.17 if bar % (STRONG_BARS * every) == 0 else 0.08
        for panel in roll.grid.panels:
            line = Box(x - 0.5, panel.top, x + 0.5, panel.bottom)
            look = f'fill="{svg.WHITE}" fill-opacity="{strength}" data-bar="{bar}"'
            yield svg.rect(line, look)


def _beats(roll: Roll) -> Iterator[str]:
    """Yield the beats within the bars of short pieces."""
    grid, lines = roll.grid, roll.piece.bar_lines
    for bar in range(roll.piece.bars):
        beat = roll.piece.meter_at(bar).beat_steps
        if grid.x_at(beat) - grid.x_at(0) >= MIN_BEAT_PX:
            places = [grid.x_at(step) for step in range(lines[bar] + beat, lines[bar + 1], beat)]
            for panel in grid.panels:
                beats = (Box(x - 0.5, panel.top, x + 0.5, panel.bottom) for x in places)
                yield svg.light(beats, 0.045)


def _bar_numbers(roll: Roll) -> Iterator[str]:
    """Yield the numbers of bars, from 1 as people count, where there is room."""
    line, free = roll.grid.panels[0].top - 9, 0.0
    for bar in range(0, roll.piece.bars, _every(roll, MIN_NUMBER_PX)):
        x, number = roll.grid.x_at(roll.piece.bar_lines[bar]), str(bar + 1)
        past = x + lettering.width_px(number, NUMBER_PX)
        if x >= free and past <= roll.grid.area.right:  # bars differ where the meter changes
            look = f'fill="{svg.WHITE}" fill-opacity=".6"'
            yield svg.text(number, x, line, NUMBER_PX, look)
            free = past + NUMBER_PX


def _every(roll: Roll, least_px: float) -> int:
    """Tell each which bar, a power of two, lies so far from the one before."""
    every = 1
    while every * roll.grid.area.width < least_px * roll.piece.bars and every < roll.piece.bars:
        every *= 2
    return every


def _news(roll: Roll, first: int, past: int) -> Iterator[str]:
    """Yield light on a run of bars in which something is new, and a bracket that says what."""
    grid, lines = roll.grid, roll.piece.bar_lines
    left, right = grid.x_at(lines[first]), grid.x_at(lines[past])
    yield svg.light((Box(left, panel.top, right, panel.bottom) for panel in grid.panels), 0.05)
    line = roll.top + PILL_PX / 2
    yield (
        f'<path d="M{left + 1:.1f} {line + 10:.1f}V{line:.1f}H{right - 1:.1f}v10" fill="none" '
        f'stroke="{svg.WHITE}" stroke-opacity=".8" stroke-width="2"/>'
    )
    words = lettering.fit(roll.legend.news(roll.piece, first, past), 460, NUMBER_PX, bold=True)
    half = lettering.width_px(words, NUMBER_PX, bold=True) / 2 + 12
    middle = min(max((left + right) / 2, grid.area.left + half), grid.area.right - half)
    pill = Box(middle - half, roll.top, middle + half, roll.top + PILL_PX)
    yield svg.rect(pill, f'rx="{PILL_PX / 2:g}" fill="{palette.INK}"')
    look = f'font-weight="700" text-anchor="middle" fill="{palette.GROUND}"'
    yield svg.text(words, middle, line + 0.36 * NUMBER_PX, NUMBER_PX, look)
