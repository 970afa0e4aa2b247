"""When notes are let go, as a reader wants to see it: not by a hair before or after the others.

A score must be read, and a chord whose notes end a twelfth of a quarter apart, or a note that
reaches as far into the next, would each cost a second voice. What the ear hears is not changed:
this is for paper alone.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from audiogroove.music.piece import Note, Part, Piece

HAIR_STEPS = 2  # less than a sixteenth


def tidy(piece: Piece) -> Piece:
    """Let notes of a chord end together, and no note end a hair after the next began."""
    return piece.with_parts(part if part.is_drums else _tidy(part) for part in piece.parts)


def _tidy(part: Part) -> Part:
    onsets = {note.onset for note in part.notes}
    notes: list[Note] = []
    for _, together in groupby(part.notes, lambda note: note.onset):
        chord = [_let_go(note, onsets) for note in together]
        notes += [_with_others(note, chord, onsets) for note in chord]
    return replace(part, notes=tuple(notes))


def _let_go(note: Note, onsets: set[int]) -> Note:
    # An end at which another note begins is meant, as in three against two.
    ends = range(note.end - 1, max(note.onset, note.end - 1 - HAIR_STEPS), -1)
    end = next((step for step in ends if step in onsets), note.end)
    return note if note.end in onsets else replace(note, duration=end - note.onset)


def _with_others(note: Note, chord: Sequence[Note], onsets: set[int]) -> Note:
    # Never later than before: a note that goes on would meet its own repetition.
    near = {other.end for other in chord if 0 <= note.end - other.end <= HAIR_STEPS}
    return note if note.end in onsets else replace(note, duration=min(near) - note.onset)
