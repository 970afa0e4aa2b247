"""How well rewritten bars fit between those that stay, and whether those do stay.

Of 16 bars the fifth to the eighth are rewritten. Beside what the model writes stand the bars that
were there, and four bars of *another piece* of the same style and meter in their place.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import nan

from numpy.random import Generator

from audiogroove.evaluation import likeness
from audiogroove.evaluation.modes.excerpt import Excerpt, cut, laid, stranger_to
from audiogroove.evaluation.modes.standing import Sheet
from audiogroove.music.piece import Note, Part, Piece
from audiogroove.request import ComposeRequest, Mode
from audiogroove.tokens.codec import frame_of

FIRST, PAST = 4, 8
CONTROL = "another piece"
NEIGHBOURS = 4  # bars on either side that the rewritten ones are compared with


def request_for(excerpt: Excerpt, seed: int) -> ComposeRequest:
    """Ask for other bars in the place of [FIRST, PAST)."""
    return ComposeRequest(seed, Mode.VARY, material=excerpt.piece, bar_range=(FIRST, PAST))


def sheet(pool: Sequence[Excerpt], excerpt: Excerpt, composed: Piece, dice: Generator) -> Sheet:
    """Measure a variation, and beside it what was there and what is of elsewhere."""
    whole = excerpt.piece
    meters = _meters(whole)
    stranger = stranger_to(excerpt, pool, dice, fits=lambda other: _meters(other.piece) == meters)
    heard = {
        "model": composed,
        "real": whole,
        CONTROL: transplanted(whole, stranger.piece) if stranger else None,
    }
    nothing = dict.fromkeys(measure(whole, whole), nan)
    return {who: measure(whole, new) if new else nothing for who, new in heard.items()}


def measure(old: Piece, new: Piece) -> dict[str, float]:
    """Measure what became of bars [FIRST, PAST), and of all others."""
    before, within, after = (
        cut(new, *bars)
        for bars in ((FIRST - NEIGHBOURS, FIRST), (FIRST, PAST), (PAST, PAST + NEIGHBOURS))
    )
    gone = cut(old, FIRST, PAST)
    around = (before, after)
    places, classes = likeness.onset_places, likeness.pitch_classes
    return {
        "all else is bit-identical": float(untouched(old, new)),
        "struck anew": 1 - likeness.jaccard(_struck(gone), _struck(within)),
        "notes a bar, ratio to before": likeness.ratio(
            likeness.density(gone), likeness.density(within)
        ),
        "leap in, semitones": leap(new, FIRST),
        "leap out, semitones": leap(new, PAST),
        "pitch classes in common with the bars around": likeness.mean(
            [likeness.overlap(classes(within), classes(one)) for one in around]
        ),
        "places of onsets in common with the bars around": likeness.mean(
            [likeness.overlap(places(within), places(one)) for one in around]
        ),
        "register, semitones off the bars around": likeness.mean(
            [likeness.register_distance(within, one) for one in around]
        ),
    }


def untouched(old: Piece, new: Piece) -> bool:
    """Tell whether all is the same but the notes that begin in [FIRST, PAST), and the key."""
    frames = [replace(frame_of(piece), key=None) for piece in (old, new)]
    return frames[0] == frames[1] and _elsewhere(old) == _elsewhere(new)


def leap(piece: Piece, bar: int) -> float:
    """Tell how many semitones the parts leap on average where a bar begins; NaN if none goes on.

    A part's leap is from the highest of the notes that began last to the highest of those that
    begin next, both within a bar of the line.
    """
    lines = piece.bar_lines
    leaps: list[float] = []
    for part in piece.parts:
        before = [note for note in part.notes if lines[bar - 1] <= note.onset < lines[bar]]
        after = [note for note in part.notes if lines[bar] <= note.onset < lines[bar + 1]]
        if before and after and not part.is_drums:
            leaps.append(abs(_top(after, after[0].onset) - _top(before, before[-1].onset)))
    return likeness.mean(leaps)


def transplanted(host: Piece, donor: Piece) -> Piece:
    """Put the donor's bars [FIRST, PAST) in the place of the host's, which are as long.

    The donor's parts go to the host's in their order, drums to drums; what is left over falls to
    the last, and what has no such part is dropped.
    """
    start = host.bar_lines[FIRST]
    given: dict[int, list[Note]] = {index: [] for index in range(len(host.parts))}
    for is_drums in (False, True):
        hosts = [index for index, part in enumerate(host.parts) if part.is_drums == is_drums]
        donors = [part for part in cut(donor, FIRST, PAST).parts if part.is_drums == is_drums]
        for index, part in enumerate(donors if hosts else ()):
            moved = (replace(note, onset=note.onset + start) for note in part.notes)
            given[hosts[min(index, len(hosts) - 1)]].extend(moved)
    return host.with_parts(
        laid(part, (*_outside(host, part), *given[index])) for index, part in enumerate(host.parts)
    )


def _outside(piece: Piece, part: Part) -> tuple[Note, ...]:
    first, past = piece.bar_lines[FIRST], piece.bar_lines[PAST]
    return tuple(note for note in part.notes if not first <= note.onset < past)


def _elsewhere(piece: Piece) -> list[tuple[Note, ...]]:
    return [_outside(piece, part) for part in piece.parts]


def _struck(piece: Piece) -> frozenset[tuple[int, int, int]]:
    return frozenset(
        (index, note.onset, note.pitch)
        for index, part in enumerate(piece.parts)
        for note in part.notes
    )


def _top(notes: Sequence[Note], onset: int) -> int:
    return max(note.pitch for note in notes if note.onset == onset)


def _meters(piece: Piece) -> list[int]:
    return [piece.meter_at(bar).bar_steps for bar in range(FIRST, PAST)]
