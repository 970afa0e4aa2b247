"""From scores to a choice: small named filters, then one throw of each row's own dice.

Every filter takes logits (B, V) and one setting a row, (B, 1), and gives logits of the same
shape, with -inf where a value may not come. The likeliest value that came in always goes out.
It is numpy's work and not torch's: at these sizes a call costs more than its sum, and numpy's
calls cost a fifth.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audiogroove.request import Sampling

Logits = NDArray[np.float64]  # (B, V)
Column = NDArray[np.float64]  # (B, 1)
Mask = NDArray[np.bool_]  # (B, V)

NEVER = -np.inf
SCALE_BIAS = 3.0  # nats off for a pitch outside the wished scale …
KEY_BIAS = 0.8  # … and outside that of a key which nobody wished but the piece was given
RHYTHM = frozenset({"bar", "position", "duration", "velocity"})  # the fields of its temperature


def forbid(logits: Logits, allowed: Mask) -> Logits:
    """Keep what is allowed; a row in which nothing is, is left as it was."""
    hopeless = ~allowed.any(axis=1, keepdims=True)
    return np.where(allowed | hopeless, logits, NEVER)


def lean(logits: Logits, against: Mask, nats: Column) -> Logits:
    """Lower what is leant against by so many nats; infinite nats ban it.

    A ban gives way in a row in which nothing else is left.
    """
    left = ((logits > NEVER) & ~against).any(axis=1, keepdims=True)
    return np.where(against & (left | np.isfinite(nats)), logits - nats, logits)


def temper(logits: Logits, temperature: Column) -> Logits:
    """Sharpen (below 1) or flatten (above 1)."""
    return logits / temperature


def keep_top_k(logits: Logits, top_k: Column) -> Logits:
    """Keep the k likeliest values, and what is as likely as the last of them; 0 keeps all."""
    size = logits.shape[1]
    last = np.where(top_k > 0, np.minimum(top_k, size), size).astype(np.int64) - 1
    bound = np.take_along_axis(-np.sort(-logits, axis=1), last, axis=1)
    return np.where(logits < bound, NEVER, logits)


def keep_top_p(logits: Logits, top_p: Column) -> Logits:
    """Keep the fewest likeliest values that make up a share p of the probability.

    Holtzman et al. 2020 (arXiv:1904.09751). What is as likely as the last kept is kept too.
    """
    shares = probabilities(logits)
    ordered = -np.sort(-shares, axis=1)
    before = np.cumsum(ordered, axis=1) - ordered
    count = np.maximum((before < top_p).sum(axis=1, keepdims=True), 1)
    bound = ordered[np.arange(len(ordered)), count[:, 0] - 1][:, None]
    return np.where(shares < bound, NEVER, logits)


def keep_min_p(logits: Logits, min_p: Column) -> Logits:
    """Drop values less likely than this share of the likeliest one's probability.

    Nguyen et al. 2024 (arXiv:2407.01082).
    """
    with np.errstate(divide="ignore"):
        bound = logits.max(axis=1, keepdims=True) + np.log(min_p)
    return np.where(logits < bound, NEVER, logits)


def probabilities(logits: Logits) -> Logits:
    """Give each row's distribution."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Logits = raised / raised.sum(axis=1, keepdims=True)
    return shares


def draw(logits: Logits, dice: Column) -> NDArray[np.int64]:
    """Choose a value a row by its own throw in [0, 1): the inverse of the distribution, (B,)."""
    ladder = np.cumsum(probabilities(logits), axis=1)
    chosen = (ladder <= dice * ladder[:, -1:]).sum(axis=1)
    # a throw so near to 1 that rounding carries it past the end takes the last value there is
    last = logits.shape[1] - 1 - (logits > NEVER)[:, ::-1].argmax(axis=1)
    ids: NDArray[np.int64] = np.minimum(chosen, last)
    return ids


@dataclass(frozen=True)
class Settings:
    """The settings of B rows; a filter that no row asks for is left out."""

    temperature: Column
    rhythm_temperature: Column
    top_k: Column
    top_p: Column
    min_p: Column

    @classmethod
    def of(cls, rows: Sequence[Sampling]) -> "Settings":
        """Stack the settings of several requests."""
        names = ("temperature", "rhythm_temperature", "top_k", "top_p", "min_p")
        columns = ([[getattr(row, name)] for row in rows] for name in names)
        return cls(*(np.array(column, dtype=np.float64).reshape(-1, 1) for column in columns))

    def filtered(self, field: str, logits: Logits) -> Logits:
        """Apply temperature, top-k, top-p and min-p to the scores of one field."""
        logits = temper(logits, self.rhythm_temperature if field in RHYTHM else self.temperature)
        if self.top_k.any():
            logits = keep_top_k(logits, self.top_k)
        if (self.top_p < 1).any():
            logits = keep_top_p(logits, self.top_p)
        if self.min_p.any():
            logits = keep_min_p(logits, self.min_p)
        return logits
