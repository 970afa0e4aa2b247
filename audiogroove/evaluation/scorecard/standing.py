"""Where a set of pieces stands among real ones: one figure, its interval, and what it is made of.

- *mean|z|*: how many standard deviations of real pieces the set's mean is away from theirs, as a
  mean over the metrics. Copies of the reference score 0; other real music scores what
  chance makes of so few pieces.
- *OA*, the overlapped area (Yang & Lerch 2020): how much of the two distributions is common, as
  a mean over the metrics; 1 where they are the same.

A metric counts where at least a quarter of the reference has it, and some piece of the set does.
Intervals are of 95 %: 1.96 standard deviations of a bootstrap, in which the reference is drawn
anew as well as the pieces, those of each seed among themselves.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from math import isnan

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from audiogroove.evaluation.scorecard.excerpts import Excerpt
from audiogroove.evaluation.scorecard.metrics import GRAINS, NAMES, Values, measure_all
from audiogroove.evaluation.scorecard.overlap import overlapped_area
from audiogroove.evaluation.scorecard.passage import Bools, Passage
from audiogroove.music.piece import Piece

DRAWS = 400  # of the bootstrap
SEED = 1  # of its dice
SIGMAS = 1.96
LEAST_SHARE = 0.25  # of the reference must have a metric, or it does not count
EPSILON = 1e-6
BAR_REP = NAMES.index("bar_rep")

Weights = NDArray[np.float64]  # (draws, pieces): how often each is drawn


@dataclass(frozen=True)
class Reference:
    """What real pieces measure."""

    values: Values  # (pieces, metrics)

    @classmethod
    def of(cls, excerpts: Sequence[Excerpt]) -> "Reference":
        """Measure real music."""
        return cls(measure_all(excerpts))

    @cached_property
    def counted(self) -> Bools:
        """Which metrics enough of the pieces have, (metrics,)."""
        known = (~np.isnan(self.values)).sum(axis=0)
        counted: Bools = (known > 1) & (known >= LEAST_SHARE * len(self.values))
        return counted

    def moments(self, weights: Weights | None = None) -> tuple[Values, Values]:
        """Give means and deviations, at least their grains, both (draws, metrics)."""
        weights = _once(self.values) if weights is None else weights
        means = weighted_means(self.values, weights)
        # about the plain means, because squares of numbers nearly alike lose their digits
        plain = weighted_means(self.values, _once(self.values))
        squares = weighted_means((self.values - plain) ** 2, weights)
        spread = np.sqrt(np.maximum(squares - (means - plain) ** 2, 0))
        return means, np.maximum(spread, GRAINS) + EPSILON


@dataclass(frozen=True)
class Card:
    """How a set of pieces stands; metrics that do not count are left out."""

    pieces: int
    mean_z: float
    half_width: float  # of mean_z, 95 %
    by_seed: tuple[float, ...]  # mean_z of each seed's pieces alone
    overlap: float
    z: dict[str, float]  # positive where the set has more than real music
    means: dict[str, float]
    reference: dict[str, float]  # the means of real music
    repeats: tuple[float, float, float] | None  # bar_rep, real music's being 1, and its 95 %

    @property
    def worst(self) -> list[tuple[str, float]]:
        """The metrics and their z, the one furthest off first."""
        return sorted(self.z.items(), key=lambda pair: -abs(pair[1]))

    def to_json(self) -> dict[str, object]:
        """Write a card as JSON values, which know no nan."""
        told = asdict(self) | {"by_seed": [_known(one) for one in self.by_seed]}
        figures = ("mean_z", "half_width", "overlap")
        return told | {name: _known(told[name]) for name in figures}


def score(pieces: Sequence[Piece], reference: Reference, *, seeds: int = 1) -> Card:
    """Tell where composed pieces stand, each taken whole; see `stand`."""
    passages = (Passage.of(piece) for piece in pieces)
    return stand(measure_all((one, one) for one in passages), reference, seeds=seeds)


def stand(values: Values, reference: Reference, *, seeds: int = 1) -> Card:
    """Tell where measured pieces stand, (pieces, metrics).

    The pieces of one seed follow those of another, as many of each. Without a metric in common
    the set stands nowhere: mean_z and overlap are nan.
    """
    counted = reference.counted & ~np.isnan(values).all(axis=0)
    real, own = reference.moments(), weighted_means(values, _once(values))
    seats = np.array_split(np.arange(len(values)), seeds)
    dice = np.random.default_rng(SEED)
    drawn = weighted_means(values, _drawings([len(seat) for seat in seats], dice))
    real_drawn = reference.moments(_drawings([len(reference.values)], dice))
    z = (own - real[0]) / real[1]
    z_of_seeds = (weighted_means(values, _one_hot(seats, len(values))) - real[0]) / real[1]
    ratios = np.append(own / (real[0] + EPSILON), drawn / (real_drawn[0] + EPSILON), axis=0)
    return Card(
        len(values),
        float(_mean_z(z, counted)[0]),
        SIGMAS * float(_mean_z((drawn - real_drawn[0]) / real_drawn[1], counted).std()),
        tuple(_mean_z(z_of_seeds, counted).tolist()),
        overlapped_area(values[:, counted], reference.values[:, counted]),
        _named(z[0], counted),
        _named(own[0], counted),
        _named(real[0][0], counted),
        _interval(ratios[:, BAR_REP]) if counted[BAR_REP] else None,
    )


def weighted_means(values: Values, weights: Weights) -> Values:
    """Give the means of columns by several weightings, (draws, metrics); nan where there is none.

    Undefined values have no weight.
    """
    known = ~np.isnan(values)
    sums, shares = weights @ np.where(known, values, 0.0), weights @ known
    means: Values = np.divide(sums, shares, out=np.full(sums.shape, np.nan), where=shares > 0)
    return means


def _known(value: float) -> float | None:
    return None if isnan(value) else value


def _once(values: Values) -> Weights:
    return np.ones((1, len(values)))


def _one_hot(seats: Sequence[NDArray[np.int64]], count: int) -> Weights:
    """Weigh each group of rows alone, (groups, count)."""
    weights = np.zeros((len(seats), count))
    for row, own in zip(weights, seats, strict=True):
        row[own] = 1
    return weights


def _drawings(sizes: Sequence[int], dice: Generator) -> Weights:
    """Draw each group anew from itself, again and again, (DRAWS, pieces)."""
    drawn = [dice.multinomial(size, np.full(size, 1 / size), DRAWS) for size in sizes if size]
    return np.concatenate(drawn, axis=1).astype(np.float64)


def _mean_z(z: Values, counted: Bools) -> Values:
    """Give the mean of |z| over the metrics that count, (draws,)."""
    apart = np.abs(z[:, counted])
    means: Values = weighted_means(apart.T, np.ones((1, apart.shape[1])))[0]
    return means


def _interval(values: Values) -> tuple[float, float, float]:
    """Give the first value, and the middle 95 % of the others."""
    low, high = np.nanquantile(values[1:], (0.025, 0.975))
    return float(values[0]), float(low), float(high)


def _named(values: Values, counted: Bools) -> dict[str, float]:
    return {name: float(values[at]) for at, name in enumerate(NAMES) if counted[at]}
