"""A jam as it is shown: what whoever watches gets to see."""

from dataclasses import dataclass

from audiogroove.jam.jam import Jam
from audiogroove.store.rows import StoredPiece


@dataclass(frozen=True, slots=True)
class Written:
    """How far a take is: `bars` of `total` new ones."""

    bars: int
    total: int


@dataclass(frozen=True, slots=True)
class JamView:
    """A jam at one moment."""

    jam: Jam
    heard: StoredPiece | None = None  # the piece that `jam.heard` names
    written: Written | None = None  # of the take that is being composed
