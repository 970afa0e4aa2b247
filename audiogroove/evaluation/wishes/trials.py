"""All wishes put to the test."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import nan

from audiogroove.evaluation.likeness import density
from audiogroove.evaluation.wishes.asking import Judge, Trial, trials
from audiogroove.evaluation.wishes.shares import (
    Amount,
    Grant,
    Share,
    amounts_table,
    grants_table,
)
from audiogroove.model.checkpoint import Checkpoint
from audiogroove.music.piece import Piece
from audiogroove.request import DENSITIES, ComposeRequest

Requests = Sequence[ComposeRequest]
Composer = Callable[[Requests], Sequence[Piece]]  # in order
Composed = Mapping[ComposeRequest, Piece]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How often wishes were granted, and how far they were."""

    grants: tuple[Grant, ...]
    amounts: tuple[Amount, ...]

    def to_json(self) -> dict[str, object]:
        """Write an outcome as JSON values."""
        return {
            "grants": [one.to_json() for one in self.grants],
            "amounts": [one.to_json() for one in self.amounts],
        }

    def tables(self) -> str:
        """Draw both, as Markdown tables."""
        return f"{grants_table(self.grants)}\n\n{amounts_table(self.amounts)}"


def examine(
    checkpoint: Checkpoint,
    compose: Composer,
    *,
    styles: Collection[str] = (),
    pieces: int,
    seeds: int,
) -> Outcome:
    """Wish for everything `pieces` × `seeds` times; refuses as `asking.trials` does."""
    asked = trials(checkpoint, styles=styles, pieces=pieces, seeds=seeds)
    # a piece without any wish stands beside all of its kind, and is composed once
    requests = list(dict.fromkeys(each for one in asked for each in (one.request, one.without)))
    composed = dict(zip(requests, compose(requests), strict=True))
    return judge(asked, composed)


def judge(asked: Sequence[Trial], composed: Composed) -> Outcome:
    """Judge what was composed for some trials, and what was composed without their wishes."""
    kinds: dict[str, list[Trial]] = {}
    for one in asked:
        kinds.setdefault(one.wish, []).append(one)
    grants: list[Grant] = []
    amounts: list[Amount] = []
    for wish, own in kinds.items():
        for name, wished, unwished in _values(own, composed, lambda one: one.demands):
            grants.append(Grant(wish, name, Share.of(wished), Share.of(unwished)))
        for name, wished, unwished in _values(own, composed, lambda one: one.amounts):
            amounts.append(Amount.of(wish, name, wished, unwished))
    order = _ordered(kinds, composed)
    return Outcome(tuple(grants), (*amounts, *order))


def order_kept(densities: Sequence[float]) -> float:
    """Tell the share of pairs of which the later is the denser; equal ones count half."""
    pairs = list(combinations(densities, 2))
    if not pairs:
        return nan
    return sum(0.5 if one == other else float(one < other) for one, other in pairs) / len(pairs)


def _values(
    own: Sequence[Trial], composed: Composed, judges: Callable[[Trial], Mapping[str, Judge]]
) -> Iterator[tuple[str, list[float], list[float]]]:
    """Yield what the judges of one wish say.

    Yields:
        A judge's name, what they say of the wished pieces, and of the others.
    """
    for name in judges(own[0]):
        yield (
            name,
            [judges(one)[name](composed[one.request]) for one in own],
            [judges(one)[name](composed[one.without]) for one in own],
        )


def _ordered(kinds: Mapping[str, Sequence[Trial]], composed: Composed) -> Iterator[Amount]:
    """Yield how often of two densities wished of one piece the greater one was the denser.

    Yields:
        One amount, or none where densities were not wished.
    """
    steps = [kinds.get(f"density: {word}", ()) for word in DENSITIES]
    together = list(zip(*steps, strict=False))
    if together:
        kept = [order_kept([density(composed[one.request]) for one in trial]) for trial in together]
        yield Amount.of("density", "pairs in the order wished (half by chance)", kept, ())
