"""Where each part of a piece lies: a pitched part's usual lowest and highest pitch, a kit's keys.

A singer has two octaves and sings in one of them, a drummer has forty keys and plays eight. Where
music stands already, it tells; new parts lie as those of a real piece do, all of them together
where its style knows this very ensemble, so that they keep out of each other's way.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from audiogroove.music.piece import Piece
from audiogroove.tokens.customs import Custom, Lay, Register, family_of, pooled
from audiogroove.tokens.vocabulary import DRUMS

ENOUGH = 24  # notes of a part that stands, to tell where it lies
OUTLIERS = 0.02  # so many of its notes may lie lower, and so many higher
RARE = 0.01  # a key that makes less of a kit's hits is not one of its keys

Lays = tuple[Lay | None, ...]  # of each part; None where nothing is known


def lay_of(pitches: NDArray[np.integer], *, is_kit: bool) -> Lay:
    """Tell where a part with these pitches, at least one, lies."""
    if is_kit:
        counts = np.bincount(pitches)
        return tuple(np.flatnonzero(counts > RARE * len(pitches)).tolist())
    low, high = np.quantile(pitches, (OUTLIERS, 1 - OUTLIERS), method="nearest")
    return int(low), int(high)


def counted(material: Piece) -> Lays:
    """Tell where the parts of a piece lie, as far as they have notes enough."""
    return tuple(
        lay_of(np.array([note.pitch for note in part.notes]), is_kit=part.is_drums)
        if len(part.notes) >= ENOUGH
        else None
        for part in material.parts
    )


def customary(
    programs: Sequence[int], custom: Custom | None, customs: Mapping[str, Custom], dice: Generator
) -> Lays:
    """Draw how parts lie, as the style is used to: this very ensemble, else each program.

    Without a `custom` of its own, or for a program that is foreign to it, all `customs` answer.
    """
    seatings = custom.seating(tuple(programs)) if custom else ()
    if seatings:
        return seatings[int(dice.integers(len(seatings)))]
    return tuple(
        _kit(custom, customs, dice) if program == DRUMS else _register(program, custom, customs)
        for program in programs
    )


def in_company(
    heard: Lays,
    new: Collection[int],
    programs: Sequence[int],
    custom: Custom | None,
    customs: Mapping[str, Custom],
    dice: Generator,
) -> Lays:
    """Draw how new parts lie beside those that were `heard`, which stay as they are."""
    usual = customary(programs, custom, customs, dice)
    return tuple(usual[part] if part in new else lay for part, lay in enumerate(heard))


def _kit(custom: Custom | None, customs: Mapping[str, Custom], dice: Generator) -> Lay | None:
    """Draw a kit: one of the style, else of any."""
    for styles in ([custom] if custom else [], customs.values()):
        kits = list(chain.from_iterable(map(_kits, styles)))
        if kits:
            return kits[int(dice.integers(len(kits)))]
    return None


def _kits(custom: Custom) -> list[Lay]:
    ensembles = (programs for programs, _ in custom.ensembles)
    return [
        lays[programs.index(DRUMS)]
        for programs, seatings in zip(ensembles, custom.seatings, strict=False)
        for lays in seatings
        if DRUMS in programs
    ]


def _register(program: int, custom: Custom | None, customs: Mapping[str, Custom]) -> Lay | None:
    """Tell where a program usually lies: in the style, or its family there, else in any style."""
    here = custom.registers if custom else ()
    for entries in (here, tuple(chain.from_iterable(one.registers for one in customs.values()))):
        own = [entry for entry in entries if entry[0] == program]
        own = own or _family(program, entries)
        if own:
            low, _, high = pooled(own)
            return round(low), round(high)
    return None


def _family(program: int, entries: Sequence[Register]) -> list[Register]:
    family = family_of(program)
    return [entry for entry in entries if family_of(entry[0]) == family]
