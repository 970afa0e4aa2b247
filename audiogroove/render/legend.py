"""What is written beside the notes: a title, a line of facts, who plays, and what is new."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from audiogroove.music import instruments
from audiogroove.music.credits import Credits, players_by_bar, players_of
from audiogroove.music.piece import Part, Piece
from audiogroove.render import lettering
from audiogroove.request import ComposeRequest, Mode

ARTIST = "AudioGroove"  # where no person is credited
PLAYER_CHARS = 20  # of a name in a picture: what they play stands beside it


@dataclass(frozen=True, slots=True)
class Region:
    """Some bars of a part, or of all parts; bars count from 0 and the range is half-open.

    Raises:
        ValueError: on construction, when there are no such bars.
    """

    first_bar: int
    past_bar: int
    part: int | None = None  # its place among the piece's parts; None is all of them

    def __post_init__(self) -> None:
        if not 0 <= self.first_bar < self.past_bar:
            raise ValueError(f"not bars: {self.first_bar} to {self.past_bar}")

    def holds(self, part: int, bar: int) -> bool:
        """Tell whether a bar of a part is in it."""
        return self.part in {None, part} and self.first_bar <= bar < self.past_bar


@dataclass(frozen=True, slots=True)
class Legend:
    """The words of a picture, a score or a sound file.

    `new` is what was composed this time where the rest was there before; empty when the whole
    piece is new. `credits` tells who made which bars where several people did, as in a jam.
    """

    title: str
    facts: str = ""
    new: tuple[Region, ...] = ()
    credits: Credits = ()

    @property
    def artist(self) -> str:
        """Who made it, as players show it."""
        return ", ".join(players_of(self.credits)) or ARTIST

    def is_new(self, part: int, bar: int) -> bool:
        """Tell whether a bar of a part was composed this time."""
        return not self.new or any(region.holds(part, bar) for region in self.new)

    def new_runs(self, piece: Piece) -> Iterator[tuple[int, int]]:
        """Yield the runs of bars, half-open, in which something of a piece is new."""
        fresh = {
            bar
            for region in self.new
            for bar in range(region.first_bar, min(region.past_bar, piece.bars))
        }
        for _, run in groupby(enumerate(sorted(fresh)), lambda each: each[1] - each[0]):
            bars = [bar for _, bar in run]
            yield bars[0], bars[-1] + 1

    def news(self, piece: Piece, first: int, past: int) -> str:
        """Say what is new in a run of bars: "new", or "new: Bass" where the rest was there."""
        within = [each for each in self.new if each.first_bar < past and first < each.past_bar]
        parts = sorted({each.part for each in within if each.part is not None})
        if any(each.part is None for each in within):
            return "new"
        return f"new: {', '.join(name_of(piece.parts[part]) for part in parts)}"

    def shares(self, piece: Piece) -> dict[str, dict[int, bool]]:
        """Tell which parts each player plays, and of each whether anything of it is new.

        What counts are the bars in which notes begin. Players are in the order in which they come
        in, parts in that of the piece; last comes "", who plays what nobody is credited for.
        """
        found: dict[str, dict[int, bool]] = {name: {} for name in (*players_of(self.credits), "")}
        lines = piece.bar_lines
        for at, part in enumerate(piece.parts):
            players = players_by_bar(self.credits, at, piece.bars)
            for bar in sorted({bisect_right(lines, note.onset) - 1 for note in part.notes}):
                theirs = found[players[bar]]
                theirs[at] = theirs.get(at, False) or self.is_new(at, bar)
        return {player: parts for player, parts in found.items() if parts}


def name_of(part: Part) -> str:
    """Call a part by its name or else by its instrument, in letters that can be drawn."""
    word = instruments.instrument(part.program, is_drums=part.is_drums).word
    return lettering.readable(part.name) or word.capitalize()


def drawn_names(credited: Credits) -> dict[str, str]:
    """Tell how each player is named in a picture: briefly, and no two alike.

    One whose name has no letter that can be drawn, or looks like another's, is "Player 2".
    """
    drawn: dict[str, str] = {}
    for number, player in enumerate(players_of(credited), start=1):
        name = lettering.readable(player).strip(f"{lettering.UNKNOWN} ")
        if len(name) > PLAYER_CHARS:
            name = name[: PLAYER_CHARS - 1].rstrip() + lettering.CUT
        drawn[player] = name if name and name not in drawn.values() else f"Player {number}"
    return drawn


def new_in(piece: Piece, request: ComposeRequest) -> tuple[Region, ...]:
    """Tell what of a piece its request has added; empty when all of it."""
    material = request.material
    if material is None:
        return ()
    if request.mode is Mode.CONTINUE:
        return (Region(material.bars, piece.bars),) if piece.bars > material.bars else ()
    first, past = request.bar_range or (0, piece.bars)
    if request.mode is Mode.VARY:
        return (Region(first, past),)
    standing = Counter((part.program, part.is_drums, part.notes) for part in material.parts)
    added = []
    for at, part in enumerate(piece.parts):
        voice = (part.program, part.is_drums, part.notes)
        if standing[voice]:
            standing[voice] -= 1
        else:
            added.append(Region(first, past, at))
    return tuple(added)
