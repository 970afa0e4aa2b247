"""A census of a style's music: what each stretch of it tells, and what is customary among them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from statistics import mean
from typing import NamedTuple

import numpy as np

from audiogroove.tokens.counterpoint import Roughness
from audiogroove.tokens.customs import PROGRAMS, Activity, Custom, Lay, Quartiles, Register
from audiogroove.tokens.form import LIKE, SAME, Form
from audiogroove.tokens.vocabulary import DRUMS

ENSEMBLES = 24  # the commonest are kept
METERS = 8
FORMS = 24  # these are spread evenly over all
FORM_BARS = 16  # what a form is judged by: its first bars
SEATINGS = 4  # stretches by an ensemble whose parts' places are kept, spread evenly over all
LEAST_PARTS = 4  # a program that fewer parts play has no custom of its own


class Sample(NamedTuple):
    """What a stretch of a piece tells of its style."""

    programs: tuple[int, ...]  # of those who play, in score order, vocabulary.DRUMS for the kit
    meter: str  # such as 4/4
    bpm: float | None
    minor: bool
    notes_a_bar: float
    activities: tuple[float, ...] = ()  # notes a bar of each part, in order
    form: str | None = None  # see audiogroove.tokens.form
    lays: tuple[Lay, ...] = ()  # of each part, in order
    rough: Roughness = Roughness()


def custom_of(samples: Iterable[Sample], pieces: int) -> Custom:
    """Count what is customary among samples, at least one, of so many pieces."""
    known = list(samples)
    ensembles = Counter(one.programs for one in known).most_common(ENSEMBLES)
    meters = Counter(one.meter for one in known)
    told = all(len(one.activities) == len(one.programs) for one in known)
    lie = all(len(one.lays) == len(one.programs) for one in known)
    return Custom(
        pieces,
        tuple(ensembles),
        tuple(meters.most_common(METERS)),
        quartiles([one.bpm for one in known if one.bpm] or [110.0]),
        sum(one.minor for one in known) / len(known),
        quartiles([one.notes_a_bar for one in known]),
        tuple(_balance(known, programs) for programs, _ in ensembles) if told else (),
        _activities(known) if told else (),
        typical([one.form for one in known if one.form]),
        tuple(_seatings(known, programs) for programs, _ in ensembles) if lie else (),
        _registers(known) if lie else (),
        _average([one.rough.clashes for one in known]),
        _average([one.rough.parallels for one in known]),
    )


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


def _seatings(samples: Sequence[Sample], programs: tuple[int, ...]) -> tuple[tuple[Lay, ...], ...]:
    """Choose stretches by an ensemble, ordered by how high they lie, at equal distances."""
    seated = sorted(
        (one.lays for one in samples if one.programs == programs),
        key=lambda lays: (sum(map(sum, lays)), lays),
    )
    count = min(SEATINGS, len(seated))
    return tuple(seated[(2 * index + 1) * len(seated) // (2 * count)] for index in range(count))


def _registers(samples: Sequence[Sample]) -> tuple[Register, ...]:
    """Tell where each pitched program usually lies: medians over the parts that play it."""
    lying: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for one in samples:
        for program, lay in zip(one.programs, one.lays, strict=True):
            if program != DRUMS:
                lying[program].append(lay)
    commonest = sorted(lying, key=lambda program: -len(lying[program]))[:PROGRAMS]
    found = []
    for program in commonest:
        low, high = np.median(lying[program], axis=0).tolist()
        found.append((program, len(lying[program]), (low, (low + high) / 2, high)))
    return tuple(found)


def _average(shares: Sequence[float | None]) -> float | None:
    known = [share for share in shares if share is not None]
    return round(mean(known), 4) if known else None


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
