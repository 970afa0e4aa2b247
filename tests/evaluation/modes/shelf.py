"""Small music for the tests of the modes: scores of tuples, and data sets of whole pieces."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from audiogroove.music.piece import Meter, Note, Part, Piece
from audiogroove.tokens.codec import COLUMNS, encode
from audiogroove.tokens.vocabulary import DRUMS
from audiogroove.training.dataset import Dataset, PieceInfo
from tests.model import builders

PIANO, BASS, FLUTE = 0, 32, 73
Strike = tuple[int, int, int]  # onset and duration in quarters around a pitch: (1, 60, 2)


def part(*strikes: Strike, program: int = PIANO, is_drums: bool = False) -> Part:
    """Write a part: (first quarter, pitch, quarters) a note."""
    notes = tuple(sorted(Note(12 * first, pitch, 12 * long) for first, pitch, long in strikes))
    return Part(notes, program, is_drums=is_drums)


def score(*parts: Part, bars: int = 1, meter: str = "4/4") -> Piece:
    """Put parts into a piece of one meter."""
    above, below = map(int, meter.split("/"))
    return Piece(parts, bars, ((0, Meter(above, below)),))


def shelf(pieces: Sequence[Piece], styles: Sequence[str]) -> Dataset:
    """Make a data set of pieces that are all held out."""
    events = [encode(piece) for piece in pieces]
    infos = tuple(
        PieceInfo(
            f"{style}/{number}.mid",
            style,
            "test",
            piece.bars,
            tuple((bar, one.numerator, one.denominator) for bar, one in piece.meters),
            tuple(DRUMS if one.is_drums else one.program for one in piece.parts),
            piece.tempos[0][1],
            piece.key.tonic if piece.key else None,
            piece.key is not None and piece.key.mode == "minor",
        )
        for number, (piece, style) in enumerate(zip(pieces, styles, strict=True))
    )
    stacked = np.concatenate(events)
    columns: dict[str, NDArray[np.integer]] = {
        name: stacked[:, index] for index, name in enumerate(COLUMNS)
    }
    offsets = np.cumsum([0, *map(len, events)]).astype(np.int64)
    return Dataset(infos, columns, offsets, builders.WORDS)


def bare(piece: Piece) -> Piece:
    """Leave out the names, which a data set does not keep."""
    return piece.with_parts(
        Part(one.notes, one.program, is_drums=one.is_drums) for one in piece.parts
    )
