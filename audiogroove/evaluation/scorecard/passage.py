"""Some whole bars of music as arrays: what every metric reads.

A passage comes from a composed piece or is cut out of a real one. Steps and bars count from its
own beginning. Notes that begin before a cut are not in it, and those that sound beyond its end
keep their length but are heard only up to there.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from audiogroove.music.piece import Piece
from audiogroove.tokens.codec import (
    BAR,
    DURATION,
    PART,
    PITCH,
    POSITION,
    VELOCITY,
    Events,
    encode,
)
from audiogroove.tokens.vocabulary import DRUMS, DURATIONS

CELL = 3  # steps: a sixteenth, of which every bar has a whole number
PITCHES = 128
LEAST_SHARE = 0.5  # of the busiest part's bars: who plays in fewer does not lead

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_COLUMNS = ("onsets", "parts", "pitches", "durations", "velocities")
_VALUES = np.asarray(DURATIONS)
_NEAREST = np.abs(np.arange(_VALUES[-1] + 1)[:, None] - _VALUES).argmin(axis=1)


@dataclass(frozen=True)
class Passage:
    """Bars, parts and notes; a note is an entry of each of the five columns, shape (notes,)."""

    lines: Ints  # (bars + 1,): the first step of each bar and the end, from 0
    beats: Ints  # (bars,): how many steps a beat of each bar has
    programs: Ints  # (parts,): vocabulary.DRUMS for the kit
    onsets: Ints  # rising; of one onset by part, then pitch
    parts: Ints
    pitches: Ints
    durations: Ints
    velocities: Ints

    @classmethod
    def of(cls, piece: Piece) -> "Passage":
        """Take a whole piece."""
        programs = [DRUMS if part.is_drums else part.program for part in piece.parts]
        beats = [piece.meter_at(bar).beat_steps for bar in range(piece.bars)]
        lines = np.asarray(piece.bar_lines, dtype=np.int64)
        everything = (0, piece.bars)
        return cls.cut(encode(piece), lines, np.array(beats), np.array(programs), everything)

    @classmethod
    def cut(
        cls, events: Events, lines: Ints, beats: Ints, programs: Ints, bars: tuple[int, int]
    ) -> "Passage":
        """Cut the half-open range `bars` out of a piece with these events, bars and parts."""
        first, past = bars
        kept = events[(events[:, BAR] >= first) & (events[:, BAR] < past)]
        start = int(lines[first])
        wide = kept.astype(np.int64)
        onsets = lines[wide[:, BAR]] + wide[:, POSITION] - start
        columns = (wide[:, PART], wide[:, PITCH], wide[:, DURATION], wide[:, VELOCITY])
        return cls(lines[first : past + 1] - start, beats[first:past], programs, onsets, *columns)

    def with_columns(self, columns: Ints) -> "Passage":
        """Put other notes in, (notes, 5): onset, part, pitch, duration, velocity, in any order.

        Of two notes with one onset, part and pitch the first is kept.
        """
        _, first = np.unique(columns[:, :3], axis=0, return_index=True)
        return replace(self, **dict(zip(_COLUMNS, columns[first].T, strict=True)))

    @property
    def columns(self) -> Ints:
        """The notes as rows, (notes, 5): onset, part, pitch, duration, velocity."""
        return np.stack([getattr(self, name) for name in _COLUMNS], axis=1)

    def of_parts(self, kept: Bools) -> "Passage":
        """Keep the notes of some parts, (parts,), and leave the list of parts as it is."""
        return self.with_notes(kept[self.parts])

    def with_notes(self, kept: Bools) -> "Passage":
        """Keep some notes, (notes,)."""
        chosen = (getattr(self, name)[kept] for name in _COLUMNS)
        return Passage(self.lines, self.beats, self.programs, *chosen)

    @property
    def bars(self) -> int:
        """How many bars there are."""
        return len(self.lines) - 1

    @property
    def steps(self) -> int:
        """How many steps they last."""
        return int(self.lines[-1])

    @property
    def ends(self) -> Ints:
        """The first step at which each note is no longer heard, (notes,)."""
        ends: Ints = np.minimum(self.onsets + self.durations, self.steps)
        return ends

    @cached_property
    def note_bars(self) -> Ints:
        """The bar in which each note begins, (notes,)."""
        return np.searchsorted(self.lines, self.onsets, side="right").astype(np.int64) - 1

    @property
    def positions(self) -> Ints:
        """How many steps into its bar each note begins, (notes,)."""
        return self.onsets - self.lines[self.note_bars]

    @property
    def lengths(self) -> Ints:
        """Which of vocabulary.DURATIONS each note's length is nearest to, (notes,)."""
        nearest: Ints = _NEAREST[np.minimum(self.durations, _VALUES[-1])]
        return nearest

    @cached_property
    def pitched(self) -> "Passage":
        """The same without drums."""
        return self.of_parts(self.programs != DRUMS)

    @cached_property
    def drums(self) -> "Passage":
        """The same with nothing but drums."""
        return self.of_parts(self.programs == DRUMS)

    @cached_property
    def playing(self) -> Ints:
        """Which parts have a note, rising."""
        return np.unique(self.parts)

    @cached_property
    def upper_lines(self) -> dict[int, "Passage"]:
        """Of each pitched part that plays, the highest note of each of its onsets."""
        pitched = self.pitched
        return {int(part): _tops(pitched, part) for part in pitched.playing}

    @cached_property
    def lead(self) -> int | None:
        """The part with the melody; None when nothing is pitched.

        It is the one whose upper line lies highest on average, of those that play in at least
        half as many bars as the busiest does.
        """
        played = {part: len(np.unique(line.note_bars)) for part, line in self.upper_lines.items()}
        least = LEAST_SHARE * max(played.values(), default=0)
        heights = {
            part: float(self.upper_lines[part].pitches.mean())
            for part, bars in played.items()
            if bars >= least
        }
        return max(heights, key=lambda part: (heights[part], -part), default=None)

    @cached_property
    def melody(self) -> "Passage":
        """The upper line of the leading part; without notes when there is none."""
        if self.lead is None:
            return self.pitched
        return self.upper_lines[self.lead]

    @cached_property
    def heard(self) -> Bools:
        """Which parts are heard at each step, (steps, parts)."""
        return _spread(self, self.parts, len(self.programs)) > 0

    @cached_property
    def pitches_heard(self) -> Bools:
        """Which pitches, drums apart, are heard at each step, (steps, 128)."""
        return _spread(self.pitched, self.pitched.pitches, PITCHES) > 0

    @cached_property
    def classes_heard(self) -> Bools:
        """Which pitch classes, drums apart, are heard at each step, (steps, 12)."""
        octaves = np.pad(self.pitches_heard, ((0, 0), (0, 132 - PITCHES)))
        classes: Bools = np.logical_or.reduce(octaves.reshape(-1, 11, 12), axis=1)
        return classes


def _tops(passage: Passage, part: int) -> Passage:
    """Keep the highest note of each onset of one part."""
    own = passage.with_notes(passage.parts == part)
    return own.with_notes(np.diff(own.onsets, append=passage.steps) > 0)


def _spread(passage: Passage, columns: Ints, width: int) -> NDArray[np.int32]:
    """Count at each step the notes that are heard in each column, (steps, width)."""
    changes = np.zeros((passage.steps + 1, width), dtype=np.int32)
    np.add.at(changes, (passage.onsets, columns), 1)
    np.subtract.at(changes, (passage.ends, columns), 1)
    counts: NDArray[np.int32] = changes.cumsum(axis=0, dtype=np.int32)[:-1]
    return counts
