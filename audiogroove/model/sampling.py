"""From scores to a choice: small named steps, then one throw of each row's own dice.

Scores are logits (B, V), with -inf where a value may not come. Tempered, they become odds: the
likeliest value has 1, and what may not come has 0. A filter names the least odds that stay, one
a row, (B, 1); so the likeliest value that came in always goes out. It is numpy's work and not
torch's: at these sizes a call costs more than its sum, and numpy's calls cost a fifth.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audiogroove.request import Sampling

Logits = NDArray[np.float64]  # (B, V)
Odds = NDArray[np.float64]  # (B, V)
Column = NDArray[np.float64]  # (B, 1)
Mask = NDArray[np.bool_]  # (B, V)

NEVER = -np.inf
MOST_REST = 1 - 2**-53  # top-p drops no more of the probability, however small p is
SCALE_BIAS = 3.0  # nats off for a pitch outside the wished scale …
KEY_BIAS = 0.8  # … and outside that of a key which nobody wished but the piece was given
RHYTHM = frozenset({"bar", "position", "duration", "velocity"})  # the fields of its temperature


def forbid(logits: Logits, allowed: Mask) -> Logits:
    """Keep what is allowed; a row in which nothing is, is left as it was."""
    some = np.logical_or.reduce(allowed, axis=1, keepdims=True)
    return np.where(allowed >= some, logits, NEVER)


def lean(logits: Logits, nats: Logits) -> Logits:
    """Lower each value by its nats (B, V), at least 0; infinite nats ban it.

    A ban gives way in a row in which nothing else is left.
    """
    lowered = logits - nats
    some = np.maximum.reduce(lowered, axis=1, keepdims=True) > NEVER
    return np.where(some, lowered, logits)


def temper(logits: Logits, temperature: Column) -> Odds:
    """Give odds, sharpened (below 1) or flattened (above 1)."""
    odds: Odds = logits - np.maximum.reduce(logits, axis=1, keepdims=True)
    odds /= temperature
    return np.exp(odds, out=odds)


def least_of_top_k(odds: Odds, top_k: Column) -> Column:
    """Find the odds of the k-th likeliest value; 0 keeps all."""
    size = odds.shape[1]
    last = np.where(top_k > 0, np.maximum(size - top_k, 0), 0).astype(np.int64)
    least: Column = np.take_along_axis(np.sort(odds, axis=1), last, axis=1)
    return least


def least_of_top_p(odds: Odds, rest: Column) -> Column:
    """Find the least odds of the fewest likeliest values that make up a share p together.

    Holtzman et al. 2020 (arXiv:1904.09751). What is as likely as the last kept is kept too. Seen
    from below: the unlikeliest values go, as long as they make up no more than the `rest`, 1 - p.
    """
    ordered = np.sort(odds, axis=1)
    ladder = ordered.cumsum(axis=1)
    last = (ladder > rest * ladder[:, -1:]).argmax(axis=1)
    least: Column = ordered[np.arange(len(ordered)), last][:, None]
    return least


def draw(odds: Odds, dice: Column) -> NDArray[np.int64]:
    """Choose a value a row by its own throw in [0, 1): the inverse of the distribution, (B,).

    Rounding never carries a throw past the end: 1 - 2**-53 times a sum is less than the sum.
    """
    ladder = odds.cumsum(axis=1)
    ids: NDArray[np.int64] = (ladder > dice * ladder[:, -1:]).argmax(axis=1)
    return ids


@dataclass(frozen=True)
class Settings:
    """The settings of B rows; a filter that no row asks for is None and left out."""

    temperature: Column
    rhythm_temperature: Column
    top_k: Column | None
    rest: Column | None  # 1 - top_p
    min_p: Column

    @classmethod
    def of(cls, rows: Sequence[Sampling]) -> "Settings":
        """Stack the settings of several requests."""
        names = ("temperature", "rhythm_temperature", "top_k", "top_p", "min_p")
        told = np.array([[getattr(row, name) for name in names] for row in rows], dtype=np.float64)
        temperature, rhythm_temperature, top_k, top_p, min_p = told.reshape(-1, 5, 1).swapaxes(0, 1)
        # who asks for all there is gets all, be it as unlikely as 0: company must change nothing,
        # and this filter is left out where nobody asks for less
        rest = np.where(top_p < 1, np.minimum(1 - top_p, MOST_REST), NEVER)
        return cls(
            temperature,
            rhythm_temperature,
            top_k if top_k.any() else None,
            rest if (top_p < 1).any() else None,
            min_p,
        )

    def odds(self, field: str, logits: Logits) -> Odds:
        """Apply temperature, top-k, top-p and min-p to the scores of one field.

        The likeliest value has odds of 1, so min-p is itself the least odds that stay (Nguyen et
        al. 2024, arXiv:2407.01082).
        """
        odds = temper(logits, self.rhythm_temperature if field in RHYTHM else self.temperature)
        if self.top_k is not None:
            odds *= odds >= least_of_top_k(odds, self.top_k)
        least = self.min_p
        if self.rest is not None:
            least = np.maximum(least, least_of_top_p(odds, self.rest))
        odds *= odds >= least
        return odds
