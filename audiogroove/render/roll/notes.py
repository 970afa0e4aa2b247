"""The notes of a piano roll: colour by part or player, strength by velocity, new ones glowing."""

from collections.abc import Iterator, Mapping, Sequence
from heapq import nlargest

from audiogroove.music.piece import Note
from audiogroove.music.timing import Timing
from audiogroove.render.roll import svg
from audiogroove.render.roll.ground import Roll
from audiogroove.render.roll.svg import Box

MAX_NOTES = 6_000  # beyond, the loudest of each column of pixels
MAX_GLOWING = 2_500  # beyond, there is no dark left to glow in
FAINTEST = 0.45  # how solid the softest note is; the loudest is wholly
BEFORE = 0.4  # what is left of that for what was there before
GLOW = ((9.0, 0.08), (4.0, 0.16))  # px beyond the note, and how solid
ROUNDING_PX = 3.5


def draw_notes(roll: Roll, *, timing: Timing | None = None, strength: float = 1.0) -> Iterator[str]:
    """Yield the notes, one group a part, from the busiest part at the back to the front.

    Where players are credited, a part has a group for each of them. With `timing` a script finds
    its way: each group says its part, each note its seconds and its bar. `strength` below 1 dims
    all notes, and then none glows.
    """
    chosen = thin_out(roll)
    glowing = strength == 1.0 and timing is None and sum(map(len, chosen)) <= MAX_GLOWING

    def depth(part: int) -> tuple[bool, int]:
        return any(region.part == part for region in roll.legend.new), -len(chosen[part])

    for part in sorted(range(len(chosen)), key=depth):
        data = "" if timing is None else f' class="part" data-part="{part}"'
        for colour, ours in _by_colour(roll, part, chosen[part]).items():
            yield f'<g fill="{colour}"{data}>'
            if glowing:
                yield from _glow(roll, part, ours, colour)
            for note in ours:
                yield _note(roll, part, note, timing, strength)
            yield "</g>"


def thin_out(roll: Roll) -> list[Sequence[Note]]:
    """Choose which notes of each part are drawn: all, or the loudest of each column of pixels."""
    parts = roll.piece.parts
    if roll.piece.note_count <= MAX_NOTES:
        return [part.notes for part in parts]
    columns: dict[int, list[tuple[int, int, Note]]] = {}
    for at, part in enumerate(parts):
        for note in part.notes:
            column = columns.setdefault(int(roll.grid.x_at(note.onset)), [])
            column.append((note.velocity, at, note))
    most = max(1, MAX_NOTES // len(columns))
    kept: list[list[Note]] = [[] for _ in parts]
    for column in columns.values():
        for _, at, note in nlargest(most, column):
            kept[at].append(note)
    return [sorted(notes) for notes in kept]


def _by_colour(roll: Roll, part: int, notes: Sequence[Note]) -> Mapping[str, Sequence[Note]]:
    """Sort notes by the colour of the bar in which they begin."""
    colours = roll.colours[part]
    if len(set(colours)) == 1:
        return {colours[0]: notes}
    found: dict[str, list[Note]] = {}
    for note in notes:
        found.setdefault(colours[roll.piece.bar_at(note.onset)], []).append(note)
    return found


def _note(roll: Roll, part: int, note: Note, timing: Timing | None, strength: float) -> str:
    box = _place(roll, part, note)
    bar = roll.piece.bar_at(note.onset)
    solid = FAINTEST + (1 - FAINTEST) * note.velocity / 127
    solid *= strength if roll.legend.is_new(part, bar) else strength * BEFORE
    rounding = min(ROUNDING_PX, box.height / 2, box.width / 2)
    look = f'rx="{rounding:.1f}" fill-opacity="{solid:.2f}"'
    if timing is not None:
        on, off = timing.seconds_at(note.onset), timing.seconds_at(note.end)
        look += f' data-on="{on:.3f}" data-off="{off:.3f}" data-bar="{bar}"'
    return svg.rect(box, look)


def _glow(roll: Roll, part: int, notes: Sequence[Note], colour: str) -> Iterator[str]:
    """Yield two soft outlines round what is new.

    Each is one stroke for all notes of a group: as bright where notes touch as elsewhere, and
    painted in about a quarter of the time that a Gaussian blur takes.
    """
    new = (note for note in notes if roll.legend.is_new(part, roll.piece.bar_at(note.onset)))
    boxes = [_place(roll, part, note) for note in new]
    if not boxes:
        return
    is_drums = roll.piece.parts[part].is_drums
    thick = boxes[0].width if is_drums else boxes[0].height
    path = "".join(map(_stroke if is_drums else _spine, boxes))
    for spread, solid in GLOW:
        yield (
            f'<path d="{path}" fill="none" stroke="{colour}" stroke-linecap="round" '
            f'stroke-width="{thick + spread:.1f}" stroke-opacity="{solid}"/>'
        )


def _spine(box: Box) -> str:
    """Draw the line that is the note when it is drawn as thick, with round ends."""
    inset = min(box.height, box.width - 0.2) / 2
    return f"M{box.left + inset:.1f} {box.middle:.1f}h{box.width - 2 * inset:.1f}"


def _stroke(box: Box) -> str:
    """Draw the same for a drum's note, which is higher than it is wide."""
    inset = min(box.width, box.height - 0.2) / 2
    middle = (box.left + box.right) / 2
    return f"M{middle:.1f} {box.top + inset:.1f}v{box.height - 2 * inset:.1f}"


def _place(roll: Roll, part: int, note: Note) -> Box:
    return roll.grid.place(note, is_drums=roll.piece.parts[part].is_drums)
