"""Who plays, in which colour: the row of names below a picture."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from audiogroove.music.piece import Piece
from audiogroove.render import lettering
from audiogroove.render.legend import Legend, drawn_names, name_of
from audiogroove.render.roll import palette, svg
from audiogroove.render.roll.svg import Box

ROW_PX = 36
SWATCH_PX = 20
INDENT_PX = 29  # from the swatch's left edge to the name's
SPACE_PX = 28  # between two entries
SIZES = (  # tried in turn: size of letters, rows, and how wide a name may be
    (24, 1, 640),
    (21, 1, 640),
    (24, 2, 640),
    (21, 2, 420),
    (20, 2, 280),
    (20, 2, 170),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A name in its colour; `is_new` unless all of its notes were there before."""

    colour: str  # "" for words about all who stand before
    name: str
    is_new: bool


Row = tuple[tuple[float, Entry], ...]  # each with its x


@dataclass(frozen=True, slots=True)
class Roster:
    """Entries in rows, in letters of one size."""

    rows: tuple[Row, ...]
    size_px: float

    @property
    def height_px(self) -> float:
        """How high all rows are."""
        return ROW_PX * len(self.rows)


def line_up(piece: Piece, legend: Legend, *, left: float, right: float) -> Roster:
    """Find the largest letters in which all who play find room; else say how many do not."""
    entries = list_entries(piece, legend, drawn_names(legend.credits))
    for size_px, most_rows, name_px in SIZES:
        rows = _pack(entries, size_px, name_px, left, right)
        if len(rows) <= most_rows:
            return Roster(tuple(rows), size_px)
    size_px, most_rows, name_px = SIZES[-1]
    shown, rows = len(entries), _pack(entries, size_px, name_px, left, right)
    while len(rows) > most_rows:
        shown -= 1
        rest = Entry(palette.DRUMS, f"and {len(entries) - shown} more", is_new=True)
        rows = _pack([*entries[:shown], rest], size_px, name_px, left, right)
    return Roster(tuple(rows), size_px)


def list_entries(piece: Piece, legend: Legend, names: Mapping[str, str]) -> list[Entry]:
    """List who plays anything: each part or, where players are credited, each of them by name."""
    if legend.credits:
        return list(_credited(piece, legend, names))
    return [
        Entry(
            colour,
            name_of(part),
            not legend.new or any(each.part in {None, at} for each in legend.new),
        )
        for at, (part, colour) in enumerate(zip(piece.parts, palette.colours(piece), strict=True))
        if part.notes
    ]


def _credited(piece: Piece, legend: Legend, names: Mapping[str, str]) -> Iterator[Entry]:
    """Yield "Ann: Piano, Bass", and so on; where all lead the whole band, names and then it."""
    colours = palette.player_colours(legend.credits)
    shares = legend.shares(piece)
    is_shared = (
        len(shares) > 1 and "" not in shares and all(each.part is None for each in legend.credits)
    )
    for player, parts in shares.items():
        words = [names[player]] if player else []
        words += [] if is_shared else [_names_of(piece, parts)]
        yield Entry(colours.get(player, palette.NOBODY), ": ".join(words), any(parts.values()))
    if is_shared:
        band = [at for at, part in enumerate(piece.parts) if part.notes]
        yield Entry("", f"on {_names_of(piece, band)}", is_new=False)


def _names_of(piece: Piece, parts: Iterable[int]) -> str:
    return ", ".join(dict.fromkeys(name_of(piece.parts[at]) for at in parts))


def draw_roster(roster: Roster, bottom: float) -> Iterator[str]:
    """Yield its shapes, the last row standing on `bottom`."""
    for up, row in enumerate(reversed(roster.rows)):
        middle = bottom - ROW_PX * up - ROW_PX / 2
        for x, entry in row:
            swatch = Box(x, middle - SWATCH_PX / 2, x + SWATCH_PX, middle + SWATCH_PX / 2)
            solid = 1 if entry.is_new else 0.45
            if entry.colour:
                yield svg.rect(swatch, f'rx="6" fill="{entry.colour}" fill-opacity="{solid}"')
            look = f'fill="{palette.INK}" fill-opacity="{0.9 if entry.is_new else 0.55}"'
            line = middle + 0.36 * roster.size_px
            yield svg.text(entry.name, x + _indent_px(entry), line, roster.size_px, look)


def _pack(
    entries: Sequence[Entry], size_px: float, name_px: float, left: float, right: float
) -> list[Row]:
    """Fill rows from the left."""
    rows: list[list[tuple[float, Entry]]] = []
    x = right
    for entry in entries:
        room_px = name_px if entry.colour else max(name_px, right - x)  # the rest of the row
        name = lettering.fit(entry.name, room_px, size_px)
        width = _indent_px(entry) + lettering.width_px(name, size_px)
        if not rows or x + width > right:
            rows.append([])
            x = left
        rows[-1].append((x, Entry(entry.colour, name, entry.is_new)))
        x += width + SPACE_PX
    return [tuple(row) for row in rows]


def _indent_px(entry: Entry) -> float:
    return INDENT_PX if entry.colour else 0
