"""Metrics of how a piece ends; only for passages that end where their piece does."""

from math import nan

import numpy as np

from audiogroove.evaluation.scorecard.figures import mean
from audiogroove.evaluation.scorecard.passage import Passage
from audiogroove.music import theory
from audiogroove.music.piece import STEPS_PER_QUARTER


def final_length(passage: Passage) -> float:
    """Tell by how many doublings the last onset's longest note is longer than the mean note.

    Drums count only where there is nothing else.
    """
    notes = passage.pitched if len(passage.pitched.onsets) else passage
    if not len(notes.onsets):
        return nan
    last = notes.durations[notes.onsets == notes.onsets[-1]].max()
    return float(np.log2(last / notes.durations.mean()))


def final_tonic(passage: Passage) -> float:
    """Tell whether the lowest of the last pitches to be heard is the tonic of the passage: 1 or 0.

    The key is the likeliest one (see `theory.find_key_of`).
    """
    notes = passage.pitched
    key = theory.find_key_of(notes.pitches, notes.durations, notes.onsets)
    if key is None:
        return nan
    bass = notes.pitches[notes.ends == notes.ends.max()].min()
    return float(bass % 12 == key.tonic)


def final_parts(passage: Passage) -> float:
    """Tell the share of the parts that play which are heard in the last bar."""
    heard = passage.heard[passage.lines[-2] :, passage.playing]
    return mean(np.logical_or.reduce(heard, axis=0))


def final_silence(passage: Passage) -> float:
    """Tell how many quarters of silence follow the last note until the last bar is over."""
    if not len(passage.onsets):
        return nan
    return float(passage.steps - passage.ends.max()) / STEPS_PER_QUARTER


def final_beat(passage: Passage) -> float:
    """Tell whether the last onset is on a beat: 1 or 0."""
    if not len(passage.onsets):
        return nan
    last = passage.note_bars[-1]
    return float(passage.positions[-1] % passage.beats[last] == 0)
