"""What a piece has in common with a corpus, counted exactly (up to collisions of 64-bit hashes).

Three measures. The *share* of a piece's fragments of n moves that are found anywhere in the
corpus, as a mean over its parts. The *longest run* of moves that some phrase of the corpus has as
well. And the *longest tune*: the same, where what a run repeats counts once (see `Text.weigh`).
Real music that is not in the corpus is the yardstick of all of them: it quotes, too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from audiogroove.quotation.hashing import CONTEXT, Hashes, Text, is_in
from audiogroove.quotation.phrases import Ints, Phrase

LENGTHS = (4, 6, 8, 12)  # moves, of the fragments whose share is told
SHORTEST_RUN = CONTEXT  # moves: less is no run


@dataclass(frozen=True, slots=True)
class Quotes:
    """How much of a piece a corpus has."""

    shares: Mapping[int, float | None]  # by length, 0..1; None when no part is as long
    longest_run: int  # moves; 0 when below SHORTEST_RUN
    longest_tune: int  # moves, repetitions and given notes left out


class Corpus:
    """All phrases of a corpus, ready to be asked; some 50 bytes a note."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._known = {length: np.unique(text.hashes(length)) for length in LENGTHS}
        starts = text.hashes(SHORTEST_RUN)
        self._order = np.argsort(starts).astype(np.int32)  # places, by the fragment there
        self._sorted = starts[self._order]

    @classmethod
    def of(cls, phrases: Iterable[Phrase]) -> "Corpus":
        """Take in all phrases of all pieces."""
        return cls(Text(phrases))

    def compare(self, phrases: Sequence[Phrase]) -> Quotes:
        """Tell how much of one piece is found here."""
        text = Text(phrases, salt=1)
        runs = self._runs(text)
        return Quotes(
            {length: self._share(text, length) for length in LENGTHS},
            int(runs.max(initial=0)),
            _longest_tune(text, runs),
        )

    def _share(self, text: Text, length: int) -> float | None:
        """Tell which share of the fragments of a length is known, as a mean over the phrases."""
        known = is_in(text.hashes(length), self._known[length])
        shares = [
            float(known[start : start + count - length + 1].mean())
            for start, count in zip(text.starts.tolist(), text.lengths.tolist(), strict=True)
            if count >= length
        ]
        return float(np.mean(shares)) if shares else None

    def _runs(self, text: Text) -> Ints:
        """Tell the length of the longest run that begins at each place, 0 when there is none.

        A fragment occurs only where what it begins with does, so the places that are worth a look
        become fewer as the runs become longer, and no pair of places is ever looked at.
        """
        runs = np.zeros(len(text), dtype=np.int64)
        own = np.arange(max(0, len(text) - SHORTEST_RUN + 1))
        theirs = self._places(np.unique(text.hashes(SHORTEST_RUN)))
        length = SHORTEST_RUN
        while len(theirs):
            own, theirs = _common(text, own, self._text, theirs, length)
            runs[own] = length
            length += 1
        return runs

    def _places(self, hashes: Hashes) -> Ints:
        """List where in the corpus any of some fragments of SHORTEST_RUN begins."""
        first = np.searchsorted(self._sorted, hashes, side="left")
        counts = np.searchsorted(self._sorted, hashes, side="right") - first
        ends = np.cumsum(counts)
        places = np.arange(int(counts.sum())) - np.repeat(ends - counts - first, counts)
        found: Ints = self._order[places].astype(np.int64)
        return found


def _longest_tune(text: Text, runs: Ints) -> int:
    """Weigh every run that is not the end of another."""
    before = np.concatenate((np.zeros(1, np.int64), runs[:-1]))
    contexts = text.hashes(CONTEXT)
    return max(
        (
            text.weigh(contexts, place, place + int(runs[place]))
            for place in np.flatnonzero((runs > 0) & (runs >= before)).tolist()
        ),
        default=0,
    )


def _common(one: Text, ones: Ints, two: Text, twos: Ints, length: int) -> tuple[Ints, Ints]:
    """Keep those places of two texts at which both have the same fragment of a length."""
    ones, twos = ones[ones + length <= len(one)], twos[twos + length <= len(two)]
    left, right = one.hashes(length, ones), two.hashes(length, twos)
    return ones[is_in(left, np.unique(right))], twos[is_in(right, np.unique(left))]
