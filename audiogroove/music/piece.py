"""A piece of music as one frozen value on a grid.

Conventions, here and wherever a `Piece` goes:

- Time is counted in *steps*, 12 to a quarter note, so that sixteenths (3 steps), triplet
  eighths (4) and triplet sixteenths (2) are all whole numbers. Onsets count from the piece's
  beginning; ranges of steps and of bars are half-open, and bars count from 0.
- Pitch and velocity are MIDI's: pitch 0..127 (60 is middle C), velocity 1..127.
- Tempo is in quarter notes a minute, kept to a hundredth.
- A drum part's pitches are General MIDI percussion keys; its program is 0.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from typing_extensions import override

STEPS_PER_QUARTER = 12
STEPS_PER_WHOLE = 4 * STEPS_PER_QUARTER

MAX_NOTES = 60_000
MAX_BARS = 2_000
MAX_MELODIC_PARTS = 15  # with the drums, MIDI's sixteen channels
MAX_NAME_CHARS = 64
TEMPO_RANGE_BPM = (20.0, 400.0)
DENOMINATORS = (1, 2, 4, 8, 16, 32)


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """One note; notes sort by onset, then pitch.

    Raises:
        ValueError: on construction, when a value is outside its range.
    """

    onset: int  # steps, 0..
    pitch: int  # 0..127
    duration: int  # steps, 1..
    velocity: int = 80  # 1..127

    def __post_init__(self) -> None:
        if not (
            self.onset >= 0
            and self.duration >= 1
            and 0 <= self.pitch <= 127
            and 1 <= self.velocity <= 127
        ):
            raise ValueError(f"not a note: {self}")

    @property
    def end(self) -> int:
        """The first step at which the note no longer sounds."""
        return self.onset + self.duration


@dataclass(frozen=True, slots=True)
class Part:
    """What one player plays: notes in order, none overlapping another of its own pitch.

    Raises:
        ValueError: on construction, when notes are out of order or overlap on one pitch, or
            the name or program is out of range.
    """

    notes: tuple[Note, ...]
    program: int = 0  # 0..127, General MIDI
    is_drums: bool = False
    name: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.program <= 127 or (self.is_drums and self.program):
            raise ValueError(f"not a program: {self.program}")
        if len(self.name) > MAX_NAME_CHARS or not (self.name.isprintable()):
            raise ValueError(f"not a part's name: {self.name!r}")
        ends: dict[int, int] = {}
        before = (-1, -1)
        for note in self.notes:
            here = (note.onset, note.pitch)
            if here <= before or ends.get(note.pitch, 0) > note.onset:
                raise ValueError(f"out of order or overlapping on its pitch: {note}")
            ends[note.pitch] = note.onset + note.duration
            before = here


@dataclass(frozen=True, slots=True)
class Meter:
    """A time signature whose bar is a whole number of steps.

    Raises:
        ValueError: on construction, when it is none.
    """

    numerator: int = 4  # 1..32
    denominator: int = 4  # one of DENOMINATORS

    def __post_init__(self) -> None:
        if (
            not 1 <= self.numerator <= 32
            or self.denominator not in DENOMINATORS
            or self.numerator * STEPS_PER_WHOLE % self.denominator
        ):
            raise ValueError(f"not a meter: {self.numerator}/{self.denominator}")

    @property
    def bar_steps(self) -> int:
        """How many steps one bar has, 3..1536."""
        return self.numerator * STEPS_PER_WHOLE // self.denominator

    @property
    def beat_steps(self) -> int:
        """How many steps one beat has; compound meters (6/8, 12/8, …) beat in dotted notes."""
        unit = STEPS_PER_WHOLE // self.denominator
        compound = self.denominator >= 8 and self.numerator > 3 and self.numerator % 3 == 0
        return max(1, unit * 3 if compound else unit)

    @override
    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"


Mode = Literal["major", "minor"]


@dataclass(frozen=True, slots=True)
class Key:
    """A tonal centre; `tonic` is a pitch class, 0 (C) .. 11 (B).

    Raises:
        ValueError: on construction, when the tonic is out of range.
    """

    tonic: int
    mode: Mode = "major"

    def __post_init__(self) -> None:
        if not 0 <= self.tonic <= 11 or self.mode not in ("major", "minor"):
            raise ValueError(f"not a key: {self.tonic} {self.mode}")


@dataclass(frozen=True, slots=True)
class Piece:
    """Parts that sound together over a number of bars.

    `meters` holds (first bar, meter) and `tempos` (first step, quarter notes a minute), each
    strictly rising from 0. Every note lies within the bars. At most one part is drums.

    Raises:
        ValueError: on construction, when one of these laws is broken or a limit of this
            module is passed.
    """

    parts: tuple[Part, ...]
    bars: int
    meters: tuple[tuple[int, Meter], ...] = ((0, Meter()),)
    tempos: tuple[tuple[int, float], ...] = ((0, 120.0),)
    key: Key | None = None
    title: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.bars <= MAX_BARS:
            raise ValueError(f"not a number of bars: {self.bars}")
        _check_changes([bar for bar, _ in self.meters], below=self.bars)
        _check_changes([step for step, _ in self.tempos], below=self.steps)
        if len(self.title) > MAX_NAME_CHARS or not self.title.isprintable():
            raise ValueError(f"not a title: {self.title!r}")
        low, high = TEMPO_RANGE_BPM
        if any(not low <= bpm <= high or round(bpm, 2) != bpm for _, bpm in self.tempos):
            raise ValueError(f"not tempos: {self.tempos}")
        drums = sum(part.is_drums for part in self.parts)
        if drums > 1 or len(self.parts) - drums > MAX_MELODIC_PARTS:
            raise ValueError(f"too many parts: {len(self.parts)}, of which drums {drums}")
        if self.note_count > MAX_NOTES:
            raise ValueError(f"too many notes: {self.note_count}")
        steps = self.steps  # once: a piece may have tens of thousands of notes
        if any(note.end > steps for part in self.parts for note in part.notes):
            raise ValueError("a note lies outside the bars")

    @property
    def note_count(self) -> int:
        """How many notes all parts have together."""
        return sum(len(part.notes) for part in self.parts)

    @property
    def bar_lines(self) -> tuple[int, ...]:
        """The first step of each bar and, last, the step at which the piece ends."""
        return bar_lines(self.meters, self.bars)

    @property
    def steps(self) -> int:
        """How many steps the piece lasts."""
        return self.bar_lines[-1]

    def bar_at(self, step: int) -> int:
        """Tell which bar a step in [0, steps) lies in."""
        return bisect_right(self.bar_lines, step) - 1

    def meter_at(self, bar: int) -> Meter:
        """Tell the meter of a bar."""
        starts = [first for first, _ in self.meters]
        return self.meters[bisect_right(starts, bar) - 1][1]

    def with_parts(self, parts: Iterable[Part]) -> "Piece":
        """Make the same piece with other parts."""
        return replace(self, parts=tuple(parts))


def clean_name(text: str) -> str:
    """Keep of a name what can be shown, up to 64 characters, without spaces at its ends."""
    shown = (char for char in text if char.isprintable() and char != "\N{REPLACEMENT CHARACTER}")
    return "".join(shown).strip()[:MAX_NAME_CHARS].strip()


@lru_cache(maxsize=4096)
def bar_lines(meters: tuple[tuple[int, Meter], ...], bars: int) -> tuple[int, ...]:
    """Tell the first step of each of `bars` bars and, last, the step at which they end."""
    lines = [0]
    bounds = [*(first for first, _ in meters), bars]
    for (_, meter), (first, past) in zip(meters, pairwise(bounds), strict=True):
        for _ in range(first, past):
            lines.append(lines[-1] + meter.bar_steps)
    return tuple(lines)


def _check_changes(starts: list[int], *, below: int) -> None:
    rising = all(one < two for one, two in pairwise(starts))
    if not starts or starts[0] != 0 or not rising or starts[-1] >= below:
        raise ValueError(f"changes must rise from 0 and stay below {below}: {starts}")
