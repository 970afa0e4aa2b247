"""What is customary in a style: who plays how much, in which meter, how fast, in what form.

When a person leaves a wish open, a custom answers in its place. Customs are counted from the
training pieces and travel with the weights.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audiogroove.music import instruments
from audiogroove.tokens.form import LIKE, SAME, Form
from audiogroove.tokens.vocabulary import DRUMS

ENSEMBLES = 24  # the commonest are kept
METERS = 8
PROGRAMS = 24
FORMS = 24  # these are spread evenly over all
FORM_BARS = 16  # what a form is judged by: its first bars
STRAY = 1.0  # so many parts more are taken to play each program, known or not
LEAST_PARTS = 4  # a program that fewer parts play has no custom of its own

Quartiles = tuple[float, float, float]
Activity = tuple[int, int, Quartiles]  # program, how many parts play it, their notes a bar


class Sample(NamedTuple):
    """What one piece tells of its style."""

    programs: tuple[int, ...]  # in score order, vocabulary.DRUMS for the kit
    meter: str  # such as 4/4
    bpm: float | None
    minor: bool
    notes_a_bar: float
    activities: tuple[float, ...] = ()  # notes a bar of each part, in order
    forms: tuple[str, ...] = ()  # of stretches of it, see audiogroove.tokens.form


@dataclass(frozen=True, slots=True)
class Custom:
    """One style's habits; counts are of training pieces, commonest first.

    The last three may be empty: then nothing is known.
    """

    pieces: int
    ensembles: tuple[tuple[tuple[int, ...], int], ...]
    meters: tuple[tuple[str, int], ...]
    tempos_bpm: Quartiles
    minor_share: float  # 0..1
    notes_a_bar: Quartiles
    balances: tuple[tuple[float, ...], ...] = ()  # each ensemble's: median notes a bar of its parts
    activities: tuple[Activity, ...] = ()
    forms: tuple[str, ...] = ()  # one as likely as another

    @classmethod
    def learn(cls, samples: Iterable[Sample]) -> "Custom":
        """Count what is customary among samples, at least one."""
        known = list(samples)
        ensembles = Counter(one.programs for one in known).most_common(ENSEMBLES)
        meters = Counter(one.meter for one in known)
        told = all(len(one.activities) == len(one.programs) for one in known)
        return cls(
            len(known),
            tuple(ensembles),
            tuple(meters.most_common(METERS)),
            quartiles([one.bpm for one in known if one.bpm] or [110.0]),
            sum(one.minor for one in known) / len(known),
            quartiles([one.notes_a_bar for one in known]),
            tuple(_balance(known, programs) for programs, _ in ensembles) if told else (),
            _activities(known) if told else (),
            typical([form for one in known for form in one.forms]),
        )

    @classmethod
    def of(cls, entry: dict[str, object]) -> "Custom":
        """Make a custom from its JSON object; undoes `dataclasses.asdict`.

        What older ones did not know yet may be missing: balances, activities, forms.

        Raises:
            TypeError: when another entry is missing, or one is unknown or of another shape.
            ValueError: when a form is none, or balances are not those of the ensembles.
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
        for text in custom.forms:
            Form.read(text)
        return custom

    def balance(self, programs: tuple[int, ...]) -> tuple[float, ...] | None:
        """Tell the median notes a bar of each part of an ensemble; None where none is known."""
        known = [ensemble for ensemble, _ in self.ensembles[: len(self.balances)]]
        return self.balances[known.index(programs)] if programs in known else None

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


def typical(texts: Sequence[str]) -> tuple[str, ...]:
    """Choose `FORMS` of many forms, or all if they are fewer, spread as evenly as they are.

    They are ordered by how much of their first bars comes again the same, then by how much comes
    again changed, and taken at equal distances. The same one may be taken several times.
    """
    ordered = sorted(texts, key=_repetition)
    count = min(FORMS, len(ordered))
    return tuple(ordered[(2 * index + 1) * len(ordered) // (2 * count)] for index in range(count))


def _repetition(text: str) -> tuple[float, float, str]:
    levels = Form.read(text).levels[:FORM_BARS]
    return float(np.mean(levels == SAME)), float(np.mean(levels == LIKE)), text


def _balance(samples: Sequence[Sample], programs: tuple[int, ...]) -> tuple[float, ...]:
    played = [one.activities for one in samples if one.programs == programs]
    return tuple(map(_tenth, np.median(played, axis=0).tolist()))


def _activities(samples: Sequence[Sample]) -> tuple[Activity, ...]:
    played: dict[int, list[float]] = defaultdict(list)
    for one in samples:
        for program, notes in zip(one.programs, one.activities, strict=True):
            played[program].append(notes)
    commonest = sorted(played, key=lambda program: -len(played[program]))[:PROGRAMS]
    if len(played[commonest[0]]) >= LEAST_PARTS:
        commonest = [program for program in commonest if len(played[program]) >= LEAST_PARTS]
    return tuple(
        (program, len(played[program]), _tenths(quartiles(played[program])))
        for program in commonest
    )


def _tenths(values: Quartiles) -> Quartiles:
    low, middle, high = map(_tenth, values)
    return low, middle, high


def _tenth(notes: float) -> float:
    """Round notes a bar for the file; what is hardly played is not nothing."""
    return max(round(notes, 1), 0.1)


def quartiles(values: list[float]) -> Quartiles:
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


def _is_positive(value: object) -> bool:
    return isinstance(value, int | float) and 0 < value < np.inf


_LATER: Mapping[str, object] = {"balances": (), "activities": (), "forms": ()}
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
}
