"""A corpus as a sample of its fragments, small enough to lie beside a model's weights.

Winnowing (Schleimer, Wilkerson and Aiken 2003): of every WINDOW neighbouring fragments the one
with the least hash is kept. Two texts that have SURE moves in common have a whole window in
common, and so its least fragment: no run of that length can be missed. Shorter ones may be found
or not. What is found is told as the stretch between the first and the last fragment of it, which
is at most WINDOW - 1 moves too short at either end, and too long only where runs from different
places of the corpus happen to meet.
"""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from audiogroove.errors import CheckpointRejected
from audiogroove.quotation.hashing import CONTEXT, Text, is_in
from audiogroove.quotation.phrases import Bools, Phrase

FORMAT = 1
FRAGMENT = 14  # moves
WINDOW = 7  # fragments
SURE = FRAGMENT + WINDOW - 1  # moves: a run of so many is found
# of a fingerprint: in 600 of a large corpus's, one is found by mere chance, and is FRAGMENT long,
# which is below every yardstick
BITS = 30
LEAST_YARDSTICK = 16  # moves
ANY_STYLE = ""
# what reading an archive of arrays raises when it is not the one that was written
DAMAGES = (
    *(AttributeError, LookupError, TypeError, ValueError),
    *(BadZipFile, EOFError, OSError, zlib.error),
)

Fingerprints = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Quotation:
    """The longest stretch of a piece that a corpus has as well."""

    moves: int  # at least so many, what it repeats counted once; given notes do not count
    part: int
    bars: tuple[int, int]  # in which it lies, half-open


@dataclass(frozen=True)
class Index:
    """The sample, and how long the quotations of real music are."""

    fingerprints: Fingerprints  # rising
    yardsticks: Mapping[str, int] = field(default_factory=dict)  # moves, by style

    @classmethod
    def of(cls, phrases: Iterable[Phrase]) -> "Index":
        """Take the sample of all phrases of a corpus."""
        text = Text(phrases)
        return cls(np.unique(_windows(text).min(axis=1)[_is_inside(text)]))

    def yardstick(self, style: str) -> int:
        """Tell beyond how many moves a quotation is a copy, in a style or in any."""
        usual = self.yardsticks.get(ANY_STYLE, LEAST_YARDSTICK)
        return self.yardsticks.get(style, usual)

    def check(self, phrases: Sequence[Phrase], bar_lines: Sequence[int]) -> Quotation | None:
        """Find the longest quotation in a piece, if any; `bar_lines` as a `Piece` has them.

        One of FRAGMENT moves or fewer may be there by chance.
        """
        text = Text(phrases, salt=1)
        windows, contexts = _windows(text), text.hashes(CONTEXT)
        found = np.zeros(len(windows) + 2, dtype=np.int8)
        found[1:-1] = is_in(windows.min(axis=1), self.fingerprints) & _is_inside(text)
        changes = np.flatnonzero(np.diff(found))
        firsts, lasts = changes[::2], changes[1::2] - 1  # windows of each stretch
        best, span = 0, (0, 0)
        for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
            start = first + int(windows[first].argmin())
            past = last + int(windows[last].argmin()) + FRAGMENT
            moves = text.weigh(contexts, start, past)
            if moves > best:
                best, span = moves, (start, past)
        return _located(best, span, text, phrases, bar_lines) if best else None

    def save(self, path: Path) -> None:
        """Write the index into one file, of some ten bits a fingerprint; see `load`."""
        gaps = np.diff(self.fingerprints, prepend=np.uint32(0)).astype("<u4")
        about = {
            "format": FORMAT,
            "fragment": FRAGMENT,
            "window": WINDOW,
            "bits": BITS,
            "yardsticks": dict(self.yardsticks),
        }
        half = path.with_suffix(".half")
        with half.open("wb") as file:  # np.savez would put another ending to a name
            np.savez_compressed(
                file,
                about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
                # byte by byte: the high ones are nearly all the same and compress to nothing
                gaps=np.ascontiguousarray(gaps.view(np.uint8).reshape(-1, 4).T),
            )
        half.replace(path)

    @classmethod
    def load(cls, path: Path) -> "Index":
        """Read an index from a file in a checkpoint's folder; undoes `save`.

        Raises:
            CheckpointRejected: when it is damaged or of another format.
        """
        try:
            # opened here, because np.load leaves a damaged file open
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                about = json.loads(stored["about"].tobytes())
                sizes = (about["format"], about["fragment"], about["window"], about["bits"])
                if sizes != (FORMAT, FRAGMENT, WINDOW, BITS):
                    raise CheckpointRejected(
                        path.parent, fault=f"{path.name} is of another format than {FORMAT}"
                    )
                return cls(_summed(stored["gaps"]), _checked(about["yardsticks"]))
        except DAMAGES as error:
            raise CheckpointRejected(path.parent, fault=f"{path.name} is damaged") from error


def _windows(text: Text) -> Fingerprints:
    """List the fingerprints of all fragments, a row for each window of neighbours, (n, WINDOW)."""
    prints = (text.hashes(FRAGMENT) >> np.uint64(64 - BITS)).astype(np.uint32)
    if len(prints) < WINDOW:
        return np.zeros((0, WINDOW), dtype=np.uint32)
    return sliding_window_view(prints, WINDOW)


def _is_inside(text: Text) -> Bools:
    """Tell which windows lie within one phrase, shape (n,)."""
    return text.room[: max(0, len(text) - SURE + 1)] >= SURE


def _located(
    moves: int,
    span: tuple[int, int],
    text: Text,
    phrases: Sequence[Phrase],
    bar_lines: Sequence[int],
) -> Quotation:
    """Tell where in the piece the moves [first, past) of its text are."""
    index = int(np.searchsorted(text.starts, span[0], side="right")) - 1
    phrase = [phrase for phrase in phrases if len(phrase.onsets)][index]
    first, last = (int(place - text.starts[index]) for place in span)
    bars = np.searchsorted(bar_lines, phrase.onsets[[first, last]], side="right")
    return Quotation(moves, phrase.part, (int(bars[0]) - 1, int(bars[1])))


def _summed(planes: NDArray[np.uint8]) -> Fingerprints:
    """Undo the gaps and their bytes.

    Raises:
        ValueError: when they give no rising fingerprints.
    """
    gaps = np.ascontiguousarray(planes.reshape(4, -1).T).view("<u4").ravel()
    sums = np.cumsum(gaps, dtype=np.uint64)
    if planes.itemsize != 1 or not gaps[1:].all() or int(sums[-1:].sum()) >> BITS:
        raise ValueError("fingerprints out of order")
    return sums.astype(np.uint32)


def _checked(yardsticks: dict[str, Any]) -> dict[str, int]:
    """Check that yardsticks are numbers of moves.

    Raises:
        ValueError: when one is none.
    """
    for style, moves in yardsticks.items():
        if not isinstance(moves, int) or moves < LEAST_YARDSTICK:
            raise ValueError(f"no yardstick of {style!r}: {moves!r}")
    return yardsticks
