"""A request to a composition: opened, written note by note, put together.

`compose` does all of it alone and at once, in the thread that asks; for many askers at once see
`audiogroove.service.runner`.
"""

import time
from collections.abc import Callable

import numpy as np

from audiogroove.model.checkpoint import Checkpoint
from audiogroove.model.decoding import Batch
from audiogroove.model.leanings import KEY_BIAS, SCALE_BIAS
from audiogroove.model.reading import Reader
from audiogroove.model.row import Row
from audiogroove.music import theory
from audiogroove.music.piece import Piece
from audiogroove.request import ComposeRequest, Mode
from audiogroove.service.attempt import MOST, Attempt
from audiogroove.service.job import Composition
from audiogroove.tokens.brief import Brief, make_brief
from audiogroove.tokens.codec import decode
from audiogroove.tokens.draft import Draft
from audiogroove.tokens.fair_copy import settled


class Manuscript:
    """One request under way: its row, how far it is, and how long it took."""

    def __init__(self, checkpoint: Checkpoint, request: ComposeRequest) -> None:
        """Open a request; what this checkpoint cannot do is refused as `open_row` refuses it."""
        self.request = request
        self._checkpoint = checkpoint
        self._attempts: list[Attempt] = []
        self._open()
        region = self.row.draft.brief.region
        self.total = region.past - region.first  # new bars
        self._began_s = self._ended_s = time.perf_counter()

    @property
    def bars(self) -> int:
        """How many of the new bars are written; they never become fewer, also when begun anew."""
        return self.total if self._attempts else self.row.draft.new_bars

    @property
    def notes(self) -> int:
        """How many new notes are written in this attempt."""
        return self.row.draft.new_notes

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to write in this attempt."""
        return self.row.draft.over

    def begin(self) -> None:
        """Begin to count the time, once: the first step is next."""
        if not self._attempts:
            self._began_s = time.perf_counter()

    def end(self) -> None:
        """Stop counting: the last step was taken."""
        self._ended_s = time.perf_counter()

    def finish(self) -> Composition | None:
        """Put the piece together, once it is over.

        Gives None when it copies too much and is opened anew: it is to be written once more.
        """
        self._attempts.append(Attempt.judge(self.row.draft, self._checkpoint.novelty))
        if self._attempts[-1].is_copy and len(self._attempts) < MOST:
            self._open()
            return None
        best = min(self._attempts, key=lambda attempt: attempt.quoted)  # of equals, the first
        return Composition(
            best.piece,
            self.request,
            best.draft.brief.style,
            len(best.draft.new),
            self._ended_s - self._began_s,
            resampled=len(self._attempts) - 1,
            is_copy=best.is_copy,
        )

    def _open(self) -> None:
        checkpoint = self._checkpoint
        self.row = open_row(checkpoint, self.request, attempt=len(self._attempts))
        reader = Reader(checkpoint.network, checkpoint.vocabulary)
        self.recall = reader.read(self.row.draft)


def compose(
    checkpoint: Checkpoint,
    request: ComposeRequest,
    *,
    progress: Callable[[int], None] = lambda _bars: None,
) -> Composition:
    """Grant a request; `progress` is told how many new bars are written, whenever one is.

    The same checkpoint, request and seed give the same piece. What this checkpoint cannot do is
    refused as `open_row` refuses it.
    """
    manuscript = Manuscript(checkpoint, request)
    batch = Batch(checkpoint.network, checkpoint.vocabulary)
    bars, composition = 0, None
    while composition is None:
        batch.join(manuscript.row, manuscript.recall)
        manuscript.begin()
        while not manuscript.is_over:
            batch.hop()
            if manuscript.bars > bars:
                bars = manuscript.bars
                progress(bars)
        manuscript.end()
        batch.leave(batch.rows)
        composition = manuscript.finish()
    return composition


def open_row(checkpoint: Checkpoint, request: ComposeRequest, *, attempt: int = 0) -> Row:
    """Make a row of a request, ready to join a batch; each attempt, from 0, has its own dice.

    What this checkpoint cannot do, such as a style that it does not know, is refused with
    `RequestRefused`.
    """
    words, styles, customs = checkpoint.vocabulary, checkpoint.styles, checkpoint.customs
    brief: Brief = make_brief(request, words, styles, customs)
    key = brief.paper.key if request.mode is Mode.COMPOSE else None
    scale = request.scale or (theory.scale_on(key.tonic, key.mode) if key else None)
    return Row(
        Draft(brief, words),
        np.random.default_rng((request.seed, 1, attempt) if attempt else (request.seed, 1)),
        sampling=request.sampling,
        scale=scale.pitch_classes if scale else None,
        scale_nats=SCALE_BIAS if request.scale else KEY_BIAS,
    )


def finish(draft: Draft) -> Piece:
    """Put the known and the new notes of a draft together.

    Known notes stay as they are; a new one that runs into the next strike of its own pitch ends
    there, and one that would sound over a known note of its pitch gives way.
    """
    return decode(settled(draft.brief, draft.new), draft.brief.paper)
