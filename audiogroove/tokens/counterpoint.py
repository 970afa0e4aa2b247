"""What counterpoint shuns, and how much a style shuns it: clashes, and parallels.

A *clash* is a note with a second, a seventh or a tritone to what sounds already. Two parts move in
*parallel* when both leave one octave or fifth for another at once. A chorale has few of either, a
band does not mind; so they are counted in music, as shares, and leant against where they are rarer
there than usual.
"""

from dataclasses import dataclass
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audiogroove.compiled import compiled
from audiogroove.tokens.codec import BAR, DURATION, PART, PITCH, POSITION, Events
from audiogroove.tokens.features import PITCH_CLASSES
from audiogroove.tokens.sheet import (
    COUNT,
    PROGRAM,
    TURN_BAR,
    TURN_PART,
    TURN_POSITION,
    Sheet,
    turn_onset,
)
from audiogroove.tokens.vocabulary import DRUMS, MAX_PARTS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

DISSONANT = (1, 2, 6, 10, 11)  # semitones between pitch classes
FIFTH = 7
USUAL_CLASHES = 0.17  # medians of the styles that the model that comes along knows …
USUAL_PARALLELS = 0.10
LEAST = 0.005  # … and what is rarer counts as if it were so frequent
ENOUGH = 24  # clashes or parallels that could have been, to tell how many there are
REACH = 64  # notes back, in which the parts' notes before are looked for
NONE = -1


class Roughness(NamedTuple):
    """Shares of what could have been, 0..1; None where too little could."""

    clashes: float | None = None  # of the pitch classes that notes met, those they clashed with
    parallels: float | None = None  # of the moves of two parts together, the parallel ones


@dataclass(frozen=True, slots=True)
class Strictness:
    """How many times rarer than usual clashes and parallels are, in nats; 0 if they are not."""

    clashes: float = 0.0
    parallels: float = 0.0

    def __post_init__(self) -> None:
        """Check both.

        Raises:
            ValueError: when either is below 0.
        """
        if self.clashes < 0 or self.parallels < 0:
            raise ValueError(f"not a strictness: {self}")


LENIENT = Strictness()


def strictness_of(rough: Roughness) -> Strictness:
    """Tell how strict a counterpoint is; what is not known is not strict."""
    return Strictness(
        _rarity(rough.clashes, USUAL_CLASHES), _rarity(rough.parallels, USUAL_PARALLELS)
    )


def _rarity(share: float | None, usual: float) -> float:
    return 0.0 if share is None else max(0.0, log(usual / max(share, LEAST)))


def count_roughness(events: Events, bar_lines: Ints, kits: NDArray[np.bool_]) -> Roughness:
    """Count clashes and parallels; `kits` tells which parts are drums, which are not heard."""
    found = np.zeros(4)
    _count(events.astype(np.int64), bar_lines.astype(np.int64), kits, found)
    clashed, met, parallel, moved = found.tolist()
    return Roughness(
        clashed / met if met >= ENOUGH else None, parallel / moved if moved >= ENOUGH else None
    )


@compiled
def _count(events: Ints, bar_lines: Ints, kits: NDArray[np.bool_], found: Floats) -> None:
    """Add up what notes clashed with, notes that met others, parallels, moves together."""
    ends, shares = np.zeros(128, dtype=np.int64), np.zeros(PITCH_CLASSES)
    now, before = np.full(MAX_PARTS, NONE), np.full(MAX_PARTS, NONE)
    bar, position = NONE, NONE
    for event in events:
        if kits[event[PART]]:
            continue
        if event[BAR] != bar or event[POSITION] != position:
            _count_moves(now, before, found)
            bar, position = event[BAR], event[POSITION]
        onset = bar_lines[bar] + position
        if tell_clashes(ends, onset, shares):
            found[0] += shares[event[PITCH] % PITCH_CLASSES]
            found[1] += 1
        now[event[PART]] = event[PITCH]  # of several at once the highest: it comes last
        ends[event[PITCH]] = max(ends[event[PITCH]], onset + event[DURATION])
    _count_moves(now, before, found)


@compiled
def _count_moves(now: Ints, before: Ints, found: Floats) -> None:
    """Count the moves of all pairs of parts to a place, and let it be the one before."""
    for one in range(MAX_PARTS):
        for two in range(one):
            if _moves(now, before, one) and _moves(now, before, two):
                gap = _gap(now[one], now[two])
                found[2] += gap in (0, FIFTH) and gap == _gap(before[one], before[two])
                found[3] += 1
    for part in range(MAX_PARTS):
        if now[part] >= 0:
            before[part] = now[part]
            now[part] = NONE


@compiled
def tell_clashes(ends: Ints, onset: int, shares: Floats) -> bool:
    """Tell with which share of the pitch classes that sound each would clash, (12,).

    The pitches sound until their `ends`. False where nothing sounds: then the shares are zeros.
    """
    heard = np.zeros(PITCH_CLASSES)
    for pitch in range(128):
        if ends[pitch] > onset:
            heard[pitch % PITCH_CLASSES] = 1
    total = heard.sum()
    shares[:] = 0
    if total == 0:
        return False
    for one in range(PITCH_CLASSES):
        for by in DISSONANT:
            shares[(one + by) % PITCH_CLASSES] += heard[one] / total
    return True


@compiled
def lower_clashes(sheet: Sheet, keys: Ints, by: float, nats: Floats) -> None:
    """Lower pitch ids by so many nats times the share of what sounds that they clash with.

    `keys` gives each id's pitch; a kit is not lowered.
    """
    if by <= 0 or _plays_kit(sheet, sheet.turn[TURN_PART]):
        return
    shares = np.zeros(PITCH_CLASSES)
    if tell_clashes(sheet.pitch_ends, turn_onset(sheet), shares):
        for value in range(len(nats)):
            nats[value] += by * shares[keys[value] % PITCH_CLASSES]


@compiled
def lower_parallels(sheet: Sheet, keys: Ints, by: float, nats: Floats) -> None:
    """Lower pitch ids by so many nats for each part with which they would move in parallel."""
    part = sheet.turn[TURN_PART]
    if by <= 0 or _plays_kit(sheet, part):
        return
    now, before = np.full(MAX_PARTS, NONE), np.full(MAX_PARTS, NONE)
    _find_tops(sheet, now, before)
    if before[part] < 0:
        return
    for other in range(len(sheet.players)):
        if other == part or _plays_kit(sheet, other) or not _moves(now, before, other):
            continue
        gap = _gap(before[part], before[other])
        if gap not in (0, FIFTH):
            continue
        for value in range(len(nats)):
            if keys[value] != before[part] and _gap(keys[value], now[other]) == gap:
                nats[value] += by


@compiled
def _find_tops(sheet: Sheet, now: Ints, before: Ints) -> None:
    """Find each part's highest note at the chosen place, and the last one before."""
    bar, position, last = sheet.turn[TURN_BAR], sheet.turn[TURN_POSITION], sheet.now[COUNT] - 1
    for at in range(last, max(last - REACH, NONE), -1):
        event = sheet.events[at]
        tops = now if event[BAR] == bar and event[POSITION] == position else before
        if tops[event[PART]] < 0:  # of several at once the highest: it was the last
            tops[event[PART]] = event[PITCH]


@compiled
def _moves(now: Ints, before: Ints, part: int) -> bool:
    """Tell whether a part moves to a note of another pitch."""
    return bool(now[part] >= 0 and before[part] >= 0 and now[part] != before[part])


@compiled
def _gap(one: int, two: int) -> int:
    """Tell how far two pitches are apart, less octaves."""
    return int(abs(one - two) % PITCH_CLASSES)


@compiled
def _plays_kit(sheet: Sheet, part: int) -> bool:
    """Tell whether a part is the kit."""
    return bool(sheet.players[part, PROGRAM] == DRUMS)
