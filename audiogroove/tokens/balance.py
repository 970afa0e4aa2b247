"""How busy each part of a piece is to be, in notes a bar: counted where it plays, else customary.

A custom is not kept to the note: dice move each part between the quartiles of what is usual, half
of the way together with the others, so that pieces differ and their parts still fit. Every
function gives an array of one number a part; None says that no custom tells anything.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from audiogroove.music.piece import Piece
from audiogroove.tokens.customs import Custom, Quartiles, family_of, pooled

COMPANY = 0.5  # how far a new part goes along, in octaves, with others busier than usual …
FARTHEST = 2.0  # … up to so many times as busy as usual, and down to that part of it
LEAST = 0.1  # notes a bar; less than what any density id tells

Rates = NDArray[np.float64]


def customary(
    programs: Sequence[int], custom: Custom | None, customs: Mapping[str, Custom], dice: Generator
) -> Rates | None:
    """Draw how busy the parts are, as the style is used to: this very ensemble, else each program.

    Without a `custom` of its own, or for a program that is foreign to it, all `customs` answer.
    """
    usual = _usual(programs, custom, customs)
    return None if usual is None else _swung(usual, dice)


def counted(material: Piece, first: int, past: int) -> Rates:
    """Count how busy the parts are in the bars first..past-1, at least one."""
    start, stop = material.bar_lines[first], material.bar_lines[past]
    notes = [sum(start <= note.onset < stop for note in part.notes) for part in material.parts]
    return np.array(notes, dtype=np.float64) / (past - first)


def in_company(
    heard: Rates,
    new: Iterable[int],
    programs: Sequence[int],
    custom: Custom | None,
    customs: Mapping[str, Custom],
    dice: Generator,
) -> Rates | None:
    """Draw how busy new parts are beside those that were `heard`, which stay as they are.

    Where these are busier than usual so are the new ones, though less; see `COMPANY`.
    """
    usual = _usual(programs, custom, customs)
    if usual is None:
        return None
    joined = heard.copy()
    added = sorted(new)
    given = np.setdiff1d(np.arange(len(heard)), added)
    factor = (heard[given].sum() / max(usual[1, given].sum(), LEAST)) ** COMPANY
    factor = min(max(factor, 1 / FARTHEST), FARTHEST) if heard[given].any() else 1.0
    joined[added] = (_swung(usual, dice) * factor)[added]
    return joined


def usual_activity(
    program: int, custom: Custom | None, others: Iterable[Custom]
) -> Quartiles | None:
    """Tell how busy a program usually is: in the style, or its family there, else in any style."""
    here = custom.activities if custom else ()
    everywhere = tuple(chain.from_iterable(other.activities for other in others))
    family = family_of(program)
    for entries in (here, everywhere):
        own = [entry for entry in entries if entry[0] == program]
        own = own or [entry for entry in entries if family_of(entry[0]) == family]
        if own:
            return pooled(own)
    return pooled(everywhere) if everywhere else None


def _usual(
    programs: Sequence[int], custom: Custom | None, customs: Mapping[str, Custom]
) -> Rates | None:
    """Give the quartiles of each part, shape (3, parts)."""
    found = [usual_activity(program, custom, customs.values()) for program in programs]
    known = [one for one in found if one is not None]
    if len(known) < len(programs):
        return None
    quartiles: Rates = np.maximum(np.array(known).T, LEAST)
    medians = custom.balance(tuple(programs)) if custom else None
    scale: Rates = np.array(medians) / quartiles[1] if medians else np.ones(len(programs))
    return quartiles * scale


def _swung(usual: Rates, dice: Generator) -> Rates:
    swing = (dice.uniform(-1, 1) + dice.uniform(-1, 1, usual.shape[1])) / 2
    low, middle, high = usual
    drawn: Rates = middle * (np.where(swing < 0, low, high) / middle) ** np.abs(swing)
    return drawn
