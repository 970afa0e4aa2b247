"""A prepared corpus as one compact file, `dataset.npz`: all that training needs.

It holds the notes of all pieces one after another, a column an array, the pieces' descriptions
as JSON, and the vocabulary. It needs numpy alone to read, and no pickle.
"""

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from audiogroove.errors import DatasetRejected
from audiogroove.music.piece import Meter
from audiogroove.music.piece import bar_lines as piece_bar_lines
from audiogroove.tokens.codec import COLUMNS, Events
from audiogroove.tokens.vocabulary import Vocabulary

FORMAT = 1
FILE_NAME = "dataset.npz"
SPLITS = ("train", "valid", "test")
# what reading an archive of arrays raises when it is not the one that was written
DAMAGES = (
    *(AttributeError, KeyError, TypeError, ValueError),
    *(BadZipFile, EOFError, OSError, zlib.error),
)
_TYPES = dict(zip(COLUMNS, ("u2", "u2", "u1", "u1", "u2", "u1"), strict=True))


@dataclass(frozen=True)
class PieceInfo:
    """What is known of a piece besides its notes."""

    path: str
    style: str  # a name of audiogroove.music.styles, or a folder's name
    split: str  # one of SPLITS
    bars: int
    meters: tuple[tuple[int, int, int], ...]  # first bar, numerator, denominator
    programs: tuple[int, ...]  # a part each, vocabulary.DRUMS for the kit
    bpm: float | None  # None when the file did not say
    tonic: int | None
    minor: bool
    license: str = ""

    @cached_property
    def bar_lines(self) -> NDArray[np.int64]:
        """The first step of each bar and the piece's end, shape (bars + 1,)."""
        changes = tuple((bar, Meter(n, d)) for bar, n, d in self.meters)
        return np.asarray(piece_bar_lines(changes, self.bars), dtype=np.int64)

    @cached_property
    def bar_meters(self) -> NDArray[np.int64]:
        """The meter value of each bar (see vocabulary.meter_value), shape (bars,)."""
        firsts = [bar for bar, _, _ in self.meters]
        values = np.array([100 * n + d for _, n, d in self.meters], dtype=np.int64)
        return values[np.searchsorted(firsts, np.arange(self.bars), side="right") - 1]


@dataclass(frozen=True)
class Dataset:
    """Pieces and their events; `notes` holds each piece's rows, columns as codec.COLUMNS."""

    pieces: tuple[PieceInfo, ...]
    notes: dict[str, NDArray[np.integer]]
    offsets: NDArray[np.int64]  # (pieces + 1,)
    vocabulary: Vocabulary

    def events(self, index: int) -> Events:
        """Give one piece's events, shape (notes, 6)."""
        rows = slice(self.offsets[index], self.offsets[index + 1])
        return np.stack([self.notes[name][rows] for name in COLUMNS], axis=1).astype(np.int32)

    def length(self, index: int) -> int:
        """Tell how many notes a piece has."""
        return int(self.offsets[index + 1] - self.offsets[index])

    def held_out(self) -> dict[str, tuple[str, ...]]:
        """Give the digests of the pieces that are not trained on, by split; see `divided`."""
        return {
            name: tuple(sorted(digest(self.pieces[index].path) for index in self.split(name)))
            for name in SPLITS[1:]
        }

    def divided(self, held_out: Mapping[str, Sequence[str]]) -> "Dataset":
        """Divide the same pieces as another data set was, by the digests that it held out.

        A model must not be examined on what it was trained on; where a corpus was prepared anew,
        its own division may differ. Nothing changes when none of the digests is found.
        """
        sides = {one: name for name, digests in held_out.items() for one in digests}
        known = [sides.get(digest(piece.path), "train") for piece in self.pieces]
        if set(known) == {"train"}:
            return self
        pieces = (
            replace(piece, split=side) for piece, side in zip(self.pieces, known, strict=True)
        )
        return replace(self, pieces=tuple(pieces))

    def split(self, name: str) -> list[int]:
        """List the pieces of one split."""
        return [index for index, piece in enumerate(self.pieces) if piece.split == name]


def save(
    folder: Path, pieces: Sequence[PieceInfo], events: Sequence[Events], words: Vocabulary
) -> Path:
    """Write a data set into a folder; see `load`."""
    stacked = np.concatenate(events)
    arrays = {name: stacked[:, i].astype(_TYPES[name]) for i, name in enumerate(COLUMNS)}
    offsets = np.cumsum([0, *(len(own) for own in events)]).astype(np.int64)
    about = {"format": FORMAT, "pieces": [asdict(piece) for piece in pieces]}
    path = folder / FILE_NAME
    np.savez_compressed(
        path,
        offsets=offsets,
        pieces=as_bytes(json.dumps(about)),
        vocabulary=as_bytes("\n".join(words.lines())),
        **arrays,  # type: ignore[arg-type]  # numpy's stub takes any name for its one option
    )
    return path


def load(folder: Path) -> Dataset:
    """Read a data set from a folder; undoes `save`.

    Raises:
        DatasetRejected: when there is none, or it is damaged or of another format.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        raise DatasetRejected(folder, fault=f"there is no {FILE_NAME} in it")
    try:
        # opened here, because np.load leaves a damaged file open
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            about = json.loads(stored["pieces"].tobytes())
            if about["format"] != FORMAT:
                raise DatasetRejected(
                    folder, fault=f"its format is {about['format']}, not {FORMAT}"
                )
            return Dataset(
                tuple(info_of(entry) for entry in about["pieces"]),
                {name: stored[name] for name in COLUMNS},
                stored["offsets"],
                Vocabulary.read(stored["vocabulary"].tobytes().decode()),
            )
    except DAMAGES as error:
        raise DatasetRejected(folder, fault=f"{FILE_NAME} is damaged ({error})") from error


def info_of(entry: dict[str, object]) -> PieceInfo:
    """Make a description from its JSON object; undoes `asdict`.

    Raises:
        TypeError: when meters or programs are no lists.
    """
    meters = entry.pop("meters")
    programs = entry.pop("programs")
    if not isinstance(meters, list) or not isinstance(programs, list):
        raise TypeError("a piece without meters or programs")
    return PieceInfo(
        **entry,  # type: ignore[arg-type]  # wrong names raise TypeError, wrong types show in use
        meters=tuple((int(bar), int(n), int(d)) for bar, n, d in meters),
        programs=tuple(int(program) for program in programs),
    )


def digest(path: str) -> str:
    """Digest a piece's name to twelve hex digits."""
    return hashlib.sha256(path.encode()).hexdigest()[:12]


def as_bytes(text: str) -> NDArray[np.uint8]:
    """Wrap a text so that it can lie among arrays."""
    return np.frombuffer(text.encode(), dtype=np.uint8)
