"""Runs side by side: each arm's mean and spread over seeds, and its distance from the full one.

Two arms with one seed saw the same windows in the same order and were measured on the same pieces,
so a difference is taken seed by seed. Its interval is Student's for so many differences: it says
how much is owed to the dice, not to the choice of pieces.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from statistics import fmean, stdev

from typing_extensions import override

from audiogroove.evaluation.ablations.arms import ARMS, FULL
from audiogroove.evaluation.ablations.run import Run

# Student's t for 95 % of both sides together, by degrees of freedom from 1 on (Fisher and Yates)
STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)
MAX_SEEDS = len(STUDENT) + 1
ANCESTOR_ABOUT = "a flat stream of tokens, each from a window of 32 read anew, equal weights"
NONE = "–"


@dataclass(frozen=True, slots=True)
class Spread:
    """Several figures of one kind; `low` and `high` are None where there is but one."""

    mean: float
    deviation: float | None
    low: float | None  # of the mean, 95 %
    high: float | None

    @classmethod
    def of(cls, figures: Sequence[float]) -> "Spread":
        """Sum up at least one figure, at most `MAX_SEEDS`."""
        mean = fmean(figures)
        if len(figures) == 1:
            return cls(mean, None, None, None)
        deviation = stdev(figures)
        reach = STUDENT[len(figures) - 2] * deviation / sqrt(len(figures))
        return cls(mean, deviation, mean - reach, mean + reach)

    @override
    def __str__(self) -> str:
        around = "" if self.deviation is None else f" ± {self.deviation:.3f}"
        return f"{self.mean:.3f}{around}"

    @property
    def interval(self) -> str:
        """Write a difference and its interval, such as `+0.10 [+0.05, +0.15]`."""
        around = "" if self.low is None else f" [{self.low:+.3f}, {self.high:+.3f}]"
        return f"{self.mean:+.3f}{around}"


@dataclass(frozen=True, slots=True)
class Row:
    """One arm. Nats are nats a note; what an arm has not is None."""

    arm: str
    about: str
    seeds: tuple[int, ...]
    weights: int
    products: int  # multiplications to write a note
    notes: float  # learnt from, mean
    pace: float  # notes learnt from in a second of the processor, mean
    nats: Spread  # without wishes
    more: Spread | None  # than the full network, by seed
    wished: Spread | None  # with wishes
    wished_more: Spread | None
    fields: dict[str, float]  # without wishes, means
    command: str

    @property
    def cells(self) -> tuple[str, ...]:
        """Write the row of the table."""
        return (
            f"{self.arm}: {self.about}",
            f"{self.weights / 1e6:.2f} M",
            f"{self.products / 1e6:.1f} M",
            f"{self.notes / 1e3:.0f} k",
            f"{self.pace:.0f}",
            str(self.nats),
            self.more.interval if self.more else NONE,
            str(self.wished) if self.wished else NONE,
            self.wished_more.interval if self.wished_more else NONE,
        )


HEAD = (
    *("arm", "weights", "products a note", "notes learnt from", "a processor-second"),
    *("nats a note", "more than full", "with wishes", "more than full"),
)


def rows_of(runs: Sequence[Run], command: str) -> list[Row]:
    """Sum up runs arm by arm, in the order in which arms first come; `command` lacks the arm."""
    arms = dict.fromkeys(run.arm for run in runs)
    full = {run.seed: run for run in runs if run.arm == FULL}
    return [_row([run for run in runs if run.arm == arm], full, command) for arm in arms]


def _row(runs: Sequence[Run], full: dict[int, Run], command: str) -> Row:
    first = runs[0]
    fields = [run.evaluations[0].overall.fields for run in runs]
    return Row(
        first.arm,
        ARMS[first.arm].about if first.arm in ARMS else ANCESTOR_ABOUT,
        tuple(run.seed for run in runs),
        first.weights,
        first.products,
        fmean(run.notes for run in runs),
        fmean(run.pace for run in runs),
        Spread.of([run.evaluations[0].overall.total for run in runs]),
        _more(runs, full, 0),
        _wished(runs),
        _more(runs, full, 1),
        {name: fmean(one[name] for one in fields) for name in fields[0]},
        f"{command} --arm {first.arm}",
    )


def _wished(runs: Sequence[Run]) -> Spread | None:
    known = [run.evaluations[1].overall.total for run in runs if len(run.evaluations) > 1]
    return Spread.of(known) if known else None


def _more(runs: Sequence[Run], full: dict[int, Run], kind: int) -> Spread | None:
    """Tell by how much runs are worse than the full network with the same seed."""
    differences = [
        run.evaluations[kind].overall.total - full[run.seed].evaluations[kind].overall.total
        for run in runs
        if run.arm != FULL and run.seed in full and len(run.evaluations) > kind
    ]
    return Spread.of(differences) if differences else None


def draw(rows: Sequence[Row]) -> str:
    """Draw rows as a Markdown table."""
    lines = [f"| {' | '.join(HEAD)} |", "|---|" + "--:|" * (len(HEAD) - 1)]
    lines += [f"| {' | '.join(row.cells)} |" for row in rows]
    return "\n".join(lines)


def to_json(rows: Sequence[Row]) -> list[dict[str, object]]:
    """Write rows as JSON values."""
    return [asdict(row) for row in rows]
