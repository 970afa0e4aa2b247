"""Metrics of when notes begin, how many there are, and what comes back bar by bar.

A *cell* is a sixteenth; a bar of any meter has a whole number of them. Onsets within a sixteenth
count in its cell, so triplets fall where a sixteenth grid has them.
"""

from itertools import pairwise
from math import nan

import numpy as np

from audiogroove.evaluation.scorecard.figures import entropy, mean
from audiogroove.evaluation.scorecard.passage import CELL, Bools, Ints, Passage
from audiogroove.music.piece import STEPS_PER_QUARTER


def groove(passage: Passage) -> float:
    """Tell how alike neighbouring bars are in which cells have an onset: the share that agree.

    Bars of different length are not compared, nor are two empty ones.
    """
    cells = np.diff(passage.lines) // CELL
    begun = np.zeros((passage.bars, cells.max()), dtype=np.bool_)
    begun[passage.note_bars, passage.positions // CELL] = True
    likeness = 1 - (begun[1:] != begun[:-1]).sum(axis=1) / cells[1:]
    full: Bools = np.logical_or.reduce(begun, axis=1)
    return mean(likeness[(np.diff(cells) == 0) & (full[1:] | full[:-1])])


def on_beat(passage: Passage) -> float:
    """Tell the share of notes that begin on a beat of their bar's meter, 6/8 beating twice."""
    return mean(passage.positions % passage.beats[passage.note_bars] == 0)


def togetherness(passage: Passage) -> float:
    """Tell the share of the playing parts that begin a note where any does; of two or more parts.

    Each moment at which a note begins counts alike.
    """
    if len(passage.playing) < 2:
        return nan
    moments, owners = np.unique(passage.onsets, return_inverse=True)
    begun = np.zeros((len(moments), len(passage.programs)), dtype=np.bool_)
    begun[owners, passage.parts] = True
    return mean(begun[:, passage.playing])


def density(passage: Passage) -> float:
    """Tell the doublings of one note a quarter, as a mean over the parts that play."""
    per_part = _notes_of_parts(passage)
    if not len(per_part):
        return nan
    return float(np.log2(per_part * STEPS_PER_QUARTER / passage.steps).mean())


def density_spread(passage: Passage) -> float:
    """Tell by how many doublings the parts' densities differ: their standard deviation."""
    per_part = _notes_of_parts(passage)
    return float(np.log2(per_part).std()) if len(per_part) > 1 else nan


def melody_repeats(passage: Passage) -> float:
    """Tell the share of the leading part's bars that are an earlier one once more, note for note.

    What is repeated is when its upper line begins each note, how high and for how long. Bars in
    which it begins nothing do not count.
    """
    line = passage.melody
    return _repeats(line, (line.pitches, line.lengths))


def rhythm_repeats(passage: Passage) -> float:
    """Tell the same of the leading part's onsets alone."""
    return _repeats(passage.melody, ())


def bar_repeats(passage: Passage) -> float:
    """Tell the share of bars that are an earlier one once more: all parts' onsets and pitches."""
    return _repeats(passage, (passage.parts, passage.pitches))


def empty_bars(passage: Passage) -> float:
    """Tell the share of bars in which nothing is heard."""
    return 1 - mean(np.logical_or.reduceat(passage.heard.any(axis=1), passage.lines[:-1]))


def part_rests(passage: Passage) -> float:
    """Tell the share of bars in which a part is not heard, as a mean over all parts listed."""
    if not len(passage.programs):
        return nan
    return 1 - mean(np.logical_or.reduceat(passage.heard, passage.lines[:-1], axis=0))


def drum_likeness(passage: Passage) -> float:
    """Tell how alike the drums of neighbouring bars are: hits in common by hits in either.

    A hit is a key in a cell (Jaccard's index); bars without drums are passed over.
    """
    drums = passage.drums
    hits = (drums.positions // CELL) * 128 + drums.pitches
    bars = [set(own.tolist()) for own in _by_bar(drums, hits)]
    pairs = [(one, two) for one, two in pairwise(bars) if one and two]
    return mean(np.array([len(one & two) / len(one | two) for one, two in pairs]))


def drum_entropy(passage: Passage) -> float:
    """Tell the entropy of the drum kit's keys in bits."""
    return entropy(passage.drums.pitches)


def dynamics(passage: Passage) -> float:
    """Tell the standard deviation of velocities."""
    return float(passage.velocities.std()) if len(passage.velocities) else nan


def _notes_of_parts(passage: Passage) -> Ints:
    """Count the notes of each part that plays."""
    counts = np.bincount(passage.parts, minlength=1)
    playing: Ints = counts[counts > 0]
    return playing


def _repeats(passage: Passage, columns: tuple[Ints, ...]) -> float:
    """Tell the share of bars with notes that an earlier one equals; nan for fewer than two."""
    rows = np.stack((passage.positions, *columns), axis=1)
    bars = [own.tobytes() for own in _by_bar(passage, rows) if len(own)]
    return 1 - len(set(bars)) / len(bars) if len(bars) > 1 else nan


def _by_bar(passage: Passage, values: Ints) -> list[Ints]:
    """Divide values of notes, (notes, …), by the bars in which they begin."""
    return np.split(values, np.searchsorted(passage.note_bars, np.arange(1, passage.bars)))
