"""Where a model stands between real music and a control, with intervals.

A *standing* is 0 where the model does as the control and 1 where it does as real music; beyond 1
it keeps to what is given more closely than real music does. It is told only where real music and
the control are told apart: where the interval of their difference leaves 0 out.

Intervals are percentiles of a bootstrap (Efron 1979) that draws pieces and seeds anew, the same
ones for the model, real music and controls.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan

import numpy as np
from numpy.typing import NDArray

MODEL, REAL = "model", "real"
RESAMPLES = 1_000
CONFIDENCE = 0.95
SEED = 1

Sheet = Mapping[str, Mapping[str, float]]  # by who is measured, then by measure; NaN for none
Interval = tuple[float, float]
Values = NDArray[np.float64]  # (seeds, pieces), NaN where a trial tells nothing


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure: its means, and where the model stands; NaN where nothing can be told."""

    measure: str
    trials: int  # those in which the model has a value
    means: Mapping[str, float]  # by who is measured
    interval: Interval  # of the model's mean
    control: str  # the one that the standing is told by
    standing: float
    standing_interval: Interval

    def to_json(self) -> dict[str, object]:
        """Write a figure as JSON values, None for what cannot be told."""
        return {
            "measure": self.measure,
            "trials": self.trials,
            "means": {who: _known(value) for who, value in self.means.items()},
            "interval": [_known(end) for end in self.interval],
            "control": self.control,
            "standing": _known(self.standing),
            "standing_interval": [_known(end) for end in self.standing_interval],
        }


def summarise(
    sheets: Sequence[Sequence[Sheet]], control: str, *, controls: Mapping[str, str] | None = None
) -> tuple[Figure, ...]:
    """Summarise sheets, seed by seed and piece by piece: as many of each piece as of each other.

    The standing is told by `control`, or for a measure in `controls` by the one named there;
    where none is named ("") there is no standing. Measures that tell nothing are left out.
    """
    first = sheets[0][0]
    measures = dict.fromkeys(name for one in first.values() for name in one)
    found = (
        _figure(
            name,
            {
                who: np.array([[sheet[who].get(name, nan) for sheet in row] for row in sheets])
                for who in first
            },
            (controls or {}).get(name, control),
        )
        for name in measures
    )
    return tuple(figure for figure in found if figure.trials)


def table(title: str, figures: Sequence[Figure]) -> str:
    """Draw figures under one another, as a Markdown table."""
    others = [who for who in figures[0].means if who != MODEL]
    lines = [f"| {title} | trials | model | 95 % | {' | '.join(others)} | standing | 95 % |"]
    lines.append("|---|" + "--:|" * (5 + len(others)))
    for one in figures:
        rest = " | ".join(_told(one.means[who]) for who in others)
        lines.append(
            f"| {one.measure} | {one.trials} | {_told(one.means[MODEL])} | {_span(one.interval)}"
            f" | {rest} | {_told(one.standing)} | {_span(one.standing_interval)} |"
        )
    return "\n".join(lines)


def _figure(name: str, values: Mapping[str, Values], control: str) -> Figure:
    """Summarise one measure."""
    seeds, pieces = values[MODEL].shape
    dice = np.random.default_rng(SEED)
    drawn = (
        dice.integers(seeds, size=(RESAMPLES, seeds))[:, :, None],
        dice.integers(pieces, size=(RESAMPLES, pieces))[:, None, :],
    )
    means = {who: float(_means(own[None])[0]) for who, own in values.items()}
    again = {who: _means(own[drawn]) for who, own in values.items()}
    standing, span = nan, (nan, nan)
    if control and pieces > 1:  # of a single one no interval can be told
        low, high = _percentiles(again[REAL] - again[control])
        if low > 0 or high < 0:
            standing = (means[MODEL] - means[control]) / (means[REAL] - means[control])
            with np.errstate(divide="ignore", invalid="ignore"):
                standings = (again[MODEL] - again[control]) / (again[REAL] - again[control])
            span = _percentiles(standings)
    return Figure(
        name,
        int((~np.isnan(values[MODEL])).sum()),
        means,
        _percentiles(again[MODEL]),
        control,
        standing,
        span,
    )


def _means(values: Values) -> Values:
    """Average (draws, seeds, pieces) over trials that tell something; NaN where none does."""
    told = ~np.isnan(values)
    counts = told.sum(axis=(1, 2))
    sums = np.where(told, values, 0).sum(axis=(1, 2))
    means: Values = np.where(counts > 0, sums / np.maximum(counts, 1), nan)
    return means


def _percentiles(values: Values) -> Interval:
    known = values[np.isfinite(values)]
    if not len(known):
        return nan, nan
    low, high = np.quantile(known, ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2))
    return float(low), float(high)


def _known(value: float) -> float | None:
    return None if isnan(value) else value


def _told(value: float) -> str:
    return "–" if isnan(value) else f"{value:.2f}"


def _span(interval: Interval) -> str:
    return "–" if isnan(interval[0]) else f"{interval[0]:.2f}–{interval[1]:.2f}"
