"""Whose music a model learned from: what is known of collections, for the model card.

`collections.jsonl` names the collections that we know, by the folders of a corpus in which they lie
and by words of the licence that its manifest states for them; both must fit. Of any other folder
the card says what its manifest says.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from audiogroove.training.dataset import PieceInfo

KNOWN = Path(__file__).with_name("collections.jsonl")
NOT_STATED = "not stated"
NOBODY = "see what its files say"
LOOSE = "files in no folder"


@dataclass(frozen=True, slots=True)
class Collection:
    """A body of music that somebody encoded, and how they want to be named."""

    folders: tuple[str, ...]
    states: str  # in the licence of each of its pieces; empty where none is stated
    name: str
    licence: str
    credit: str
    limit: str = ""  # what a model that learned from it should be known for

    def holds(self, piece: PieceInfo) -> bool:
        """Tell whether a piece is of this collection."""
        stated = self.states in piece.license if self.states else not piece.license
        return folder_of(piece) in self.folders and stated


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a collection was learned from."""

    collection: Collection
    pieces: int


def known() -> tuple[Collection, ...]:
    """Read the collections that we know."""
    lines = KNOWN.read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    return tuple(
        Collection(**entry | {"folders": tuple(entry["folders"])})  # a line has the same names
        for entry in entries
    )


def shares(pieces: Iterable[PieceInfo]) -> list[Share]:
    """Count pieces by collection, the largest first; an unknown folder is one by itself."""
    collections = known()
    counts: Counter[Collection] = Counter()
    licences: defaultdict[str, set[str]] = defaultdict(set)
    strangers: Counter[str] = Counter()
    for piece in pieces:
        home = next((one for one in collections if one.holds(piece)), None)
        if home is not None:
            counts[home] += 1
        else:
            folder = folder_of(piece)
            strangers[folder] += 1
            licences[folder].add(piece.license or NOT_STATED)
    for folder, count in strangers.items():
        stated = "; ".join(sorted(licences[folder]))
        counts[Collection((folder,), "", folder or LOOSE, stated, NOBODY)] = count
    return [Share(collection, count) for collection, count in counts.most_common()]


def folder_of(piece: PieceInfo) -> str:
    """Name the folder of a corpus in which a piece lies, or nothing."""
    folder, slash, _ = piece.path.partition("/")
    return folder if slash else ""
