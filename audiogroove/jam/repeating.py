"""Bars that come back: a piece with some of its own bars once more at its end."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from audiogroove.errors import TakeFault, TakeRefused
from audiogroove.music.piece import MAX_NOTES, Note, Part, Piece


def repeated(base: Piece, first: int, past: int) -> Piece:
    """Add a copy of bars [first, past) at the end of a piece, with the meters that they are in.

    The copy holds what begins in these bars, cut at their end, in the tempo in which the piece
    ends.

    Raises:
        TakeRefused: when there would be more notes than a piece may have (TOO_MANY_NOTES).
        ValueError: when the piece has no such bars, or would have more than a piece may have.
    """
    if not 0 <= first < past <= base.bars:
        raise ValueError(f"not bars of the piece: {first} to {past}")
    lines = base.bar_lines
    parts = tuple(
        _prolonged(part, copied(part.notes, lines[first], lines[past], to=lines[-1]))
        for part in base.parts
    )
    count = sum(len(part.notes) for part in parts)
    if count > MAX_NOTES:
        found, wanted = f"{count:,}", f"{MAX_NOTES:,}"
        raise TakeRefused(TakeFault.TOO_MANY_NOTES, found=found, wanted=wanted)
    sources = [base.bars - 1, *range(first, past)]
    changes = tuple(
        (base.bars + at, base.meter_at(bar))
        for at, (before, bar) in enumerate(pairwise(sources))
        if base.meter_at(bar) != base.meter_at(before)
    )
    bars = base.bars + past - first
    return replace(base, parts=parts, bars=bars, meters=base.meters + changes)


def copied(notes: Iterable[Note], first_step: int, past_step: int, *, to: int) -> Iterator[Note]:
    """Yield what begins in steps [first_step, past_step), cut at their end, from step `to` on."""
    for note in notes:
        if first_step <= note.onset < past_step:
            duration = min(note.end, past_step) - note.onset
            yield Note(note.onset - first_step + to, note.pitch, duration, note.velocity)


def _prolonged(part: Part, notes: Iterable[Note]) -> Part:
    return replace(part, notes=(*part.notes, *notes))
