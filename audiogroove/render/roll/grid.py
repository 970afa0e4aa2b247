"""Where each step, pitch and drum of a piece lies in its picture.

Places are px from the picture's top left corner. x is linear in steps.
"""

from dataclasses import dataclass

from audiogroove.music.piece import Note, Piece
from audiogroove.render.roll.svg import Box

GUTTER_PX = 60  # left of the first step, for the names of pitches and drums
BORDER_PX = 10  # right of the last one
PADDING_PX = 3  # above and below the rows of a panel
GAP_PX = 8  # between the panels
LANE_PX = 20  # height of a drum's lane beside a roll
MAX_KIT_SHARE = 0.4  # of the height, beside a roll

RANGE_MARGIN = 2  # semitones of air above and below the music
MIN_RANGE = 24  # semitones shown at least
MIN_NOTE_PX = (2.6, 5.0)  # width and height of the smallest notes
MAX_HIT_PX = (12.0, 36.0)  # and of the largest of a drum
HIT_STEPS = 3  # as long as a drum's note is drawn: a stroke has no length

_KIT = {  # from the ceiling to the floor
    "Perc": (),  # whatever is in no other lane
    "Crash": (49, 52, 55, 57),
    "Ride": (51, 53, 59),
    "Hat": (42, 44, 46),
    "Snare": (37, 38, 39, 40),
    "Tom": (41, 43, 45, 47, 48, 50),
    "Kick": (35, 36),
}
_LANES = {key: lane for lane, keys in _KIT.items() for key in keys}


@dataclass(frozen=True, slots=True)
class Grid:
    """The two panels of a picture, either of which may be missing, and what lies where in them."""

    steps: int  # of the piece
    area: Box  # what notes may cover: from the first step to the end, over all panels
    roll: Box | None  # the panel of melodic parts
    kit: Box | None  # the panel of the drums
    low: int  # the lowest pitch in the roll
    high: int  # and the highest
    lanes: tuple[str, ...]  # of the drums, from top to bottom

    @property
    def panels(self) -> tuple[Box, ...]:
        """What panels there are, one at least, from top to bottom."""
        return tuple(box for box in (self.roll, self.kit) if box)

    def x_at(self, step: float) -> float:
        """Tell where a step begins."""
        return self.area.left + step / self.steps * self.area.width

    def pitch_row(self, pitch: int) -> Box:
        """Tell where the row of a pitch in [low, high] lies."""
        return self._row(self.roll or self.area, self.high - pitch, self.high - self.low + 1)

    def lane(self, name: str) -> Box:
        """Tell where a drum's lane lies."""
        return self._row(self.kit or self.area, self.lanes.index(name), len(self.lanes))

    def _row(self, panel: Box, row: int, rows: int) -> Box:
        height = (panel.height - 2 * PADDING_PX) / rows
        top = panel.top + PADDING_PX + row * height
        return Box(self.area.left, top, self.area.right, top + height)

    def place(self, note: Note, *, is_drums: bool) -> Box:
        """Tell what a note covers: within its panel, and large enough to be seen."""
        width, height = MIN_NOTE_PX
        if is_drums:
            row = self.lane(lane_name(note.pitch))
            height = min(row.height * 0.75, MAX_HIT_PX[1])
            width = max(width, min(self.x_at(HIT_STEPS) - self.x_at(0) - 1, MAX_HIT_PX[0]))
        else:
            row = self.pitch_row(note.pitch)
            height = max(row.height - 1, height)
            width = max(width, self.x_at(note.end) - self.x_at(note.onset) - 1)
        left = min(self.x_at(note.onset), self.area.right - width)
        return Box(left, row.middle - height / 2, left + width, row.middle + height / 2)


def lane_name(key: int) -> str:
    """Name the lane of a percussion key."""
    return _LANES.get(key, "Perc")


def lay_out(piece: Piece, box: Box, *, gutter_px: float = GUTTER_PX) -> Grid:
    """Fill a box with a roll, with a kit of drums, or with both, as the piece needs."""
    pitches = [note.pitch for part in piece.parts if not part.is_drums for note in part.notes]
    keys = {note.pitch for part in piece.parts if part.is_drums for note in part.notes}
    used = {lane_name(key) for key in keys}
    lanes = tuple(lane for lane in _KIT if lane in used)
    low, high = _range(pitches)
    roll, kit = _panels(box, len(lanes), with_roll=bool(pitches))
    area = Box(box.left + gutter_px, box.top, box.right - BORDER_PX, box.bottom)
    return Grid(piece.steps, area, roll, kit, low, high, lanes)


def _panels(box: Box, lanes: int, *, with_roll: bool) -> tuple[Box | None, Box | None]:
    if not lanes:
        return box, None
    if not with_roll:
        return None, box
    height = min(LANE_PX * lanes + 2 * PADDING_PX, box.height * MAX_KIT_SHARE)
    top = box.bottom - height
    above = Box(box.left, box.top, box.right, top - GAP_PX)
    return above, Box(box.left, top, box.right, box.bottom)


def _range(pitches: list[int]) -> tuple[int, int]:
    """Tell the lowest and the highest pitch to show."""
    low = min(pitches, default=60) - RANGE_MARGIN
    high = max(pitches, default=60) + RANGE_MARGIN
    lacking = max(0, MIN_RANGE - (high - low + 1))
    low, high = low - lacking // 2, high + lacking - lacking // 2
    shift = max(0, -low) - max(0, high - 127)  # a range that sticks out moves back in
    return max(0, low + shift), min(127, high + shift)
