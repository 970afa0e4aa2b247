"""One writing of a request, judged: how much of it the model has from what it learnt from.

What copies too much is written again with other dice, which follow from the request's seed and
the number of the attempt: the same request still gives the same notes, in any company.
"""

from dataclasses import dataclass

import numpy as np

from audiogroove.music.piece import Piece
from audiogroove.quotation.index import Index, Quotation
from audiogroove.quotation.phrases import Phrase, phrases_from
from audiogroove.tokens.codec import DURATION, PART, PITCH, Events, decode, onsets_of
from audiogroove.tokens.draft import Draft
from audiogroove.tokens.fair_copy import settled

MOST = 3  # attempts; then the one that quotes least is taken


@dataclass(frozen=True)
class Attempt:
    """A finished draft."""

    draft: Draft
    events: Events  # of the whole piece, known and new
    quotation: Quotation | None = None
    is_copy: bool = False  # its quotation is longer than those of real music

    @classmethod
    def judge(cls, draft: Draft, index: Index | None) -> "Attempt":
        """Judge a finished draft; without an index nothing is a copy."""
        events, brief = settled(draft.brief, draft.new), draft.brief
        if index is None:
            return cls(draft, events)
        quotation = index.check(_phrases(draft, events), brief.paper.bar_lines)
        is_copy = quotation is not None and quotation.moves > index.yardstick(brief.style)
        return cls(draft, events, quotation, is_copy)

    @property
    def quoted(self) -> int:
        """How many moves its longest quotation has, 0 when there is none."""
        return self.quotation.moves if self.quotation else 0

    @property
    def piece(self) -> Piece:
        """The piece, put together."""
        return decode(self.events, self.draft.brief.paper)


def _phrases(draft: Draft, events: Events) -> list[Phrase]:
    """Take the upper lines of the parts, new where no known note stands."""
    brief = draft.brief
    known = {tuple(row) for row in brief.known[:, :DURATION].tolist()}
    is_new = [tuple(row) not in known for row in events[:, :DURATION].tolist()]
    return phrases_from(
        onsets_of(events, brief.paper.bar_lines),
        events[:, PART],
        events[:, PITCH],
        drums={index for index, part in enumerate(brief.paper.parts) if part.is_drums},
        is_new=np.array(is_new, dtype=np.bool_),
    )
