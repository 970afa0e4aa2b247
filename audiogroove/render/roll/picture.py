"""The picture of a piece: a card with its piano roll, for chats, pages and music players.

One SVG string, painted by resvg with the fonts of this package and no others.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape

import resvg_py
from PIL import Image

from audiogroove.errors import RenderingFailed
from audiogroove.music.credits import players_of
from audiogroove.music.piece import Piece, clean_name
from audiogroove.music.timing import Timing
from audiogroove.render import lettering
from audiogroove.render.legend import Legend
from audiogroove.render.roll import palette, svg
from audiogroove.render.roll.grid import Grid
from audiogroove.render.roll.ground import Roll, draw_ground
from audiogroove.render.roll.notes import draw_notes
from audiogroove.render.roll.roster import Roster, draw_roster, line_up, list_entries
from audiogroove.render.roll.svg import Box

WIDTH_PX, HEIGHT_PX = 1200, 630  # as Open Graph likes it
MARGIN_PX = 36
TITLE_PX, FACTS_PX, BRAND_PX = 46, 25, 22  # sizes of letters
TITLE_LINE, FACTS_LINE, ROLL_TOP = 64, 101, 122
BRAND = "AudioGroove"
FLOOR_PX = 18  # below everything

COVER_PX = 320  # what music players take: up to 320 × 320 and 200 kB
COVER_BARS = 4

NAMES = 8  # of parts, and runs of new bars, said in a description


def draw(piece: Piece, legend: Legend, *, strength: float = 1.0) -> str:
    """Draw the card, 1200 × 630, as SVG; `strength` below 1 dims the notes and nothing else."""
    roster = _roster(piece, legend)
    roll = _roll(piece, legend, roster)
    return _svg(
        WIDTH_PX,
        HEIGHT_PX,
        (
            *_sky(WIDTH_PX, HEIGHT_PX),
            *_words(legend),
            *draw_ground(roll),
            *draw_notes(roll, strength=strength),
            *draw_roster(roster, HEIGHT_PX - FLOOR_PX),
        ),
    )


def grid_of(piece: Piece, legend: Legend) -> Grid:
    """Tell where on the card each step lies."""
    return _roll(piece, legend, _roster(piece, legend)).grid


def draw_roll(
    piece: Piece, legend: Legend, *, width_px: float = 1200, height_px: float = 480
) -> str:
    """Draw the roll alone for a page with a script, as SVG of that size without title and roster.

    The root says where the notes may lie (`data-left`, `-top`, `-right`, `-bottom`, in its own
    units; x is linear in steps), each `g.part` its part (`data-part`), each note its seconds
    (`data-on`, `data-off`) and its bar (`data-bar`, from 0), each bar line its bar.
    """
    roll = Roll.within(Box(0, 4, width_px, height_px), piece, legend)
    ground = Box(0, 0, width_px, height_px)
    area = roll.grid.area
    data = "".join(
        f' data-{edge}="{getattr(area, edge):.1f}"' for edge in ("left", "top", "right", "bottom")
    )
    shapes = (
        f"<title>{escape(describe(piece, legend))}</title>",
        svg.rect(ground, f'rx="8" fill="{palette.GROUND_BELOW}"'),
        *draw_ground(roll),
        *draw_notes(roll, timing=Timing(piece)),
    )
    return _svg(width_px, height_px, shapes, f' role="img"{data}')


def paint(picture: str, *, width_px: int = WIDTH_PX) -> bytes:
    """Paint an SVG as PNG of that width.

    Raises:
        RenderingFailed: when it is no SVG.
    """
    try:
        png = resvg_py.svg_to_bytes(
            svg_string=picture,
            width=width_px,
            skip_system_fonts=True,
            font_files=[lettering.REGULAR, lettering.BOLD],
            font_family=lettering.FAMILY,
            sans_serif_family=lettering.FAMILY,
        )
    except ValueError as error:
        raise RenderingFailed("picture", fault=str(error)) from error
    return bytes(png)


def cover(piece: Piece, legend: Legend) -> bytes:
    """Paint a square JPEG, 320 × 320 and far below 200 kB: the first bars, and no words."""
    square = Box(-2, 14, COVER_PX + 10, COVER_PX - 14)
    bright = replace(legend, new=())  # at the size of a thumbnail nobody asks what is new
    roll = Roll.within(square, _beginning(piece), bright, gutter_px=2)
    shapes = (*_sky(COVER_PX, COVER_PX), *draw_notes(roll))
    png = paint(_svg(COVER_PX, COVER_PX, shapes), width_px=COVER_PX)
    jpeg = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        image.convert("RGB").save(jpeg, "JPEG", quality=90)
    return jpeg.getvalue()


def describe(piece: Piece, legend: Legend) -> str:
    """Say in two sentences what the picture shows, for those who do not see it."""
    bars = "1 bar" if piece.bars == 1 else f"{piece.bars} bars"
    seconds = round(Timing(piece).duration_s)
    said = (
        f"Piano roll of “{clean_name(legend.title)}”: {piece.note_count:,} notes in {bars} "
        f"of {piece.meter_at(0)}, {seconds} seconds long."
    )
    news = [
        f"{legend.news(piece, first, past)} in bars {first + 1} to {past}"
        for first, past in legend.new_runs(piece)
    ]
    more = "; ".join(filter(None, [_who(piece, legend), *news[:NAMES]]))
    return f"{said} {'By' if legend.credits else 'For'} {more}." if more else said


def _who(piece: Piece, legend: Legend) -> str:
    """List all who play, by their true names: what says it has every letter."""
    true = {player: player for player in players_of(legend.credits)}
    entries = list_entries(piece, legend, true)
    names = [entry.name for entry in entries if entry.colour]
    if len(names) > NAMES:
        names = [*names[:NAMES], f"{len(names) - NAMES} more"]
    together = [entry.name for entry in entries if not entry.colour]
    between = (
        "; " if legend.credits and not together else ", "
    )  # where a player's parts have commas
    return between.join([*names, *together])


def _beginning(piece: Piece) -> Piece:
    """Cut a piece after some bars, unless nothing happens in them."""
    bars = min(COVER_BARS, piece.bars)
    end = piece.bar_lines[bars]
    parts = tuple(
        replace(part, notes=tuple(note for note in part.notes if note.end <= end))
        for part in piece.parts
    )
    if not any(part.notes for part in parts):
        return piece
    return replace(
        piece,
        parts=parts,
        bars=bars,
        meters=tuple(change for change in piece.meters if change[0] < bars),
        tempos=tuple(change for change in piece.tempos if change[0] < end),
    )


def _roster(piece: Piece, legend: Legend) -> Roster:
    return line_up(piece, legend, left=MARGIN_PX, right=WIDTH_PX - MARGIN_PX)


def _roll(piece: Piece, legend: Legend, roster: Roster) -> Roll:
    bottom = HEIGHT_PX - FLOOR_PX - roster.height_px - 8
    top = ROLL_TOP if legend.facts else FACTS_LINE - 12
    return Roll.within(Box(MARGIN_PX, top, WIDTH_PX - MARGIN_PX, bottom), piece, legend)


def _svg(width_px: float, height_px: float, shapes: Iterable[str], attributes: str = "") -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width_px:g} {height_px:g}" '
        f'font-family="{lettering.FAMILY}, sans-serif"{attributes}>{"".join(shapes)}</svg>'
    )


def _sky(width_px: int, height_px: int) -> Iterator[str]:
    """Yield a gradient as one band for each of its shades: smaller and faster than a true one."""
    bands = palette.SKY
    for at, colour in enumerate(bands):
        top, bottom = (height_px * each // len(bands) for each in (at, at + 1))
        yield svg.rect(Box(0, top, width_px, bottom), f'fill="{colour}"')


def _words(legend: Legend) -> Iterator[str]:
    """Yield the title, the facts, and whose work it is."""
    right = WIDTH_PX - MARGIN_PX
    room = right - MARGIN_PX - lettering.width_px(BRAND, BRAND_PX) - 30
    title = lettering.fit(lettering.readable(legend.title), room, TITLE_PX, bold=True)
    look = f'font-weight="700" fill="{palette.INK}"'
    yield svg.text(title, MARGIN_PX, TITLE_LINE, TITLE_PX, look)
    look = f'text-anchor="end" fill="{palette.INK}" fill-opacity=".4"'
    yield svg.text(BRAND, right, TITLE_LINE - 4, BRAND_PX, look)
    facts = lettering.fit(lettering.readable(legend.facts), right - MARGIN_PX, FACTS_PX)
    yield svg.text(
        facts, MARGIN_PX, FACTS_LINE, FACTS_PX, f'fill="{palette.INK}" fill-opacity=".75"'
    )
