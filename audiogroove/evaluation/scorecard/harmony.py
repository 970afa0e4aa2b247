"""Metrics of what sounds together, drums apart.

What takes two parts, or two notes at once, is undefined where there is but one.
"""

from itertools import combinations, pairwise
from math import nan

import numpy as np

from audiogroove.evaluation.scorecard.figures import mean
from audiogroove.evaluation.scorecard.passage import Bools, Ints, Passage

DISSONANT = (1, 2, 6)  # semitones between pitch classes, and their inversions
PERFECT = (0, 7)  # octaves and fifths
SILENT = -1


def polyphony(passage: Passage) -> float:
    """Tell how many pitches are heard on average while any is."""
    counts = passage.pitches_heard.sum(axis=1)
    return mean(counts[counts > 0])


def dissonance(passage: Passage) -> float:
    """Tell the share of dissonant pairs among the pitch classes heard at once.

    Seconds, sevenths and tritones are dissonant. Each step with two or more pitch classes counts
    alike. (Over four voices the field tells the share of frames with any such pair; that share
    is one for nearly every frame of a band.)
    """
    heard = passage.classes_heard
    sizes = heard.sum(axis=1)
    heard = heard[sizes > 1]
    pairs = sizes[sizes > 1] * (sizes[sizes > 1] - 1) / 2
    clashes = [(heard & np.roll(heard, by, axis=1)).sum(axis=1) for by in DISSONANT]
    clashes[-1] = clashes[-1] / 2  # a tritone is its own inversion
    return mean(np.sum(clashes, axis=0) / pairs)


def crossing(passage: Passage) -> float:
    """Tell how often neighbours cross: the part that lies lower on average is heard above.

    Of the moments at which either of two parts begins a note and both have one, those in which
    the upper lines are crossed.
    """
    pitches, struck = _table_of_lines(passage)
    by_height = np.argsort([line.pitches.mean() for line in passage.upper_lines.values()])
    crossed = []
    for low, high in pairwise(by_height.tolist()):
        both = (pitches[:, [low, high]] != SILENT).all(axis=1) & (struck[:, low] | struck[:, high])
        crossed.append(pitches[both, low] > pitches[both, high])
    return mean(np.concatenate(crossed)) if crossed else nan


def parallels(passage: Passage) -> float:
    """Tell the share of parallel fifths and octaves among the moves of two upper lines together.

    They move together where both begin a note at once and neither repeats its last pitch. Parts
    that double each other are parallel as well.
    """
    pitches, struck = _table_of_lines(passage)
    before, after = pitches[:-1], pitches[1:]
    moved = struck[1:] & (before != SILENT) & (before != after)
    parallel = []
    for one, two in combinations(range(pitches.shape[1]), 2):
        both = moved[:, one] & moved[:, two]
        old, new = (np.abs(rows[both, one] - rows[both, two]) % 12 for rows in (before, after))
        parallel.append((old == new) & np.isin(new, PERFECT))
    return mean(np.concatenate(parallel)) if parallel else nan


def bass_fit(passage: Passage) -> float:
    """Tell the share of bass notes that belong to the chord heard above them as they begin.

    The bass is the pitched part that lies lowest on average; the chord is what the other pitched
    parts sound at that moment, two pitch classes or more.
    """
    pitched = passage.pitched
    if len(pitched.playing) < 2:
        return nan
    bass = min(pitched.playing, key=lambda part: pitched.pitches[pitched.parts == part].mean())
    own = pitched.with_notes(pitched.parts == bass)
    lowest = own.with_notes(np.diff(own.onsets, prepend=-1) > 0)
    chords = pitched.with_notes(pitched.parts != bass).classes_heard[lowest.onsets]
    belongs = chords[np.arange(len(chords)), lowest.pitches % 12]
    return mean(belongs[chords.sum(axis=1) > 1])


def _table_of_lines(passage: Passage) -> tuple[Ints, Bools]:
    """Lay upper lines side by side at all their onsets: the latest pitches, and who begins one.

    Both are (moments, lines); SILENT stands before a line's first note.
    """
    lines = list(passage.upper_lines.values())
    moments = np.unique(np.concatenate([line.onsets for line in lines])) if lines else np.zeros(0)
    pitches = np.full((len(moments), len(lines)), SILENT, dtype=np.int64)
    struck = np.zeros(pitches.shape, dtype=np.bool_)
    for column, line in enumerate(lines):
        latest = np.searchsorted(line.onsets, moments, side="right") - 1
        pitches[:, column] = np.where(latest < 0, SILENT, line.pitches[latest])
        struck[:, column] = np.isin(moments, line.onsets)
    return pitches, struck
