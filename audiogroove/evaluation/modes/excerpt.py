"""Stretches of held-out music: what the modes start from, and what they are measured by."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

import numpy as np
from numpy.random import Generator

from audiogroove.errors import RequestRefused
from audiogroove.jam.repeating import copied
from audiogroove.music.piece import Key, Meter, Note, Part, Piece
from audiogroove.tokens.codec import DURATION, decode, onsets_of
from audiogroove.tokens.vocabulary import DRUMS
from audiogroove.training.dataset import Dataset

HELD_OUT = ("valid", "test")
TEMPO_BPM = 120.0  # of a piece that does not tell its own, as MIDI has it
PHRASE_BARS = 8  # stretches begin at a multiple of it
ALIVE = 0.75  # of the bars of either half, at least, have a note


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some bars of a piece as a piece of its own."""

    source: int  # the number of the piece in its data set
    style: str
    piece: Piece
    is_end: bool  # whether its last bar is the whole piece's last


def piece_of(data: Dataset, index: int) -> Piece:
    """Make a piece of a data set a `Piece` again; without a tempo it gets `TEMPO_BPM`.

    A data set counts bars up to the last in which a note begins; what sounds on is cut there.
    """
    info = data.pieces[index]
    paper = Piece(
        tuple(
            Part((), 0 if program == DRUMS else program, is_drums=program == DRUMS)
            for program in info.programs
        ),
        info.bars,
        tuple((bar, Meter(above, below)) for bar, above, below in info.meters),
        ((0, info.bpm or TEMPO_BPM),),
        None if info.tonic is None else Key(info.tonic, "minor" if info.minor else "major"),
    )
    events = data.events(index)
    left = paper.steps - onsets_of(events, paper.bar_lines)
    events[:, DURATION] = np.minimum(events[:, DURATION], left)
    return decode(events, paper)


def cut(piece: Piece, first: int, past: int) -> Piece:
    """Make bars [first, past) a piece: what begins in them, cut at their end."""
    start, end = piece.bar_lines[first], piece.bar_lines[past]
    tempos = [(max(step - start, 0), bpm) for step, bpm in piece.tempos if step < end]
    meters = [(max(bar - first, 0), meter) for bar, meter in piece.meters if bar < past]
    return replace(
        piece,
        parts=tuple(
            replace(part, notes=tuple(copied(part.notes, start, end, to=0))) for part in piece.parts
        ),
        bars=past - first,
        meters=tuple(dict(meters).items()),  # of those before the first bar the last holds
        tempos=tuple(dict(tempos).items()),
    )


def heard(piece: Piece) -> Piece:
    """Leave out the parts that do not play a note."""
    return piece.with_parts(part for part in piece.parts if part.notes)


def laid(part: Part, notes: Iterable[Note]) -> Part:
    """Give a part these notes in their order; one ends where its pitch is struck again."""
    kept: dict[int, list[Note]] = defaultdict(list)
    for note in sorted(notes):
        same = kept[note.pitch]
        if same and same[-1].onset == note.onset:
            continue
        if same and same[-1].end > note.onset:
            same[-1] = replace(same[-1], duration=note.onset - same[-1].onset)
        same.append(note)
    return replace(part, notes=tuple(sorted(chain.from_iterable(kept.values()))))


def rolled(part: Part, by_steps: int, steps: int) -> Part:
    """Move a part on in time within `steps`: what leaves at the end comes at the beginning."""
    moved = ((note, (note.onset + by_steps) % steps) for note in part.notes)
    return laid(
        part,
        (
            replace(note, onset=onset, duration=min(note.duration, steps - onset))
            for note, onset in moved
        ),
    )


def find(
    data: Dataset, bars: int, *, styles: Collection[str], dice: Generator
) -> tuple[Excerpt, ...]:
    """Find a stretch of so many bars in each held-out piece that has one, in a drawn order.

    Styles take turns, so that the first of them are of as many styles as there are.

    Raises:
        RequestRefused: when no held-out piece of these styles has one.
    """
    order = dice.permutation([index for name in HELD_OUT for index in data.split(name)]).tolist()
    by_style: dict[str, list[Excerpt]] = defaultdict(list)
    for index in order:
        style = data.pieces[index].style
        if styles and style not in styles:
            continue
        found = _excerpt(data, index, bars, dice)
        if found is not None:
            by_style[style].append(found)
    turns = chain.from_iterable(zip_longest(*by_style.values()))
    excerpts = tuple(one for one in turns if one is not None)
    if not excerpts:
        known = sorted({data.pieces[index].style for index in order})
        possible = ", ".join(known) or "those of a data set with held-out pieces"
        raise RequestRefused("style", asked=", ".join(styles) or "any", possible=possible)
    return excerpts


def stranger_to(
    one: Excerpt,
    others: Iterable[Excerpt],
    dice: Generator,
    *,
    fits: Callable[[Excerpt], bool] = lambda _other: True,
) -> Excerpt | None:
    """Draw a stretch of another piece of the same style, None if there is none that fits."""
    able = [
        other
        for other in others
        if other.source != one.source and other.style == one.style and fits(other)
    ]
    return able[int(dice.integers(len(able)))] if able else None


def _excerpt(data: Dataset, index: int, bars: int, dice: Generator) -> Excerpt | None:
    info = data.pieces[index]
    alive = set(data.events(index)[:, 0].tolist())
    half = bars // 2
    starts = [
        first
        for first in range(0, info.bars - bars + 1, PHRASE_BARS)
        if all(
            len(alive.intersection(range(begin, begin + half))) >= ALIVE * half
            for begin in (first, first + half)
        )
    ]
    if not starts:
        return None
    first = int(dice.choice(starts))
    piece = heard(cut(piece_of(data, index), first, first + bars))
    return Excerpt(index, info.style, piece, is_end=first + bars == info.bars)
