"""How much of the chorales' validation split is in train as well: the same hymns, set anew."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from audiogroove.evaluation.frames.chorales import VOICES, Ints, Splits
from audiogroove.quotation.exact import Corpus
from audiogroove.quotation.phrases import Phrase

FRAGMENT = 8  # moves, of the fragments whose share is told
LONG_RUN = 16  # moves in common with train from which on a piece counts as known


@dataclass(frozen=True, slots=True)
class Leak:
    """What validation pieces have in common with train, and what those cost that have little."""

    share: float  # of the fragments, as a mean over voices, then over pieces
    longest_run: int  # moves
    known: int  # pieces with a run of LONG_RUN moves or more …
    pieces: int  # … among so many
    known_cell: float | None  # nats a cell in them; None where there are none
    unknown_cell: float | None  # nats a cell in the others


def leak_of(splits: Splits, nats: Sequence[float]) -> Leak:
    """Compare the melodies of validation pieces, which cost so many nats each, with train's."""
    corpus = Corpus.of(phrase for piece in splits["train"] for phrase in phrases_of(piece))
    quotes = [corpus.compare(phrases_of(piece)) for piece in splits["valid"]]
    shares = [quote.shares[FRAGMENT] for quote in quotes]
    runs = np.array([quote.longest_run for quote in quotes])
    cells = np.array([piece.size for piece in splits["valid"]])
    known, costs = runs >= LONG_RUN, np.array(nats)
    cell = [
        float(costs[which].sum() / cells[which].sum()) if which.any() else None
        for which in (known, ~known)
    ]
    told = [share for share in shares if share is not None]
    return Leak(
        float(np.mean(told)) if told else 0.0,
        int(runs.max(initial=0)),
        int(known.sum()),
        len(runs),
        *cell,
    )


def phrases_of(piece: Ints) -> list[Phrase]:
    """Read each voice of a piece (T, VOICES) as a line of notes: maximal runs of one pitch."""
    phrases = []
    for voice in range(VOICES):
        line = piece[:, voice]
        onsets = np.flatnonzero((np.diff(line, prepend=-1) != 0) & (line >= 0))
        if len(onsets):
            phrases.append(Phrase.of(onsets, line[onsets], part=voice))
    return phrases
