"""A runner that plays from a script: a bar a hop, when a test lets it, and failing on demand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Semaphore

from audiogroove.music.piece import Note, Part, Piece
from audiogroove.request import ComposeRequest
from audiogroove.service.job import Composition
from audiogroove.service.runner import Hop, Standing

PATIENCE_S = 60.0  # with a test that forgot to open a gate


class Gate:
    """A place in a thread that a test can hold: open, unless it is shut."""

    def __init__(self) -> None:
        self._passes = Semaphore(0)
        self._arrivals = Semaphore(0)
        self._is_open = True

    def shut(self) -> None:
        """Hold whoever comes from now on."""
        self._is_open = False

    def open(self) -> None:
        """Let through whoever is held, and whoever comes from now on."""
        self._is_open = True
        self.let_through()

    def let_through(self, count: int = 1) -> None:
        """Let some through who come or are held."""
        self._passes.release(count)

    def await_arrival(self) -> None:
        """Wait, in a thread of its own, until the next one is here."""
        assert self._arrivals.acquire(timeout=PATIENCE_S), "nobody came"

    def enter(self) -> None:
        """Come to the gate, in the thread that is held."""
        self._arrivals.release()
        if not self._is_open:
            assert self._passes.acquire(timeout=PATIENCE_S), "held for ever"


@dataclass(eq=False)
class Sheet:
    """A work: a bar is written each hop."""

    request: ComposeRequest
    bars: int = 0

    @property
    def total(self) -> int:
        """How many bars are asked for."""
        return self.request.bars or 1


@dataclass
class Script:
    """The runner, and what became known of it; faults are raised once each, first in, first out.

    A request's seed tells which one is meant in `refuses` and `breaks`.
    """

    opening: Gate = field(default_factory=Gate)
    hopping: Gate = field(default_factory=Gate)
    finishing: Gate = field(default_factory=Gate)
    hop_faults: list[Exception] = field(default_factory=list)
    open_faults: dict[int, Exception] = field(default_factory=dict)  # by seed
    finish_faults: dict[int, Exception] = field(default_factory=dict)
    once_more: list[int] = field(default_factory=list)  # seeds whose last bar is written anew
    opened: list[int] = field(default_factory=list)  # seeds, in their order
    inside: list[Sheet] = field(default_factory=list)

    def open(self, request: ComposeRequest) -> Sheet:
        """Take a sheet."""
        self.opened.append(request.seed)
        self.opening.enter()
        if fault := self.open_faults.pop(request.seed, None):
            raise fault
        return Sheet(request)

    def hop(self, joining: Sequence[Sheet], leaving: Sequence[Sheet]) -> Hop[Sheet]:
        """Write a bar on every sheet."""
        self.inside = [sheet for sheet in (*self.inside, *joining) if sheet not in leaving]
        self.hopping.enter()
        if self.hop_faults:
            self.inside = []
            raise self.hop_faults.pop(0)
        for sheet in self.inside:
            sheet.bars += 1
        standings = tuple(
            Standing(sheet, sheet.bars, sheet.total, sheet.bars == sheet.total)
            for sheet in self.inside
        )
        self.inside = [sheet for sheet in self.inside if sheet.bars < sheet.total]
        return Hop(standings, len(standings))

    def finish(self, work: Sheet) -> Composition | None:
        """Make a piece of one note, the seed's, unless it is to be written once more."""
        self.finishing.enter()
        if fault := self.finish_faults.pop(work.request.seed, None):
            raise fault
        if work.request.seed in self.once_more:
            self.once_more.remove(work.request.seed)
            work.bars -= 1
            return None
        piece = Piece((Part((Note(0, work.request.seed % 128, 12),)),), work.bars)
        return Composition(piece, work.request, "script", work.bars, 1.0)
