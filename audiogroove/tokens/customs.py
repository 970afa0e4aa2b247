"""What is customary in a style: who plays, in which meter, how fast, how densely.

When a person leaves a wish open, a custom answers in its place. Customs are counted from the
training pieces and travel with the weights.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

ENSEMBLES = 24  # the commonest are kept
METERS = 8


class Sample(NamedTuple):
    """What one piece tells of its style."""

    programs: tuple[int, ...]  # in score order, vocabulary.DRUMS for the kit
    meter: str  # such as 4/4
    bpm: float | None
    minor: bool
    notes_a_bar: float


@dataclass(frozen=True, slots=True)
class Custom:
    """One style's habits; counts are of training pieces, commonest first."""

    pieces: int
    ensembles: tuple[tuple[tuple[int, ...], int], ...]
    meters: tuple[tuple[str, int], ...]
    tempos_bpm: tuple[float, float, float]  # quartiles
    minor_share: float  # 0..1
    notes_a_bar: tuple[float, float, float]  # quartiles

    @classmethod
    def learn(cls, samples: Iterable[Sample]) -> "Custom":
        """Count what is customary among samples, at least one."""
        known = list(samples)
        ensembles = Counter(one.programs for one in known)
        meters = Counter(one.meter for one in known)
        return cls(
            len(known),
            tuple(ensembles.most_common(ENSEMBLES)),
            tuple(meters.most_common(METERS)),
            quartiles([one.bpm for one in known if one.bpm] or [110.0]),
            sum(one.minor for one in known) / len(known),
            quartiles([one.notes_a_bar for one in known]),
        )

    @classmethod
    def of(cls, entry: dict[str, object]) -> "Custom":
        """Make a custom from its JSON object; undoes `dataclasses.asdict`.

        Raises:
            TypeError: when an entry is missing, unknown or of another shape.
        """
        values = {name: _frozen(value) for name, value in entry.items()}
        return cls(**values)  # type: ignore[arg-type]


def quartiles(values: list[float]) -> tuple[float, float, float]:
    """Give the lower quartile, median and upper quartile of at least one value."""
    ordered = sorted(values)
    last = len(ordered) - 1
    low, middle, high = (round(ordered[round(last * share)], 2) for share in (0.25, 0.5, 0.75))
    return low, middle, high


def _frozen(value: object) -> object:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value
