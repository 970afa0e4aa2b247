"""What is customary in a style: who plays, in which meter, how fast, how densely.

When a person leaves a wish open, a custom answers in its place. Customs are counted from the
training pieces and travel with the weights.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
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
        if set(values) != set(_SHAPES):
            raise TypeError(f"customs are missing or unknown: {sorted(set(values) ^ set(_SHAPES))}")
        for name, fits in _SHAPES.items():
            if not fits(values[name]):
                raise TypeError(f"not {name}: {values[name]}")
        return cls(**values)  # type: ignore[arg-type]  # their shapes have just been looked at


def quartiles(values: list[float]) -> tuple[float, float, float]:
    """Give the lower quartile, median and upper quartile of at least one value."""
    ordered = sorted(values)
    last = len(ordered) - 1
    low, middle, high = (round(ordered[round(last * share)], 2) for share in (0.25, 0.5, 0.75))
    return low, middle, high


def _frozen(value: object) -> object:
    return tuple(_frozen(one) for one in value) if isinstance(value, list | tuple) else value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _is_quartiles(value: object) -> bool:
    return isinstance(value, tuple) and len(value) == 3 and all(map(_is_number, value))


def _is_counted(kind: type, value: object) -> bool:
    """Tell whether these are pairs of a thing of this kind and a number, at least one."""
    pairs = value if isinstance(value, tuple) else ()
    return pairs != () and all(
        isinstance(pair, tuple) and list(map(type, pair)) == [kind, int] for pair in pairs
    )


_SHAPES: Mapping[str, Callable[[object], bool]] = {
    "pieces": _is_number,
    "ensembles": partial(_is_counted, tuple),
    "meters": partial(_is_counted, str),
    "tempos_bpm": _is_quartiles,
    "minor_share": _is_number,
    "notes_a_bar": _is_quartiles,
}
