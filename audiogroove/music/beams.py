"""Which notes of a bar are beamed together, and with how many beams.

Beams show the beats: a group never goes beyond one, but that plain eighths join over half a bar
of 4/4 and over a bar of 2/4 and 3/4 (Gould, "Behind Bars", 2011, pages 151-166).
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, groupby
from types import MappingProxyType
from typing import Literal, Protocol

from audiogroove.music.piece import STEPS_PER_QUARTER, Meter

Beam = Literal["start", "continue", "stop", "partial right", "partial left"]

LEVELS: Mapping[str, int] = MappingProxyType({"eighth": 1, "16th": 2, "32nd": 3})
_EIGHTH = STEPS_PER_QUARTER // 2


class Written(Protocol):
    """What beams need to know of a sign."""

    @property
    def onset(self) -> int:
        """Steps from the bar's beginning."""

    @property
    def steps(self) -> int:
        """How long it is."""

    @property
    def value(self) -> str:
        """Its note value, as in LEVELS."""

    @property
    def notes(self) -> Sequence[object]:
        """None in a rest."""


def beams(voice: Sequence[Written], meter: Meter) -> list[tuple[Beam, ...]]:
    """Tell the beams of each sign of a bar's voice, the one nearest the note's end first."""
    found: list[tuple[Beam, ...]] = [()] * len(voice)
    for first, past in _runs(voice, meter):
        levels = [LEVELS[sign.value] for sign in voice[first:past]]
        for at in range(past - first):
            found[first + at] = tuple(
                _beam(levels, at, level, voice[first + at]) for level in range(1, levels[at] + 1)
            )
    return found


def _runs(voice: Sequence[Written], meter: Meter) -> Iterator[tuple[int, int]]:
    # Neighbours of the same beat that all have flags: (first, past the last), two at least.
    wide = _bounds(meter, joined=True)
    narrow = _bounds(meter, joined=False)
    plain = {
        at
        for at, group in groupby(voice, lambda sign: bisect_right(wide, sign.onset))
        if all(sign.notes and sign.value == "eighth" and sign.steps == _EIGHTH for sign in group)
    }

    def beat(at: int) -> tuple[bool, int]:
        sign = voice[at]
        whole = bisect_right(wide, sign.onset)
        return (True, whole) if whole in plain else (False, bisect_right(narrow, sign.onset))

    flagged = (at for at, sign in enumerate(voice) if sign.notes and sign.value in LEVELS)
    rows = [(at, (at - number, beat(at))) for number, at in enumerate(flagged)]
    for _, row in groupby(rows, lambda each: each[1]):
        members = [at for at, _ in row]
        if len(members) > 1:
            yield members[0], members[-1] + 1


def _bounds(meter: Meter, *, joined: bool) -> list[int]:
    bar, quarter = meter.bar_steps, STEPS_PER_QUARTER
    sizes = [quarter]
    if meter.beat_steps % 9 == 0:
        sizes = [meter.beat_steps]
    elif meter.denominator >= 8 and meter.numerator in {3, 5, 7}:
        unit = meter.beat_steps
        sizes = [unit * each for each in {3: (3,), 5: (3, 2), 7: (2, 2, 3)}[meter.numerator]]
    elif joined and meter.denominator == 4:
        sizes = [3 * quarter] if meter.numerator == 3 else [2 * quarter]
    return list(accumulate(sizes * (bar // sum(sizes) + 1)))


def _beam(levels: Sequence[int], at: int, level: int, sign: Written) -> Beam:
    before = at > 0 and levels[at - 1] >= level
    after = at + 1 < len(levels) and levels[at + 1] >= level
    if before and after:
        return "continue"
    if before or after:
        return "stop" if before else "start"
    towards_next = at == 0 or (at + 1 < len(levels) and sign.onset % (2 * sign.steps) == 0)
    return "partial right" if towards_next else "partial left"
