"""A piece as the plain values that JSON knows: for the line to a child, and for the store."""

from typing import Any

from audiogroove.music.piece import Key, Meter, Note, Part, Piece


def spelled(piece: Piece) -> dict[str, object]:
    """Take a piece apart into what JSON knows; `respelled` is the inverse."""
    return {
        "parts": [
            (
                [(note.onset, note.pitch, note.duration, note.velocity) for note in part.notes],
                part.program,
                part.is_drums,
                part.name,
            )
            for part in piece.parts
        ],
        "bars": piece.bars,
        "meters": [(bar, meter.numerator, meter.denominator) for bar, meter in piece.meters],
        "tempos": piece.tempos,
        "key": (piece.key.tonic, piece.key.mode) if piece.key else None,
        "title": piece.title,
    }


def respelled(
    parts: list[Any], bars: Any, meters: list[Any], tempos: list[Any], key: Any, title: Any
) -> Piece:
    """Put a piece together from what JSON gave back; `spelled` is the inverse.

    What makes no sense ends in one of the errors of Python's own: ArithmeticError, LookupError,
    RecursionError, TypeError or ValueError.
    """
    return Piece(
        parts=tuple(
            Part(
                tuple(Note(*map(int, note)) for note in notes),
                int(program),
                bool(is_drums),
                str(name),
            )
            for notes, program, is_drums, name in parts
        ),
        bars=int(bars),
        meters=tuple((int(bar), Meter(int(above), int(below))) for bar, above, below in meters),
        tempos=tuple((int(step), float(bpm)) for step, bpm in tempos),
        key=None if key is None else Key(int(key[0]), key[1]),
        title=str(title),
    )
