"""A part's melody as moves, by which the same tune is known in any key.

A part's *upper line* is the highest note of each of its onsets. A *move* goes from one note of
the line to the next: by how many semitones, after how many steps. Two lines with the same moves
are the same melody, transposed or not. Lengths count moves: a run of n has n + 1 notes.

Time is told by the onsets and not by the lengths of the notes: the same tune played staccato is
still the same tune, and no copy shall hide behind its articulation. (Where pairs of an interval
and a duration are counted instead, as is usual for chorales, the figures are close, because most
notes there last until the next.) Drums have no melody; their patterns are everybody's.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audiogroove.music.piece import STEPS_PER_QUARTER, Piece

LONGEST_GAP = 8 * STEPS_PER_QUARTER  # steps: whatever is longer is as good as this

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Phrase:
    """The upper line of one part; all arrays have the shape (notes,)."""

    part: int  # of the piece, from 0
    onsets: Ints  # strictly rising
    pitches: Ints
    is_new: Bools  # False for notes that somebody gave

    @classmethod
    def of(
        cls, onsets: Ints, pitches: Ints, *, part: int = 0, is_new: Bools | None = None
    ) -> "Phrase":
        """Take the upper line of notes in any order, all of them new unless it is told."""
        order = np.lexsort((pitches, onsets))
        start, pitch = onsets[order].astype(np.int64), pitches[order].astype(np.int64)
        new = np.ones(len(order), dtype=np.bool_) if is_new is None else is_new[order]
        last = np.diff(start, append=start[-1:] + 1) > 0  # of a chord, its highest note
        return cls(part, start[last], pitch[last], new[last])

    @property
    def moves(self) -> Ints:
        """Each move as one number, shape (notes - 1,): interval and gap."""
        gaps = np.minimum(np.diff(self.onsets), LONGEST_GAP)
        return np.diff(self.pitches) * (LONGEST_GAP + 1) + gaps


def phrases_of(piece: Piece) -> list[Phrase]:
    """Take the upper line of each melodic part that has notes."""
    return [
        Phrase.of(
            np.array([note.onset for note in part.notes]),
            np.array([note.pitch for note in part.notes]),
            part=index,
        )
        for index, part in enumerate(piece.parts)
        if part.notes and not part.is_drums
    ]


def phrases_from(
    onsets: NDArray[np.integer],
    parts: NDArray[np.integer],
    pitches: NDArray[np.integer],
    *,
    drums: Collection[int] = (),
    is_new: Bools | None = None,
) -> list[Phrase]:
    """Take the upper lines of notes in columns of the shape (notes,), as a data set has them.

    `drums` are the parts that have no melody; all notes are new unless it is told.
    """
    new = np.ones(len(onsets), dtype=np.bool_) if is_new is None else is_new
    return [
        Phrase.of(onsets[rows], pitches[rows], part=part, is_new=new[rows])
        for part in np.unique(parts).tolist()
        if part not in drums
        for rows in [parts == part]
    ]
