"""Which bars of a piece are played where it is too long to be played whole.

Somebody who goes on with a long piece wants to hear what is new, and so does a band that has
laid down another take. Where that would not be heard from the beginning, a later stretch is played:
the last that fits, up to the piece's end, if all that is new lies in it, and else one that begins
shortly before what is new.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from audiogroove.music.piece import Piece
from audiogroove.music.timing import Timing
from audiogroove.render.legend import Legend

MAX_SECONDS = 180
MAX_NOTES = 20_000
LEAD = 1 / 6  # of what may be played; it leads up to what is new
ROUNDING_S = 0.001  # so near its end a bar has been played


@dataclass(frozen=True, slots=True)
class Stretch:
    """What of a piece is played; seconds count from the piece's beginning."""

    first_bar: int  # begins at once; notes from before it are not heard
    past_bar: int  # after the last bar that is played to its end, or the only one that is begun
    from_s: float
    until_s: float  # the last bar line or, where it is cut, less; what rings on comes after it
    is_cut: bool  # notes come after it

    @property
    def duration_s(self) -> float:
        """How long it lasts, without what rings on."""
        return self.until_s - self.from_s

    @property
    def is_all(self) -> bool:
        """Tell whether no note of the piece is missing."""
        return not (self.first_bar or self.is_cut)


def heard_part(
    piece: Piece, legend: Legend, *, max_s: float = MAX_SECONDS, max_notes: int = MAX_NOTES
) -> Stretch:
    """Choose so many seconds and notes of a piece in which what is new is heard.

    That is what the legend calls new or, where it credits players, the last one's bars. If it is
    too long to be heard whole, its beginning is heard.
    """
    return _Ruler(piece, max_s, max_notes).stretch_with(*_news(piece, legend))


def beginning(piece: Piece, *, max_s: float = MAX_SECONDS, max_notes: int = MAX_NOTES) -> Stretch:
    """Take the first so many seconds and notes of a piece."""
    return _Ruler(piece, max_s, max_notes).stretch_from(0)


def _news(piece: Piece, legend: Legend) -> tuple[int, int]:
    """Tell between which bars, half-open, all lies that is new."""
    if legend.new:
        first = min(region.first_bar for region in legend.new)
        past = max(region.past_bar for region in legend.new)
    elif legend.credits:
        first, past = legend.credits[-1].first_bar, legend.credits[-1].past_bar
    else:
        return 0, piece.bars
    return min(first, piece.bars - 1), min(past, piece.bars)


class _Ruler:
    """Measures stretches of a piece against what may be played at most."""

    def __init__(self, piece: Piece, max_s: float, max_notes: int) -> None:
        self._piece, self._max_s, self._max_notes = piece, max_s, max_notes
        self._timing, self._lines = Timing(piece), piece.bar_lines
        self._onsets = sorted(note.onset for part in piece.parts for note in part.notes)

    def stretch_with(self, first_new: int, past_new: int) -> Stretch:
        """Choose a stretch with these bars in it, or at least with their beginning."""
        new_end = self._lines[past_new]
        if self._fits(0, new_end):
            return self.stretch_from(0)
        tail = self._earliest(max(new_end, self._end(0)))
        if tail <= first_new:
            return self.stretch_from(tail)
        return self.stretch_from(self._earliest(self._lines[first_new], LEAD))

    def stretch_from(self, first_bar: int) -> Stretch:
        """Take as much as may be played from a bar on."""
        start, end = self._lines[first_bar], self._end(first_bar)
        from_s = self._timing.seconds_at(start)
        is_cut = not self._fits(first_bar, end)
        until_s = min(from_s + self._max_s, self._timing.duration_s)
        past_bar = self._piece.bars
        if is_cut:
            over = bisect_left(self._onsets, start) + self._max_notes
            if over < len(self._onsets):
                until_s = min(until_s, self._timing.seconds_at(self._onsets[over]))
            played = bisect_right(self._lines, self._timing.step_at(until_s + ROUNDING_S)) - 1
            past_bar = max(played, first_bar + 1)
        return Stretch(first_bar, past_bar, from_s, until_s, is_cut)

    def _end(self, first_bar: int) -> int:
        """Tell the step at which all notes from a bar on are over, the piece's where none is."""
        start, notes = self._lines[first_bar], (part.notes for part in self._piece.parts)
        ends = (note.end for part in notes for note in part if note.onset >= start)
        return max(ends, default=self._piece.steps)

    def _fits(self, first_bar: int, end: int, share: float = 1.0) -> bool:
        """Tell whether what lies between a bar's beginning and a step may be played."""
        start = self._lines[first_bar]
        seconds = self._timing.seconds_at(end) - self._timing.seconds_at(start)
        notes = bisect_left(self._onsets, end) - bisect_left(self._onsets, start)
        return seconds <= share * self._max_s and notes <= share * self._max_notes

    def _earliest(self, end: int, share: float = 1.0) -> int:
        """Find the first bar from which all up to a step may be played, or else the last."""
        bars = range(self._piece.bars)
        earliest = bisect_left(bars, x=True, key=lambda bar: self._fits(bar, end, share))
        return min(earliest, self._piece.bars - 1)
