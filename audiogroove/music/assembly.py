"""What a reader of scores has found, put together as a piece."""

from collections.abc import Iterable

from audiogroove.errors import SeedFault, SeedRejected
from audiogroove.music.engraving import one_kit
from audiogroove.music.piece import (
    MAX_MELODIC_PARTS,
    MAX_NOTES,
    TEMPO_RANGE_BPM,
    Key,
    Meter,
    Part,
    Piece,
    bar_lines,
)
from audiogroove.music.quantise import bars

_DEFAULT_BPM = 120.0


def assemble(
    found: list[Part],
    *,
    end: int,
    meters: list[tuple[int, Meter]],
    tempos: Iterable[tuple[int, float]],
    key: Key | None,
    title: str,
) -> Piece:
    """Make a piece of parts, with `meters` (step, meter) and `tempos` (step, quarters a minute).

    It lasts until `end` or its last note; tempos are brought into range, and drummers share one
    kit.

    Raises:
        SeedRejected: when there are no notes, or more notes, parts or bars than a piece may have.
    """
    parts = one_kit(found)
    melodic = sum(not part.is_drums for part in parts)
    ends = [note.end for part in parts for note in part.notes]
    if melodic > MAX_MELODIC_PARTS:
        raise SeedRejected(SeedFault.TOO_MANY_TRACKS, found=melodic, limit=MAX_MELODIC_PARTS)
    if not ends:
        raise SeedRejected(SeedFault.NO_NOTES)
    if len(ends) > MAX_NOTES:
        raise SeedRejected(SeedFault.TOO_MANY_NOTES, found=len(ends), limit=MAX_NOTES)
    lines, number = bars(meters, max(end, *ends))
    low, high = TEMPO_RANGE_BPM
    marks = {0: _DEFAULT_BPM} | {step: round(min(max(bpm, low), high), 2) for step, bpm in tempos}
    last = bar_lines(lines, number)[-1]
    return Piece(
        parts=tuple(parts),
        bars=number,
        meters=lines,
        tempos=tuple(sorted(mark for mark in marks.items() if mark[0] < last)),
        key=key,
        title=title,
    )
