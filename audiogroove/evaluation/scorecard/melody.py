"""Metrics of pitches, of their lines, and of how the leading part breathes.

Drums have no say here; without pitched notes all of it is undefined.
"""

from math import nan

import numpy as np

from audiogroove.evaluation.scorecard.figures import entropy, mean
from audiogroove.evaluation.scorecard.passage import Ints, Passage

LEAP, STEP = 4, 2  # semitones: more is a leap, up to so many is a step
BREATH = 12  # steps: a rest of a quarter or more parts two phrases

_SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 11), (0, 2, 3, 5, 7, 8, 10))
_MEMBERS = np.array(
    [
        [(pitch_class - root) % 12 in scale for pitch_class in range(12)]
        for scale in _SCALES
        for root in range(12)
    ]
)  # (36 scales, 12 pitch classes): major, harmonic and natural minor


def pitch_class_entropy(passage: Passage) -> float:
    """Tell the entropy of pitch classes in bits, a count a note, 0..3.58."""
    return entropy(passage.pitched.pitches % 12)


def scale_share(passage: Passage) -> float:
    """Tell the share of notes within the major or minor scale that holds most of them."""
    pitches = passage.pitched.pitches
    if not len(pitches):
        return nan
    counts = np.bincount(pitches % 12, minlength=12)
    return float((_MEMBERS @ counts).max() / len(pitches))


def length_entropy(passage: Passage) -> float:
    """Tell the entropy of note lengths in bits, told apart as vocabulary.DURATIONS has them."""
    return entropy(passage.pitched.lengths)


def leap_share(passage: Passage) -> float:
    """Tell the share of moves by more than a major third, in the upper lines of all parts."""
    return mean(np.abs(_moves(passage)) > LEAP)


def step_share(passage: Passage) -> float:
    """Tell the share of moves by a semitone or a whole tone, in the upper lines of all parts."""
    moves = np.abs(_moves(passage))
    return mean((moves > 0) & (moves <= STEP))


def pitch_range(passage: Passage) -> float:
    """Tell how many semitones lie between a part's lowest and highest note, as a mean of parts."""
    pitched = passage.pitched
    own = (pitched.pitches[pitched.parts == part] for part in pitched.playing)
    return mean(np.array([np.ptp(pitches) for pitches in own]))


def rest_share(passage: Passage) -> float:
    """Tell the share of the time in which the leading part rests."""
    if passage.lead is None:
        return nan
    return mean(~passage.heard[:, passage.lead])


def phrase_quarters(passage: Passage) -> float:
    """Tell the doublings of a quarter that the leading part plays on average until it breathes.

    It breathes where nothing of it is heard for a quarter or more.
    """
    starts, ends = _sounding_stretches(passage)
    if not len(starts):
        return nan
    parting = starts[1:] - ends[:-1] >= BREATH
    first = starts[np.append([True], parting)]
    last = ends[np.append(parting, [True])]
    return float(np.log2((last - first).mean() / 12))


def legato(passage: Passage) -> float:
    """Tell how much of the way to its next note a note of the leading part sounds, at most all."""
    line = passage.melody
    gaps = np.diff(line.onsets)
    return mean(np.minimum(line.durations[:-1] / gaps, 1.0))


def _moves(passage: Passage) -> Ints:
    """List the intervals between neighbours in all upper lines."""
    lines = [np.diff(line.pitches) for line in passage.upper_lines.values()]
    return np.concatenate(lines) if lines else np.zeros(0, dtype=np.int64)


def _sounding_stretches(passage: Passage) -> tuple[Ints, Ints]:
    """List where the leading part begins and ceases to be heard."""
    if passage.lead is None:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    changes = np.diff(passage.heard[:, passage.lead].astype(np.int8), prepend=0, append=0)
    return np.flatnonzero(changes > 0), np.flatnonzero(changes < 0)
