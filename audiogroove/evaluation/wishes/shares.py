"""Shares and amounts with their intervals, and how they are drawn up."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import isnan, nan, sqrt

import numpy as np

Z = 1.959964  # of a normal distribution: 95 % lie within so many deviations of its mean
RESAMPLES = 2_000
SEED = 1

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Share:
    """How many of some trials came true, and Wilson's interval (JASA 22, 1927), 95 %."""

    granted: int
    trials: int

    @classmethod
    def of(cls, values: Sequence[float]) -> "Share":
        """Count the ones among ones and zeros; NaN is no trial."""
        told = [value for value in values if not isnan(value)]
        return cls(round(sum(told)), len(told))

    @property
    def share(self) -> float:
        """How many of one; NaN without trials."""
        return self.granted / self.trials if self.trials else nan

    @property
    def interval(self) -> Interval:
        """Between which shares the true one lies; all of them without trials."""
        n = self.trials
        if not n:
            return 0.0, 1.0
        middle = (self.granted + Z * Z / 2) / (n + Z * Z)
        reach = Z / (n + Z * Z) * sqrt(self.granted * (n - self.granted) / n + Z * Z / 4)
        return max(0.0, middle - reach), min(1.0, middle + reach)


@dataclass(frozen=True, slots=True)
class Grant:
    """How often a wish was granted, and how often the same came true unwished."""

    wish: str
    demand: str
    wished: Share
    unwished: Share

    def to_json(self) -> dict[str, object]:
        """Write a grant as JSON values, intervals included."""
        told = asdict(self)
        for name in ("wished", "unwished"):
            one: Share = getattr(self, name)
            told[name]["interval"] = list(one.interval)
        return told


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of something there was on average; NaN where nothing could be told."""

    wish: str
    amount: str
    trials: int
    wished: float
    interval: Interval  # of `wished`: 95 % of a bootstrap over pieces
    unwished: float

    @classmethod
    def of(
        cls, wish: str, amount: str, wished: Sequence[float], unwished: Sequence[float]
    ) -> "Amount":
        """Average values; NaN is left out."""
        told = np.array([value for value in wished if not isnan(value)])
        rest = np.array([value for value in unwished if not isnan(value)])
        if not len(told):
            return cls(wish, amount, 0, nan, (nan, nan), nan)
        draws = np.random.default_rng(SEED).integers(len(told), size=(RESAMPLES, len(told)))
        low, high = np.quantile(told[draws].mean(axis=1), (0.025, 0.975))
        return cls(
            wish,
            amount,
            len(told),
            float(told.mean()),
            (float(low), float(high)),
            float(rest.mean()) if len(rest) else nan,
        )

    def to_json(self) -> dict[str, object]:
        """Write an amount as JSON values, None for what could not be told."""
        return {
            "wish": self.wish,
            "amount": self.amount,
            "trials": self.trials,
            "wished": _known(self.wished),
            "interval": [_known(end) for end in self.interval],
            "unwished": _known(self.unwished),
        }


def grants_table(grants: Sequence[Grant]) -> str:
    """Draw up shares, as a Markdown table."""
    lines = ["| wish | granted when | wished | 95 % | pieces | unwished | 95 % |"]
    lines.append("|---|---|--:|--:|--:|--:|--:|")
    lines.extend(
        f"| {one.wish} | {one.demand} | {_percent(one.wished)} | {one.wished.trials}"
        f" | {_percent(one.unwished)} |"
        for one in grants
    )
    return "\n".join(lines)


def amounts_table(amounts: Sequence[Amount]) -> str:
    """Draw up amounts, as a Markdown table."""
    lines = ["| wish | how much | wished | 95 % | pieces | unwished |"]
    lines.append("|---|---|--:|--:|--:|--:|")
    for one in amounts:
        span = "–".join(map(_told, one.interval))
        figures = f"{_told(one.wished)} | {span} | {one.trials} | {_told(one.unwished)}"
        lines.append(f"| {one.wish} | {one.amount} | {figures} |")
    return "\n".join(lines)


def _percent(one: Share) -> str:
    low, high = one.interval
    return f"{100 * one.share:.0f} % | {100 * low:.0f}–{100 * high:.0f}" if one.trials else "– | –"


def _known(value: float) -> float | None:
    return None if isnan(value) else value


def _told(value: float) -> str:
    return "–" if isnan(value) else f"{value:.2f}"
