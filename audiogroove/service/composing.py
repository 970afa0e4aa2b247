"""A request to a composition, alone and at once, in the thread that asks."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from audiogroove.model.checkpoint import Checkpoint
from audiogroove.model.decoding import Batch, Row
from audiogroove.model.sampling import KEY_BIAS, SCALE_BIAS
from audiogroove.music import theory
from audiogroove.music.piece import Piece
from audiogroove.request import ComposeRequest, Mode
from audiogroove.tokens.brief import Brief, make_brief
from audiogroove.tokens.codec import decode
from audiogroove.tokens.draft import Draft
from audiogroove.tokens.fair_copy import settled


@dataclass(frozen=True)
class Composition:
    """What came of a request."""

    piece: Piece
    request: ComposeRequest
    style: str  # the wished one or the one that was drawn; empty when a file set the tone
    new_notes: int
    seconds: float

    @property
    def notes_per_second(self) -> float:
        """How fast the new notes were written."""
        return self.new_notes / self.seconds if self.seconds else 0.0


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
    began = time.perf_counter()
    row = open_row(checkpoint, request)
    batch = Batch(checkpoint.network, checkpoint.vocabulary)
    batch.join(row)
    bars = 0
    while not row.draft.over:
        batch.step()
        if row.draft.new_bars > bars:
            bars = row.draft.new_bars
            progress(bars)
    piece = finish(row.draft)
    seconds = time.perf_counter() - began
    return Composition(piece, request, row.draft.brief.style, len(row.draft.new), seconds)


def open_row(checkpoint: Checkpoint, request: ComposeRequest) -> Row:
    """Make a row of a request, ready to join a batch.

    What this checkpoint cannot do, such as a style that it does not know, is refused with
    `RequestRefused`.
    """
    words, styles, customs = checkpoint.vocabulary, checkpoint.styles, checkpoint.customs
    brief: Brief = make_brief(request, words, styles, customs)
    key = brief.paper.key if request.mode is Mode.COMPOSE else None
    scale = request.scale or (theory.scale_on(key.tonic, key.mode) if key else None)
    return Row(
        Draft(brief, words),
        np.random.default_rng((request.seed, 1)),
        sampling=request.sampling,
        scale=scale.pitch_classes if scale else None,
        scale_nats=SCALE_BIAS if request.scale else KEY_BIAS,
    )


def finish(draft: Draft) -> Piece:
    """Put the known and the new notes of a draft together.

    Known notes stay as they are; a new one that runs into the next strike of its own pitch ends
    there, and one that would sound over a known note of its pitch gives way.
    """
    return decode(settled(draft), draft.brief.paper)
