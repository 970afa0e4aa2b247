"""Fragments of phrases as 64-bit numbers, of any length at once.

A text of moves is hashed by a polynomial over the integers modulo 2**64, whose prefix sums give
the hash of any fragment in one subtraction (Karp and Rabin 1987). Every move becomes a number
without pattern beforehand, and every result once more, so that its bits may serve as a sample.
Within 10**8 fragments, two different ones share a number with a probability of about 1 in 4,000.
"""

from collections.abc import Iterable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from audiogroove.quotation.phrases import Bools, Ints, Phrase

Hashes = NDArray[np.uint64]
Number = TypeVar("Number", bound=np.unsignedinteger)

CONTEXT = 6  # moves, by which a move is known to be one that has been made before

_BASE = 0x2545F4914F6CDD1D  # odd, so that it can be divided by, and of order 2**62
_INVERSE = pow(_BASE, -1, 2**64)
_BEYOND = 1 << 40  # any move


class Text:
    """Phrases one after another, and the hash of whatever fragment of them is asked for.

    After each phrase stands a number that occurs once: no fragment that goes beyond its phrase
    equals any other, nor one of a text with another `salt`. All arrays have the shape (len,):
    an entry for every move and for every end of a phrase.
    """

    def __init__(self, phrases: Iterable[Phrase], *, salt: int = 0) -> None:
        kept = [(phrase.moves, phrase.is_new) for phrase in phrases if len(phrase.onsets)]
        self.lengths = np.array([len(moves) for moves, _ in kept], dtype=np.int64)  # in moves
        ends = np.cumsum(self.lengths + 1)
        self.starts = ends - self.lengths - 1  # of the phrases
        size = int(ends[-1]) if kept else 0
        # how many moves are left in the phrase
        self.room: Ints = np.repeat(ends - 1, self.lengths + 1) - np.arange(size)
        # a move is new when the note that it goes to is
        self.is_new: Bools = np.zeros(size, dtype=np.bool_)
        letters = np.empty(size, dtype=np.int64)
        letters[ends - 1] = (salt + 1) * _BEYOND + np.arange(len(kept))
        if kept:
            letters[self.room > 0] = np.concatenate([moves for moves, _ in kept])
            self.is_new[self.room > 0] = np.concatenate([is_new[1:] for _, is_new in kept])
        terms = scramble(letters.astype(np.uint64)) * _powers(_BASE, size)
        self._sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(terms, dtype=np.uint64)))
        self._inverses = _powers(_INVERSE, size)

    def __len__(self) -> int:
        """How many moves and ends of phrases there are."""
        return len(self._inverses)

    def hashes(self, length: int, at: Ints | None = None) -> Hashes:
        """Hash the fragments of so many moves that begin at some places, by default at all.

        All of them must end within the text.
        """
        if at is None:
            count = max(0, len(self) - length + 1)
            sums = self._sums[length : length + count] - self._sums[:count]
            return scramble(sums * self._inverses[:count])
        return scramble((self._sums[at + length] - self._sums[at]) * self._inverses[at])

    def weigh(self, contexts: Hashes, first: int, past: int) -> int:
        """Count the moves [first, past) that say something: new notes, and nothing twice.

        What comes again within a run is no longer quotation: a bass that strikes one note for
        eight bars, or a figure that goes round, is found everywhere, and never stands for more
        than its first time. A move has been made before when the CONTEXT moves that end with it
        have. `contexts` are the hashes of that length.
        """
        new = self.is_new[first:past]
        told = contexts[first : past - CONTEXT + 1][new[CONTEXT - 1 :]]
        return int(new[: CONTEXT - 1].sum()) + len(np.unique(told))


def scramble(numbers: Hashes) -> Hashes:
    """Map 64-bit numbers one to one to others without pattern (splitmix64, Steele et al. 2014)."""
    mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def is_in(hashes: NDArray[Number], known: NDArray[Number]) -> Bools:
    """Tell which hashes are among the known ones, which rise."""
    if not len(known):
        return np.zeros(len(hashes), dtype=np.bool_)
    places = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    found: Bools = known[places] == hashes
    return found


def _powers(base: int, count: int) -> Hashes:
    """List the powers of a number from the zeroth, modulo 2**64."""
    factors = np.full(count, base, dtype=np.uint64)
    factors[:1] = 1
    return np.cumprod(factors, dtype=np.uint64)
