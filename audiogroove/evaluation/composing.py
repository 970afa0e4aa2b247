"""Composing in bulk: many requests through one batch that is kept full."""

from collections.abc import Callable, Sequence

from audiogroove.model.checkpoint import Checkpoint
from audiogroove.model.decoding import Batch
from audiogroove.music.piece import Piece
from audiogroove.request import ComposeRequest
from audiogroove.service.composing import finish, open_row

ROWS = 64  # at once; how many changes no note


def compose_all(
    checkpoint: Checkpoint,
    requests: Sequence[ComposeRequest],
    *,
    rows: int = ROWS,
    progress: Callable[[int], object] = lambda _pieces: None,
) -> list[Piece]:
    """Grant requests and give their pieces in the same order, each as it would be alone.

    `rows` of them, at least one, are written together, and the next joins as soon as one is
    finished; `progress` is told after each hop how many pieces it finished, if any. What this
    checkpoint cannot do is refused as `open_row` refuses it, when its turn comes.
    """
    batch = Batch(checkpoint.network, checkpoint.vocabulary)
    waiting = iter(enumerate(requests))
    turns: dict[int, int] = {}  # of the rows in the batch, by identity, which request it is
    pieces: dict[int, Piece] = {}
    while len(pieces) < len(requests):
        while len(turns) < max(1, rows) and (asked := next(waiting, None)):
            turn, request = asked
            row = open_row(checkpoint, request)
            batch.join(row)
            turns[id(row)] = turn
        done = batch.hop()
        batch.leave(done)
        for row in done:
            pieces[turns.pop(id(row))] = finish(row.draft)
        if done:
            progress(len(done))
    return [pieces[turn] for turn in range(len(requests))]
