"""Whose turn was when: names above a piano roll whose players came one after the other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from audiogroove.music.credits import Credits, players_by_bar
from audiogroove.music.piece import Piece
from audiogroove.render import lettering
from audiogroove.render.legend import drawn_names
from audiogroove.render.roll import palette, svg
from audiogroove.render.roll.grid import Grid
from audiogroove.render.roll.svg import Box

SECTIONS_PX = 30  # height of the strip
NAME_PX = 20  # size of letters
LINE_PX = 5  # thickness of the line below a name
GAP_PX = 3  # between two such lines
MIN_NAME_PX = 44  # where a name is cut shorter, it says nothing
MIN_SECTION_PX = 16  # between two lines down the roll


@dataclass(frozen=True, slots=True)
class Section:
    """Bars in a row that one player alone has made; nobody alone where the name is ""."""

    first_step: int
    past_step: int
    name: str  # as it is drawn
    colour: str


def list_sections(piece: Piece, credited: Credits) -> tuple[Section, ...]:
    """List the sections of a piece in order; none where there are not two to tell apart."""
    parts = [at for at, part in enumerate(piece.parts) if part.notes]
    rows = [players_by_bar(credited, at, piece.bars) for at in parts]
    colours, names, lines = palette.player_colours(credited), drawn_names(credited), piece.bar_lines
    found: list[Section] = []
    past = 0
    for players, run in groupby(zip(*rows, strict=True), frozenset):
        first, past = past, past + sum(1 for _ in run)
        player = min(players) if len(players) == 1 else ""
        name, colour = names.get(player, ""), colours.get(player, palette.NOBODY)
        found.append(Section(lines[first], lines[past], name, colour))
    return tuple(found) if len(found) > 1 and any(each.name for each in found) else ()


def draw_sections(sections: Iterable[Section], grid: Grid, bottom: float) -> Iterator[str]:
    """Yield names over lines that end at `bottom`, and lines down the roll between sections."""
    for each in sections:
        left, right = grid.x_at(each.first_step), grid.x_at(each.past_step)
        if each.first_step and right - left >= MIN_SECTION_PX:
            between = (Box(left - 1, panel.top, left + 1, panel.bottom) for panel in grid.panels)
            yield svg.light(between, 0.35)
        if each.name:
            line = Box(left, bottom - LINE_PX, max(left + 1, right - GAP_PX), bottom)
            yield svg.rect(line, f'rx="{LINE_PX / 2}" fill="{each.colour}"')
            look = f'font-weight="700" fill="{each.colour}"'
            yield svg.text(_fit(each.name, line.width), left, line.top - 6, NAME_PX, look)


def _fit(name: str, room_px: float) -> str:
    """Cut a name, or leave it out where what is left would say nothing."""
    cut = lettering.fit(name, room_px, NAME_PX, bold=True)
    return cut if cut == name or room_px >= MIN_NAME_PX else ""
