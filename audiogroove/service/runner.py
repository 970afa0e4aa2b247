"""What does the arithmetic for an engine, called from its threads and never from its loop.

    open ──▶ hop … hop ──▶ finish
              ▲               │
              └── once more ──┘

Opening and putting together may take long for a long piece and concern one request only; an
engine does them beside the writing. A hop writes all that is under way by some notes.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import torch

from audiogroove.model.checkpoint import Checkpoint
from audiogroove.model.decoding import Batch
from audiogroove.model.weights import Weights
from audiogroove.request import ComposeRequest
from audiogroove.service.composing import Manuscript
from audiogroove.service.job import Composition

HOP_S = 0.05  # who joins or leaves waits for the end of a hop
MOST_NOTES = 16  # of each work at once within a hop

Work = TypeVar("Work")


@dataclass(frozen=True, slots=True)
class Standing(Generic[Work]):
    """How one work stands after a hop."""

    work: Work
    bars: int  # new ones that are written, of …
    total: int
    is_over: bool = False  # it has left by itself


@dataclass(frozen=True, slots=True)
class Hop(Generic[Work]):
    """What came of a hop."""

    standings: tuple[Standing[Work], ...]  # of all that were in it
    notes: int = 0  # written in it, all together


class Runner(Protocol[Work]):
    """A model at work; a `Work` is whatever it makes of a request."""

    def open(self, request: ComposeRequest) -> Work:
        """Make a request ready to be written; in any thread, also during a hop.

        Raises:
            RequestRefused: when the model cannot do what is asked.
        """

    def hop(self, joining: Sequence[Work], leaving: Sequence[Work]) -> Hop[Work]:
        """Let works in and out, then write all that are in by some notes; one hop at a time.

        Who leaves and is not there, is passed over. When it raises, nothing is in any more.
        """

    def finish(self, work: Work) -> Composition | None:
        """Put together what is over; in any thread, also during a hop.

        Gives None when the work is not good enough and is opened anew: let it in once more.
        """


class TorchRunner:
    """The runner of a checkpoint, in this process."""

    def __init__(self, checkpoint: Checkpoint, *, hop_s: float = HOP_S, threads: int = 1) -> None:
        """Make ready to write; a hop ends after so many seconds, or when a piece is over."""
        self._checkpoint = checkpoint
        self._hop_s = hop_s
        self._weights = Weights.of(checkpoint.network)
        self._threads = threads
        self._works: list[Manuscript] = []
        self._batch = self._empty_batch()

    def warm_up(self) -> None:
        """Write a bar for nobody, so that the first who asks need not wait longer than others."""
        work = self.open(ComposeRequest(seed=1, bars=1))
        self.hop([work], [])
        self.hop([], [work])

    def open(self, request: ComposeRequest) -> Manuscript:
        """Make a request ready; what the checkpoint cannot do is refused with RequestRefused."""
        return Manuscript(self._checkpoint, request)

    def hop(self, joining: Sequence[Manuscript], leaving: Sequence[Manuscript]) -> Hop[Manuscript]:
        """Let works in and out, and write until time is up or a piece is over."""
        try:
            self._let_out(leaving)
            for work in joining:
                self._batch.join(work.row, work.recall)
                self._works.append(work)
                work.begin()
            return self._write()
        except Exception:
            self._works, self._batch = [], self._empty_batch()
            raise

    def finish(self, work: Manuscript) -> Composition | None:
        """Put a piece together, or open it anew; see `Manuscript.finish`."""
        return work.finish()

    def _write(self) -> Hop[Manuscript]:
        works = tuple(self._works)
        before = sum(work.notes for work in works)
        over: list[Manuscript] = []
        until_s = time.perf_counter() + self._hop_s
        notes = 1  # at first, so that a listener hears at once; more at a time cost less
        while works and not over:
            self._batch.hop(notes)
            notes = min(2 * notes, MOST_NOTES)
            over = [work for work in works if work.is_over]
            if time.perf_counter() >= until_s:
                break
        for work in over:
            work.end()
        self._let_out(over)
        standings = (Standing(work, work.bars, work.total, work.is_over) for work in works)
        return Hop(tuple(standings), sum(work.notes for work in works) - before)

    def _let_out(self, leaving: Sequence[Manuscript]) -> None:
        self._batch.leave([work.row for work in leaving])
        self._works = [work for work in self._works if work not in leaving]

    def _empty_batch(self) -> Batch:
        model = self._checkpoint
        return Batch(model.network, model.vocabulary, self._weights, threads=self._threads)


def make_runner(load: Callable[[], Checkpoint | Runner[Any]], *, threads: int) -> Runner[Any]:
    """Load a model and set it to work on so many processor threads, or take a runner as it is."""
    loaded = load()
    if not isinstance(loaded, Checkpoint):
        return loaded
    torch.set_num_threads(threads)
    runner = TorchRunner(loaded, threads=threads)
    runner.warm_up()
    return runner
