"""Whether a piece has what was wished: what is counted, one small judge each.

Judges of a demand give 1 or 0, judges of an amount any number; NaN where a piece can tell
nothing, such as the key of drums.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations, pairwise
from math import log2, nan

import numpy as np

from audiogroove.evaluation import likeness
from audiogroove.music import theory
from audiogroove.music.instruments import Instrument
from audiogroove.music.piece import Key, Part, Piece
from audiogroove.tokens.form import plan_form

LEAST_NOTES = 4  # of a part that plays
FACTOR = 2**0.5  # a density is granted up to this much more or less
ALIKE, EQUAL = 0.5, 0.9  # likeness of bars that come again, changed or not, and unchanged


def seems_in(piece: Piece, key: Key) -> float:
    """Tell whether the key that a piece seems to be in is this one."""
    found = theory.find_key(piece)
    return nan if found is None else float(found == key)


def seems_in_signature(piece: Piece, key: Key) -> float:
    """Tell whether the key that a piece seems to be in is this one or its relative."""
    found = theory.find_key(piece)
    return nan if found is None else float(found in {key, likeness.relative(key)})


def inside(piece: Piece, pitch_classes: frozenset[int]) -> float:
    """Tell the share of melodic notes that belong to a scale."""
    tones = [note.pitch % 12 for note in likeness.pitched(piece)]
    return sum(tone in pitch_classes for tone in tones) / len(tones) if tones else nan


def as_dense(piece: Piece, notes_a_bar: float) -> float:
    """Tell whether a piece is as dense as that, give or take `FACTOR`."""
    found = likeness.density(piece)
    return float(found > 0 and abs(log2(found / notes_a_bar)) <= log2(FACTOR))


def playing_share(piece: Piece, wished: Sequence[Instrument]) -> float:
    """Tell the share of wished parts that are there and play, see `plays`."""
    want = Counter((one.is_drums, one.program) for one in wished)
    have = Counter((part.is_drums, part.program) for part in piece.parts if plays(piece, part))
    return (want & have).total() / want.total()


def played_by(piece: Piece, wished: Sequence[Instrument]) -> float:
    """Tell whether all the wished parts play, and no other is there."""
    return float(len(piece.parts) == len(wished) and playing_share(piece, wished) == 1)


def plays(piece: Piece, part: Part) -> bool:
    """Tell whether a part plays: `LEAST_NOTES`, and a note sounding in half of the bars."""
    bars = likeness.sounding_bars(piece, part)
    return len(part.notes) >= LEAST_NOTES and 2 * bars >= piece.bars


def last_bar_sounds(piece: Piece) -> float:
    """Tell whether something sounds in the last bar."""
    last = piece.bar_lines[-2]
    return float(any(note.end > last for part in piece.parts for note in part.notes))


def full_bars(piece: Piece) -> float:
    """Tell the share of bars in which a note begins."""
    begun = {piece.bar_at(note.onset) for part in piece.parts for note in part.notes}
    return len(begun) / piece.bars


def alike(piece: Piece, form: str) -> float:
    """Tell how like the bars are that share a letter, on average: common notes of all notes."""
    sets, plan = likeness.bar_sets(piece), plan_form(form, piece.bars)
    pairs = [(bar, int(source)) for bar, source in enumerate(plan.sources) if source >= 0]
    return _likeness(sets, pairs)


def unlike(piece: Piece, form: str) -> float:
    """Tell how like the bars are that stand at one place of sections of different letters."""
    sets, letters = likeness.bar_sets(piece), form.replace("'", "")
    edges = [round(index * piece.bars / len(letters)) for index in range(len(letters) + 1)]
    spans = [range(*edge) for edge in pairwise(edges)]
    pairs = [
        pair
        for (one, first), (other, second) in combinations(zip(letters, spans, strict=True), 2)
        if one != other
        for pair in zip(first, second, strict=False)
    ]
    return _likeness(sets, pairs)


def has_form(piece: Piece, form: str, least: float) -> float:
    """Tell whether bars of one letter are at least so like, and more so than the others."""
    same = alike(piece, form)
    return float(same >= least and same > unlike(piece, form))


def ends_on_tonic(piece: Piece) -> float:
    """Tell whether the lowest of the notes that sound last is the tonic of the piece's key."""
    notes = likeness.pitched(piece)
    if not notes or piece.key is None:
        return nan
    end = max(note.end for note in notes)
    return float(min(note.pitch for note in notes if note.end == end) % 12 == piece.key.tonic)


def ends_long(piece: Piece) -> float:
    """Tell whether the longest of the notes that begin last is longer than most notes are."""
    notes = likeness.pitched(piece)
    if not notes:
        return nan
    last = max(note.onset for note in notes)
    final = max(note.duration for note in notes if note.onset == last)
    return float(final > np.median([note.duration for note in notes]))


def _likeness(
    sets: Sequence[frozenset[tuple[int, int, int]]], pairs: Sequence[tuple[int, int]]
) -> float:
    """Average how like pairs of bars are, silence left out."""
    return likeness.mean([likeness.jaccard(sets[one], sets[other]) for one, other in pairs])
