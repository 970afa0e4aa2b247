"""Writing several drafts at once, note by note: rows join and leave between hops.

Company changes nothing but the time it takes: a row's dice, memory and past are its own
(`audiogroove.model.seat`), and what is computed for all rows at once is computed for each by
itself, to the last bit (`audiogroove.model.arithmetic`). Nor does it matter how many notes a hop
has, or which of the threads a row is written in.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from audiogroove.compiled import listed
from audiogroove.model.arithmetic import Ints
from audiogroove.model.desk import Desk, refer_to_desk
from audiogroove.model.network import Network
from audiogroove.model.reading import Reader
from audiogroove.model.row import Recall, Row, seat_of, throw
from audiogroove.model.seat import THROWN, THROWS, Seat, is_stale, refer_to_seat
from audiogroove.model.step import write
from audiogroove.model.weights import Weights, refer_to_weights
from audiogroove.tokens.sheet import Lexicon, refer_to_lexicon
from audiogroove.tokens.vocabulary import Vocabulary

DESK_ROWS = 16  # written together at most: with more, what they attend to leaves the caches
HOP_NOTES = 8  # of each row, unless another number is asked for


class Batch:
    """Rows that are written together."""

    def __init__(
        self,
        network: Network,
        words: Vocabulary,
        weights: Weights | None = None,
        *,
        threads: int = 1,
    ) -> None:
        """Set up an empty batch; two of one network share its weights if they are handed over.

        With several threads, rows are shared out among them.
        """
        self._reader = Reader(network, words)
        self._weights = weights or Weights.of(network)
        self._words = words
        self._lexicon = refer_to_lexicon(*Lexicon.of(words))
        self._told = refer_to_weights(*self._weights)
        self._rows: tuple[Row, ...] = ()
        self._recalls: list[Recall] = []  # of each row
        self._seats: list[Seat] = []
        self._references: Any = None  # the seats, as compiled functions know them
        self._desks = [self._desk_for(1)]
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, "notes") if threads > 1 else None

    @property
    def rows(self) -> tuple[Row, ...]:
        """Who is in the batch, in order."""
        return self._rows

    def join(self, row: Row, recall: Recall | None = None) -> None:
        """Let a row in, with what it knows if that has been read already."""
        recall = recall or self._reader.read(row.draft)
        seat = seat_of(row, recall, self._words)
        if self._references is None:
            self._references = listed([refer_to_seat(*seat)])
        else:
            self._references.append(refer_to_seat(*seat))
        self._rows = (*self._rows, row)
        self._recalls.append(recall)
        self._seats.append(seat)

    def leave(self, rows: Sequence[Row]) -> None:
        """Let rows out, finished or not."""
        gone = {id(row) for row in rows}
        for index in reversed(range(len(self._rows))):
            if id(self._rows[index]) in gone:
                for kept in (self._recalls, self._seats, self._references):
                    kept.pop(index)
        self._rows = tuple(row for row in self._rows if id(row) not in gone)

    def step(self) -> list[Row]:
        """Write one event in every row; give the rows that are finished by it; see `hop`."""
        return self.hop(1)

    def hop(self, notes: int = HOP_NOTES) -> list[Row]:
        """Write up to so many events in every row, fewer where it ends; give the finished rows.

        Raises:
            ValueError: when there is no row.
        """
        if not self._rows:
            raise ValueError("a step of an empty batch")
        for index, row in enumerate(self._rows):
            self._make_ready(index, row, notes)
        work = list(enumerate(self._shares()))
        if self._pool is None or len(work) == 1:
            for at, share in work:
                self._write(at, share, notes)
        else:
            for done in [self._pool.submit(self._write, *one, notes) for one in work]:
                done.result()
        return [row for row in self._rows if row.draft.over]

    def _shares(self) -> list[Ints]:
        """Share the rows out: alike, as many to each thread, DESK_ROWS at a desk at most."""
        rows = len(self._rows)
        rounds = -(-rows // (DESK_ROWS * self._threads))
        shares = np.array_split(np.arange(rows), min(rows, rounds * self._threads))
        while len(self._desks) < len(shares):
            self._desks.append(self._desk_for(1))
        return shares

    def _write(self, at: int, share: Ints, notes: int) -> None:
        """Write some rows at one of the desks."""
        if len(share) > len(self._desks[at][0].rows):
            self._desks[at] = self._desk_for(2 * len(share))
        desk = self._desks[at][1]
        write(self._references, share, self._told, self._lexicon, desk, notes)

    def _desk_for(self, rows: int) -> tuple[Desk, Desk]:
        """Set up a desk, and what compiled functions know it by."""
        desk = Desk.for_rows(self._weights, rows)
        return desk, refer_to_desk(*desk)

    def _make_ready(self, index: int, row: Row, notes: int) -> None:
        """See to dice, room and memory for so many notes, if that is called for."""
        seat = self._seats[index]
        if seat.recall[THROWN] + notes > THROWS:
            throw(row, seat)
        if row.draft.length + notes > len(row.draft.sheet.events):
            row.draft.grow()
            self._seats[index] = seat = seat._replace(sheet=row.draft.reference)
            self._references[index] = refer_to_seat(*seat)
        if is_stale(self._references[index]) and not row.draft.over:
            self._reader.renew(self._recalls[index])
