"""A piece ⇄ its events: one row of six whole numbers a note.

An event says when (bar, then position in the bar, in steps), who (part), what (pitch), how long
(duration, in steps) and how strongly (velocity) a note is played, in that order, which is also
the order in which the model decides. Rows are sorted by their first four columns.

`encode` loses nothing: `decode(encode(piece), frame_of(piece)) == piece` for every piece.
What a network can tell apart is coarser and is the vocabulary's business.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from audiogroove.music.piece import Note, Piece

COLUMNS = ("bar", "position", "part", "pitch", "duration", "velocity")
BAR, POSITION, PART, PITCH, DURATION, VELOCITY = range(len(COLUMNS))

Events = NDArray[np.int32]


def encode(piece: Piece) -> Events:
    """List a piece's notes as events, shape (notes, 6), columns as `COLUMNS`; see `decode`."""
    rows = [
        (note.onset, index, note.pitch, note.duration, note.velocity)
        for index, part in enumerate(piece.parts)
        for note in part.notes
    ]
    flat = np.array(rows, dtype=np.int32).reshape(-1, 5)
    flat = flat[np.lexsort((flat[:, 2], flat[:, 1], flat[:, 0]))]
    lines = np.asarray(piece.bar_lines, dtype=np.int32)
    bars = np.searchsorted(lines, flat[:, 0], side="right").astype(np.int32) - 1
    positions = flat[:, 0] - lines[bars]
    return np.column_stack((bars, positions, flat[:, 1:])).astype(np.int32)


def decode(events: Events, frame: Piece) -> Piece:
    """Put events into the parts of a frame (see `frame_of`); undoes `encode`.

    Raises:
        ValueError: when an event names a bar, a position, a part or a value that the frame or
            `Note` lacks, or notes of one part overlap on one pitch.
    """
    lines = frame.bar_lines
    notes: list[list[Note]] = [[] for _ in frame.parts]
    for bar, position, part, pitch, duration, velocity in events.tolist():
        if not (0 <= bar < frame.bars and 0 <= part < len(notes)):
            raise ValueError(f"no such bar or part: {bar}, {part}")
        if not 0 <= position < lines[bar + 1] - lines[bar]:
            raise ValueError(f"no such position in bar {bar}: {position}")
        notes[part].append(Note(lines[bar] + position, pitch, duration, velocity))
    return frame.with_parts(
        replace(part, notes=tuple(sorted(own)))
        for part, own in zip(frame.parts, notes, strict=True)
    )


def frame_of(piece: Piece) -> Piece:
    """Make the same piece without its notes: parts, bars, meters, tempos and key."""
    return piece.with_parts(replace(part, notes=()) for part in piece.parts)


def onsets_of(events: Events, bar_lines: tuple[int, ...]) -> NDArray[np.int64]:
    """Tell each event's onset in steps from the beginning of the piece, shape (notes,)."""
    lines = np.asarray(bar_lines, dtype=np.int64)
    return lines[events[:, BAR]] + events[:, POSITION]
