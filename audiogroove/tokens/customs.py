"""What is customary in a style: who plays, how much and where, meter, tempo, form, counterpoint.

When a person leaves a wish open, a custom answers in its place. Customs are counted from the
training pieces (see `audiogroove.tokens.census`) and travel with the weights.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from audiogroove.music import instruments
from audiogroove.tokens.form import Form
from audiogroove.tokens.vocabulary import DRUMS

PROGRAMS = 24  # of which activities and registers are kept
STRAY = 1.0  # so many parts more are taken to play each program, known or not

Quartiles = tuple[float, float, float]
Activity = tuple[int, int, Quartiles]  # program, how many parts play it, their notes a bar
Lay = tuple[int, ...]  # where a part lies: usual lowest and highest pitch; of a kit, its keys
Register = tuple[int, int, Quartiles]  # program, parts, their usual lowest, middle, highest pitch


@dataclass(frozen=True, slots=True)
class Custom:
    """One style's habits; counts are of stretches of training pieces, commonest first.

    The last seven may be empty or None: then nothing is known.
    """

    pieces: int  # that it was learnt from
    ensembles: tuple[tuple[tuple[int, ...], int], ...]
    meters: tuple[tuple[str, int], ...]
    tempos_bpm: Quartiles
    minor_share: float  # 0..1
    notes_a_bar: Quartiles
    balances: tuple[tuple[float, ...], ...] = ()  # each ensemble's: median notes a bar of its parts
    activities: tuple[Activity, ...] = ()
    forms: tuple[str, ...] = ()  # one as likely as another
    seatings: tuple[tuple[tuple[Lay, ...], ...], ...] = ()  # each ensemble's: how pieces lie
    registers: tuple[Register, ...] = ()
    clashes: float | None = None  # see tokens.counterpoint.Roughness
    parallels: float | None = None

    @classmethod
    def of(cls, entry: dict[str, object]) -> "Custom":
        """Make a custom from its JSON object; undoes `dataclasses.asdict`.

        What older ones did not know yet may be missing: balances, activities, forms, seatings,
        registers, clashes, parallels.

        Raises:
            TypeError: when another entry is missing, or one is unknown or of another shape.
            ValueError: when a form is none, or balances or seatings are not those of the
                ensembles.
        """
        values = {**_LATER, **{name: _frozen(value) for name, value in entry.items()}}
        if set(values) != set(_SHAPES):
            raise TypeError(f"customs are missing or unknown: {sorted(set(values) ^ set(_SHAPES))}")
        for name, fits in _SHAPES.items():
            if not fits(values[name]):
                raise TypeError(f"not {name}: {values[name]}")
        custom = cls(**values)  # type: ignore[arg-type]  # their shapes have just been looked at
        sizes = [len(programs) for programs, _ in custom.ensembles]
        if custom.balances and [len(one) for one in custom.balances] != sizes:
            raise ValueError("balances of other ensembles")
        seated = [{len(lays) for lays in one} for one in custom.seatings]
        if custom.seatings and seated != [{size} for size in sizes]:
            raise ValueError("seatings of other ensembles")
        for text in custom.forms:
            Form.read(text)
        return custom

    def balance(self, programs: tuple[int, ...]) -> tuple[float, ...] | None:
        """Tell the median notes a bar of each part of an ensemble; None where none is known."""
        known = [ensemble for ensemble, _ in self.ensembles[: len(self.balances)]]
        return self.balances[known.index(programs)] if programs in known else None

    def seating(self, programs: tuple[int, ...]) -> tuple[tuple[Lay, ...], ...]:
        """List how the parts of an ensemble lie in some pieces; none where none is known."""
        known = [ensemble for ensemble, _ in self.ensembles[: len(self.seatings)]]
        return self.seatings[known.index(programs)] if programs in known else ()

    def share(self, program: int) -> float:
        """Tell which share of all parts a program plays, above 0 even where it is unknown."""
        parts = {known: count for known, count, _ in self.activities}
        strays = STRAY * PROGRAMS
        return (parts.get(program, 0) + STRAY) / (sum(parts.values()) + strays)


def familiarity(programs: Sequence[int], styles: Sequence[Custom]) -> NDArray[np.float64]:
    """Tell how likely it is that each style has these players, shape (styles,), summing to 1.

    One player is taken to be as likely as the share of parts that play it, whoever is beside it.
    """
    shares = np.array([[one.share(program) for program in programs] for one in styles])
    logs = np.log(shares.reshape(len(styles), -1)).sum(axis=1)
    likely: NDArray[np.float64] = np.exp(logs - logs.max())
    likely /= likely.sum()
    return likely


def family_of(program: int) -> str:
    """Tell the family of a program value, `DRUMS` for the kit."""
    kit = program == DRUMS
    return instruments.instrument(0 if kit else program, is_drums=kit).family


def pooled(entries: Sequence[Activity]) -> Quartiles:
    """Average the quartiles of at least one activity, each as often as it was counted."""
    weights = np.array([parts for _, parts, _ in entries], dtype=np.float64)
    low, middle, high = weights @ np.array([own for _, _, own in entries]) / weights.sum()
    return float(low), float(middle), float(high)


def _frozen(value: object) -> object:
    return tuple(_frozen(one) for one in value) if isinstance(value, list | tuple) else value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _is_share(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and 0 <= value <= 1)


def _is_quartiles(value: object) -> bool:
    return isinstance(value, tuple) and len(value) == 3 and all(map(_is_number, value))


def _is_counted(kind: type, value: object) -> bool:
    """Tell whether these are pairs of a thing of this kind and a number, at least one."""
    return value != () and _are_rows(value, kind, int)


def _are_rows(value: object, *kinds: type) -> bool:
    """Tell whether these are tuples of things of these kinds, or none."""
    return isinstance(value, tuple) and all(
        isinstance(row, tuple) and tuple(map(type, row)) == kinds for row in value
    )


def _are_words(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(one, str) for one in value)


def _are_balances(value: object) -> bool:
    return isinstance(value, tuple) and all(
        isinstance(row, tuple) and all(map(_is_positive, row)) for row in value
    )


def _are_activities(value: object) -> bool:
    """Tell whether these are rows of a program, a count and quartiles."""
    return _are_rows(value, int, int, tuple) and all(
        parts > 0 and _is_quartiles(notes) and all(map(_is_positive, notes))
        for _, parts, notes in value  # type: ignore[attr-defined]  # rows have been looked at
    )


def _are_seatings(value: object) -> bool:
    """Tell whether these are, for each ensemble, some pieces, and of each some numbers a part."""
    return isinstance(value, tuple) and all(
        _are_of_tuples(pieces) and all(map(_lie, pieces)) for pieces in value
    )


def _lie(value: object) -> bool:
    """Tell whether these are tuples of numbers, at least one."""
    return _are_of_tuples(value) and all(map(_is_number, chain(*value)))  # type: ignore[misc]


def _are_of_tuples(value: object) -> bool:
    """Tell whether these are tuples, at least one."""
    return value != () and isinstance(value, tuple) and all(isinstance(one, tuple) for one in value)


def _are_registers(value: object) -> bool:
    """Tell whether these are rows of a program, a count and three pitches."""
    return _are_rows(value, int, int, tuple) and all(
        parts > 0 and _is_quartiles(pitches)
        for _, parts, pitches in value  # type: ignore[attr-defined]  # rows have been looked at
    )


def _is_positive(value: object) -> bool:
    return isinstance(value, int | float) and 0 < value < np.inf


_LATER: Mapping[str, object] = {
    **dict.fromkeys(("balances", "activities", "forms", "seatings", "registers"), ()),
    **dict.fromkeys(("clashes", "parallels")),
}
_SHAPES: Mapping[str, Callable[[object], bool]] = {
    "pieces": _is_number,
    "ensembles": partial(_is_counted, tuple),
    "meters": partial(_is_counted, str),
    "tempos_bpm": _is_quartiles,
    "minor_share": _is_number,
    "notes_a_bar": _is_quartiles,
    "balances": _are_balances,
    "activities": _are_activities,
    "forms": _are_words,
    "seatings": _are_seatings,
    "registers": _are_registers,
    "clashes": _is_share,
    "parallels": _is_share,
}
